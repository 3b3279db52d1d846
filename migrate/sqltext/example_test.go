package sqltext_test

import (
	"fmt"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

const file = `-- atlas:txmode none
-- the index is large
CREATE INDEX CONCURRENTLY i ON t (a); -- no lock
INSERT INTO t VALUES ('a;b')`

func ExampleSplit() {
	stmts, err := sqltext.Split(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range stmts {
		fmt.Printf("%d:%d %s\n", s.Line, s.Column, s.Text)
	}
	// Output:
	// 3:1 CREATE INDEX CONCURRENTLY i ON t (a)
	// 4:1 INSERT INTO t VALUES ('a;b')
}

func ExampleSplit_refused() {
	_, err := sqltext.Split("SELECT 1;\nSELECT 'open;")
	fmt.Println(err)
	// Output:
	// line 2, column 8: the quoted string that begins here is never closed; end it with ' (a quote inside a string is written twice)
}

func ExampleDirectives() {
	fmt.Printf("%+v\n", sqltext.Directives(file))
	// Output:
	// [{Name:atlas:txmode Args:none Line:1}]
}

func ExampleStmt_NoTransaction() {
	stmts, _ := sqltext.Split(file)
	for _, s := range stmts {
		what, ok := s.NoTransaction()
		fmt.Printf("%q %v\n", what, ok)
	}
	// Output:
	// "CREATE INDEX CONCURRENTLY" true
	// "" false
}

func ExampleStmt_Control() {
	stmts, _ := sqltext.Split("BEGIN; SELECT 1; COMMIT;")
	for _, s := range stmts {
		fmt.Println(s.Control() == sqltext.Begin, s.Control() == sqltext.Commit)
	}
	// Output:
	// true false
	// false false
	// false true
}

func ExampleStmt_Words() {
	stmts, _ := sqltext.Split(`alter /* now */ table "Users" add name text`)
	fmt.Printf("%q\n", stmts[0].Words(4))
	// Output:
	// ["ALTER" "TABLE" "\"Users\"" "ADD"]
}

func ExampleStmt_Position() {
	stmts, _ := sqltext.Split("SELECT 1;\n\nSELECT 'é',\n  nothing;")
	// The server says: column "nothing" does not exist at character 15.
	fmt.Println(stmts[1].Position(15 - 1))
	// Output:
	// 4 3
}

func ExamplePosition() {
	fmt.Println(sqltext.Position("é\r\nx", 4))
	// Output:
	// 2 1
}
