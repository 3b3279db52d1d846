package sqltext

// head is what is known of the statement from its words so far, as much as splitting needs: whether it makes a routine
// whose body may hold semicolons, and whether it is a COPY that waits for data.
type head uint8

const (
	headStart    head = iota // no token yet, of the statement or of the one inside a body
	headCreate               // CREATE [OR REPLACE]
	headCreateOr             // CREATE OR
	headRoutine              // CREATE [OR REPLACE] FUNCTION | PROCEDURE ...
	headBegin                // the same, and the last word was BEGIN
	headCopy                 // COPY ...
	headCopyFrom             // COPY ... FROM
	headOther
)

// follow moves the head on by one token.
//
// A body is BEGIN ATOMIC { statement ; } END (PostgreSQL 17, gram.y: routine_body_stmt_list), so the END that closes it
// stands where a statement would begin. That tells it from the END of a CASE and from a column label, without counting CASE.
func (sp *splitter) follow(tok token) *Error {
	if tok.kind != kindWord {
		sp.head = sp.head.withoutWord()
		return nil
	}
	word := sp.src[tok.start:tok.end]
	switch sp.head {
	case headStart:
		sp.head = sp.firstWord(word)
	case headCreate:
		sp.head = afterCreate(word)
	case headCreateOr:
		sp.head = headOther
		if isKeyword(word, "REPLACE") {
			sp.head = headCreate
		}
	case headRoutine:
		if sp.parens == 0 && isKeyword(word, "BEGIN") {
			sp.head = headBegin
			if sp.bodies == 0 {
				sp.body = tok.start
			}
		}
	case headBegin:
		sp.head = headRoutine
		if isKeyword(word, "ATOMIC") {
			sp.bodies++
			sp.head = headStart
		}
	case headCopy:
		if sp.parens == 0 && isKeyword(word, "FROM") {
			sp.head = headCopyFrom
		}
	case headCopyFrom:
		sp.head = headCopy
		if isKeyword(word, "STDIN") || isKeyword(word, "STDOUT") { // gram.y takes either for either direction
			return sp.fail(sp.first, "COPY ... FROM STDIN needs data that a migration cannot send; write INSERT statements, or COPY from a file on the server")
		}
	}
	return nil
}

// withoutWord is the head after a token that is no word.
func (h head) withoutWord() head {
	switch h {
	case headRoutine, headBegin:
		return headRoutine
	case headCopy, headCopyFrom:
		return headCopy
	}
	return headOther
}

func (sp *splitter) firstWord(word string) head {
	switch {
	case isKeyword(word, "CREATE"):
		return headCreate
	case isKeyword(word, "COPY"):
		return headCopy
	case sp.bodies > 0 && isKeyword(word, "END"):
		sp.bodies--
	}
	return headOther
}

func afterCreate(word string) head {
	switch {
	case isKeyword(word, "OR"):
		return headCreateOr
	case isKeyword(word, "FUNCTION"), isKeyword(word, "PROCEDURE"):
		return headRoutine
	}
	return headOther
}

// isKeyword compares a word with a keyword in upper case; PostgreSQL folds only ASCII letters of keywords.
func isKeyword(word, keyword string) bool {
	if len(word) != len(keyword) {
		return false
	}
	for i := range len(word) {
		c := word[i]
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != keyword[i] {
			return false
		}
	}
	return true
}
