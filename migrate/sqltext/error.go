package sqltext

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says why a text cannot be split, where, and what to do about it. It has no cause to unwrap. Split and nothing
// else returns it, always as a pointer. The caller names the file in front of it.
type Error struct {
	Line, Column int // 1-based, as in Stmt: of the quote, comment or command that is at fault
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

func (s *scanner) fail(offset int, message string) *Error {
	line, column := Position(s.src, offset)
	return &Error{Line: line, Column: column, Message: message}
}

// checkText refuses what PostgreSQL's protocol cannot carry: zero bytes, and bytes that are not UTF-8.
func (s *scanner) checkText() *Error {
	zero := strings.IndexByte(s.src, 0)
	bad := invalidUTF8(s.src)
	if zero >= 0 && (bad < 0 || zero < bad) {
		return s.fail(zero, "a zero byte, which PostgreSQL does not accept; save the file as UTF-8 (UTF-16 has a zero byte in every Latin letter)")
	}
	if bad >= 0 {
		return s.fail(bad, fmt.Sprintf("byte 0x%02x is not valid UTF-8; save the file as UTF-8", s.src[bad]))
	}
	return nil
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(src string) int {
	if utf8.ValidString(src) {
		return -1
	}
	for i, r := range src {
		if r != utf8.RuneError {
			continue
		}
		if _, size := utf8.DecodeRuneInString(src[i:]); size == 1 {
			return i
		}
	}
	return -1
}
