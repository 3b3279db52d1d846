package sqltext_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

var update = flag.Bool("update", false, "write the golden files; read the difference before committing it")

// A new case is two new files: testdata/split/<case>.sql and, by -update, <case>.golden.
func TestSplitGivesTheGoldenStatements(t *testing.T) {
	files, err := filepath.Glob("testdata/split/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata/split: %v", err)
	}
	for _, file := range files {
		golden := strings.TrimSuffix(file, ".sql") + ".golden"
		t.Run(strings.TrimSuffix(filepath.Base(file), ".sql"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := show(sqltext.Split(string(src)))
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s:\n%s\nwant:\n%s", file, got, want)
			}
		})
	}
}

// show writes each statement under a line with its place, so that a golden file reads like the source.
func show(stmts []sqltext.Stmt, err error) string {
	if err != nil {
		return fmt.Sprintf("error: %v\n", err)
	}
	var b strings.Builder
	for i, s := range stmts {
		fmt.Fprintf(&b, "==== %d: line %d, column %d, byte %d\n%s\n", i+1, s.Line, s.Column, s.Offset, s.Text)
	}
	return b.String()
}
