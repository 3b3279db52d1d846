package sqltext

import "strings"

// Directive is an instruction to a tool in a comment line: `-- atlas:txmode none`.
type Directive struct {
	Name string // with its prefix: "atlas:txmode"
	Args string // the rest of the line without blanks around it; may be empty
	Line int    // 1-based
}

// Directives returns, in order, the directives among the comments before the first statement: lines that hold nothing
// but a -- comment whose text begins with atlas: or plinth:, in lower case. The name runs to the first blank and is not
// judged, so that a caller can refuse one it does not know, even "atlas:" alone. Comments after a statement's first
// token (a lone semicolon is one) and block comments hold none. It never fails: where the text cannot be read, it stops.
func Directives(src string) []Directive {
	var found []Directive
	scan, p := newScanner(src), startOf(src)
	lineOfLast := 0 // where the comment before this one ended
	for {
		tok, err := scan.next()
		if err != nil || tok.kind != kindComment {
			return found
		}
		p.advance(src, tok.start)
		line := p.line
		p.advance(src, tok.end)
		if d, ok := parseDirective(src[tok.start:tok.end]); ok && line != lineOfLast {
			d.Line = line
			found = append(found, d)
		}
		lineOfLast = p.line
	}
}

func parseDirective(comment string) (Directive, bool) {
	text, ok := strings.CutPrefix(comment, "--")
	if !ok {
		return Directive{}, false
	}
	text = strings.Trim(text, blanks)
	if !strings.HasPrefix(text, "atlas:") && !strings.HasPrefix(text, "plinth:") {
		return Directive{}, false
	}
	end := strings.IndexAny(text, blanks)
	if end < 0 {
		end = len(text)
	}
	return Directive{Name: text[:end], Args: strings.Trim(text[end:], blanks)}, true
}

// blanks are the white space that can stand inside a line.
const blanks = " \t\f\v"
