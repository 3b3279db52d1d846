package output

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/plinth-db/plinth/migrate/lint"
)

// markdownLimit is less than the 65,536 characters that GitHub takes for a comment. Counted in bytes, which are never fewer.
const markdownLimit = 60000

// Markdown writes the report as a comment on a pull request: a table for each file, statements and fixes folded below it. It begins with a
// comment that a workflow can find its own comment by, to change it instead of adding another. A report that is too long for GitHub is cut
// between two findings, and says so.
func Markdown(w io.Writer, r *lint.Report, o Options) error {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- plinth lint -->\n### plinth lint: %s\n", summary(r))
	list := entries(r, o)
	for start := 0; start < len(list); {
		end := start
		for end < len(list) && list[end].File == list[start].File {
			end++
		}
		shown := writeFile(&b, list[start:end])
		if shown < end-start {
			fmt.Fprintf(&b, "\n%s not shown here: the comment would be too long.\n", count(len(list)-start-shown, "finding"))
			break
		}
		start = end
	}
	switch r.Worst() {
	case lint.Error:
		b.WriteString("\nBefore the merge: fix the errors, or write above the statement why it is safe: `-- atlas:nolint CODE REASON`\n")
	case lint.Warning:
		b.WriteString("\nNothing fails; read the warnings before the merge.\n")
	}
	if text := notMeasured(r, o); text != "" {
		b.WriteString("\n" + text + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeFile writes the section of one file, and returns how many of its findings fitted.
func writeFile(b *strings.Builder, list []entry) int {
	title := "The migration directory"
	if list[0].File != "" {
		title = inline(list[0].path)
	}
	rows := "\n#### " + title + "\n\n| Severity | Line | Finding | Rule |\n| --- | --- | --- | --- |\n"
	details := ""
	for i, e := range list {
		row, detail := row(e), detail(e)
		if b.Len()+len(rows)+len(row)+len(details)+len(detail) > markdownLimit {
			list = list[:i]
			break
		}
		rows += row
		details += detail
	}
	if len(list) > 0 {
		b.WriteString(rows + details)
	}
	return len(list)
}

func row(e entry) string {
	text := e.Message
	if effect := e.effect(); effect != "" {
		text = inline(text) + "<br>It " + inline(effect)
	} else {
		text = inline(text)
	}
	line := ""
	if e.Line > 0 {
		line = fmt.Sprint(e.Line)
	}
	marks := map[lint.Severity]string{lint.Error: "🔴 error", lint.Warning: "🟠 warning"}
	return fmt.Sprintf("| %s | %s | %s | %s |\n", cmp.Or(marks[e.Severity], "🔵 notice"), line, text, inline(e.name()))
}

func detail(e entry) string {
	statement, fix := strings.TrimSpace(printable(e.Statement)), strings.TrimSpace(printable(e.Fix))
	if statement == "" && fix == "" {
		return ""
	}
	where := ""
	if e.Line > 0 {
		where = fmt.Sprintf(" in line %d", e.Line)
	}
	text := fmt.Sprintf("\n<details><summary>%s%s</summary>\n\n", inline(e.name()), where)
	if statement != "" {
		text += fenced("sql", statement)
	}
	if fix != "" {
		text += "Fix:\n\n" + fenced("", fix)
	}
	return text + "</details>\n"
}

// fenced puts text into a code block whose fence is longer than any in the text.
func fenced(language, text string) string {
	longest, run := 2, 0
	for _, c := range text {
		if c == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	return fence + language + "\n" + text + "\n" + fence + "\n\n"
}

// inline makes text that Markdown shows as it is, in a cell of a table too, and that calls nobody and links to nothing.
func inline(text string) string { return markdownEscapes.Replace(oneLine(text)) }

var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "$", "&#36;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "#", "&#35;", ":", "&#58;",
	"\\", "\\\\", "`", "\\`", "|", "\\|", "*", "\\*", "_", "\\_", "~", "\\~", "[", "\\[", "]", "\\]", "!", "\\!",
)
