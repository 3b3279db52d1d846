package lint

import (
	"slices"
	"strings"
	"testing"
)

// What is about a table is found again after it was renamed, moved, dropped and made again.
func TestLinksFollowTheirTable(t *testing.T) {
	for name, c := range map[string]struct{ text, indexes, referencing string }{
		"as made":                   {"CREATE TABLE a (id int PRIMARY KEY); CREATE INDEX i ON a (id); CREATE TABLE b (a int REFERENCES a)", "i", "b"},
		"renamed":                   {"CREATE TABLE x (id int PRIMARY KEY); CREATE INDEX i ON x (id); CREATE TABLE b (a int REFERENCES x); ALTER TABLE x RENAME TO a", "i", "b"},
		"moved and back":            {"CREATE TABLE a (id int PRIMARY KEY); CREATE INDEX i ON a (id); CREATE TABLE b (a int REFERENCES a); ALTER TABLE a SET SCHEMA s; ALTER TABLE s.a SET SCHEMA public", "i", "b"},
		"the other one renamed":     {"CREATE TABLE a (id int PRIMARY KEY); CREATE INDEX i ON a (id); CREATE TABLE b (a int REFERENCES a); ALTER TABLE b RENAME TO c; ALTER INDEX i RENAME TO j", "j", "c"},
		"dropped and made again":    {"CREATE TABLE a (id int PRIMARY KEY); CREATE INDEX i ON a (id); CREATE TABLE b (a int REFERENCES a); DROP TABLE a CASCADE; CREATE TABLE a (id int)", "", ""},
		"the index dropped":         {"CREATE TABLE a (id int, x int); CREATE INDEX i ON a (id); CREATE INDEX j ON a (x); DROP INDEX i", "j", ""},
		"the index's column":        {"CREATE TABLE a (id int, x int); CREATE INDEX i ON a (id); CREATE INDEX j ON a (x); ALTER TABLE a DROP COLUMN x", "i", ""},
		"the constraint dropped":    {"CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int CONSTRAINT c REFERENCES a); ALTER TABLE b DROP CONSTRAINT c", "", ""},
		"the referencing one again": {"CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a); DROP TABLE b; CREATE TABLE b (a int)", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := newModel()
			for _, s := range parseFile(Source{Text: c.text}).statements {
				m.predict(s.kind, s.tree, 0)
				m.apply(s.kind, s.tree)
			}
			names := func(list []*relation) string {
				var names []string
				for _, r := range list {
					names = append(names, r.name)
				}
				slices.Sort(names)
				return strings.Join(names, " ")
			}
			if got := names(m.indexesOn("public.a")); got != c.indexes {
				t.Errorf("indexes: got %q, want %q", got, c.indexes)
			}
			if got := names(m.referencing("public.a")); got != c.referencing {
				t.Errorf("referencing: got %q, want %q", got, c.referencing)
			}
		})
	}
}
