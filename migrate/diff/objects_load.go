package diff

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// sqlFolder is the folder inside the schema folder that holds objects as SQL.
const sqlFolder = "sql"

// sqlStatement is a statement of schema/sql/*.sql.
type sqlStatement struct {
	file string // its path, for messages
	stmt sqltext.Stmt
	text string // to run: as written, with blanks for OR REPLACE and IF NOT EXISTS, so that the server refuses what is made twice
}

// place is "schema/sql/views.sql:3:1", at a character of the statement counted from 0.
func (s sqlStatement) place(char int) string {
	line, column := s.stmt.Position(char)
	return fmt.Sprintf("%s:%d:%d", s.file, line, column)
}

// loadSQL reads the files by name. No folder is no statement.
func loadSQL(schemaDir string) (all []sqlStatement, err error) {
	dir := filepath.Join(schemaDir, sqlFolder)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var faults []error
	for _, e := range entries { // sorted by name
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".sql") {
			continue
		}
		path := filepath.Join(dir, e.Name())
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		statements, err := parseSQL(filepath.ToSlash(path), string(content))
		all, faults = append(all, statements...), append(faults, err)
	}
	return all, errors.Join(faults...)
}

// parseSQL takes a file apart and refuses what does not belong into it.
func parseSQL(file, content string) (all []sqlStatement, err error) {
	statements, err := sqltext.Split(content)
	if fault, ok := errors.AsType[*sqltext.Error](err); ok {
		return nil, fmt.Errorf("%s:%d:%d: %s", file, fault.Line, fault.Column, fault.Message)
	}
	var faults []error
	for _, stmt := range statements {
		s := sqlStatement{file: file, stmt: stmt, text: withoutWords(stmt)}
		if reason := refused(stmt); reason != "" {
			faults = append(faults, fmt.Errorf("%s: %s", s.place(0), reason))
		}
		all = append(all, s)
	}
	return all, errors.Join(append(faults, err)...)
}

// withoutWords blanks OR REPLACE and IF NOT EXISTS. An extension may be there already, with another that needs it, and so may a schema.
func withoutWords(stmt sqltext.Stmt) string {
	text := []byte(stmt.Text)
	words := stmt.Tokens(8)
	if len(words) == 0 || words[0].Word != "CREATE" || isKind(stmt, "EXTENSION") {
		return stmt.Text
	}
	if isKind(stmt, "SCHEMA") { // it may be there, with an extension in it
		if words[min(2, len(words)-1)].Word == "IF" {
			return stmt.Text
		}
		return stmt.Text[:words[1].End] + " IF NOT EXISTS" + stmt.Text[words[1].End:]
	}
	for _, phrase := range [][]string{{"OR", "REPLACE"}, {"IF", "NOT", "EXISTS"}} {
		for i := 1; i+len(phrase) <= len(words); i++ {
			if !slices.EqualFunc(words[i:i+len(phrase)], phrase, func(t sqltext.Token, word string) bool { return t.Word == word }) {
				continue
			}
			for at := words[i].Start; at < words[i+len(phrase)-1].End; at++ {
				text[at] = ' '
			}
			break
		}
	}
	return string(text)
}

// created are the words after CREATE [OR REPLACE]; nil for another statement.
func created(stmt sqltext.Stmt, n int) []string {
	w := stmt.Words(n + 3)
	switch {
	case len(w) < 2 || w[0] != "CREATE":
		return nil
	case len(w) > 3 && w[1] == "OR" && w[2] == "REPLACE":
		return w[3:]
	default:
		return w[1:]
	}
}

// madeHere are the kinds that CREATE may make, by the words that name them.
var madeHere = []string{
	"EXTENSION", "SCHEMA", "FUNCTION", "PROCEDURE", "VIEW", "RECURSIVE VIEW", "MATERIALIZED VIEW", "TRIGGER", "CONSTRAINT TRIGGER", "POLICY", "RULE", "INDEX", "UNIQUE INDEX",
}

func isKind(stmt sqltext.Stmt, kinds ...string) bool {
	words := strings.Join(created(stmt, 3), " ") + " "
	return slices.ContainsFunc(kinds, func(kind string) bool { return strings.HasPrefix(words, kind+" ") })
}

const byMigration = "write it into a migration by hand (plinth new)"

// elsewhere says of what CREATE does not make here where it belongs.
var elsewhere = []struct{ words, advice string }{
	{"TABLE", "tables belong to the Ent schema; " + byMigration + " if it is none of Ent's"},
	{"TYPE", "enum types come from plinth.NativeEnum on a field; for another type " + byMigration},
	{"TEMP", "a temporary object is gone with its session; remove it"},
	{"TEMPORARY", "a temporary object is gone with its session; remove it"},
	{"", byMigration},
}

// refused says why a statement does not belong into schema/sql; "" for one that does.
func refused(stmt sqltext.Stmt) string {
	w := append(stmt.Words(3), "", "", "")
	if what, ok := stmt.ClusterWide(); ok {
		return what + " reaches beyond the database; " + byMigration
	}
	switch w[0] {
	case "CREATE":
		if isKind(stmt, "SCHEMA") && slices.ContainsFunc(stmt.Words(len(stmt.Text))[1:], func(word string) bool { return word == "CREATE" || word == "AUTHORIZATION" }) {
			return "CREATE SCHEMA with more than a name; write its objects as statements of their own"
		}
		if isKind(stmt, madeHere...) {
			return ""
		}
		words := strings.Join(created(stmt, 2), " ") + " "
		for _, e := range elsewhere {
			if strings.HasPrefix(words, e.words) {
				return "CREATE " + strings.Join(strings.Fields(words)[:1], "") + " is not planned from here: " + e.advice
			}
		}
	case "ALTER":
		if isTableMark(stmt) {
			return ""
		}
		return "ALTER is not planned from here, except ALTER TABLE ... ENABLE or FORCE ROW LEVEL SECURITY and ENABLE or DISABLE TRIGGER: " +
			"change the CREATE statement, and diff plans the way there"
	case "COMMENT":
		if slices.Contains([]string{"ROLE", "DATABASE", "TABLESPACE"}, w[2]) {
			return "COMMENT ON " + w[2] + " reaches beyond what this folder describes; " + byMigration
		}
		return ""
	case "GRANT", "REVOKE":
		words := stmt.Words(len(stmt.Text))
		on := slices.Index(words, "ON")
		if on < 0 || slices.Contains([]string{"DATABASE", "TABLESPACE", "PARAMETER"}, words[min(on+1, len(words)-1)]) {
			return w[0] + " of a role or beyond the database's objects; " + byMigration
		}
		return ""
	case "DROP":
		return "DROP is not needed: remove the CREATE statement, and diff plans the drop"
	case "SET", "RESET":
		return w[0] + " has no effect here, each statement is run by itself; for a function write SET into its CREATE FUNCTION"
	}
	if stmt.Control() != 0 {
		return w[0] + ": transactions are the engine's; remove it"
	}
	return w[0] + " makes no object: this folder says what there should be; " + byMigration
}

// isTableMark tells the ALTER TABLE statements that belong here.
func isTableMark(stmt sqltext.Stmt) bool {
	words := " " + strings.Join(stmt.Words(len(stmt.Text)), " ") + " "
	if !strings.HasPrefix(words, " ALTER TABLE ") || strings.Contains(words, " , ") {
		return false
	}
	for _, mark := range []string{
		" ENABLE ROW LEVEL SECURITY ", " DISABLE ROW LEVEL SECURITY ", " FORCE ROW LEVEL SECURITY ", " ENABLE TRIGGER ", " DISABLE TRIGGER ",
		" ENABLE ALWAYS TRIGGER ", " ENABLE REPLICA TRIGGER ",
	} {
		if strings.Contains(words, mark) {
			return true
		}
	}
	return false
}

// declared are the extensions that the statements make, with whether they name a version.
func declared(statements []sqlStatement) map[string]bool {
	set := make(map[string]bool)
	for _, s := range statements {
		if !isKind(s.stmt, "EXTENSION") {
			continue
		}
		words := slices.DeleteFunc(s.stmt.Words(len(s.stmt.Text))[2:], func(word string) bool { return word == "IF" || word == "NOT" || word == "EXISTS" })
		if len(words) > 0 {
			set[nameOf(words[0])] = slices.Contains(words, "VERSION")
		}
	}
	return set
}

// nameOf is what a word names: folded to lower case unless quoted.
func nameOf(word string) string {
	if inner, ok := strings.CutPrefix(word, `"`); ok {
		return strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`)
	}
	return strings.ToLower(word)
}
