// Package sqltext knows PostgreSQL's lexical rules, as far as a migration tool needs them: where statements end, where they
// stand in their file, which comments are directives to a tool, and which statements have to do with transactions. It parses
// no grammar, needs no server and imports nothing but the standard library.
//
// The rules are those of the server (src/backend/parser/scan.l, PostgreSQL 17), and for semicolons inside statements those
// of psql (src/fe_utils/psqlscan.l): none inside parentheses ends a statement, nor one inside a BEGIN ATOMIC body. They
// changed little since PostgreSQL 12: an older server reads a dollar quote right after 0x1f or 1_0 otherwise, nothing else
// that matters here.
//
// Three things are taken as given:
//
//   - standard_conforming_strings is on, the server's default since 9.1: a backslash in '...' is an ordinary character. A file
//     that switches it off is split as if it had not.
//   - The text is SQL for the server, in UTF-8. psql's commands, its inline COPY data and its variables are not known to the
//     server: the first two are refused with advice, a :name stays as it is.
//   - LF, CR and CRLF each end a line.
package sqltext
