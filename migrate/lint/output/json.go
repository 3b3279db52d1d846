package output

import (
	"encoding/json"
	"io"

	"github.com/plinth-db/plinth/migrate/lint"
)

// jsonFinding has the keys that docs/design.md promises, and more. Rewrite and lock are null where they are not known.
type jsonFinding struct {
	Rule      string  `json:"rule"`
	Name      string  `json:"name"`
	Group     string  `json:"group"`
	Severity  string  `json:"severity"`
	File      string  `json:"file"`
	Line      int     `json:"line"`
	Column    int     `json:"column"`
	Statement string  `json:"statement"`
	Message   string  `json:"message"`
	Fix       string  `json:"fix"`
	Object    string  `json:"object"`
	Field     string  `json:"field"`
	Entity    string  `json:"entity"`
	Lock      *string `json:"lock"`
	Rewrite   *bool   `json:"rewrite"`
	Measured  bool    `json:"measured"`
}

// JSON writes the report as one object. File is as in the finding, without Options.Dir.
func JSON(w io.Writer, r *lint.Report, _ Options) error {
	findings := []jsonFinding{}
	for _, e := range entries(r, Options{}) {
		f := jsonFinding{
			Rule: e.rule.Code, Name: e.rule.Name, Group: string(e.rule.Group), Severity: level(e.Severity),
			File: e.File, Line: e.Line, Column: e.Column, Statement: e.Statement, Message: e.Message, Fix: e.Fix,
			Object: e.Object, Field: e.Field, Entity: e.Entity, Rewrite: e.Rewrite, Measured: e.Measured,
		}
		if e.Lock != "" {
			f.Lock = &e.Lock
		}
		findings = append(findings, f)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(map[string]any{"findings": findings, "files": r.Files, "measured": r.Measured})
}
