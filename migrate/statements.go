package migrate

import "github.com/plinth-db/plinth/migrate/sqltext"

// Statement is one statement of a text and its place in it.
type Statement = sqltext.Stmt

// Statements cuts a text into its statements as the engine does, by PostgreSQL's lexical rules; see [sqltext.Split] for what it
// refuses. The error is a *[sqltext.Error] with line and column.
func Statements(text string) ([]Statement, error) { return sqltext.Split(text) }
