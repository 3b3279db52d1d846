package diff

import (
	"context"
	"crypto/md5"
	"database/sql"
	"errors"
	"fmt"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	entschema "entgo.io/ent/dialect/sql/schema"
)

// Build makes the model in db, which must be empty, in the first schema of its search_path: tables and what files in the folder sql say.
// Errors are *ModelError, joined where there are several; the database is left as it is then. Views of the Ent schema are not made:
// they are written as SQL.
func (m *Model) Build(ctx context.Context, db *sql.DB) error {
	// Tables may stand on functions, and views on tables: what cannot be made before them is made after.
	left, err := makeWhatGoes(ctx, db, m.sql)
	if err != nil {
		return err
	}
	if err := m.create(ctx, db); err != nil {
		return errors.Join(err, needed(err, left))
	}
	if left, err = makeWhatGoes(ctx, db, statementsOf(left)); err != nil {
		return err
	}
	if len(left) > 0 {
		return explain(ctx, db, left)
	}
	return checkGrants(ctx, db, m.sql)
}

func (m *Model) createFromGraph(ctx context.Context, db *sql.DB) error {
	statements, err := m.statements(ctx, db, m.generated)
	if err != nil {
		return &ModelError{Err: err}
	}
	if len(m.generated) > 0 {
		printed, err := m.printGenerated(ctx, db, statements)
		if err != nil {
			return err
		}
		if statements, err = m.statements(ctx, db, printed); err != nil {
			return &ModelError{Err: err}
		}
	}
	return runEach(ctx, db, statements)
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func runEach(ctx context.Context, db execer, statements []string) error {
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return &ModelError{Statement: statement, Err: err}
		}
	}
	return nil
}

// statements make the model, with these expressions in its generated columns.
func (m *Model) statements(ctx context.Context, db *sql.DB, generated map[member]string) (all []string, err error) {
	changes, later, err := m.desired(ctx, db, generated)
	if err != nil {
		return nil, err
	}
	driver, err := postgres.Open(db)
	if err != nil {
		return nil, err
	}
	plan, err := driver.PlanChanges(ctx, "model", changes, func(o *migrate.PlanOptions) {
		o.SchemaQualifier = new(string) // unqualified: the search_path decides
	})
	if err != nil {
		return nil, err
	}
	for _, c := range plan.Changes {
		all = append(all, c.Cmd)
	}
	return append(all, later...), nil
}

// printGenerated is how PostgreSQL prints the expressions of the generated columns. A plan makes them from this text, which may print
// differently when it is read back (see settle), so the model is made from it too.
func (m *Model) printGenerated(ctx context.Context, db *sql.DB, statements []string) (map[member]string, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, &ModelError{Err: err}
	}
	defer func() { _ = tx.Rollback() }() // the tables were made to be thrown away
	if err := runEach(ctx, tx, statements); err != nil {
		return nil, err
	}
	s, err := readInside(ctx, tx)
	if err != nil {
		return nil, &ModelError{Err: err}
	}
	printed := make(map[member]string)
	for at := range m.generated {
		if t := s.tables[at.table]; t != nil {
			c, _ := t.column(at.name)
			printed[at] = c.generated
		}
	}
	return printed, nil
}

// desired is the model as additions to an empty schema: enum types first, then tables, and later the statements for what Atlas does
// not know.
func (m *Model) desired(ctx context.Context, db *sql.DB, generated map[member]string) (changes []schema.Change, later []string, err error) {
	// Tables are made anew for each call: Ent's conversion writes into them.
	tables, err := m.graph.Tables()
	if err != nil {
		return nil, nil, err
	}
	shortenNames(tables)
	atlas, err := entschema.NewMigrate(entsql.OpenDB(dialect.Postgres, db))
	if err != nil {
		return nil, nil, err
	}
	realm, err := atlas.StateReader(tables...)(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range realm.Schemas {
		enums, err := m.swapEnums(s)
		if err != nil {
			return nil, nil, err
		}
		statements, err := m.addExtras(s.Tables, tables, generated)
		if err != nil {
			return nil, nil, err
		}
		later = append(later, statements...)
		for _, e := range enums {
			changes = append(changes, &schema.AddObject{O: e})
		}
		for _, t := range s.Tables {
			unserial(t)
			changes = append(changes, &schema.AddTable{T: t})
		}
	}
	return changes, later, nil
}

// swapEnums replaces the varchar that Ent gives an enum field by the type that the annotation asks for, and returns each type once.
func (m *Model) swapEnums(s *schema.Schema) (enums []*schema.EnumType, err error) {
	byName := make(map[string]*schema.EnumType)
	for _, e := range m.enums {
		t, ok := s.Table(e.table)
		if !ok {
			return nil, fmt.Errorf("%s: no table %s in the model", e.field, e.table)
		}
		c, ok := t.Column(e.column)
		if !ok {
			return nil, fmt.Errorf("%s: no column %s.%s in the model", e.field, e.table, e.column)
		}
		typ, ok := byName[e.typ]
		if !ok {
			typ = &schema.EnumType{T: e.typ, Values: e.values, Schema: s}
			byName[e.typ] = typ
			enums = append(enums, typ)
		}
		c.Type.Type = typ
	}
	return enums, nil
}

// maxName is PostgreSQL's bound on a name, in bytes: NAMEDATALEN - 1.
const maxName = 63

// shortenNames gives names that PostgreSQL would cut the form that Ent's own migration gives them
// (entgo.io/ent v0.14.6, dialect/sql/schema/atlas.go, symbol), so that both agree and cut names cannot collide.
func shortenNames(tables []*entschema.Table) {
	short := func(name string) string {
		if len(name) <= maxName {
			return name
		}
		return fmt.Sprintf("%s_%x", name[:maxName-33], md5.Sum([]byte(name)))
	}
	for _, t := range tables {
		for _, i := range t.Indexes {
			i.Name = short(i.Name)
		}
		for _, fk := range t.ForeignKeys {
			fk.Symbol = short(fk.Symbol)
		}
	}
}

// unserial makes a foreign key to a serial column a plain integer: it must not count by itself.
func unserial(t *schema.Table) {
	for _, fk := range t.ForeignKeys {
		for _, c := range fk.Columns {
			if s, ok := c.Type.Type.(*postgres.SerialType); ok {
				c.Type.Type = s.IntegerType()
			}
		}
	}
}
