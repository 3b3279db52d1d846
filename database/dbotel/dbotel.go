// Package dbotel traces what goes through a pool and shows its figures by OpenTelemetry. It is apart from package database so
// that a service without OpenTelemetry does not link it.
//
//	db, err := database.Open(ctx, cfg, newClient, dbotel.WithTracing())
//	unregister, err := dbotel.RegisterPoolMetrics(db.Pool, "main", nil)
//
// Both use the global providers unless they are given others.
package dbotel

import (
	"database/sql"
	"database/sql/driver"

	"github.com/XSAM/otelsql"
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"

	"github.com/plinth-db/plinth/database"
)

// WithTracing makes a span of every statement, BEGIN, COMMIT and ROLLBACK, through otelsql, and records their duration
// (db.client.operation.duration). Each attempt of a WithTx shows as a BEGIN of its own.
//
// A span has the statement's text, never its arguments: what is written into the text itself, such as the password of a
// CREATE ROLE, is seen. A failure adds the error, error.type and, if the server sent it, db.response.status_code (the SQLSTATE).
//
// The options come after the defaults: db.system.name=postgresql, [SpanOptions], and a driver.ErrSkip that is no error.
// Do not take server.address from otelsql.AttributesFromDSN: of a connection string in libpq's key=value form, or with an @ in
// its password, it makes an attribute with the password in it.
//
// Through otelsql, sql.ColumnType.ScanType knows no types, so that values which Ent scans without knowing their column come
// as the driver makes them.
func WithTracing(opts ...otelsql.Option) database.Option {
	all := append([]otelsql.Option{
		otelsql.WithAttributes(semconv.DBSystemNamePostgreSQL),
		otelsql.WithSpanOptions(SpanOptions()),
		otelsql.WithSpanErrorAttributesGetter(errorAttributes),
		otelsql.WithDisableSkipErrMeasurement(true),
	}, opts...)
	return database.WithOpener(func(c driver.Connector) *sql.DB { return otelsql.OpenDB(c, all...) })
}

// SpanOptions are WithTracing's own, to be changed and given to otelsql.WithSpanOptions, which replaces them all. They leave
// out what would double the number of spans and say little:
//
//   - sql.connector.connect, which here is the wait for a connection of the pool, mostly none;
//   - sql.rows, the reading of an answer, and with it an error that comes after the first row;
//   - pings and session resets.
func SpanOptions() otelsql.SpanOptions {
	return otelsql.SpanOptions{DisableErrSkip: true, OmitConnResetSession: true, OmitConnectorConnect: true, OmitRows: true}
}

func errorAttributes(err error) []attribute.KeyValue {
	if state := database.SQLState(err); state != "" {
		return []attribute.KeyValue{semconv.DBResponseStatusCode(state), semconv.ErrorTypeKey.String(state)}
	}
	return []attribute.KeyValue{semconv.ErrorType(err)}
}
