package output

import (
	"io"
	"net/url"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/plinth-db/plinth/migrate/lint"
)

// SARIF writes the report in SARIF 2.1.0, for GitHub's code scanning and others. Options.Dir must lead from the repository's root to the
// files. The rules that have findings are described in it.
func SARIF(w io.Writer, r *lint.Report, o Options) error {
	run := sarif.NewRunWithInformationURI("plinth lint", "https://github.com/plinth-db/plinth").
		WithColumnKind("unicodeCodePoints") // as sqltext.Position counts
	if o.Version != "" {
		run.Tool.Driver.WithVersion(o.Version)
	}
	for _, e := range entries(r, o) {
		describe(run, e.rule)
		result := run.CreateResultForRule(e.rule.Code).
			WithLevel(sarifLevel(e.Severity)).
			WithMessage(sarif.NewTextMessage(e.paragraphs())).
			WithProperties(properties(e))
		result.AddLocation(sarif.NewLocationWithPhysicalLocation(location(e)))
	}
	report := sarif.NewReport()
	report.AddRun(run)
	return report.PrettyWrite(w)
}

func describe(run *sarif.Run, rule *lint.Rule) {
	if run.GetRuleIndex(rule.Code) >= 0 {
		return
	}
	help := rule.Why
	if rule.Fix != "" {
		help += "\n\n**Fix.** " + rule.Fix
	}
	d := run.AddRule(rule.Code)
	d.WithName(rule.Name).WithDescription(rule.Summary).WithMarkdownHelp(help)
	d.WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel(rule.Severity)))
	d.WithProperties(sarif.NewPropertyBag().AddTag(string(rule.Group)))
}

func sarifLevel(s lint.Severity) string {
	switch s {
	case lint.Error:
		return sarif.LevelError
	case lint.Warning:
		return sarif.LevelWarning
	}
	return sarif.LevelNote
}

// location has a place even for a finding about a file or the directory as a whole: GitHub refuses a result without one.
func location(e entry) *sarif.PhysicalLocation {
	uri := (&url.URL{Path: e.path}).String()
	if uri == "" {
		uri = "."
	}
	region := sarif.NewRegion().WithStartLine(max(e.Line, 1))
	if e.Column > 0 {
		region.WithStartColumn(e.Column)
	}
	return sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewSimpleArtifactLocation(uri).WithURIBaseID("%SRCROOT%")).
		WithRegion(region)
}

func properties(e entry) *sarif.PropertyBag {
	bag := sarif.NewPropertyBag().Add("measured", e.Measured)
	for key, value := range map[string]string{"object": e.Object, "field": e.Field, "lock": e.Lock} {
		if value != "" {
			bag.Add(key, value)
		}
	}
	if e.Rewrite != nil {
		bag.Add("rewrite", *e.Rewrite)
	}
	return bag
}
