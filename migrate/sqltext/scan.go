package sqltext

import "strings"

// kind says what a token is; the splitter needs no finer distinction.
type kind uint8

const (
	kindEOF     kind = iota
	kindWord         // an identifier or keyword without quotes
	kindQuoted       // a string of any sort, or a quoted identifier
	kindSymbol       // an operator or one of , ( ) [ ] . ; : $
	kindNumber       // a number, or a parameter such as $1
	kindComment      // -- to the end of the line, or /* */
)

// token is a half-open range of bytes of the source.
type token struct {
	kind       kind
	start, end int
}

// scanner cuts a source into tokens as PostgreSQL 17's src/backend/parser/scan.l does, with
// standard_conforming_strings on. It needs no look at the text before pos, so it never goes back.
type scanner struct {
	src string
	pos int
}

func newScanner(src string) *scanner {
	return &scanner{src: src, pos: bomLen(src)}
}

// byteOrderMark is what some Windows editors put in front of UTF-8.
const byteOrderMark = "\ufeff"

func bomLen(src string) int {
	if strings.HasPrefix(src, byteOrderMark) {
		return len(byteOrderMark)
	}
	return 0
}

// next returns the next token, comments included, and kindEOF at the end, again and again.
func (s *scanner) next() (token, *Error) {
	src, i := s.src, s.pos
	for i < len(src) && class[src[i]]&isSpace != 0 {
		i++
	}
	s.pos = i
	if i == len(src) {
		return token{kindEOF, i, i}, nil
	}
	c := src[i]
	switch {
	case class[c]&isIdentStart != 0:
		return s.word()
	case class[c]&isDigit != 0:
		return s.take(kindNumber, numberEnd(src, i)), nil
	case c == '\'':
		return s.quoted(i, false)
	case c == '"':
		return s.identifier(i)
	case c == '-' && s.at(i+1) == '-':
		return s.take(kindComment, lineEnd(src, i)), nil
	case c == '/' && s.at(i+1) == '*':
		return s.blockComment()
	case c == '$':
		return s.dollar()
	case c == '\\':
		return token{}, s.metaCommand()
	case class[c]&isOperator != 0:
		return s.take(kindSymbol, operatorEnd(src, i)), nil
	case c == '.' && class[s.at(i+1)]&isDigit != 0:
		return s.take(kindNumber, numberEnd(src, i)), nil
	case c == ':' && (s.at(i+1) == ':' || s.at(i+1) == '='):
		return s.take(kindSymbol, i+2), nil
	}
	return s.take(kindSymbol, i+1), nil
}

// take makes the token that runs from the current position to end, and moves there.
func (s *scanner) take(k kind, end int) token {
	t := token{k, s.pos, end}
	s.pos = end
	return t
}

// at returns the byte at i, or 0 past the end; Split refuses zero bytes, so 0 is never a byte of the source.
func (s *scanner) at(i int) byte {
	if i < len(s.src) {
		return s.src[i]
	}
	return 0
}

// word takes an identifier, or the quoted token whose prefix it is: E”, B”, X”, N”, U&” and U&"".
func (s *scanner) word() (token, *Error) {
	src, i := s.src, s.pos
	switch src[i] {
	case 'e', 'E':
		if s.at(i+1) == '\'' {
			return s.quoted(i+1, true)
		}
	case 'b', 'B', 'x', 'X', 'n', 'N':
		if s.at(i+1) == '\'' {
			return s.quoted(i+1, false)
		}
	case 'u', 'U':
		if s.at(i+1) == '&' && s.at(i+2) == '\'' {
			return s.quoted(i+2, false)
		}
		if s.at(i+1) == '&' && s.at(i+2) == '"' {
			return s.identifier(i + 2)
		}
	case byteOrderMark[0]:
		if strings.HasPrefix(src[i:], byteOrderMark) {
			return token{}, s.fail(i, "a byte order mark (U+FEFF) in the middle of the text, which PostgreSQL takes for a letter; "+
				"remove it (it is invisible; files with a mark that were joined leave it behind)")
		}
	}
	for i++; i < len(src) && class[src[i]]&isIdentPart != 0; i++ {
	}
	return s.take(kindWord, i), nil
}

// dollar takes $1, a dollar-quoted string, or a lone dollar sign. A dollar sign inside an identifier never comes here.
func (s *scanner) dollar() (token, *Error) {
	src, start := s.src, s.pos
	i := start + 1
	if class[s.at(i)]&isDigit != 0 {
		for class[s.at(i)]&isDigit != 0 {
			i++
		}
		return s.take(kindNumber, i), nil
	}
	if class[s.at(i)]&isIdentStart != 0 {
		for s.at(i) != '$' && class[s.at(i)]&isIdentPart != 0 {
			i++
		}
	}
	if s.at(i) != '$' {
		return s.take(kindSymbol, start+1), nil
	}
	i++
	tag := src[start:i]
	n := strings.Index(src[i:], tag)
	if n < 0 {
		return token{}, s.fail(start, "the dollar-quoted string that begins here is never closed; end it with "+tag)
	}
	return s.take(kindQuoted, i+n+len(tag)), nil
}

// blockComment takes /* ... */, which nests in PostgreSQL.
func (s *scanner) blockComment() (token, *Error) {
	src := s.src
	depth := 1
	for i := s.pos + 2; i+1 < len(src); i++ {
		switch {
		case src[i] == '/' && src[i+1] == '*':
			depth++
			i++
		case src[i] == '*' && src[i+1] == '/':
			depth--
			i++
		}
		if depth == 0 {
			return s.take(kindComment, i+1), nil
		}
	}
	return token{}, s.fail(s.pos, "the comment that begins here is never closed; end it with */ (comments nest: each /* inside it needs its own)")
}

// lineEnd returns where the line that holds i ends, without its line end.
func lineEnd(src string, i int) int {
	for i < len(src) && src[i] != '\n' && src[i] != '\r' {
		i++
	}
	return i
}

// operatorEnd stops before a comment, which begins in the middle of operator characters too.
func operatorEnd(src string, i int) int {
	for i++; i < len(src) && class[src[i]]&isOperator != 0; i++ {
		if i+1 < len(src) && (src[i] == '-' && src[i+1] == '-' || src[i] == '/' && src[i+1] == '*') {
			break
		}
	}
	return i
}
