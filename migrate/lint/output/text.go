package output

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/plinth-db/plinth/migrate/lint"
)

// statementLines are shown of each statement.
const statementLines = 6

// Text writes the report for a person. The last line counts, and says what to do next.
func Text(w io.Writer, r *lint.Report, o Options) error {
	out := bufio.NewWriter(w)
	p := palette{o.Color}
	for _, e := range entries(r, o) {
		writeEntry(out, p, e)
	}
	if text := notMeasured(r, o); text != "" {
		fmt.Fprintln(out, p.dim(text))
	}
	fmt.Fprintln(out, verdict(r, p))
	return out.Flush()
}

func writeEntry(out *bufio.Writer, p palette, e entry) {
	if place := place(e); place != "" {
		fmt.Fprint(out, p.bold(guard(place)+":")+" ")
	}
	fmt.Fprintf(out, "%s %s %s\n", p.severity(e.Severity, level(e.Severity)+":"), oneLine(e.Message), p.dim("["+oneLine(e.name())+"]"))
	if e.Statement != "" {
		lines := strings.Split(strings.TrimSpace(printable(e.Statement)), "\n")
		for i, line := range lines {
			if i == statementLines && len(lines) > statementLines+1 {
				fmt.Fprintln(out, p.dim(fmt.Sprintf("  | ... %d more lines", len(lines)-i)))
				break
			}
			// The bar also keeps a line that begins with :: from being a command to GitHub's runner.
			fmt.Fprintln(out, strings.TrimRight(p.dim("  |")+" "+line, " \t"))
		}
	}
	if effect := e.effect(); effect != "" {
		fmt.Fprintln(out, "  "+oneLine(effect))
	}
	if e.Entity != "" {
		fmt.Fprintln(out, "  in the schema code: "+oneLine(e.Entity))
	}
	if fix := strings.TrimSpace(printable(e.Fix)); fix != "" {
		fmt.Fprintln(out, "  "+p.bold("fix:"))
		for line := range strings.SplitSeq(fix, "\n") {
			fmt.Fprintln(out, strings.TrimRight("    "+guard(line), " \t"))
		}
	}
	fmt.Fprintln(out)
}

// guard keeps a line from being a command to GitHub's runner, which ignores blanks before the colons.
func guard(line string) string {
	if strings.HasPrefix(strings.TrimSpace(line), "::") {
		return "\\" + line
	}
	return line
}

func place(e entry) string {
	switch {
	case e.Line <= 0:
		return e.path
	case e.Column <= 0:
		return fmt.Sprintf("%s:%d", e.path, e.Line)
	}
	return fmt.Sprintf("%s:%d:%d", e.path, e.Line, e.Column)
}

func verdict(r *lint.Report, p palette) string {
	text := summary(r)
	switch r.Worst() {
	case lint.Error:
		text += ". Before the merge: fix the errors, or write above the statement why it is safe: -- atlas:nolint CODE REASON"
	case lint.Warning:
		text += ". Nothing fails; read the warnings before the merge"
	case lint.Notice:
		text += ". Nothing fails"
	default:
		return p.severity(lint.Off, text)
	}
	return p.severity(r.Worst(), text)
}

// palette colours text, or leaves it alone.
type palette struct{ on bool }

func (p palette) paint(code, text string) string {
	if !p.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p palette) bold(text string) string { return p.paint("1", text) }
func (p palette) dim(text string) string  { return p.paint("2", text) }

func (p palette) severity(s lint.Severity, text string) string {
	switch s {
	case lint.Error:
		return p.paint("1;31", text)
	case lint.Warning:
		return p.paint("1;33", text)
	case lint.Notice:
		return p.paint("1;36", text)
	}
	return p.paint("1;32", text)
}
