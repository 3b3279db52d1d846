// Package fix rewrites migrations so that they do without long locks: what the linter found, where it has a mechanical safe form. It is
// pure: it takes the directory and the findings, and returns the files; who calls it proves them on a server, and writes them.
//
// A migration that has to be split becomes several. The first part keeps version and name, the others follow it by a second each. An index
// is built CONCURRENTLY in a part of its own; a constraint is added NOT VALID where it was, and validated in a part at the end; a NOT NULL
// that a validated check has to prove comes in the part after that. The order of the migration's own statements stays. Each part has a
// down that brings back what was before that part, made of the statements of the old down.
package fix
