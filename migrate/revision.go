package migrate

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Revision is a row of the revision table, which is Atlas's.
type Revision struct {
	Version   string
	Name      string
	Applied   int // statements that ran
	Total     int // statements that the file had
	AppliedAt time.Time
	Execution time.Duration
	Error     string // of a run that stopped midway, else ""
	Hash      string

	Statement string // the one that Error is about; without what may be a password

	partialHashes []string
}

// Partial reports whether a file without a transaction stopped midway.
func (r *Revision) Partial() bool { return r.Applied < r.Total || r.Error != "" }

// revisions knows the two tables: Atlas's, and our own append-only one beside it.
type revisions struct {
	schema string
	by     string // operator_version
}

// DefaultRevisionSchema holds the revision table unless the connection has a search_path.
const DefaultRevisionSchema = "atlas_schema_revisions"

func (r revisions) table() string { return quoteIdent(r.schema) + ".atlas_schema_revisions" }
func (r revisions) log() string   { return quoteIdent(r.schema) + ".plinth_log" }

// exists reports whether the revision table is there.
func (r revisions) exists(ctx context.Context, q querier) (ok bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL", r.table()).Scan(&ok)
	return ok, err
}

// create makes what is missing. The schema is not touched if it is there: CREATE SCHEMA IF NOT EXISTS needs a
// privilege even then.
func (r revisions) create(ctx context.Context, q querier) error {
	var schema, table, log, detailed bool
	err := q.QueryRowContext(ctx, `SELECT to_regnamespace($1) IS NOT NULL, to_regclass($2) IS NOT NULL, to_regclass($3) IS NOT NULL,
       EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass($3) AND attname = 'detail')`,
		quoteIdent(r.schema), r.table(), r.log()).Scan(&schema, &table, &log, &detailed)
	if err != nil {
		return err
	}
	var m message
	for i, there := range []bool{schema, table, log} {
		if !there {
			m.add(r.definitions("")[i])
		}
	}
	if log && !detailed { // made by a version before the column
		m.add("ALTER TABLE " + r.log() + " ADD COLUMN detail text NULL")
	}
	if m.length == 0 {
		return nil
	}
	_, err = q.ExecContext(ctx, "BEGIN;\n"+m.text.String()+"COMMIT")
	if err != nil {
		_, _ = q.ExecContext(ctx, "ROLLBACK")
		if sqlState(err) == "42501" {
			return fmt.Errorf("create the revision table %s: %w; let this role create it, or create the schema for it", r.table(), err)
		}
		return fmt.Errorf("create the revision table %s: %w", r.table(), err)
	}
	return nil
}

// definitions are the statements that make the schema, Atlas's table, column for column as the Atlas command makes it, and
// our log. unless is "" or "IF NOT EXISTS ".
func (r revisions) definitions(unless string) [3]string {
	return [3]string{
		"CREATE SCHEMA " + unless + quoteIdent(r.schema),
		"CREATE TABLE " + unless + r.table() + ` (
  version character varying NOT NULL PRIMARY KEY,
  description character varying NOT NULL,
  type bigint NOT NULL DEFAULT 2,
  applied bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0,
  executed_at timestamptz NOT NULL,
  execution_time bigint NOT NULL,
  error text NULL,
  error_stmt text NULL,
  hash character varying NOT NULL,
  partial_hashes jsonb NULL,
  operator_version character varying NOT NULL)`,
		"CREATE TABLE " + unless + r.log() + ` (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  action text NOT NULL,
  version text NOT NULL,
  statement bigint NULL,
  statements_hash text NULL,
  by_role text NOT NULL DEFAULT session_user,
  by_application text NOT NULL DEFAULT current_setting('application_name'),
  by_address inet NULL DEFAULT inet_client_addr(),
  detail text NULL,
  operator_version text NOT NULL)`,
	}
}

// read returns the rows in the order in which they were applied. Rows whose version begins with a dot are Atlas's own.
func (r revisions) read(ctx context.Context, q querier) ([]*Revision, error) {
	rows, err := q.QueryContext(ctx, `SELECT version, description, applied, total, executed_at, execution_time,
       coalesce(error, ''), coalesce(error_stmt, ''), hash, coalesce(partial_hashes, '[]')
  FROM `+r.table()+` WHERE version NOT LIKE '.%' ORDER BY executed_at, length(version), version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*Revision
	for rows.Next() {
		var rev Revision
		var hashes []byte
		if err := rows.Scan(&rev.Version, &rev.Name, &rev.Applied, &rev.Total, &rev.AppliedAt, &rev.Execution,
			&rev.Error, &rev.Statement, &rev.Hash, &hashes); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(hashes, &rev.partialHashes); err != nil {
			return nil, fmt.Errorf("column partial_hashes of %s, version %s: %w", r.table(), rev.Version, err)
		}
		list = append(list, &rev)
	}
	return list, rows.Err()
}

// What a row is, in Atlas's column type.
const (
	typeExecuted = 2
	typeResolved = 4 // set by hand, as a stamp does
)

// insert records a file. Before its statements, a second runner that has the same in mind waits here and then fails with 23505.
func (r revisions) insert(s *script, kind, applied int) (string, error) {
	row, err := r.row(s, kind, applied)
	return r.insertRows(row), err
}

// insertAndRecord records a file at the end of a transaction that ran it whole and did nothing else, with the time since it began.
func (r revisions) insertAndRecord(s *script) (string, error) {
	hash, err := fileHash(s.file)
	return fmt.Sprintf(`WITH noted AS (INSERT INTO %s (version, description, type, applied, total, executed_at, execution_time, hash, operator_version)
VALUES (%s, %s, %d, %[5]d, %[5]d, pg_catalog.now(), (EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - pg_catalog.now()) * 1000000000)::bigint, %s, %s))
%s`, r.table(), quoteLiteral(s.file.Version), quoteLiteral(s.file.Name), typeExecuted, len(s.statements),
		quoteLiteral(hash), quoteLiteral(r.by), r.record("up", s.file.Version)), err
}

// insertComplete records files that are applied in one transaction.
func (r revisions) insertComplete(scripts []*script) (string, error) {
	rows := make([]string, len(scripts))
	for i, s := range scripts {
		var err error
		if rows[i], err = r.row(s, typeExecuted, len(s.statements)); err != nil {
			return "", err
		}
	}
	return r.insertRows(rows...), nil
}

func (r revisions) insertRows(rows ...string) string {
	return "INSERT INTO " + r.table() + " (version, description, type, applied, total, executed_at, execution_time, hash, partial_hashes, operator_version)\nVALUES " +
		strings.Join(rows, ",\n")
}

func (r revisions) row(s *script, kind, applied int) (string, error) {
	hash, err := fileHash(s.file)
	partial := "NULL"
	if applied < len(s.statements) {
		partial = "'[]'"
	}
	return fmt.Sprintf("(%s, %s, %d, %d, %d, pg_catalog.clock_timestamp(), 0, %s, %s, %s)",
		quoteLiteral(s.file.Version), quoteLiteral(s.file.Name), kind, applied, len(s.statements),
		quoteLiteral(hash), partial, quoteLiteral(r.by)), err
}

// finish stores how long the file took, in nanoseconds as Atlas does, and that it is complete, as it is now: the rest of a
// file that had stopped midway may have been mended.
func (r revisions) finish(s *script) (string, error) {
	hash, err := fileHash(s.file)
	return fmt.Sprintf(`UPDATE %s SET applied = %[2]d, total = %[2]d, hash = %[3]s, error = NULL, error_stmt = NULL, partial_hashes = NULL,
 execution_time = (EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - executed_at) * 1000000000)::bigint WHERE version = %[4]s`,
		r.table(), len(s.statements), quoteLiteral(hash), quoteLiteral(s.file.Version)), err
}

// bless makes a row say that the file was applied as it is now.
func (r revisions) bless(s *script) (string, error) {
	hash, err := fileHash(s.file)
	return fmt.Sprintf("UPDATE %s SET applied = %[2]d, total = %[2]d, hash = %[3]s, error = NULL, error_stmt = NULL, partial_hashes = NULL WHERE version = %[4]s",
		r.table(), len(s.statements), quoteLiteral(hash), quoteLiteral(s.file.Version)), err
}

func (r revisions) remove(versions ...string) string {
	quoted := make([]string, len(versions))
	for i, v := range versions {
		quoted[i] = quoteLiteral(v)
	}
	return fmt.Sprintf("DELETE FROM %s WHERE version IN (%s)", r.table(), strings.Join(quoted, ", "))
}

// removeAndRecord reverts a row at the end of the transaction that reverted the file.
func (r revisions) removeAndRecord(version string) string {
	return "WITH removed AS (" + r.remove(version) + ")\n" + r.record("down", version)
}

// removeOrFail is remove for a script that runs unseen: reverting what is not applied is an error.
func (r revisions) removeOrFail(version string) string {
	return fmt.Sprintf("DO %s", quoteLiteral(fmt.Sprintf("BEGIN %s; IF NOT FOUND THEN RAISE EXCEPTION %s; END IF; END",
		r.remove(version), quoteLiteral("migration "+version+" is not applied"))))
}

// record appends to our own table.
func (r revisions) record(action, version string) string {
	return fmt.Sprintf("INSERT INTO %s (action, version, operator_version) VALUES (%s, %s, %s)",
		r.log(), quoteLiteral(action), quoteLiteral(version), quoteLiteral(r.by))
}

// recordAll appends files that ran in one transaction to our own table, and stores in the rows of those that are applied when each
// began and how long it took. The rows' times differ, so that they tell the order.
func (r revisions) recordAll(steps []step, times []taken) string {
	values := make([]string, len(steps))
	for i, st := range steps {
		values[i] = fmt.Sprintf("(%d, %s, %d::bigint, %d::bigint)", i, quoteLiteral(st.script.file.Version), times[i].after.Microseconds(), times[i].took)
	}
	ran := "ran (number, version, after, took) AS (VALUES " + strings.Join(values, ",\n") + ")"
	if !steps[0].script.down {
		ran += fmt.Sprintf(`, noted AS (UPDATE %s AS r SET executed_at = pg_catalog.now() + pg_catalog.make_interval(secs => ran.after / 1000000.0),
 execution_time = ran.took FROM ran WHERE r.version = ran.version)`, r.table())
	}
	return fmt.Sprintf("WITH %s\nINSERT INTO %s (action, version, operator_version) SELECT %s, version, %s FROM ran ORDER BY number",
		ran, r.log(), quoteLiteral(string(steps[0].direction())), quoteLiteral(r.by))
}

// querier is what *sql.DB and *sql.Conn share.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func quoteIdent(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// quoteLiteral quotes for a message, which takes no parameters. The E form reads the same whatever
// standard_conforming_strings says.
func quoteLiteral(s string) string {
	if strings.Contains(s, `\`) {
		return " E'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + "'"
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
