package output_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/lint/output"
)

var (
	indexRule = &lint.Rule{
		Code: "BL101", Name: "index-not-concurrent", Group: lint.Blocking, Severity: lint.Error,
		Summary: "An index is built while nobody can write", Why: "CREATE INDEX takes `ShareLock`.", Fix: "Build it `CONCURRENTLY`.",
	}
	noticeRule = &lint.Rule{Code: "AD101", Name: "serial", Group: lint.Advice, Severity: lint.Notice, Summary: "serial", Why: "Identity is better."}
	dirRule    = &lint.Rule{Code: "DI101", Name: "several-heads", Group: lint.Directory, Severity: lint.Warning, Summary: "heads", Why: "w"}
	yes, no    = true, false
)

func example() *lint.Report {
	return &lint.Report{
		Files: 2, Measured: true,
		Findings: []lint.Finding{
			{
				Rule: indexRule, Severity: lint.Error, File: "2_b.up.sql", Line: 3, Column: 5,
				Statement: "CREATE INDEX i\n  ON t (c)", Message: "nobody can write to t while i is built",
				Fix: "CREATE INDEX CONCURRENTLY i\n  ON t (c);", Object: "t", Lock: "ShareLock", Rewrite: &no, Measured: true,
			},
			{Rule: noticeRule, Severity: lint.Notice, File: "2_b.up.sql", Line: 7, Column: 1, Message: "id is a serial", Object: "t", Field: "id"},
			{Rule: dirRule, Severity: lint.Warning, Message: "two heads: 1, 2"},
		},
	}
}

func write(t *testing.T, format string, r *lint.Report, o output.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := output.Write(&b, format, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func want(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	want(t, write(t, "text", example(), output.Options{Dir: "migrate/migrations"}), `migrate/migrations/2_b.up.sql:3:5: error: nobody can write to t while i is built [BL101 index-not-concurrent]
  | CREATE INDEX i
  |   ON t (c)
  takes ShareLock on t: blocks writes (measured)
  fix:
    CREATE INDEX CONCURRENTLY i
      ON t (c);

migrate/migrations/2_b.up.sql:7:1: notice: id is a serial [AD101 serial]

migrate/migrations: warning: two heads: 1, 2 [DI101 several-heads]

1 error, 1 warning, 1 notice in 2 files. Before the merge: fix the errors, or write above the statement why it is safe: -- atlas:nolint CODE REASON
`)
}

func TestTextSaysWhatToDoNext(t *testing.T) {
	t.Parallel()
	for severity, next := range map[lint.Severity]string{
		lint.Notice:  "1 notice in 1 file. Nothing fails\n",
		lint.Warning: "1 warning in 1 file. Nothing fails; read the warnings before the merge\n",
	} {
		r := &lint.Report{Files: 1, Measured: true, Findings: []lint.Finding{{Rule: indexRule, Severity: severity, File: "a"}}}
		if got := write(t, "text", r, output.Options{}); !strings.HasSuffix(got, next) {
			t.Errorf("got %q, want the end %q", got, next)
		}
	}
	want(t, write(t, "text", &lint.Report{Files: 4, Measured: true}, output.Options{}), "no findings in 4 files\n")
	if got := write(t, "text", &lint.Report{Files: 4}, output.Options{}); !strings.HasPrefix(got, "Nothing was run: ") {
		t.Errorf("a report without a server does not say so: %q", got)
	}
}

func TestTextShowsTheBeginningOfALongStatement(t *testing.T) {
	t.Parallel()
	statement := strings.Repeat("SELECT 1,\n", 7) + "2"
	r := &lint.Report{Findings: []lint.Finding{{Rule: indexRule, Severity: lint.Error, Statement: statement}}}
	got := write(t, "text", r, output.Options{})
	if n := strings.Count(got, "  | SELECT 1,\n"); n != 6 || !strings.Contains(got, "\n  | ... 2 more lines\n") {
		t.Errorf("%d lines are shown: %s", n, got)
	}
	r.Findings[0].Statement = strings.Repeat("SELECT 1,\n", 6) + "2" // the one line costs no more than saying that it is missing
	if got = write(t, "text", r, output.Options{}); !strings.Contains(got, "\n  | 2\n") {
		t.Errorf("the seventh line is missing: %s", got)
	}
}

func TestColoursAddNothingElse(t *testing.T) {
	t.Parallel()
	colours := regexp.MustCompile("\x1b\\[[0-9;]+m")
	coloured := write(t, "text", example(), output.Options{Color: true})
	if !strings.Contains(coloured, "\x1b[1;31merror:\x1b[0m") {
		t.Errorf("an error is not red: %q", coloured)
	}
	want(t, colours.ReplaceAllString(coloured, ""), write(t, "text", example(), output.Options{}))
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	for lock, blocks := range map[string]string{
		"AccessShareLock": "neither reads nor writes", "RowExclusiveLock": "neither reads nor writes", "ShareUpdateExclusiveLock": "neither reads nor writes",
		"ShareLock": ": blocks writes", "ShareRowExclusiveLock": ": blocks writes", "ExclusiveLock": ": blocks writes",
		"AccessExclusiveLock": ": blocks reads and writes", "NewLock": "not known",
	} {
		r := &lint.Report{Findings: []lint.Finding{{Rule: indexRule, Severity: lint.Error, Lock: lock, Object: "t", Rewrite: &yes}}}
		if got := write(t, "text", r, output.Options{}); !strings.Contains(got, "takes "+lock+" on t and rewrites it: ") || !strings.Contains(got, blocks) {
			t.Errorf("%s: %s", lock, got)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	var got struct {
		Findings []map[string]any
		Files    int
	}
	if err := json.Unmarshal([]byte(write(t, "json", example(), output.Options{Dir: "x"})), &got); err != nil {
		t.Fatal(err)
	}
	if got.Files != 2 || len(got.Findings) != 3 {
		t.Fatalf("got %+v", got)
	}
	for key, value := range map[string]any{
		"rule": "BL101", "name": "index-not-concurrent", "group": "blocking", "severity": "error", "file": "2_b.up.sql", "line": 3.0, "column": 5.0,
		"statement": "CREATE INDEX i\n  ON t (c)", "message": "nobody can write to t while i is built", "fix": "CREATE INDEX CONCURRENTLY i\n  ON t (c);",
		"object": "t", "field": "", "entity": "", "lock": "ShareLock", "rewrite": false, "measured": true,
	} {
		if got.Findings[0][key] != value {
			t.Errorf("%s: got %v, want %v", key, got.Findings[0][key], value)
		}
	}
	for _, key := range []string{"lock", "rewrite"} {
		if value, there := got.Findings[1][key]; value != nil || !there {
			t.Errorf("%s that is not known: got %v, want null", key, value)
		}
	}
	want(t, write(t, "json", &lint.Report{Files: 1}, output.Options{}), `{"files":1,"findings":[],"measured":false}`+"\n")
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	r := example()
	r.Findings[1].Message = "100% of ids"
	r.Findings[1].File = "odd,name:1.sql"
	want(t, write(t, "github", r, output.Options{Dir: "services/shop/migrations"}),
		"::error file=services/shop/migrations/2_b.up.sql,line=3,col=5,title=BL101 index-not-concurrent::nobody can write to t while i is built"+
			"%0A%0AIt takes ShareLock on t: blocks writes (measured).%0A%0AFix:%0ACREATE INDEX CONCURRENTLY i%0A  ON t (c);\n"+
			"::notice file=services/shop/migrations/odd%2Cname%3A1.sql,line=7,col=1,title=AD101 serial::100%25 of ids\n"+
			"::warning title=DI101 several-heads::two heads: 1, 2\n")
	want(t, write(t, "github", &lint.Report{}, output.Options{}), "")
}

func TestSARIFValidates(t *testing.T) {
	t.Parallel()
	r := example()
	r.Findings = append(r.Findings, lint.Finding{Rule: indexRule, Severity: lint.Warning, File: "é 1%:a#b.sql"})
	text := write(t, "sarif", r, output.Options{Dir: "services/shop/migrations", Version: "v1.2.3"})
	report, err := sarif.FromString(text, sarif.WithStrictValidation())
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Validate(); err != nil {
		t.Fatal(err)
	}
	run := report.Runs[0]
	var rules []string
	for _, rule := range run.Tool.Driver.Rules {
		rules = append(rules, *rule.ID+" "+*rule.Name+" "+rule.DefaultConfiguration.Level+" "+rule.Properties.Tags[0])
		if *rule.ShortDescription.Text == "" || *rule.Help.Markdown == "" {
			t.Errorf("rule %s has no help", *rule.ID)
		}
	}
	if !slices.Equal(rules, []string{"BL101 index-not-concurrent error blocking", "AD101 serial note advice", "DI101 several-heads warning directory"}) {
		t.Errorf("rules %q", rules)
	}
	var results []string
	for _, result := range run.Results {
		place := result.Locations[0].PhysicalLocation
		results = append(results, *run.Tool.Driver.Rules[result.RuleIndex].ID+" "+result.Level+" "+*place.ArtifactLocation.URI)
		if *result.RuleID != *run.Tool.Driver.Rules[result.RuleIndex].ID {
			t.Errorf("rule %s has another one's index", *result.RuleID)
		}
	}
	if !slices.Equal(results, []string{
		"BL101 error services/shop/migrations/2_b.up.sql", "AD101 note services/shop/migrations/2_b.up.sql", "DI101 warning services/shop/migrations",
		"BL101 warning services/shop/migrations/%C3%A9%201%25:a%23b.sql",
	}) {
		t.Errorf("results %q", results)
	}
	first := run.Results[0]
	if region := first.Locations[0].PhysicalLocation.Region; *region.StartLine != 3 || *region.StartColumn != 5 {
		t.Errorf("region %+v", region)
	}
	if !strings.Contains(*first.Message.Text, "CREATE INDEX CONCURRENTLY i\n  ON t (c);") {
		t.Errorf("the message lacks the fix: %s", *first.Message.Text)
	}
	if *run.ColumnKind != "unicodeCodePoints" || *run.Tool.Driver.Version != "v1.2.3" {
		t.Errorf("run %+v", run)
	}

	// The schema is one that can refuse.
	if _, err := sarif.FromString(strings.Replace(text, `"startLine": 3`, `"startLine": 0`, 1)); err == nil {
		report, _ = sarif.FromString(strings.Replace(text, `"startLine": 3`, `"startLine": 0`, 1))
		if report.Validate() == nil {
			t.Error("line 0 validates")
		}
	}
}

func TestSARIFWithoutFindingsValidates(t *testing.T) {
	t.Parallel()
	report, err := sarif.FromString(write(t, "sarif", &lint.Report{}, output.Options{}))
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Validate(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(write(t, "sarif", &lint.Report{}, output.Options{}), `"results": []`) {
		t.Error("GitHub needs the list of results even when it is empty")
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	want(t, write(t, "markdown", example(), output.Options{Dir: "db"}), `<!-- plinth lint -->
### plinth lint: 1 error, 1 warning, 1 notice in 2 files

#### db/2\_b.up.sql

| Severity | Line | Finding | Rule |
| --- | --- | --- | --- |
| 🔴 error | 3 | nobody can write to t while i is built<br>It takes ShareLock on t&#58; blocks writes (measured) | BL101 index-not-concurrent |
| 🔵 notice | 7 | id is a serial | AD101 serial |

<details><summary>BL101 index-not-concurrent in line 3</summary>

`+"```sql"+`
CREATE INDEX i
  ON t (c)
`+"```"+`

Fix:

`+"```"+`
CREATE INDEX CONCURRENTLY i
  ON t (c);
`+"```"+`

</details>

#### The migration directory

| Severity | Line | Finding | Rule |
| --- | --- | --- | --- |
| 🟠 warning |  | two heads&#58; 1, 2 | DI101 several-heads |

Before the merge: fix the errors, or write above the statement why it is safe: `+"`-- atlas:nolint CODE REASON`"+`
`)
}

func TestMarkdownShowsTextAsItIs(t *testing.T) {
	t.Parallel()
	r := &lint.Report{Measured: true, Findings: []lint.Finding{{
		Rule: indexRule, Severity: lint.Error, File: "a|b.sql", Line: 1,
		Message:   "a|b `c` <img src=x> @team #12 *d* [e](https://f) $g$ \\\nnext",
		Statement: "SELECT '````', '</details>'", Fix: "```\nx",
	}}}
	got := write(t, "markdown", r, output.Options{})
	cell := "| a\\|b \\`c\\` &lt;img src=x&gt; &#64;team &#35;12 \\*d\\* \\[e\\](https&#58;//f) &#36;g&#36; \\\\ next |"
	for _, part := range []string{cell, "a\\|b.sql", "`````sql\nSELECT '````', '</details>'\n`````\n", "````\n```\nx\n````\n"} {
		if !strings.Contains(got, part) {
			t.Errorf("%s\nlacks\n%s", got, part)
		}
	}
}

func TestMarkdownFitsIntoAComment(t *testing.T) {
	t.Parallel()
	r := example()
	for range 1000 {
		r.Findings = append(r.Findings, r.Findings[0])
	}
	got := write(t, "markdown", r, output.Options{})
	if len(got) > 65536 {
		t.Errorf("%d bytes", len(got))
	}
	shown := strings.Count(got, "🔴") + strings.Count(got, "🔵") + strings.Count(got, "🟠")
	m := regexp.MustCompile(`\n(\d+) findings not shown here`).FindStringSubmatch(got)
	if m == nil {
		t.Fatal("it does not say that there is more")
	}
	var missing int
	if err := json.Unmarshal([]byte(m[1]), &missing); err != nil || shown+missing != len(r.Findings) || shown < 100 {
		t.Errorf("%d shown, %d said to be missing, of %d", shown, missing, len(r.Findings))
	}
}

// TestNoFormatShowsAPassword has the ways in which one can stand in a statement, and rules that quote the statement.
func TestNoFormatShowsAPassword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ statement, secret string }{
		{"CREATE ROLE app LOGIN PASSWORD 's3cret'", "s3cret"},
		{"ALTER ROLE app PASSWORD E's3\\'cret'", "cret"},
		{"ALTER USER app WITH ENCRYPTED PASSWORD $p$s3cret$p$ VALID UNTIL 'infinity'", "s3cret"},
		{"CREATE ROLE app PASSWORD 's3''cret'", "s3'cret"},
		{"CREATE ROLE app PASSWORD 'x9'", "x9"},
		{"DO $$ BEGIN EXECUTE 'CREATE ROLE app PASSWORD ''s3cret'''; END $$", "s3cret"},
		{"CREATE SUBSCRIPTION s CONNECTION 'host=h password=s3cret' PUBLICATION p", "s3cret"},
		{"CREATE USER MAPPING FOR app SERVER f OPTIONS (user 'u', pass 's3cret')", "s3cret"},
	} {
		r := &lint.Report{Files: 1, Findings: []lint.Finding{{
			Rule: indexRule, Severity: lint.Error, File: "1_a.up.sql", Line: 1, Column: 1, Statement: c.statement,
			Message: "this is in a file: " + c.statement + "; is it a password?", Fix: c.statement + ";",
		}}}
		for _, format := range output.Formats() {
			got := write(t, format, r, output.Options{})
			if strings.Contains(got, c.secret) {
				t.Errorf("%s shows %s of %s:\n%s", format, c.secret, c.statement, got)
			}
			if !strings.Contains(got, "is it a password?") {
				t.Errorf("%s withholds the message about %s:\n%s", format, c.statement, got)
			}
		}
	}
}

func TestAPasswordIsHiddenHoweverAMessageWritesIt(t *testing.T) {
	t.Parallel()
	r := &lint.Report{Findings: []lint.Finding{{
		Rule: indexRule, Severity: lint.Error, Statement: "CREATE ROLE app PASSWORD 's3''cret'", Message: "it is s3'cret, or 's3''cret' in SQL",
	}}}
	if got := write(t, "text", r, output.Options{}); strings.Contains(got, "cret") || !strings.Contains(got, "it is ***, or *** in SQL") {
		t.Error(got)
	}
}

func TestOddTextBreaksNoFormat(t *testing.T) {
	t.Parallel()
	odd := "::stop-commands::x\r\n::set-env name=a::b\n\x1b[2Jx\u202ey\x00\xff"
	r := &lint.Report{Findings: []lint.Finding{
		{Severity: lint.Error, File: odd, Line: 1, Message: odd, Statement: odd, Fix: odd, Object: odd, Lock: odd, Rewrite: &yes}, // no rule
		{Rule: &lint.Rule{Code: odd, Name: odd}, Severity: lint.Severity(99), Line: -1, Column: -1},
	}}
	for _, format := range output.Formats() {
		got := write(t, format, r, output.Options{Dir: odd})
		if strings.ContainsAny(got, "\x1b\x00") {
			t.Errorf("%s: a terminal would obey %q", format, got)
		}
		for line := range strings.SplitSeq(got, "\n") {
			command := strings.HasPrefix(strings.TrimSpace(line), "::")
			if command && format != "markdown" && (format != "github" || !strings.HasPrefix(line, "::error ") && !strings.HasPrefix(line, "::notice ")) {
				t.Errorf("%s: GitHub's runner would obey %q", format, line)
			}
		}
		if n := strings.Count(got, "\n"); format == "github" && n != 2 {
			t.Errorf("%d lines for two findings: %q", n, got)
		}
	}
}

func TestAnUnknownFormatIsRefused(t *testing.T) {
	t.Parallel()
	err := output.Write(&bytes.Buffer{}, "xml", example(), output.Options{})
	if err == nil || !strings.Contains(err.Error(), `"xml"`) || !strings.Contains(err.Error(), "text, json, github, sarif, markdown") {
		t.Errorf("got %v", err)
	}
}
