package sqltext

import "strings"

// quoted takes a string whose opening quote is at open; the token begins at the current position, where a prefix may
// stand. With escapes (E”) a backslash takes the next character with it. 'a' and 'b' with a line end between them are
// one string, and the second part keeps the rules of the first.
func (s *scanner) quoted(open int, escapes bool) (token, *Error) {
	i := open + 1
	for {
		end := stringEnd(s.src, i, escapes)
		if end < 0 {
			return token{}, s.fail(s.pos, "the quoted string that begins here is never closed; end it with ' "+
				"(a quote inside a string is written twice)")
		}
		next := continuation(s.src, end)
		if next < 0 {
			return s.take(kindQuoted, end), nil
		}
		i = next
	}
}

// stringEnd returns the place after the quote that closes the string whose content begins at i, or -1.
func stringEnd(src string, i int, escapes bool) int {
	for i < len(src) {
		switch src[i] {
		case '\'':
			if i+1 == len(src) || src[i+1] != '\'' {
				return i + 1
			}
			i += 2
		case '\\':
			i++
			if escapes {
				i++
			}
		default:
			i++
		}
	}
	return -1
}

// continuation returns where the content of the string's next part begins, or -1 when i, the place after a closing
// quote, ends the string. Between the parts stand blanks and -- comments with a line end among them
// (scan.l: quotecontinue, whitespace_with_newline).
func continuation(src string, i int) int {
	newline := false
	for i < len(src) {
		switch c := src[i]; {
		case c == '\n' || c == '\r':
			newline = true
			i++
		case class[c]&isSpace != 0:
			i++
		case c == '-' && i+1 < len(src) && src[i+1] == '-':
			i = lineEnd(src, i)
		case c == '\'' && newline:
			return i + 1
		default:
			return -1
		}
	}
	return -1
}

// identifier takes a quoted identifier whose opening quote is at open.
func (s *scanner) identifier(open int) (token, *Error) {
	for i := open + 1; ; i += 2 {
		n := strings.IndexByte(s.src[i:], '"')
		if n < 0 {
			return token{}, s.fail(s.pos, `the quoted identifier that begins here is never closed; end it with " `+
				`(a quote inside an identifier is written twice)`)
		}
		i += n
		if s.at(i+1) != '"' {
			return s.take(kindQuoted, i+1), nil
		}
	}
}
