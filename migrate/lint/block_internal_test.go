package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	wasm "github.com/wasilibs/go-pgquery/parser"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate/lint/trace"
)

// The statements of a block stand where they are in the file, and variables are no columns.
func TestBlock(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"places":          {"DO $$\nBEGIN\n  UPDATE a SET x = 1;\n  UPDATE a SET x = 1; UPDATE a SET x = 1;\nEND$$", "3:3 UpdateStmt, 4:23 UpdateStmt, 4:3 UpdateStmt"},
		"inside others":   {"DO $$BEGIN IF true THEN DELETE FROM a; ELSE BEGIN DELETE FROM b; EXCEPTION WHEN others THEN DELETE FROM c; END; END IF; END$$", "1:25 DeleteStmt, 1:51 DeleteStmt, 1:93 DeleteStmt"},
		"language before": {"DO LANGUAGE plpgsql $x$BEGIN DELETE FROM a; END$x$", "1:30 DeleteStmt"},
		"INTO":            {"DO $$\nDECLARE n int;\nBEGIN\n  DELETE FROM a RETURNING x INTO n;\nEND$$", "4:3 DeleteStmt"},
		"quotes":          {"DO '\nBEGIN\n  DELETE FROM a WHERE x = ''y'';\nEND'", "3:1 DeleteStmt"},
		"another":         {"DO LANGUAGE plperl $$ DELETE FROM a; $$", ""},
		"wrong":           {"DO $$ BEGIN DELETE; $$", ""},
		"no block":        {"DELETE FROM a", ""},
		"a row":           {"DO $$DECLARE r a%ROWTYPE; v a.x%TYPE; w s.mood; BEGIN DELETE FROM a WHERE x = r.x; END$$", "1:55 DeleteStmt"},
	} {
		t.Run(name, func(t *testing.T) {
			f := parseFile(Source{Text: c.text})
			var got []string
			for _, s := range f.statements[0].block().statements {
				line, column := f.statements[0].Position(len([]rune(c.text[:s.at])))
				got = append(got, fmt.Sprintf("%d:%d %s", line, column, s.kind))
			}
			slices.Sort(got)
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), c.want)
			}
			if f.statements[0].kind != "DoStmt" {
				return
			}
			text, err := parseBlockJSON(c.text)
			other, otherErr := wasm.ParsePlPgSqlToJSON(c.text)
			if text != other || (err == nil) != (otherErr == nil) {
				t.Errorf("without cgo: %s (%v)\nwith it: %s (%v)", other, otherErr, text, err)
			}
		})
	}
}

// What is not in so many words in a file is seen on a server: every row of a table was changed.
func TestUnboundedChangeUnseen(t *testing.T) {
	const setup = `CREATE TABLE users (id bigint PRIMARY KEY, size int);
CREATE FUNCTION clean() RETURNS void LANGUAGE sql AS 'DELETE FROM users';
CREATE FUNCTION bump() RETURNS void LANGUAGE sql AS 'UPDATE users SET size = 2 WHERE id = (SELECT min(id) FROM users)';
CREATE PROCEDURE cleaning() LANGUAGE sql AS 'DELETE FROM users';`
	for text, bad := range map[string]bool{
		"DO $$BEGIN EXECUTE format('UPDATE %I SET size = 1', 'users'); END$$": true,
		"DO $$BEGIN PERFORM clean(); END$$":                                   true,
		"SELECT clean()":                                                      true,
		"CALL cleaning()":                                                     true,
		"SELECT bump()":                                                       false,
		"CREATE TABLE more AS SELECT id FROM users; DO $$BEGIN EXECUTE 'UPDATE ' || 'more SET id = 1'; END$$":                                false,
		"-- atlas:txmode none\nDO $$BEGIN EXECUTE format('UPDATE %I SET size = 1 WHERE id < 1000', 'users'); COMMIT; PERFORM clean(); END$$": false,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			c := ruleCase{rule: "unbounded-change", files: []string{setup, text}}
			files, err := trace.Run(t.Context(), pgtest.Scratch(t), c.directory(t), trace.Options{Versions: c.versions()})
			if err != nil {
				t.Fatal(err)
			}
			if report, _ := c.lint(t, files); c.found(report) != bad {
				t.Errorf("found is %v, want %v:\n%s\n%+v", !bad, bad, told(report), files)
			}
		})
	}
}
