package dbotel_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/XSAM/otelsql"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/database/dbotel"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

type entDB = database.DB[*ent.Client, *ent.Tx]

// config is of one connection, so that whatever the tracing does to a connection meets its next user.
func config(t *testing.T) database.Config {
	t.Helper()
	cfg := database.DefaultConfig()
	cfg.URL = pgtest.TestDatabase(t).URL()
	cfg.PoolSize, cfg.MaxOverflow, cfg.PoolTimeout, cfg.RetryDelay = 1, 0, 5*time.Second, time.Millisecond
	return cfg
}

// traced opens a database with a table tokens(token text primary key), and forgets the spans of that.
func traced(t *testing.T, cfg database.Config, opts ...otelsql.Option) (*entDB, *tracetest.InMemoryExporter) {
	t.Helper()
	spans := tracetest.NewInMemoryExporter()
	tracer := trace.NewTracerProvider(trace.WithSyncer(spans))
	opts = append(opts, otelsql.WithTracerProvider(tracer), otelsql.WithMeterProvider(noop.NewMeterProvider()))
	db, err := database.Open(t.Context(), cfg, newClient, dbotel.WithTracing(opts...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	exec(t, db, "CREATE TABLE tokens (token text PRIMARY KEY)")
	spans.Reset()
	return db, spans
}

func newClient(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) }

func exec(t *testing.T, db *entDB, statement string, args ...any) {
	t.Helper()
	if _, err := db.SQL().ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

func insert(ctx context.Context, tx *ent.Tx, token string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO tokens VALUES ($1)", token)
	return err
}

func rows(t *testing.T, db *entDB) (n int) {
	t.Helper()
	if err := db.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM tokens").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func names(spans *tracetest.InMemoryExporter) (names []string) {
	for _, s := range spans.GetSpans() {
		names = append(names, s.Name)
	}
	return names
}

func attributes(s tracetest.SpanStub) map[string]string {
	m := map[string]string{}
	for _, a := range s.Attributes {
		m[string(a.Key)] = a.Value.String()
	}
	return m
}

func TestATransactionsSpans(t *testing.T) {
	db, spans := traced(t, config(t))
	for _, tc := range []struct {
		name string
		fn   func(context.Context, *ent.Tx) error
		fail bool
		want []string
	}{
		{
			"commit", func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "a") }, false,
			[]string{"sql.conn.begin_tx", "sql.conn.exec", "sql.tx.commit"},
		},
		{
			"rollback", func(ctx context.Context, tx *ent.Tx) error {
				return errors.Join(insert(ctx, tx, "b"), errors.New("no"))
			}, true,
			[]string{"sql.conn.begin_tx", "sql.conn.exec", "sql.tx.rollback"},
		},
		{
			"failing statement", func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "a") }, true,
			[]string{"sql.conn.begin_tx", "sql.conn.exec", "sql.tx.rollback"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			spans.Reset()
			if err := db.WithTx(t.Context(), tc.fn); (err != nil) != tc.fail {
				t.Fatal(err)
			}
			if got := names(spans); !slices.Equal(got, tc.want) {
				t.Fatalf("spans %v, want %v", got, tc.want)
			}
			statement := spans.GetSpans()[1]
			of := attributes(statement)
			if of["db.system.name"] != "postgresql" || of["db.query.text"] != "INSERT INTO tokens VALUES ($1)" {
				t.Errorf("%v", of)
			}
			failed := tc.name == "failing statement"
			if got := statement.Status.Code == codes.Error && len(statement.Events) == 1; got != failed {
				t.Errorf("status %v, events %v", statement.Status, statement.Events)
			}
			if got := of["db.response.status_code"] + of["error.type"]; failed != (got == "2350523505") {
				t.Errorf("%v", of)
			}
		})
	}
	if n := rows(t, db); n != 1 {
		t.Fatalf("%d rows, want the committed one", n)
	}
}

func TestErrorsWithoutAnSQLState(t *testing.T) {
	db, spans := traced(t, config(t))
	_ = db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		_, err := tx.ExecContext(ctx, "COMMIT") // refused before it is sent
		return err
	})
	failed := 0
	for _, s := range spans.GetSpans() {
		if s.Status.Code != codes.Error {
			continue
		}
		failed++
		if of := attributes(s); of["error.type"] == "" || of["db.response.status_code"] != "" {
			t.Errorf("%s: %v", s.Name, of)
		}
	}
	if failed == 0 {
		t.Errorf("no failure among %v", names(spans))
	}
}

// TestSettingsTravelThroughTheTracing: they come by way of BeginTx's context.
func TestSettingsTravelThroughTheTracing(t *testing.T) {
	db, _ := traced(t, config(t))
	var tenant, level, timeout string
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		r, err := tx.QueryContext(ctx, "SELECT current_setting('app.tenant'), current_setting('transaction_isolation'), current_setting('statement_timeout')")
		if err != nil {
			return err
		}
		defer r.Close()
		r.Next()
		return r.Scan(&tenant, &level, &timeout)
	}, database.SetLocal("app.tenant", "acme"), database.Isolation(sql.LevelSerializable), database.StatementTimeout(61*time.Second))
	if err != nil || tenant != "acme" || level != "serializable" || timeout != "61s" {
		t.Fatalf("%q %q %q, %v", tenant, level, timeout, err)
	}
}

// TestALostCommitIsSettledAndRetried: the server ends the session in the middle of the first COMMIT.
func TestALostCommitIsSettledAndRetried(t *testing.T) {
	db, spans := traced(t, config(t))
	exec(t, db, `CREATE SEQUENCE tries;
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
	IF nextval('tries') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(10); END IF;
	RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER die AFTER INSERT ON tokens DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()`)
	spans.Reset()
	if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "a") }); err != nil {
		t.Fatal(err)
	}
	one := []string{"sql.conn.begin_tx", "sql.conn.exec", "sql.tx.commit"}
	if got := names(spans); !slices.Equal(got, append(one, one...)) {
		t.Errorf("spans %v, want those of two attempts", got)
	}
	if s := db.Stats(); s.ConnectionRetries != 1 || s.Committed != 1 || s.RolledBack != 1 || s.Unknown != 0 || s.Settled != 1 {
		t.Errorf("%+v", s)
	}
	if n := rows(t, db); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

func TestBrokenConnectionsDoNotReachTheNextBorrower(t *testing.T) {
	cfg := config(t)
	db, _ := traced(t, cfg)
	for name, harm := range map[string]func(t *testing.T){
		"transaction by hand": func(t *testing.T) { exec(t, db, "BEGIN") },
		"session setting":     func(t *testing.T) { exec(t, db, "SET search_path = nowhere") },
		"killed": func(t *testing.T) {
			_, _ = db.SQL().ExecContext(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
		},
		"cancelled": func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			_, _ = db.SQL().ExecContext(ctx, "SELECT pg_sleep(10)")
		},
		"killed while idle": func(t *testing.T) {
			admin, err := sql.Open("postgres", cfg.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer admin.Close()
			if _, err := admin.Exec(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			before := rows(t, db)
			harm(t)
			for range 2 {
				exec(t, db, "INSERT INTO tokens VALUES (gen_random_uuid())")
			}
			other, err := database.OpenPool(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer other.Close(context.Background())
			var n int
			if err := other.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM tokens").Scan(&n); err != nil || n != before+2 {
				t.Errorf("%d rows, %v; want the 2 acknowledged and the %d before", n, err, before)
			}
		})
	}
	if s := db.Stats(); s.InUse != 0 || s.Open > 1 {
		t.Errorf("%+v", s)
	}
}

func TestPreparedStatementsAndJSONGoThrough(t *testing.T) {
	db, spans := traced(t, config(t))
	stmt, err := db.SQL().PrepareContext(t.Context(), "SELECT $1::jsonb ->> 'a'")
	if err != nil {
		t.Fatal(err)
	}
	defer stmt.Close()
	var a string
	if err := stmt.QueryRowContext(t.Context(), json.RawMessage(`{"a":"b"}`)).Scan(&a); err != nil || a != "b" {
		t.Fatalf("%q, %v", a, err)
	}
	// database/sql keeps no connections here and so prepares for each use; the connection's statement cache makes that free.
	if got := slices.Compact(names(spans)); !slices.Equal(got, []string{"sql.conn.prepare", "sql.stmt.query"}) {
		t.Errorf("spans %v", got)
	}
}

// TestNoSecretIsInASpan turns everything on, and fails in every way.
func TestNoSecretIsInASpan(t *testing.T) {
	cfg := config(t)
	u, err := url.Parse(cfg.URL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	db, spans := traced(t, cfg, otelsql.WithSpanOptions(otelsql.SpanOptions{Ping: true, RowsNext: true}))
	if err := db.SQL().PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows(t, db)
	_ = db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "hunter2") })
	_ = db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "hunter2") })
	_, _ = db.SQL().ExecContext(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")

	u.User = url.UserPassword(u.User.Username(), "canary")
	cfg.URL, cfg.MaxRetries = u.String(), 0
	if _, err := database.OpenPool(t.Context(), cfg, dbotel.WithTracing(
		otelsql.WithTracerProvider(trace.NewTracerProvider(trace.WithSyncer(spans))), otelsql.WithMeterProvider(noop.NewMeterProvider()),
		otelsql.WithSpanOptions(otelsql.SpanOptions{Ping: true}),
	)); database.SQLState(err) != "28P01" {
		t.Fatalf("%v, want a refused password", err)
	}

	failed := 0
	for _, s := range spans.GetSpans() {
		if s.Status.Code == codes.Error {
			failed++
		}
		text := fmt.Sprintf("%v %v %v %v", s.Name, s.Attributes, s.Events, s.Status)
		for _, secret := range []string{password, "canary", "hunter2", "postgres://", "password="} {
			if secret != "" && strings.Contains(text, secret) {
				t.Errorf("%q is in %s", secret, text)
			}
		}
	}
	if failed < 3 {
		t.Errorf("%d of the spans failed, want the statement's, the connection's and the login's", failed)
	}
}
