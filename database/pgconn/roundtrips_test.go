package pgconn_test

import (
	"database/sql"
	"net"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
	"github.com/plinth-db/plinth/internal/chaos"
)

// twoRoundTrips counts, below TLS, what BEGIN, an INSERT with two arguments and COMMIT take.
func twoRoundTrips(t *testing.T, s *tlsServer, root string) {
	p, err := chaos.NewProxy("tcp", net.JoinHostPort(s.address, s.port), chaos.Options{Raw: true})
	must(t, err)
	defer p.Close()
	through := *s
	through.address, through.port = "127.0.0.1", p.Port()
	dsn, err := pgconn.Parse(through.settings("tlsonly", serverName, "sslmode=verify-full", root))
	must(t, err)
	connector, err := pgconn.NewConnector(dsn, pgconn.Options{CommitTimeout: 5 * time.Second, StatementCache: 16})
	must(t, err)
	db := sql.OpenDB(connector)
	defer db.Close()
	db.SetMaxOpenConns(1)
	once := func() {
		tx, err := db.BeginTx(t.Context(), nil)
		must(t, err)
		_, err = tx.ExecContext(t.Context(), "INSERT INTO small_transactions VALUES ($1, $2)", 1, "x")
		must(t, err)
		must(t, tx.Commit())
	}
	_, err = s.admin.ExecContext(t.Context(), "CREATE TABLE small_transactions (n int, t text); GRANT INSERT ON small_transactions TO tlsonly")
	must(t, err)
	once()
	before := p.Counts().RoundTrips
	const n = 20
	for range n {
		once()
	}
	if got := p.Counts().RoundTrips - before; got != 2*n {
		t.Errorf("%d transactions took %d round trips, want %d", n, got, 2*n)
	}
}
