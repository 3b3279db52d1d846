// Package migrate is the migration engine: it reads a directory of SQL files, guards it with checksums, and applies
// and reverts the files on a PostgreSQL database, so that the record of what was applied is never wrong.
//
// A file and its row in the revision table are one transaction and, with per-file transactions, one message to the
// server: BEGIN, the row, the statements, COMMIT. The row goes first, so that a second runner waits for it and then
// finds it; killing the client does not stop a message that the server has received, which is why the advisory lock
// belongs to the session that executes. A marker query before each statement tells which one failed, since most of
// the server's errors carry no position.
//
// The revision table and the lock are those of the Atlas command, so that both tools can be used on one database. What
// Atlas's table cannot hold (reverts, stamps, who did it) goes to an append-only table beside it.
package migrate
