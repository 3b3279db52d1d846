// Package lint says what a migration will do to a running system before it is merged: which locks it takes on what exists, for how long,
// what it loses, what breaks. Its findings come from the statements' parse trees, by PostgreSQL's own grammar, and, where a scratch
// database is handed in, from what PostgreSQL was seen to do.
package lint
