package lint_test

import (
	"regexp"
	"testing"

	"github.com/plinth-db/plinth/migrate/lint"
)

func TestSettingsGiveSeverities(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		settings lint.Settings
		own      lint.Severity
		want     lint.Severity
	}{
		{"none", lint.Settings{}, lint.Warning, lint.Warning},
		{"another rule's", lint.Settings{Severity: map[string]lint.Severity{"DS103": lint.Off}}, lint.Error, lint.Error},
		{"a severity", lint.Settings{Severity: map[string]lint.Severity{"DS102": lint.Notice}}, lint.Error, lint.Notice},
		{"off", lint.Settings{Severity: map[string]lint.Severity{"DS102": lint.Off}}, lint.Error, lint.Off},
		{"error = true", lint.Settings{Fail: map[string]bool{"DS102": true}}, lint.Notice, lint.Error},
		{"error = false", lint.Settings{Fail: map[string]bool{"DS102": false}}, lint.Error, lint.Warning},
		{"error = false for a notice", lint.Settings{Fail: map[string]bool{"DS102": false}}, lint.Notice, lint.Notice},
		{"both", lint.Settings{Fail: map[string]bool{"DS102": true}, Severity: map[string]lint.Severity{"DS102": lint.Warning}}, lint.Notice, lint.Warning},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := c.settings.Apply([]lint.Finding{{Rule: dropTable, Severity: c.own}, {Severity: lint.Notice}})
			if last := got[len(got)-1]; last.Severity != lint.Notice || last.Rule != nil {
				t.Errorf("a finding without a rule became %+v", last)
			}
			if c.want == lint.Off {
				if len(got) != 1 {
					t.Errorf("a finding that is off is still there: %+v", got)
				}
				return
			}
			if len(got) != 2 || got[0].Severity != c.want {
				t.Errorf("got %+v, want %s", got, c.want)
			}
		})
	}
}

func TestNamingIsByKindFirst(t *testing.T) {
	t.Parallel()
	n := lint.Naming{"": {Message: "all"}, "index": {Message: "index", Match: regexp.MustCompile("x")}}
	for kind, want := range map[string]string{"index": "index", "table": "all"} {
		if p, ok := n.For(kind); !ok || p.Message != want {
			t.Errorf("%s: %q, %t", kind, p.Message, ok)
		}
	}
	if _, ok := (lint.Naming{"index": {}}).For("table"); ok {
		t.Error("a table has an index's pattern")
	}
}

func TestOverrideLeavesTheFirstSettingsAlone(t *testing.T) {
	t.Parallel()
	first := lint.Settings{
		Severity: map[string]lint.Severity{"DS102": lint.Off, "DS103": lint.Notice}, Latest: 3, PGVersion: 14, GitDir: "x", Ignored: []string{"a"},
	}
	got := first.Override(lint.Settings{
		Severity: map[string]lint.Severity{"DS103": lint.Warning}, Fail: map[string]bool{"DS102": true}, GitBase: "main", Ignored: []string{"b"},
	})
	if len(first.Severity) != 2 || first.Severity["DS103"] != lint.Notice || first.Fail != nil {
		t.Errorf("the first settings have changed: %+v", first)
	}
	if _, still := got.Severity["DS102"]; still || !got.Fail["DS102"] || got.Severity["DS103"] != lint.Warning {
		t.Errorf("severities: %v, %v", got.Severity, got.Fail)
	}
	if got.Latest != 0 || got.GitBase != "main" {
		t.Errorf("a git base replaces latest: %+v", got)
	}
	if got.PGVersion != 14 || got.GitDir != "x" || len(got.Ignored) != 2 {
		t.Errorf("what was not set again has changed: %+v", got)
	}
	if got = got.Override(lint.Settings{Latest: 1}); got.GitBase != "" || got.Latest != 1 {
		t.Errorf("latest replaces a git base: %+v", got)
	}
}
