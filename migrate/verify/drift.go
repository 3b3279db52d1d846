package verify

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
)

// Change is one step that makes a database what its files say.
type Change struct {
	Object string // "column public.users.email"
	Change string // "add", "drop" or "change"
	SQL    string // the statements that do it; "" where none is known
}

// String reads "add column public.users.email".
func (c Change) String() string { return c.Change + " " + c.Object }

// DriftInput is what Drift compares.
type DriftInput struct {
	DB             *sql.DB // only read; the role needs CONNECT, and USAGE and SELECT on the revision table
	Files          fs.FS
	Scratch        Scratch
	RevisionSchema string   // "" for migrate.DefaultRevisionSchema
	SearchPath     []string // of DB's connections, unquoted; empty for the server's default
}

// Report is what Drift found.
type Report struct {
	Changes          []Change // in an order in which their statements can run; empty when database and files agree
	Applied          int      // files that were compared
	Database, Server int      // server_version_num of the database and of the scratch server
}

// Drift compares the database with what its applied files make on a scratch database. Files that are pending do not count, nor do Plinth's own
// tables. Errors are those of [migrate.ReadDir] and [migrate.Dir.Validate], and a *migrate.StateError for a database that is partial or diverged.
func Drift(ctx context.Context, in DriftInput) (*Report, error) {
	if in.RevisionSchema == "" {
		in.RevisionSchema = migrate.DefaultRevisionSchema
	}
	m, err := migrate.New(in.DB, in.Files, migrate.WithRevisionSchema(in.RevisionSchema))
	if err != nil {
		return nil, err
	}
	if err := m.Dir().Validate(); err != nil {
		return nil, err
	}
	status, err := m.Status(ctx)
	if err != nil {
		return nil, err
	}
	if err := comparable(status); err != nil {
		return nil, err
	}
	now, err := catalog.Read(ctx, in.DB, catalog.ExcludeSchemas(migrate.DefaultRevisionSchema))
	if err != nil {
		return nil, err
	}
	after, err := m.Status(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(applied(status), applied(after)) {
		return nil, fmt.Errorf("verify: a migration ran on the database while it was read; run drift again when it is done")
	}
	want, err := replayApplied(ctx, in, status)
	if err != nil {
		return nil, err
	}
	now.Objects = slices.DeleteFunc(slices.Clone(now.Objects), func(o catalog.Object) bool { return in.own(o, want) })
	return &Report{
		Changes: mend(catalog.Compare(now, want), now, want), Applied: len(status.Applied),
		Database: now.ServerVersion, Server: want.ServerVersion,
	}, nil
}

func comparable(status *migrate.Status) error {
	switch status.State {
	case migrate.StatePartial:
		return &migrate.StateError{State: status.State, Versions: []string{status.Partial.Version}, Reason: fmt.Sprintf(
			"%s stopped after statement %d of %d, so that it is neither with nor without it; run plinth up to finish it, or plinth resolve",
			status.Partial.Version, status.Partial.Applied, status.Partial.Total)}
	case migrate.StateDiverged:
		return &migrate.StateError{State: status.State, Reason: strings.Join(status.Diverged, "; ") +
			": these files cannot tell what the database should be; get the files that it was made from (git), then run drift again"}
	default:
		return nil
	}
}

func applied(status *migrate.Status) (list []string) {
	for _, r := range status.Applied {
		list = append(list, r.Version)
	}
	return list
}

// replayApplied reads what the applied files make.
func replayApplied(ctx context.Context, in DriftInput, status *migrate.Status) (*catalog.Snapshot, error) {
	r, err := open(ctx, in.Scratch, in.Files)
	if err != nil {
		return nil, err
	}
	defer r.drop()
	if err := r.setSearchPath(ctx, in.SearchPath); err != nil {
		return nil, err
	}
	for _, head := range status.HeadsApplied {
		if _, err := r.m.UpTo(ctx, head); err != nil {
			return nil, fmt.Errorf("verify: replay the applied files: %w", err)
		}
	}
	replayed, err := r.m.Status(ctx)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, v := range applied(replayed) {
		if !slices.Contains(applied(status), v) {
			missing = append(missing, v)
		}
	}
	if missing != nil {
		return nil, &migrate.StateError{State: migrate.StateDiverged, Versions: missing, Reason: strings.Join(missing, ", ") +
			" not applied, though files that follow are: added later, it has to get a later version (rename the file, then plinth hash)"}
	}
	return read(ctx, r.db)
}

// setSearchPath makes it the database's, which the engine's RESET ALL between files keeps.
func (r *replayed) setSearchPath(ctx context.Context, path []string) error {
	if len(path) == 0 {
		return nil
	}
	var quoted []string
	for _, schema := range path {
		quoted = append(quoted, ident(schema))
		if schema == "$user" || strings.HasPrefix(schema, "pg_") {
			continue
		}
		if _, err := r.db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+ident(schema)); err != nil {
			return fmt.Errorf("verify: make the schemas of the search_path: %w", err)
		}
	}
	var name string
	if err := r.db.QueryRowContext(ctx, "SELECT current_database()").Scan(&name); err != nil {
		return fmt.Errorf("verify: set the search_path: %w", err)
	}
	if _, err := r.db.ExecContext(ctx, fmt.Sprintf("ALTER DATABASE %s SET search_path = %s", ident(name), strings.Join(quoted, ", "))); err != nil {
		return fmt.Errorf("verify: set the search_path: %w", err)
	}
	r.db.SetMaxIdleConns(0) // sessions that have the old one
	r.db.SetMaxIdleConns(2)
	return nil
}

// own tells Plinth's own tables in another schema than the default, and that schema, if the files do not make it.
func (in DriftInput) own(o catalog.Object, want *catalog.Snapshot) bool {
	if in.RevisionSchema == migrate.DefaultRevisionSchema {
		return false
	}
	if o.Kind == catalog.KindSchema {
		_, made := want.Find(o.Kind, o.Schema, o.Name)
		return !made && o.Name == quoteName(in.RevisionSchema)
	}
	if o.Schema != in.RevisionSchema {
		return false
	}
	for _, name := range []string{"atlas_schema_revisions", "plinth_log"} {
		if o.Table == name || o.Name == name || strings.HasPrefix(o.Name, name+"_") && o.Kind == catalog.KindSequence {
			return true
		}
	}
	return false
}
