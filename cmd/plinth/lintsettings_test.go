package main_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	plinth "github.com/plinth-db/plinth/cmd/plinth"
	"github.com/plinth-db/plinth/migrate/lint"
)

// someRules stand for the table of rules.
var someRules = []*lint.Rule{
	{Code: "DS102", Name: "drop-table", Group: lint.Destructive, Severity: lint.Error, Atlas: "DS102"},
	{Code: "DS103", Name: "drop-column", Group: lint.Destructive, Severity: lint.Error, Atlas: "DS103"},
	{Code: "BL101", Name: "index-not-concurrent", Group: lint.Blocking, Severity: lint.Error, Atlas: "PG101"},
	{Code: "BL102", Name: "drop-index-not-concurrent", Group: lint.Blocking, Severity: lint.Error, Atlas: "PG102"},
	{Code: "TX101", Name: "concurrently-in-transaction", Group: lint.Transactions, Severity: lint.Error, Atlas: "PG103"},
	{Code: "DD101", Name: "unique-on-duplicates", Group: lint.DataDependent, Severity: lint.Error, Atlas: "MF101"},
	{Code: "BC101", Name: "rename-table", Group: lint.Incompatible, Severity: lint.Error, Atlas: "BC101"},
	{Code: "AD110", Name: "naming", Group: lint.Advice, Severity: lint.Error, Atlas: "NM102"},
	{Code: "AD112", Name: "no-lock-timeout", Group: lint.Advice, Severity: lint.Off},
}

func findSomeRules(name string) (found []*lint.Rule) {
	for _, r := range someRules {
		if slices.Contains([]string{r.Code, r.Name, string(r.Group), r.Atlas}, name) {
			found = append(found, r)
		}
	}
	return found
}

func readSettings(t *testing.T, env, content string) (lint.Settings, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "atlas.hcl")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return plinth.LintSettings(file, env, true, findSomeRules, []string{"DS102 drop-table", "DS103 drop-column"})
}

// show writes settings in one line, in a fixed order, without what is not set.
func show(s lint.Settings) string {
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(s.Severity)) {
		parts = append(parts, code+"="+s.Severity[code].String())
	}
	for _, code := range slices.Sorted(maps.Keys(s.Fail)) {
		parts = append(parts, fmt.Sprintf("%s:%t", code, s.Fail[code]))
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Naming)) {
		parts = append(parts, fmt.Sprintf("naming %s /%s/ %s", kind, s.Naming[kind].Match, s.Naming[kind].Message))
	}
	for name, value := range map[string]string{"base": s.GitBase, "dir": s.GitDir} {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	for name, value := range map[string]int{"latest": s.Latest, "pg": s.PGVersion} {
		if value != 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", name, value))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

func TestLintSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, env, content, want string }{
		{"no lint block", "", `env "a" {}`, ""},
		{"an empty one", "", "lint {}", ""},
		{"latest", "", "lint {\n latest = 2\n}", "latest=2"},
		{"git", "", "lint {\n git {\n base = \"main\"\n dir = \"..\"\n }\n}", "base=main, dir=.."},
		{"pg_version", "", "lint {\n pg_version = 15\n}", "pg=15"},
		{"analyzers", "", `lint {
			destructive { error = false }
			data_depend { error = true }
			incompatible { error = true }
			nestedtx { error = true }
			condrop { error = true }
			non_linear { error = true }
		}`, "BC101:true, DD101:true, DS102:false, DS103:false, TX101:true"},
		{"concurrent_index", "", `lint {
			concurrent_index {
				error = true
				check_create = true
				check_drop = false
				check_txmode = false
			}
		}`, "BL101:true, BL102:true, BL102=off, TX101:true, TX101=off"},
		{"naming", "", `lint {
			naming {
				error = true
				match = "^[a-z]+$"
				message = "lower case"
				index {
					match = "_idx$"
				}
				foreign_key {
					match = "_fk$"
					message = "ends in _fk"
				}
			}
		}`, "AD110:true, naming  /^[a-z]+$/ lower case, naming foreign_key /_fk$/ ends in _fk, naming index /_idx$/ "},
		{"rules by code, name and group", "", `lint {
			rule "DS102" { severity = "notice" }
			rule "rename-table" { severity = "off" }
			rule "blocking" { severity = "warning" }
		}`, "BC101=off, BL101=warning, BL102=warning, DS102=notice"},
		{"a rule holds over its group, in any order", "", `lint {
			rule "DS102" { severity = "off" }
			rule "destructive" { severity = "warning" }
			concurrent_index { check_create = false }
			rule "BL101" { severity = "error" }
		}`, "BL101=error, DS102=off, DS103=warning"},
		{"a rule by Atlas's code", "", `lint {
			rule "PG101" { severity = "off" }
		}`, "BL101=off"},
		{"a rule that is off is switched on by its name, and not by its group", "", `lint {
			rule "advice" { severity = "error" }
		}`, "AD110=error"},
		{"likewise by its code", "", `lint {
			rule "AD112" { severity = "notice" }
			rule "advice" { severity = "warning" }
		}`, "AD110=warning, AD112=notice"},
		{"Atlas's check", "", `lint {
			check "DS102" { skip = true }
			check "DS103" { error = false }
			check "PG101" { skip = false }
			destructive { error = true }
		}`, "DS102:true, DS102=off, DS103:false"},
		{"in the only env", "", `env "a" {
			lint { latest = 3 }
		}`, "latest=3"},
		{"in an env that is not used", "b", `env "a" {
			lint { latest = 3 }
		}
		env "b" {}`, ""},
		{"the env's over the file's", "b", `lint {
			latest = 3
			pg_version = 14
			rule "DS102" { severity = "off" }
			destructive { error = false }
			naming { match = "a" }
		}
		env "a" {}
		env "b" {
			lint {
				git { base = "main" }
				rule "destructive" { severity = "error" }
				naming { match = "b" }
			}
		}`, "DS102:false, DS102=error, DS103:false, DS103=error, base=main, naming  /b/ , pg=14"},
		{"error in the env over a rule of the file", "", `lint {
			rule "DS102" { severity = "off" }
		}
		env "a" {
			lint {
				destructive { error = true }
			}
		}`, "DS102:true, DS103:true"},
		{"expressions", "", `variable "base" { default = "main" }
		locals { n = 15 }
		lint {
			git { base = "origin/${var.base}" }
			pg_version = local.n
		}`, "base=origin/main, pg=15"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := readSettings(t, c.env, c.content)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(s); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if len(s.Ignored) > 0 {
				t.Errorf("ignored: %q", s.Ignored)
			}
		})
	}
}

func TestLintSettingsRememberWhatIsForAtlasAlone(t *testing.T) {
	t.Parallel()
	s, err := readSettings(t, "", `lint {
  review = ALWAYS
  log    = file("x")
  format = "{{ json . }}"
  destructive {
    force = true
    allow_table {
      match = "drop_.+"
    }
  }
  rule "hcl" "mine" {
    src = ["x.rule.hcl"]
  }
  statement {
    deny "x" {
      match = "y"
    }
  }
  ownership "github" {}
  check "PG110" {
    skip = true
  }
}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"2: review", "3: log", "4: format", "6: force", "7: allow_table", "11: rule hcl mine", "14: statement", "19: ownership github", "20: check PG110",
	}
	for i, ignored := range s.Ignored {
		if i >= len(want) || !strings.HasSuffix(ignored, "atlas.hcl:"+want[i]+" is for the Atlas command alone") {
			t.Errorf("ignored: %s", ignored)
		}
	}
	if len(s.Ignored) != len(want) || show(s) != "" {
		t.Errorf("got %q and %q", s.Ignored, show(s))
	}
}

func TestLintSettingsErrorsHaveAPlaceAndSayWhatIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		content string
		want    []string
	}{
		{"lint {\n  lates = 1\n}", []string{"atlas.hcl:2: lint: unknown key lates; known are format, latest, log, pg_version, review, and the blocks check, concurrent_index, condrop, data_depend, destructive"}},
		{"lint {\n  destructiv {\n  }\n}", []string{"atlas.hcl:2: lint: unknown block destructiv; known are", "destructive"}},
		{"lint {\n  destructive {\n    eror = true\n  }\n}", []string{"atlas.hcl:3: lint: destructive: unknown key eror; known are error, force"}},
		{"lint {\n  data_depend {\n    allow_table {\n    }\n  }\n}", []string{"atlas.hcl:3: lint: data_depend: unknown block allow_table; known are error, force"}},
		{"lint {\n  concurrent_index {\n    check = true\n  }\n}", []string{"atlas.hcl:3: ", "check_create, check_drop, check_txmode, error"}},
		{"lint {\n  git {\n    ref = \"x\"\n  }\n}", []string{"atlas.hcl:3: lint: git: unknown key ref; known are base, dir"}},
		{"lint {\n  naming {\n    trigger {\n    }\n  }\n}", []string{"atlas.hcl:3: lint: naming: unknown block trigger", "check, column, foreign_key, index, schema, table"}},
		{"lint {\n  naming {\n    index {\n      error = true\n    }\n  }\n}", []string{"atlas.hcl:4: lint: naming: index: unknown key error; known are match, message"}},
		{"lint {\n  naming {\n    match = \"(\"\n  }\n}", []string{"atlas.hcl:3: lint: naming: match: ", "missing closing )"}},
		{"lint {\n  naming {\n    index {\n      message = \"x\"\n    }\n  }\n}", []string{"atlas.hcl:3: lint: naming: index has no match"}},
		{"lint {\n  rule \"DS999\" {\n    severity = \"off\"\n  }\n}", []string{`atlas.hcl:2: lint: there is no rule "DS999"; known are DS102 drop-table, DS103 drop-column`}},
		{"lint {\n  rule \"DS102\" {\n    severity = \"fatal\"\n  }\n}", []string{`atlas.hcl:3: lint: rule "DS102": severity "fatal": want off, notice, warning or error`}},
		{"lint {\n  rule \"DS102\" {\n  }\n}", []string{`atlas.hcl:2: lint: rule "DS102" has no severity`}},
		{"lint {\n  rule \"DS102\" {\n    error = true\n  }\n}", []string{`atlas.hcl:3: lint: rule "DS102": unknown key error; known are severity`}},
		{"lint {\n  rule {\n  }\n}", []string{`atlas.hcl:2: lint: want rule "NAME"`}},
		{"lint {\n  check {\n  }\n}", []string{`atlas.hcl:2: lint: want check "CODE"`}},
		{"lint {\n  rule \"DS102\" {\n    severity = \"off\"\n  }\n  rule \"DS102\" {\n    severity = \"error\"\n  }\n}", []string{"atlas.hcl:5: lint: a second block rule DS102; the first is in line 2"}},
		{"lint {\n}\n\nlint {\n}", []string{"atlas.hcl:4: a second lint block; the first is in line 1"}},
		{"lint {\n  latest = 1\n  git {\n    base = \"main\"\n  }\n}", []string{"atlas.hcl:1: lint: latest and git { base } are two ways"}},
		{"lint {\n  latest = 0\n}", []string{"atlas.hcl:2: latest = 0: write how many"}},
		{"lint {\n  latest = 1.5\n}", []string{"atlas.hcl:2: latest = 1.5"}},
		{"lint {\n  latest = \"1\"\n}", []string{"atlas.hcl:2: latest is not a number"}},
		{"lint {\n  latest = null\n}", []string{"atlas.hcl:2: latest is not a number"}},
		{"lint {\n  pg_version = 150006\n}", []string{"atlas.hcl:2: pg_version = 150006: write the server's major version"}},
		{"lint {\n  destructive {\n    error = \"true\"\n  }\n}", []string{"atlas.hcl:3: error is not a bool; write true or false"}},
		{"lint {\n  git {\n    base = 1\n  }\n}", []string{"atlas.hcl:3: base is not a string"}},
		{"lint {\n  latest = var.n\n}", []string{"atlas.hcl:2: latest: "}},
		{"env \"a\" {\n  lint {\n    foo = 1\n  }\n}", []string{"atlas.hcl:3: lint: unknown key foo"}},
		{"lint {", []string{"atlas.hcl:1"}},
	} {
		_, err := readSettings(t, "", c.content)
		if err == nil {
			t.Errorf("no error for\n%s", c.content)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s\ngot  %v\nwant %s", c.content, err, want)
			}
		}
	}
}

func TestLintSettingsWithoutTheFile(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "atlas.hcl")
	s, err := plinth.LintSettings(missing, "", false, findSomeRules, nil)
	if err != nil || show(s) != "" {
		t.Errorf("got %v, %v", s, err)
	}
	if _, err = plinth.LintSettings(missing, "", true, findSomeRules, nil); err == nil {
		t.Error("a file that was asked for is missing, and nobody says so")
	}
}
