// Package pgconn turns a connection string into PostgreSQL connections: it understands what SQLAlchemy, libpq and
// hosting providers write, and it puts a wrapper around github.com/lib/pq that bounds every wait by the caller's
// context and never lets database/sql repeat a statement that the server may have run.
//
// The wrapper exists because of two facts about lib/pq v1.12.3. It turns an EOF while it reads an answer into
// driver.ErrBadConn (error.go, handleError), which database/sql takes as leave to run the statement again, up to
// three times in all (lib/pq#939). And it blocks in a read for as long as the network is silent, whatever the
// context says (lib/pq#620).
package pgconn
