package sqltext

// Mark is a symbol that decides how a text is split, and its byte offset.
type Mark struct {
	Symbol byte
	Offset int
}

// Marks returns the semicolons and parentheses that stand outside quotes and comments.
func Marks(src string) ([]Mark, error) {
	var marks []Mark
	scan := newScanner(src)
	for {
		tok, err := scan.next()
		if err != nil {
			return nil, err
		}
		if tok.kind == kindEOF {
			return marks, nil
		}
		if c := src[tok.start]; tok.kind == kindSymbol && (c == ';' || c == '(' || c == ')') {
			marks = append(marks, Mark{c, tok.start})
		}
	}
}
