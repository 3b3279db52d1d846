package sqltext

import (
	"strings"
	"unicode/utf8"
)

// Position turns a byte offset of src into a line and a column, both 1-based. The column counts characters. LF, CR and
// CRLF each end one line; the end itself belongs to the line it ends. A byte order mark at the start is not counted.
// An offset inside a character means that character, one outside src the nearest end of it.
// The work grows with the offset, not with what follows.
func Position(src string, offset int) (line, column int) {
	offset = max(0, min(offset, len(src)))
	for offset > 0 && offset < len(src) && !utf8.RuneStart(src[offset]) {
		offset--
	}
	p := startOf(src)
	p.advance(src, offset)
	return p.line, p.column
}

// Position returns the line and column, in the text that was split, of the statement's n-th character (0-based), so
// that a position in a server's error (1-based: subtract one) finds its place in the file. It is right when the server
// was sent Text as it is. Below 0 it is the first character, past the end the place after the last one.
func (s Stmt) Position(charOffset int) (line, column int) {
	offset := len(s.Text)
	for i := range s.Text {
		if charOffset <= 0 {
			offset = i
			break
		}
		charOffset--
	}
	p := place{line: s.Line, column: s.Column}
	p.advance(s.Text, offset)
	return p.line, p.column
}

// place walks forward over a text; each call of advance looks only at what is new, so a file with many statements is
// walked once.
type place struct {
	offset, line, column int
}

func startOf(src string) place {
	return place{offset: bomLen(src), line: 1, column: 1}
}

// advance moves to offset, a character's first byte; an offset that lies behind changes nothing.
func (p *place) advance(src string, offset int) {
	if offset <= p.offset {
		return
	}
	part := src[p.offset:offset]
	p.offset = offset
	last := -1 // the last line end in part
	if n := strings.Count(part, "\n"); n > 0 {
		p.line += n
		last = strings.LastIndexByte(part, '\n')
	}
	for i := strings.IndexByte(part, '\r'); i >= 0 && i < len(part); {
		if next := offset - len(part) + i + 1; next >= len(src) || src[next] != '\n' {
			p.line++
			last = max(last, i)
		}
		n := strings.IndexByte(part[i+1:], '\r')
		if n < 0 {
			break
		}
		i += 1 + n
	}
	if last >= 0 {
		p.column = 1
	}
	p.column += utf8.RuneCountInString(part[last+1:])
}
