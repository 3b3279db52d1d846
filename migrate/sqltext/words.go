package sqltext

// Token is a word, a quoted token, a number or a symbol of a statement.
type Token struct {
	Word       string // as in [Stmt.Words]
	Start, End int    // bytes of the statement's Text
}

// Tokens returns the first n tokens of the statement without its comments, fewer when it has fewer.
func (s Stmt) Tokens(n int) []Token {
	var tokens []Token
	scan := newScanner(s.Text)
	for len(tokens) < n {
		tok, err := scan.next()
		if err != nil || tok.kind == kindEOF {
			break
		}
		if tok.kind != kindComment {
			tokens = append(tokens, Token{scan.wordOf(tok), tok.start, tok.end})
		}
	}
	return tokens
}

// Words returns the first n words of the statement, fewer when it has fewer. Identifiers and keywords without quotes
// are in upper case (ASCII letters only, as PostgreSQL folds keywords); a quoted token, a number and a symbol is each a
// word of its own, as written. Comments and blanks are skipped. So {"CREATE", "INDEX", `"create"`} can be told apart.
func (s Stmt) Words(n int) []string {
	var words []string
	for _, t := range s.Tokens(n) {
		words = append(words, t.Word)
	}
	return words
}

func (s *scanner) wordOf(tok token) string {
	text := s.src[tok.start:tok.end]
	if tok.kind != kindWord {
		return text
	}
	return upperASCII(text)
}

func upperASCII(text string) string {
	for i := range len(text) {
		if text[i] >= 'a' && text[i] <= 'z' {
			return mapUpper(text)
		}
	}
	return text
}

func mapUpper(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - ('a' - 'A')
		}
	}
	return string(b)
}
