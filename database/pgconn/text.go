package pgconn

import (
	"regexp"
	"strings"
)

// textFacts is what the text of a statement tells about it, before it is sent.
type textFacts struct {
	cacheable bool // one statement that can be prepared and is worth it
	reads     bool // begins like a query that changes nothing; a function that it calls may still
	begins    bool // begins a transaction, anywhere in the text
	mayEnd    bool // ends one, anywhere in the text
	ends      bool // begins with what ends the transaction: COMMIT, END, ABORT, ROLLBACK (not TO), PREPARE TRANSACTION
	copies    bool // COPY, which lib/pq runs through Prepare
	alters    bool // may change the session beyond its transaction
	forgets   bool // may drop prepared statements
}

// inspect reads the first word of each statement in a text.
func inspect(text string) textFacts {
	var f textFacts
	first := true
	for rest := text; ; {
		rest = skipBlank(rest)
		if rest == "" {
			return f
		}
		word, after := firstWord(rest)
		f.add(word, after, first)
		rest = afterStatement(rest)
		if rest == "" {
			break
		}
		if first && skipBlank(rest) != "" {
			f.cacheable, f.reads = false, false
		}
		first = false
	}
	lower := strings.ToLower(text)
	if f.reads && strings.Contains(lower, "into") {
		f.reads = false
	}
	f.alters = f.alters || strings.Contains(lower, "advisory_lock") || strings.Contains(lower, "into temp") || // session-level locks
		strings.Count(lower, "set_config") > len(localConfig.FindAllString(lower, -1))
	return f
}

// localConfig is the end of a call of set_config that holds for the transaction only.
var localConfig = regexp.MustCompile(`,\s*true\s*\)`)

// afterStatement returns what follows the next semicolon outside of quotes and comments.
func afterStatement(s string) string {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';':
			return s[i+1:]
		case '\'', '"':
			escapes := s[i] == '\'' && i > 0 && s[i-1]|0x20 == 'e'
			i = closingQuote(s, i, escapes)
		case '-', '/':
			if rest := skipBlank(s[i:]); len(rest) < len(s)-i {
				i = len(s) - len(rest) - 1
			}
		case '$':
			if tag := dollarTag.FindString(s[i:]); tag != "" {
				end := strings.Index(s[i+len(tag):], tag)
				if end < 0 {
					return ""
				}
				i += 2*len(tag) + end - 1
			}
		}
	}
	return ""
}

var dollarTag = regexp.MustCompile(`^\$(?:[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)?\$`)

// closingQuote returns the position of the quote that ends what begins at i, or the end.
func closingQuote(s string, i int, escapes bool) int {
	quote := s[i]
	for i++; i < len(s); i++ {
		switch {
		case escapes && s[i] == '\\':
			i++
		case s[i] == quote:
			return i
		}
	}
	return len(s)
}

func (f *textFacts) add(word, after string, first bool) {
	switch word {
	case "SELECT", "VALUES", "TABLE":
		f.cacheable, f.reads = first, first
	case "INSERT", "UPDATE", "DELETE", "WITH", "MERGE":
		f.cacheable = first
	case "SHOW":
		f.reads = first
	case "BEGIN", "START":
		f.begins = true
	case "COPY":
		f.copies = f.copies || first
	case "COMMIT", "END", "ABORT":
		f.ends, f.mayEnd = f.ends || first, true
	case "ROLLBACK":
		next, after := firstWord(skipBlank(after))
		if next == "WORK" || next == "TRANSACTION" {
			next, _ = firstWord(skipBlank(after))
		}
		f.ends, f.mayEnd = f.ends || first && next != "TO", f.mayEnd || next != "TO"
	case "PREPARE":
		next, _ := firstWord(skipBlank(after))
		f.ends, f.mayEnd = f.ends || first && next == "TRANSACTION", f.mayEnd || next == "TRANSACTION"
		f.alters = f.alters || next != "TRANSACTION"
	case "SET":
		next, _ := firstWord(skipBlank(after))
		f.alters = f.alters || next != "LOCAL" && next != "TRANSACTION" && next != "CONSTRAINTS"
	case "CREATE":
		next, after := firstWord(skipBlank(after))
		if next == "OR" { // REPLACE
			_, after = firstWord(skipBlank(after))
			next, after = firstWord(skipBlank(after))
		}
		if next == "LOCAL" || next == "GLOBAL" {
			next, _ = firstWord(skipBlank(after))
		}
		f.alters = f.alters || next == "TEMP" || next == "TEMPORARY"
	case "DISCARD", "DEALLOCATE":
		f.alters, f.forgets = true, true
	case "RESET", "LISTEN", "UNLISTEN", "LOAD", "DECLARE", "DO", "CALL": // what a block does is not seen
		f.alters = true
	}
}

// firstWord returns the letters at the start of s in upper case, and what follows them.
func firstWord(s string) (word, rest string) {
	n := 0
	for n < len(s) && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || s[n] == '_') {
		n++
	}
	return strings.ToUpper(s[:n]), s[n:]
}

// skipBlank returns s without leading blanks, comments and opening parentheses.
func skipBlank(s string) string {
	for s != "" {
		switch {
		case strings.IndexByte(" \t\r\n\f\v(", s[0]) >= 0:
			s = s[1:]
		case strings.HasPrefix(s, "--"):
			_, s, _ = strings.Cut(s, "\n")
		case strings.HasPrefix(s, "/*"):
			s = skipComment(s)
		default:
			return s
		}
	}
	return ""
}

// skipComment returns what follows a comment, in which others may be nested.
func skipComment(s string) string {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return s[i+1:]
			}
		}
	}
	return ""
}
