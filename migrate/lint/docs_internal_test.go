package lint

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/lint.md and docs/lint")

const docs = "../../docs"

// The pages about the rules are made from their table, and their examples are cases that were run.
func TestDocs(t *testing.T) {
	pages := map[string]string{"lint.md": index()}
	cases := ruleCases(t)
	for _, r := range rules {
		pages[filepath.Join("lint", r.Name+".md")] = page(r, cases)
	}
	for name, want := range pages {
		path := filepath.Join(docs, name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		have, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(have, []byte(want)) {
			t.Errorf("%s is not what the table says (%v): go test ./migrate/lint -run TestDocs -update", path, err)
		}
	}
	there, err := filepath.Glob(filepath.Join(docs, "lint", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range there {
		if len(Find(strings.TrimSuffix(filepath.Base(path), ".md"))) != 1 {
			t.Errorf("%s is about no rule", path)
		}
	}
}

var groupTitles = []struct {
	group Group
	title string
}{
	{Destructive, "What is lost"},
	{Blocking, "Who has to wait"},
	{DataDependent, "What depends on the rows"},
	{Incompatible, "What breaks running code"},
	{Transactions, "What does not fit the transaction"},
	{Security, "Who gets access"},
	{Advice, "What is regretted later"},
	{Directory, "The files"},
}

func index() string {
	text, err := os.ReadFile("testdata/lint.md")
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	b.Write(text)
	for _, g := range groupTitles {
		fmt.Fprintf(&b, "\n### %s: `%s`\n\n| rule | | says | when |\n| --- | --- | --- | --- |\n", g.title, g.group)
		for _, r := range rules {
			if r.Group == g.group {
				fmt.Fprintf(&b, "| [%s](lint/%s.md) | %s | %s | %s |\n", r.Code, r.Name, r.Name, r.Severity, cell(r.Summary))
			}
		}
	}
	return b.String()
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func page(r *Rule, cases []ruleCase) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s %s\n\n%s\n\n", r.Code, r.Name, r.Summary)
	facts := []string{"Severity: " + r.Severity.String(), "group: `" + string(r.Group) + "`"}
	if r.Atlas != "" {
		facts = append(facts, "in the Atlas command: "+r.Atlas)
	}
	if r.Since > 0 {
		facts = append(facts, fmt.Sprintf("since PostgreSQL %d", r.Since))
	}
	if r.Until > 0 {
		facts = append(facts, fmt.Sprintf("until PostgreSQL %d", r.Until))
	}
	fmt.Fprintf(&b, "%s.\n\n## Why\n\n%s\n\n## What to do\n\n%s\n", strings.Join(facts, "; "), r.Why, r.Fix)
	for _, bad := range []bool{true, false} {
		i := slices.IndexFunc(cases, func(c ruleCase) bool { return c.rule == r.Name && c.bad == bad })
		if i < 0 {
			continue
		}
		title := "Found"
		if !bad {
			title = "Not found"
		}
		fmt.Fprintf(&b, "\n## %s\n\n", title)
		if before := strings.TrimSpace(cases[i].files[0]); before != "" {
			fmt.Fprintf(&b, "With\n\n```sql\n%s\n```\n\n", before)
		}
		for j, text := range cases[i].files[1:] {
			if j > 0 {
				b.WriteString("\nand in the next file\n\n")
			}
			fmt.Fprintf(&b, "```sql\n%s\n```\n", strings.TrimSpace(text))
		}
	}
	project, severity := "For the project", "off"
	if r.Severity == Off {
		project, severity = "It is on where the project says so", "notice"
	}
	fmt.Fprintf(&b, "\nAn exception, above the statement: `-- atlas:nolint %s the reason`. %s, in atlas.hcl: `lint { rule \"%s\" { severity = \"%s\" } }`.\n\nMade from the table of rules in migrate/lint and the cases in its testdata.\n", r.Code, project, r.Code, severity)
	return b.String()
}
