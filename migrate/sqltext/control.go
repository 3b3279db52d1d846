package sqltext

// Control is what a statement does to the transaction that it runs in.
type Control int

const (
	None           Control = iota
	Begin                  // BEGIN, START TRANSACTION
	Commit                 // COMMIT, END, with AND CHAIN too
	Rollback               // ROLLBACK, ABORT, with AND CHAIN too
	Savepoint              // SAVEPOINT, RELEASE, ROLLBACK TO
	Prepare                // PREPARE TRANSACTION, COMMIT PREPARED, ROLLBACK PREPARED
	SetTransaction         // SET [LOCAL | SESSION] TRANSACTION, which must come before any query; SESSION CHARACTERISTICS is None
)

// Control tells transaction control by the statement's words (PostgreSQL 17, gram.y: TransactionStmt). What a DO block or
// a procedure does inside is not seen.
func (s Stmt) Control() Control {
	w := s.fixedWords()
	switch w[0] {
	case "BEGIN":
		return Begin
	case "START":
		return when(w[1] == "TRANSACTION", Begin)
	case "COMMIT":
		if w[1] == "PREPARED" {
			return Prepare
		}
		return Commit
	case "END":
		return Commit
	case "ROLLBACK":
		return rollbackKind(w)
	case "ABORT":
		return Rollback
	case "SAVEPOINT", "RELEASE":
		return Savepoint
	case "PREPARE":
		// PREPARE transaction AS ... is a prepared statement of that name.
		return when(w[1] == "TRANSACTION" && w[2] != "AS" && w[2] != "(", Prepare)
	case "SET":
		return when(setsTransaction(w), SetTransaction)
	}
	return None
}

func when(ok bool, c Control) Control {
	if ok {
		return c
	}
	return None
}

func rollbackKind(w [6]string) Control {
	switch {
	case w[1] == "PREPARED":
		return Prepare
	case w[1] == "TO", (w[1] == "WORK" || w[1] == "TRANSACTION") && w[2] == "TO":
		return Savepoint
	}
	return Rollback
}

func setsTransaction(w [6]string) bool {
	if w[1] == "LOCAL" || w[1] == "SESSION" {
		return w[2] == "TRANSACTION" && w[3] != "TO" && w[3] != "="
	}
	return w[1] == "TRANSACTION" && w[2] != "TO" && w[2] != "="
}

// fixedWords are the first words, "" where there are none, so that callers need not count.
func (s Stmt) fixedWords() (w [6]string) {
	copy(w[:], s.Words(len(w)))
	return w
}
