package verify_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/verify"
)

const (
	commonUp = `CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, nick text, age int);
CREATE TABLE tags (id serial PRIMARY KEY, name text NOT NULL);`
	commonDown = "DROP TABLE tags; DROP TABLE users; DROP TYPE mood;"
)

// branches is a directory with 1, and 2, 3, ... that each follow 1 and nothing else; given as up, down, up, down.
func branches(t *testing.T, contents ...string) string {
	t.Helper()
	files := []string{"1_common.up.sql", commonUp, "1_common.down.sql", commonDown}
	for i := 0; i < len(contents); i += 2 {
		version := string(rune('2' + i/2))
		files = append(files, version+"_b.up.sql", "-- plinth:parents 1\n\n"+contents[i])
		if contents[i+1] != "none" {
			files = append(files, version+"_b.down.sql", contents[i+1])
		}
	}
	return directory(t, files...)
}

func TestBranchesThatCommuteAreJoined(t *testing.T) {
	tests := []struct {
		name     string
		contents []string
		note     string
	}{
		{"two tables", []string{"CREATE TABLE a (id int)", "DROP TABLE a", "CREATE TABLE b (id int)", "DROP TABLE b"}, ""},
		{"two columns of one table, whose order is none of our business", []string{
			"ALTER TABLE users ADD a int", "ALTER TABLE users DROP a", "ALTER TABLE users ADD b text DEFAULT 'x' NOT NULL", "ALTER TABLE users DROP b",
		}, ""},
		{"an index and a constraint on the same column", []string{
			"-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY by_age ON users (age)", "DROP INDEX by_age",
			"ALTER TABLE users ADD CONSTRAINT aged CHECK (age > 0) NOT VALID", "ALTER TABLE users DROP CONSTRAINT aged",
		}, ""},
		{"a view and a column that it does not see", []string{
			"CREATE VIEW names AS SELECT id, name FROM users", "DROP VIEW names", "ALTER TABLE users ADD b int", "ALTER TABLE users DROP b",
		}, ""},
		{"rows into one table, whose numbers depend on the order", []string{
			"INSERT INTO tags (name) VALUES ('a')", "DELETE FROM tags WHERE name = 'a'", "INSERT INTO tags (name) VALUES ('b')", "DELETE FROM tags WHERE name = 'b'",
		}, ""},
		{"updates of different columns, one at random", []string{
			"UPDATE users SET nick = gen_random_uuid()::text", "-- plinth:irreversible nicks\n\nSELECT 1", "UPDATE users SET age = 7", "-- plinth:irreversible ages\n\nSELECT 1",
		}, ""},
		{"three branches", []string{
			"CREATE TABLE a (id int)", "DROP TABLE a", "ALTER TABLE users ADD b int", "ALTER TABLE users DROP b", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f",
		}, ""},
		{"no down file", []string{"CREATE TABLE a (id int)", "none", "CREATE TABLE b (id int)", "DROP TABLE b"}, "2_b.down.sql is missing"},
		{"one fails on rows in either order", []string{
			"ALTER TABLE users ADD a int NOT NULL", "ALTER TABLE users DROP a", "CREATE TABLE b (id int)", "DROP TABLE b",
		}, "tried on empty tables only"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			merged, err := verify.Merge(t.Context(), scratch(t), os.DirFS(branches(t, tt.contents...)))
			if err != nil {
				t.Fatal(err)
			}
			if len(merged.Heads) != len(tt.contents)/2 {
				t.Errorf("heads = %v", merged.Heads)
			}
			if notes := strings.Join(merged.Notes, "; "); !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
				t.Errorf("notes = %q, want %q", notes, tt.note)
			}
		})
	}
}

func TestBranchesThatDoNotCommuteAreRefused(t *testing.T) {
	tests := []struct {
		name     string
		contents []string
		want     string
	}{
		{"the same column with different types", []string{
			"ALTER TABLE users ADD a int", "ALTER TABLE users DROP a", "ALTER TABLE users ADD a text", "ALTER TABLE users DROP a",
		}, `cannot be applied in any order; 2, then 3: 3_b.up.sql:3:1: statement 1: column "a" of relation "users" already exists`},
		{"the same column if it is not there, with different types", []string{
			"ALTER TABLE users ADD IF NOT EXISTS a int", "ALTER TABLE users DROP a", "ALTER TABLE users ADD IF NOT EXISTS a text", "ALTER TABLE users DROP a",
		}, "2, then 3 and 3, then 2 give different schemas: altered column public.users.a (should be: type integer, is: type text)"},
		{"a view over a table that the other changes", []string{
			"CREATE VIEW every AS SELECT * FROM users", "DROP VIEW every", "ALTER TABLE users ADD b int", "ALTER TABLE users DROP b",
		}, "give different schemas: altered view public.every"},
		{"rename and use", []string{
			"ALTER TABLE users RENAME nick TO alias", "ALTER TABLE users RENAME alias TO nick", "CREATE INDEX by_nick ON users (nick)", "DROP INDEX by_nick",
		}, `3, then 2 works, 2, then 3 fails: 3_b.up.sql:3:`},
		{"the same name of a constraint", []string{
			"ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID", "ALTER TABLE users DROP CONSTRAINT c",
			"ALTER TABLE users ADD CONSTRAINT c CHECK (age > 1) NOT VALID", "ALTER TABLE users DROP CONSTRAINT c",
		}, `constraint "c" for relation "users" already exists`},
		{"values of an enum", []string{
			"ALTER TYPE mood ADD VALUE 'happy'", "-- plinth:irreversible values stay\n\nSELECT 1", "ALTER TYPE mood ADD VALUE 'angry'", "-- plinth:irreversible values stay\n\nSELECT 1",
		}, "altered enum public.mood"},
		{"UPDATE and NOT NULL", []string{
			"UPDATE users SET nick = 'none' WHERE nick IS NULL", "SELECT 1", "ALTER TABLE users ALTER nick SET NOT NULL", "ALTER TABLE users ALTER nick DROP NOT NULL",
		}, `2, then 3 works, 3, then 2 fails: 3_b.up.sql:3:1: statement 1: column "nick" of relation "users" contains null values`},
		{"updates of one column", []string{
			"UPDATE users SET age = 1", "SELECT 1", "UPDATE users SET age = 2", "SELECT 1",
		}, "leave different rows: table public.users: 3 of 3 rows differ (age)"},
		{"rows deleted before they are counted", []string{
			"DELETE FROM tags", "SELECT 1", "CREATE TABLE n AS SELECT count(*) AS n FROM tags", "DROP TABLE n",
		}, "leave different rows: table public.n: 1 of 1 rows differ (n)"},
		{"downs that do not come back", []string{
			"CREATE TABLE a (id int)", "DROP TABLE a", "CREATE TABLE b (id int)", "SELECT 1",
		}, "do not come back to where the branches began: added column public.b.id; added table public.b"},
		{"downs that fail in one order", []string{
			"CREATE TABLE IF NOT EXISTS a (id int)", "DROP TABLE a", "CREATE TABLE IF NOT EXISTS a (id int)", "DROP TABLE a",
		}, `cannot be reverted after 2, then 3: 2_b.down.sql:1:1: statement 1: table "a" does not exist`},
		{"one of three", []string{
			"CREATE TABLE a (id int)", "DROP TABLE a", "ALTER TYPE mood ADD VALUE 'happy'", "-- plinth:irreversible x\n\nSELECT 1",
			"ALTER TYPE mood ADD VALUE 'angry'", "-- plinth:irreversible x\n\nSELECT 1",
		}, "altered enum public.mood"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := verify.Merge(t.Context(), scratch(t), os.DirFS(branches(t, tt.contents...)))
			if _, ok := errors.AsType[*verify.ConflictError](err); !ok || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("err = %v\nwant %s", err, tt.want)
			}
		})
	}
}
