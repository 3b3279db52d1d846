package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// write makes the files. versions are those of the parts after the first.
func (s *splitting) write(versions []string) *Rewrite {
	w := &Rewrite{Old: s.file}
	declared := slices.ContainsFunc(s.header, func(d sqltext.Directive) bool { return d.Name == parentsDirective })
	for i, p := range s.parts {
		f := &migrate.File{Version: s.file.Version, Name: s.file.Name, HasDown: s.down.there}
		var up strings.Builder
		if i > 0 {
			f.Version = versions[i-1]
			f.Name = strings.TrimLeft(fmt.Sprintf("%s_%d", s.file.Name, i+1), "_")
			if declared {
				fmt.Fprintf(&up, "-- %s %s\n", parentsDirective, w.New[i-1].Version)
			}
		}
		if p.alone {
			up.WriteString("-- atlas:txmode none\n")
		}
		up.WriteString(s.headOf(p, i))
		if text := up.String(); text != "" && !strings.HasSuffix(text, "\n\n") {
			up.WriteString("\n")
		}
		up.WriteString(p.why + strings.Join(p.ups, ""))
		if i == len(s.parts)-1 {
			up.WriteString(s.tail)
		}
		f.Up = up.String()
		if s.down.there {
			f.Down = s.downOf(p, i)
		}
		w.New = append(w.New, f)
	}
	return w
}

// headOf are the directives of a part but for the transaction mode and what it follows, and in the first one the file's comments.
func (s *splitting) headOf(p *part, i int) string {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(s.lines, "\n") {
		text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "--"))
		switch {
		case strings.HasPrefix(text, "atlas:txmode"):
		case strings.HasPrefix(text, "plinth:lock-timeout") && p.alone && !s.noTx: // it would end the wait for old transactions
		case i == 0, strings.HasPrefix(text, "plinth:lock-timeout"), strings.HasPrefix(text, "plinth:statement-timeout"), strings.HasPrefix(text, "plinth:repeatable"):
			b.WriteString(line)
		case strings.HasPrefix(text, "atlas:nolint") && len(p.olds) > 0:
			b.WriteString(line + "\n")
		}
	}
	return strings.TrimLeft(b.String(), "\n")
}

// downOf is the down of a part.
func (s *splitting) downOf(p *part, i int) string {
	var own strings.Builder
	for _, d := range s.down.list {
		if d.part == i {
			own.WriteString(d.lead + d.Text + ";\n")
		}
	}
	var b strings.Builder
	if p.alone {
		b.WriteString("-- atlas:txmode none\n")
	}
	if own.Len() > 0 || i == 0 {
		for line := range strings.SplitAfterSeq(s.down.header, "\n") {
			if !p.alone || !strings.Contains(line, "atlas:txmode") {
				b.WriteString(line)
			}
		}
	}
	if text := b.String(); text != "" && !strings.HasSuffix(text, "\n\n") {
		b.WriteString("\n")
	}
	body := strings.Join(p.before, "") + own.String() + strings.Join(p.downs, "")
	switch {
	case body == "":
		body = "-- Nothing has to be taken back.\n"
	case !p.alone || s.noTx:
		body = s.down.settings + body
	}
	if i == 0 {
		body += s.down.tail
	}
	return b.String() + body
}
