package output

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/plinth-db/plinth/migrate/lint"
)

// GitHub writes commands that GitHub's runner turns into annotations on the lines of a pull request, each in one line of output
// (docs.github.com, Workflow commands for GitHub Actions, 2026-11). Options.Dir must lead from the repository's root to the files. GitHub
// shows the first ten errors, warnings and notices each of a step; the others are in its log.
func GitHub(w io.Writer, r *lint.Report, o Options) error {
	out := bufio.NewWriter(w)
	for _, e := range entries(r, o) {
		var properties []string
		add := func(name, value string) {
			properties = append(properties, name+"="+propertyEscapes.Replace(value))
		}
		if e.File != "" {
			add("file", e.path)
			add("line", fmt.Sprint(max(e.Line, 1)))
			if e.Column > 0 {
				add("col", fmt.Sprint(e.Column))
			}
		}
		add("title", oneLine(e.name()))
		fmt.Fprintf(out, "::%s %s::%s\n", level(e.Severity), strings.Join(properties, ","), dataEscapes.Replace(e.paragraphs()))
	}
	return out.Flush()
}

// What the runner undoes, and nothing else (actions/runner, src/Runner.Common/ActionCommand.cs).
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// paragraphs is what there is to say of a finding, without the statement, which the reader sees beside it.
func (e entry) paragraphs() string {
	parts := []string{oneLine(e.Message)}
	if effect := e.effect(); effect != "" {
		parts = append(parts, "It "+oneLine(effect)+".")
	}
	if fix := strings.TrimSpace(printable(e.Fix)); fix != "" {
		parts = append(parts, "Fix:\n"+fix)
	}
	return strings.Join(parts, "\n\n")
}
