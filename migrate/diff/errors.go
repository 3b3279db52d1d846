package diff

import (
	"fmt"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// SchemaError means that the schema package gives no model: the folder is missing, it does not compile, or Ent or an annotation
// refuses what it says.
type SchemaError struct {
	Dir    string // as given to LoadModel
	Output string // what is wrong; for code that does not compile the compiler's message, with file and line
	Err    error  // the cause where there is one, else nil
}

func (e *SchemaError) Error() string {
	return fmt.Sprintf("diff: schema %s: %s", e.Dir, e.Output)
}

// Unwrap returns the cause, which may be nil.
func (e *SchemaError) Unwrap() error { return e.Err }

// ModelError means that PostgreSQL or Ent's planner refused to build the model in an empty database.
type ModelError struct {
	Place     string // "schema/sql/views.sql:3:1" for a statement of the schema folder's SQL, else ""
	Statement string // the one that failed; "" before the first
	Err       error
}

func (e *ModelError) Error() string {
	if e.Place != "" {
		return fmt.Sprintf("diff: build the model: %s: %v", e.Place, e.Err)
	}
	if e.Statement == "" {
		return fmt.Sprintf("diff: build the model: %v", e.Err)
	}
	return fmt.Sprintf("diff: build the model: %v\n  in %s\n"+
		"  Mend the schema code. What migrations make by hand is not there when the model is built, but for their extensions: "+
		"extensions, functions and views that the schema code needs can be described in the schema folder's sql/.", e.Err, e.Statement)
}

// Unwrap returns the cause.
func (e *ModelError) Unwrap() error { return e.Err }

// ReplayError means that the directory's files could not be applied to an empty database.
type ReplayError struct{ Err error }

func (e *ReplayError) Error() string {
	return fmt.Sprintf("diff: replay the migration directory: %v", e.Err)
}

// Unwrap returns the cause, as Input.Replay gave it.
func (e *ReplayError) Unwrap() error { return e.Err }

// DropError means that the plan would drop tables or columns, or a part of what a column holds, and nobody allowed it.
type DropError struct {
	Objects []string // "table users", "column users.nickname", "what column users.weight holds beyond integer"
	Alike   []Alike  // what is dropped and looks like something that is added: renamed perhaps
}

func (e *DropError) Error() string {
	advice := "run again with --allow-drop if that is meant; what was renamed says so by plinth.RenamedFrom in the schema code, and keeps its rows"
	for _, a := range e.Alike {
		advice += ". " + a.String()
	}
	return fmt.Sprintf("diff: the plan drops %s with the data in them: %s", strings.Join(e.Objects, ", "), advice)
}

// UnsafeError is a change that cannot be planned so that it works on every database. Several are joined with errors.Join.
type UnsafeError struct {
	Reason string // what cannot be done and why; names the object
	Advice string // what to write in the schema code, or by hand
	Err    error  // the server's refusal where it was tried, else nil
}

func (e *UnsafeError) Error() string {
	return fmt.Sprintf("diff: %s: %s", e.Reason, e.Advice)
}

// Unwrap returns the server's refusal, which may be nil.
func (e *UnsafeError) Unwrap() error { return e.Err }

// MismatchError means that the plan was tried and does not do what it must: a fault of Plinth's, or a change that it does not
// know. Nothing may be written.
type MismatchError struct {
	Step      string           // "up", "down", "second up" or "no plan": after which step the catalogs were compared
	Statement string           // the statement that failed; "" when all ran and the outcome is wrong
	Changes   []catalog.Change // from what should be to what is; empty when a statement failed
	Err       error            // the server's error when a statement failed, else nil
}

func (e *MismatchError) Error() string {
	const advice = "Nothing was written. Write this change by hand (plinth new) and please report it."
	if e.Err != nil {
		return fmt.Sprintf("diff: the plan fails on a scratch database (%s): %v\n  in %s\n  %s", e.Step, e.Err, e.Statement, advice)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "diff: the plan was tried on a scratch database and gives something else (%s):", e.Step)
	for _, c := range e.Changes {
		fmt.Fprintf(&b, "\n  %s %s\n    should be: %s\n    is:        %s", c.Change, c.Object, oneLine(c.Before), oneLine(c.After))
	}
	return b.String() + "\n  " + advice
}

// Unwrap returns the server's error, which may be nil.
func (e *MismatchError) Unwrap() error { return e.Err }

func oneLine(def string) string {
	if def == "" {
		return "absent"
	}
	return strings.ReplaceAll(def, "\n", "; ")
}
