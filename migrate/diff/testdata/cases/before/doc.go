// Package before holds what each case changes from; package after, in a file of the same name, what it changes to. The comment at the
// top of a file says what changes. Lines below the imports say what is tried with it:
//
//	by hand: SQL that a migration written by hand adds to the state before
//	rows:    SQL that fills the tables before the change
//	keeps:   a query whose answer is the same before the up, after it (as the file in package after has it), and after the down
//	gives:   a query after the up
//	gets:    a line of its answer
//	fails:   what the error of the up says as long as the rows are as they are
//	mend:    SQL that makes the up possible then
//
// The plans are in ../plans.
package before
