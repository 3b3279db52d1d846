package lint

import "fmt"

// Severity is how much a finding matters.
type Severity int

const (
	Off     Severity = iota // a rule that settings switched off, or did not switch on; no finding of a report has it
	Notice                  // advice: style, a short exclusive lock alone, a constraint that is not validated yet
	Warning                 // breaks code that is running, or holds a lock while other long work goes on
	Error                   // loses data, fails on rows that may exist, cannot run, opens access, or blocks for a time that grows with the table
)

// String is how the severity is written in settings and output.
func (s Severity) String() string {
	if s < Off || s > Error {
		return fmt.Sprintf("Severity(%d)", int(s))
	}
	return [...]string{"off", "notice", "warning", "error"}[s]
}

// ParseSeverity reads what [Severity.String] writes.
func ParseSeverity(text string) (Severity, error) {
	for s := Off; s <= Error; s++ {
		if s.String() == text {
			return s, nil
		}
	}
	return Off, fmt.Errorf("lint: severity %q: want off, notice, warning or error", text)
}

// Finding is one thing that a reader of a migration should know before it is merged.
type Finding struct {
	Rule     *Rule
	Severity Severity
	File     string // its name in the directory, or what the caller called the text
	// Line and Column are where the cause stands, 1-based; both 0 for a finding about the whole file, and File is then "" for one about
	// the directory.
	Line, Column int
	Statement    string // the statement as written, "" for a finding that is about none
	Message      string // what happens, to which object, for how long; one paragraph
	Fix          string // the safe steps, with the user's own names; may have several lines, "" when there are none
	Object       string // the table or other object that is concerned, quoted where SQL would need it; "" for none
	Field        string // the column of Object, unquoted; "" for none
	Entity       string // the Ent entity, and the field if it is one: "User.name"; "" where that is not known
	Lock         string // the strongest lock on something that existed, as pg_locks names it: "AccessExclusiveLock"; "" for none or unknown
	Rewrite      *bool  // whether a table that existed is rewritten; nil where it is not known
	Measured     bool   // whether Lock and Rewrite were seen on a server; otherwise they follow from the statement
}
