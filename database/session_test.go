package database_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/lib/pq"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/chaos"
)

// single is a configuration with one connection, so that a test knows which one it gets.
func single(t testing.TB) database.Config {
	cfg := config(t)
	cfg.PoolSize, cfg.MaxOverflow = 1, 0
	return cfg
}

// counted sends cfg's connections through a proxy that counts round trips.
func counted(t testing.TB, cfg database.Config) (database.Config, *chaos.Proxy) {
	t.Helper()
	p, url, err := chaos.Through(cfg.URL, chaos.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	cfg.URL = url
	return cfg, p
}

func TestSmallTransactionTakesTwoRoundTrips(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*database.Config)
		want   int
	}{
		"on default settings": {func(*database.Config) {}, 2},
		"with an eager BEGIN": {func(c *database.Config) { c.LazyBegin = false }, 3},
		"without the cache":   {func(c *database.Config) { c.StatementCache = 0 }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			tc.change(&cfg)
			cfg, p := counted(t, cfg)
			db := withTokens(t, cfg)
			once := func() {
				if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
					_, err := tx.ExecContext(ctx, "INSERT INTO tokens VALUES (gen_random_uuid()::text || $1, $2)", "x", 1)
					return err
				}, database.SetLocal("app.tenant", "a"), database.LockTimeout(time.Second)); err != nil {
					t.Fatal(err)
				}
			}
			once()
			before := p.Counts().RoundTrips
			const n = 20
			for range n {
				once()
			}
			if got := p.Counts().RoundTrips - before; got != n*tc.want {
				t.Errorf("%d transactions took %d round trips, want %d", n, got, n*tc.want)
			}
		})
	}
}

func TestEmptyTransactionSendsNothing(t *testing.T) {
	cfg, p := counted(t, config(t))
	db := withTokens(t, cfg)
	before := p.Counts().RoundTrips
	if err := db.WithTx(t.Context(), func(context.Context, *ent.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if got := p.Counts().RoundTrips - before; got != 0 {
		t.Errorf("%d round trips", got)
	}
}

// TestBeginThatFailsRunsNothing: the first statement must not be run outside the transaction that could not begin.
func TestBeginThatFailsRunsNothing(t *testing.T) {
	for _, first := range []string{"INSERT INTO tokens VALUES ('a')", "INSERT INTO tokens VALUES ('a'); SELECT 1"} {
		db := withTokens(t, single(t))
		err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			_, err := tx.ExecContext(ctx, first)
			if _, again := tx.ExecContext(ctx, first); again == nil || !strings.Contains(again.Error(), "could not begin") {
				t.Errorf("the second statement: %v", again)
			}
			if err == nil {
				return errors.New("no error")
			}
			return nil // swallowed
		}, database.Role("nobody_of_this_name"))
		if database.SQLState(err) != "22023" || count(t, db, "true") != 0 {
			t.Errorf("%q: %v, %d rows", first, err, count(t, db, "true"))
		}
	}
}

// TestStalePlansAreMended: what a migration does to a prepared statement does not reach the caller.
func TestStalePlansAreMended(t *testing.T) {
	const n = "SELECT * FROM stale WHERE n = $1"
	type runner interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
	read := func(ctx context.Context, r runner) error {
		rows, err := r.QueryContext(ctx, n, 1)
		if err != nil {
			return err
		}
		for rows.Next() {
		}
		return errors.Join(rows.Err(), rows.Close())
	}
	write := func(value any) func(context.Context, runner) error {
		return func(ctx context.Context, r runner) error {
			_, err := r.ExecContext(ctx, "INSERT INTO stale VALUES ($1)", value)
			return err
		}
	}
	for name, tc := range map[string]struct {
		change        string
		before, after func(context.Context, runner) error
	}{
		"a column more":          {"ALTER TABLE stale ADD m int", read, read},
		"the table made anew":    {"DROP TABLE stale; CREATE TABLE stale (n int)", read, read},
		"another type":           {"ALTER TABLE stale ALTER n TYPE text", read, func(ctx context.Context, r runner) error { return readText(ctx, r) }},
		"a wider type":           {"ALTER TABLE stale ALTER n TYPE bigint", write(1), write(int64(5_000_000_000))},
		"statements deallocated": {"DEALLOCATE ALL", read, read},
		"deallocated in a DO":    {"DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$", read, read},
	} {
		for _, place := range []string{"alone", "first in a transaction", "later in a transaction"} {
			t.Run(name+"/"+place, func(t *testing.T) {
				db := open(t, single(t))
				exec(t, db, "CREATE TABLE stale (n int)")
				inside := func(f func(context.Context, runner) error) error {
					if place == "alone" {
						return f(t.Context(), db.SQL())
					}
					return db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
						if place == "later in a transaction" {
							if _, err := tx.ExecContext(ctx, "SELECT 1 WHERE $1", true); err != nil {
								return err
							}
						}
						return f(ctx, tx)
					}, database.MaxRetries(0))
				}
				for range 2 {
					if err := inside(tc.before); err != nil {
						t.Fatal(err)
					}
				}
				exec(t, db, tc.change)
				if err := inside(tc.after); err != nil {
					t.Errorf("afterwards: %v", err)
				}
				if s := db.Stats(); s.Dials != 1 {
					t.Errorf("%d connections were made, want 1", s.Dials)
				}
			})
		}
	}
}

func readText(ctx context.Context, r interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
},
) error {
	rows, err := r.QueryContext(ctx, "SELECT * FROM stale WHERE n = $1", "1")
	if err != nil {
		return err
	}
	return rows.Close()
}

// TestGenuineErrorOfAPreparedStatementIsRunOnce: an error that a stale statement could have had, but which is not.
func TestGenuineErrorOfAPreparedStatementIsRunOnce(t *testing.T) {
	db := open(t, single(t))
	exec(t, db, "CREATE TABLE small (n smallint)")
	tries := 0
	for _, value := range []int{1, 100_000} {
		err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			tries++
			if _, err := tx.ExecContext(ctx, "SELECT 1 WHERE $1", true); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, "INSERT INTO small VALUES ($1)", value)
			return err
		})
		if want := map[int]string{1: "", 100_000: "22003"}[value]; database.SQLState(err) != want {
			t.Fatal(err)
		}
	}
	if tries != 2 {
		t.Errorf("%d tries, want 2", tries)
	}
}

func TestStatementCacheIsBounded(t *testing.T) {
	cfg := single(t)
	cfg.StatementCache = 3
	db := withTokens(t, cfg)
	for round := range 3 {
		for i := range 5 {
			var got int
			if err := db.SQL().QueryRowContext(t.Context(), fmt.Sprintf("SELECT %d + $1::int", i), round).Scan(&got); err != nil || got != i+round {
				t.Fatalf("%d, %v", got, err)
			}
		}
	}
	var n int
	if err := db.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM pg_prepared_statements WHERE name !~ 'plinth'; ").Scan(&n); err != nil || n > 4 {
		t.Errorf("the server holds %d statements, %v", n, err)
	}
}

func TestNothingOfASessionReachesItsNextUser(t *testing.T) {
	for name, leave := range map[string]func(ctx context.Context, db *entDB) error{
		"SET": func(ctx context.Context, db *entDB) error {
			_, err := db.SQL().ExecContext(ctx, "SET app.tenant = 'secret'")
			return err
		},
		"set_config in a transaction": func(ctx context.Context, db *entDB) error {
			return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
				_, err := tx.ExecContext(ctx, "SELECT set_config('app.tenant', $1, false)", "secret")
				return err
			})
		},
		"SetLocal and Role": func(ctx context.Context, db *entDB) error {
			return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
				return expectTenant(ctx, tx, "sec'ret\\")
			}, database.SetLocal("app.tenant", "sec'ret\\"), database.Role("pg_read_all_data"))
		},
		"WithVar": func(ctx context.Context, db *entDB) error {
			rows, err := db.Client().QueryContext(ctx, "SELECT 1")
			if err == nil {
				err = rows.Close()
			}
			_, more := db.Client().Tag.Query().Count(entsql.WithVar(ctx, "app.tenant", "secret"))
			return errors.Join(err, more)
		},
		"WithVar in a transaction": func(ctx context.Context, db *entDB) error {
			return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
				if _, err := tx.Tag.Query().Count(entsql.WithVar(ctx, "app.tenant", "sec'ret")); err != nil {
					return err
				}
				return expectTenant(ctx, tx, "sec'ret")
			})
		},
		"WithVar in Ent's own transaction": func(ctx context.Context, db *entDB) error {
			tx, err := db.Client().Tx(ctx)
			if err != nil {
				return err
			}
			if _, err := tx.Tag.Query().Count(entsql.WithVar(ctx, "app.tenant", "secret")); err != nil {
				return err
			}
			return errors.Join(expectTenant(ctx, tx, "secret"), tx.Commit())
		},
		"a temporary table": func(ctx context.Context, db *entDB) error {
			_, err := db.SQL().ExecContext(ctx, "CREATE TEMP TABLE app_tenant AS SELECT 'secret' AS t")
			return err
		},
		"an advisory lock": func(ctx context.Context, db *entDB) error {
			_, err := db.SQL().ExecContext(ctx, "SELECT pg_advisory_lock($1)", 42)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := withTokens(t, single(t))
			exec(t, db, "CREATE TABLE tags (id uuid, name text)")
			if err := leave(t.Context(), db); err != nil {
				t.Fatal(err)
			}
			var tenant, role string
			var tables, locks int
			if err := db.SQL().QueryRowContext(t.Context(), `SELECT coalesce(current_setting('app.tenant', true), ''), current_user,
				(SELECT count(*) FROM pg_class WHERE relpersistence = 't'),
				(SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())`).Scan(&tenant, &role, &tables, &locks); err != nil {
				t.Fatal(err)
			}
			if tenant != "" || role == "pg_read_all_data" || tables != 0 || locks != 0 {
				t.Errorf("the next user has app.tenant %q, role %s, %d temporary tables, %d locks", tenant, role, tables, locks)
			}
			if s := db.Stats(); s.Dials != 1 {
				t.Errorf("%d connections were made, want 1", s.Dials)
			}
		})
	}
}

func expectTenant(ctx context.Context, tx *ent.Tx, want string) error {
	rows, err := tx.QueryContext(ctx, "SELECT current_setting('app.tenant')")
	if err != nil {
		return err
	}
	defer rows.Close()
	var got string
	if rows.Next() {
		err = rows.Scan(&got)
	}
	if err == nil && got != want {
		err = fmt.Errorf("app.tenant is %q, want %q", got, want)
	}
	return errors.Join(err, rows.Err())
}

func TestVariableThatEntWouldNotEscapeIsRefused(t *testing.T) {
	db := withTokens(t, config(t))
	ctx := entsql.WithVar(t.Context(), "app.tenant", "x'; DROP TABLE tokens; --")
	if _, err := db.Client().Tag.Query().Count(ctx); !errors.Is(err, database.ErrDatabase) || !strings.Contains(err.Error(), "SetLocal") {
		t.Fatalf("got %v", err)
	}
	count(t, db, "true")
}

// TestOuterClientInsideTheTransactionOfAnExhaustedPool would wait for itself.
func TestOuterClientInsideTheTransactionOfAnExhaustedPool(t *testing.T) {
	cfg := config(t)
	cfg.PoolSize, cfg.MaxOverflow = 2, 0
	db := withTokens(t, cfg)
	var inside sync.WaitGroup
	inside.Add(2)
	start := time.Now()
	results := make(chan error, 2)
	for range 2 {
		go func() {
			results <- db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
				if err := insert(ctx, tx, fmt.Sprint(time.Now().UnixNano())); err != nil {
					return err
				}
				inside.Done()
				inside.Wait()
				_, err := db.SQL().ExecContext(ctx, "SELECT 1")
				return err
			})
		}()
	}
	failed := 0
	for range 2 {
		if err := <-results; err != nil {
			failed++
			if !errors.Is(err, database.ErrDatabase) || !strings.Contains(err.Error(), "inside WithTx use the transaction's client") {
				t.Error(err)
			}
		}
	}
	if failed != 1 || time.Since(start) > 5*time.Second {
		t.Errorf("%d failed after %v; the one that would have waited for itself was to, and let the other go on", failed, time.Since(start))
	}
}

func TestStatementWhileRowsAreOpenIsRefused(t *testing.T) {
	db := withTokens(t, single(t))
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT generate_series(1, $1::int)", 100_000)
		if err != nil {
			return err
		}
		if err := insert(ctx, tx, "a"); err == nil || !strings.Contains(err.Error(), "rows of an earlier query") {
			t.Errorf("got %v", err)
		}
		if err := rows.Close(); err != nil {
			return err
		}
		return insert(ctx, tx, "b")
	})
	if err != nil || count(t, db, "true") != 1 {
		t.Fatalf("%v, %d rows", err, count(t, db, "true"))
	}
}

func TestCopyWorksAsTheFirstStatement(t *testing.T) {
	db := withTokens(t, single(t))
	tx, err := db.SQL().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := tx.Prepare(`COPY tokens (token) FROM STDIN`)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		if _, err := s.Exec(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Exec(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Close(), tx.Commit()); err != nil || count(t, db, "true") != 1000 {
		t.Fatalf("%v, %d rows", err, count(t, db, "true"))
	}
	if s := db.Stats(); s.Dials != 1 {
		t.Errorf("%d connections were made, want 1", s.Dials)
	}
}

// TestCommitHiddenInATextIsToldAsWhatItIs: nothing is unknown, and nothing is run twice.
func TestCommitHiddenInATextIsToldAsWhatItIs(t *testing.T) {
	for _, text := range []string{"INSERT INTO tokens VALUES ('a'); COMMIT", "SELECT 1; COMMIT; BEGIN", "SELECT 1; ROLLBACK"} {
		db := withTokens(t, config(t))
		tries := 0
		err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			tries++
			if _, err := tx.ExecContext(ctx, text); err != nil {
				return err
			}
			return nil
		})
		if e, ok := errors.AsType[*database.TxError](err); !ok || tries != 1 || !strings.Contains(e.Error(), "must not begin or end a transaction") {
			t.Errorf("%q: %v after %d tries", text, err, tries)
		}
	}
}

func TestRetryPolicies(t *testing.T) {
	conflict := &pq.Error{Code: "40001"}
	for name, tc := range map[string]struct {
		err  error
		opts []database.TxOption
		want int
	}{
		"of the configuration":  {conflict, nil, 4},
		"of MaxRetries":         {conflict, []database.TxOption{database.MaxRetries(1)}, 2},
		"of the class":          {conflict, []database.TxOption{database.MaxRetries(0), database.Retry(database.Conflict, 2, 0)}, 3},
		"of another class":      {conflict, []database.TxOption{database.MaxRetries(0), database.Retry(database.ConnectionFailure, 2, 0)}, 1},
		"not retried":           {&pq.Error{Code: "55P03"}, nil, 1},
		"retried by the caller": {&pq.Error{Code: "55P03"}, []database.TxOption{database.RetryOn("55P03"), database.MaxRetries(1)}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			db := open(t, config(t))
			tries := 0
			err := db.WithTx(t.Context(), func(context.Context, *ent.Tx) error {
				tries++
				return tc.err
			}, tc.opts...)
			if !errors.Is(err, tc.err) || tries != tc.want {
				t.Errorf("%v after %d tries, want %d", err, tries, tc.want)
			}
		})
	}
}

// TestOneDeallocatedStatementIsMended: the names of the others are still taken on the server.
func TestOneDeallocatedStatementIsMended(t *testing.T) {
	db := withTokens(t, single(t))
	for i := range 4 {
		if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			return insert(ctx, tx, fmt.Sprint(i))
		}); err != nil {
			t.Fatal(err)
		}
		exec(t, db, `DO $$ DECLARE n text; BEGIN
			SELECT name INTO n FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'; EXECUTE format('DEALLOCATE %I', n); END $$`)
	}
	if n := count(t, db, "true"); n != 4 || db.Stats().Dials != 1 {
		t.Errorf("%d rows, %d connections", n, db.Stats().Dials)
	}
}
