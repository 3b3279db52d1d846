package sqltext

// Stmt is one statement and its place in the text that it was split from.
type Stmt struct {
	Text         string // as written, without its semicolon and without comments and blanks around it; comments inside stay
	Offset       int    // of Text's first byte in the source
	Line, Column int    // of Text's first character, 1-based; see Position for how they count
}

// Split cuts a text into its statements, in order. Nothing between two semicolons, or only comments, is no statement;
// a text without statements gives none and no error. The last statement needs no semicolon. Semicolons inside
// parentheses (CREATE RULE) and inside a BEGIN ATOMIC body belong to their statement.
//
// The error is an *Error, and then no statements are returned: for an unclosed quote, comment, parenthesis or body, a
// psql command, COPY FROM STDIN, a zero byte, and bytes that are not UTF-8. Split does not judge grammar: it takes what
// the server will refuse, if its end can be told. Safe for concurrent use; the time is linear in the text's length.
func Split(src string) ([]Stmt, error) {
	sp := splitter{scanner: newScanner(src), place: startOf(src), first: -1}
	if err := sp.checkText(); err != nil {
		return nil, err
	}
	for {
		tok, err := sp.next()
		if err != nil {
			return nil, err
		}
		switch tok.kind {
		case kindComment:
			continue
		case kindEOF:
			if err := sp.unclosed(); err != nil {
				return nil, err
			}
			sp.finish()
			return sp.stmts, nil
		}
		if err := sp.add(tok); err != nil {
			return nil, err
		}
	}
}

// splitter collects tokens into statements.
type splitter struct {
	*scanner
	place place
	stmts []Stmt

	first, end int // the statement so far: offset of its first token (-1: none yet), end of its last
	head       head
	parens     int // how many are open
	paren      int // where the outermost open one is
	bodies     int // how many BEGIN ATOMIC are open; more than one only in what no server accepts
	body       int // where the outermost open one is
}

func (sp *splitter) add(tok token) *Error {
	c := sp.src[tok.start]
	if c == ';' && sp.parens == 0 {
		if sp.bodies > 0 {
			sp.head = headStart
			sp.end = tok.end
			return nil
		}
		sp.finish()
		return nil
	}
	if sp.first < 0 {
		sp.first = tok.start
	}
	sp.end = tok.end
	if tok.kind == kindSymbol {
		sp.countParens(tok.start)
	}
	return sp.follow(tok)
}

func (sp *splitter) countParens(at int) {
	switch sp.src[at] {
	case '(':
		if sp.parens == 0 {
			sp.paren = at
		}
		sp.parens++
	case ')':
		sp.parens = max(0, sp.parens-1) // one too many is the server's to refuse
	}
}

// finish ends the statement, if there is one.
func (sp *splitter) finish() {
	if sp.first >= 0 {
		sp.place.advance(sp.src, sp.first)
		sp.stmts = append(sp.stmts, Stmt{
			Text: sp.src[sp.first:sp.end], Offset: sp.first, Line: sp.place.line, Column: sp.place.column,
		})
	}
	sp.first, sp.head = -1, headStart
}

// unclosed tells what the end of the text came too early for.
func (sp *splitter) unclosed() *Error {
	switch {
	case sp.parens > 0 && (sp.bodies == 0 || sp.paren > sp.body):
		return sp.fail(sp.paren, "the parenthesis that opens here is never closed, and a semicolon inside parentheses does not end a statement; "+
			"add the missing )")
	case sp.bodies > 0:
		return sp.fail(sp.body, "the body that BEGIN ATOMIC opens here is never closed; end its last statement with a semicolon and write END after it")
	}
	return nil
}
