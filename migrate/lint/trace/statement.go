package trace

import "time"

// File is what was seen of one migration's up file.
type File struct {
	Version string
	// Statements are those of sqltext.Split, one for one; nil where the file cannot be split.
	Statements []Statement
	Err        *Failure // why nothing of the file was run although its turn came; nil if it was
	Untraced   string   // the version whose failure kept this file from its turn; "" if it had it
	Notes      []string // what a reader of the measurements should know, such as a table that could not be filled
}

// Failed returns the first failure for which the rest was not run, and the number of its statement counted from 0, -1 if it is the
// file's. It is nil when the whole file ran, if only on empty tables.
func (f *File) Failed() (*Failure, int) {
	if f.Err != nil {
		return f.Err, -1
	}
	for i := range f.Statements {
		if e := f.Statements[i].Err; e != nil && !e.OnRows {
			return e, i
		}
	}
	return nil, 0
}

// Statement is what one statement was seen to do to what existed before. Lists are sorted by name.
type Statement struct {
	Ran        bool // false for a BEGIN and COMMIT around the file, which the engine takes over, and for what comes after a failure
	Autocommit bool // it was a transaction by itself
	Sampled    bool // it cannot run in a transaction and never waited, or not at each of its tables: it may have held stronger locks than were seen
	Empty      bool // it was measured on empty tables, since this or an earlier statement of the file failed on the rows

	Locks     []Lock     // taken by the statement, the strongest for each relation, and stronger than what was held on it before
	Held      []Lock     // what the transaction held when the statement began
	Rewrites  []Relation // tables, materialized views and indexes that were written anew; an index of a rewritten table too
	Truncated []Relation // tables that were emptied without their rows being looked at
	Scans     []Relation // tables and materialized views that were read in full
	Writes    []Write    // rows changed by the statement, its triggers and cascades
	Lost      []Object   // what was dropped; of a dropped table not its parts; not what was made again under its name
	Duration  time.Duration
	Err       *Failure
}

// Relation names a table or the like that existed before.
type Relation struct {
	Name  string // quoted where SQL would need it, with its schema unless that is public; as it was before the statement
	Kind  string // "table", "index", "view", "materialized view", "sequence" or "foreign table"
	Table string // of an index: its table, named in the same way; else ""
}

// Lock is a lock on a relation.
type Lock struct {
	Relation
	Mode string // as pg_locks names it: "AccessExclusiveLock"
}

// Write counts rows.
type Write struct {
	Relation
	Inserted, Updated, Deleted int64
	Had                        int64 // rows of the table when the statement began
}

// Object names something in the catalog.
type Object struct {
	Kind string // as SQL names it: "table", "column", "constraint", "index", "type", "view", "function", ...
	Name string // "t", "t.c", "f(integer)"; quoted and qualified as in Relation; a constraint, trigger or policy is "name on t"
}

// String is how a message names it: "column t.c".
func (o Object) String() string { return o.Kind + " " + o.Name }

// Failure is why a statement failed.
type Failure struct {
	SQLState     string // "" when the server did not say: the text cannot be run, or the connection was lost
	Message      string
	Detail, Hint string // may be empty
	Line, Column int    // in the file, 1-based; of the fault if the server tells it, else of the statement
	OnRows       bool   // it works when the tables are empty; so the rest of the file was measured
	AtCommit     bool   // the statement ran, the COMMIT after it failed: a deferred constraint
}

// strengths are the lock modes, the weakest first (PostgreSQL manual, section 13.3.1).
var strengths = []string{
	"AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock",
	"ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock",
}
