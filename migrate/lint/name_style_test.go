package lint_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/plinth-db/plinth/migrate/lint"
)

// The patterns of the settings hold for each kind of object that Atlas has one for, by its new name too; the settings' message is the fix.
func TestNamesMatchThePatternsOfTheSettings(t *testing.T) {
	short := func(pattern, message string) lint.NamePattern {
		return lint.NamePattern{Match: regexp.MustCompile(pattern), Message: message}
	}
	settings := lint.Settings{Naming: lint.Naming{
		"":            short("^[a-z_]+$", "lower case"),
		"schema":      short("^app_", "schemas begin with app_"),
		"table":       short("s$", "tables are plural"),
		"index":       short("_idx$", "indexes end in _idx"),
		"foreign_key": short("_fk$", "foreign keys end in _fk"),
		"check":       short("_check$", ""),
	}}
	cases := map[string]struct{ sql, fix string }{
		"schema":            {"CREATE SCHEMA store", "schemas begin with app_"},
		"good schema":       {"CREATE SCHEMA app_store", ""},
		"table":             {"CREATE TABLE pet (id bigint PRIMARY KEY)", "tables are plural"},
		"good table":        {"CREATE TABLE pets (id bigint CONSTRAINT pets_idx PRIMARY KEY)", ""},
		"renamed table":     {"ALTER TABLE pets RENAME TO pet", "tables are plural"},
		"column":            {"ALTER TABLE pets ADD COLUMN name1 text", "lower case"},
		"renamed column":    {"ALTER TABLE pets RENAME name TO name1", "lower case"},
		"index":             {"CREATE INDEX by_name ON pets (name)", "indexes end in _idx"},
		"index, no name":    {"CREATE INDEX ON pets (name)", ""},
		"unique constraint": {"ALTER TABLE pets ADD CONSTRAINT one UNIQUE (name)", "indexes end in _idx"},
		"foreign key":       {"ALTER TABLE pets ADD CONSTRAINT owner FOREIGN KEY (a) REFERENCES users NOT VALID", "foreign keys end in _fk"},
		"good foreign key":  {"ALTER TABLE pets ADD CONSTRAINT owner_fk FOREIGN KEY (a) REFERENCES users NOT VALID", ""},
		"check of a column": {"ALTER TABLE pets ADD COLUMN age int CONSTRAINT aged CHECK (age > 0)", "Give it a name that matches."},
		"check of a table":  {"CREATE TABLE pets (id bigint, CONSTRAINT aged CHECK (id > 0))", "Give it a name that matches."},
		"type":              {`CREATE TYPE "Mood" AS ENUM ('ok')`, "lower case"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := lint.Run(lint.Input{Sources: []lint.Source{{Name: "f.sql", Text: c.sql, Chosen: true}}, Settings: settings})
			var fixes []string
			for _, f := range r.Findings {
				if f.Rule.Name == "name-style" {
					fixes = append(fixes, f.Fix)
				}
			}
			var want []string
			if c.fix != "" {
				want = []string{c.fix}
			}
			if !slices.Equal(fixes, want) {
				t.Errorf("%s: fixes %q, want %q", c.sql, fixes, want)
			}
		})
	}
}

// What Atlas has as several checks is one rule here, and settings written for Atlas find it.
func TestAtlasCodesFindRules(t *testing.T) {
	for code, name := range map[string]string{
		"NM101": "name-style", "NM102": "name-style", "NM103": "name-style", "NM104": "name-style", "NM105": "name-style", "nm106": "name-style",
		"non_linear": "out-of-order", "CD101": "drop-constraint", "DS102": "drop-table", "PG303": "set-not-null",
	} {
		if found := lint.Find(code); len(found) != 1 || found[0].Name != name {
			t.Errorf("Find(%q) = %v, want %s", code, found, name)
		}
	}
}
