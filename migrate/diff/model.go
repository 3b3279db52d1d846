package diff

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"entgo.io/ent/dialect/entsql"
	entschema "entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"

	"github.com/plinth-db/plinth"
)

// Model is the state that the schema code asks for. It is not changed after LoadModel; Build may be called concurrently.
type Model struct {
	graph  *gen.Graph
	create func(ctx context.Context, db *sql.DB) error // makes the model in an empty database
	enums  []nativeEnum
	tables []Table
	sql    []sqlStatement // of the folder sql

	extras
	commented map[string]bool // "table" and "table.column" whose comments are the schema code's, with or without a text

	renames        []renaming // tables before their columns
	renamedValues  []renamedValues
	renamedIndexes []renamedIndex
}

// Table is what the schema code calls a table.
type Table struct {
	Name   string            // as in the database
	Entity string            // the Ent type's name; for the table of a many-to-many edge "User.groups"
	Fields map[string]string // column to the Ent field, or to the edge that owns the column
}

// nativeEnum is one column that the schema code wants as an enum type.
type nativeEnum struct {
	table, column string
	typ           string
	values        []string
	field         string // "Article.status", for messages
}

// loading guards the folder .entc of the working directory, which entc writes and removes.
var loading sync.Mutex

// LoadModel reads the schema package in schemaDir by running it, as Ent's generator does: the go command must be there, schemaDir
// must be inside the module of the working directory, and a folder .entc exists in the working directory meanwhile, so other processes must
// not load in the same directory at the same time. It takes most of a second with warm build caches. Errors are *SchemaError.
func LoadModel(schemaDir string) (*Model, error) {
	if err := checkFolder(schemaDir); err != nil {
		return nil, err
	}
	// A relative path without a dot would be taken for an import path.
	path := schemaDir
	if !filepath.IsAbs(path) {
		path = "." + string(filepath.Separator) + filepath.Clean(path)
	}
	loading.Lock()
	defer loading.Unlock()
	graph, err := entc.LoadGraph(path, &gen.Config{})
	if err != nil {
		return nil, &SchemaError{Dir: schemaDir, Output: explainLoad(err), Err: err}
	}
	m, err := newModel(graph)
	if err == nil {
		m.sql, err = loadSQL(schemaDir)
	}
	if err != nil {
		return nil, &SchemaError{Dir: schemaDir, Output: err.Error(), Err: err}
	}
	return m, nil
}

func newModel(graph *gen.Graph) (*Model, error) {
	m := &Model{graph: graph}
	m.create = m.createFromGraph
	if err := errors.Join(m.findEnums(), m.findExtras(), m.findRenames(), m.findTables()); err != nil {
		return nil, err
	}
	return m, nil
}

func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return &SchemaError{Dir: dir, Output: "there is no such folder; --schema names the package that holds the Ent schema", Err: err}
	}
	if !info.IsDir() {
		return &SchemaError{Dir: dir, Output: "not a folder; --schema names the package that holds the Ent schema"}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		return &SchemaError{Dir: dir, Output: "no Go file in this folder; --schema names the package that holds the Ent schema", Err: err}
	}
	return nil
}

// explainLoad shortens what Ent reports to what its reader needs. The text decides only how it is shown.
func explainLoad(err error) string {
	text := strings.TrimSpace(err.Error())
	for _, prefix := range []string{"entc/load: ", "parse schema dir: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	if strings.HasPrefix(text, "no schema found") {
		return "no entity in this package: an entity is an exported struct type that embeds ent.Schema"
	}
	return text
}

// Tables lists the tables of the model, sorted by name. The caller must not change the maps.
func (m *Model) Tables() []Table { return slices.Clone(m.tables) }

// Entities lists the names of the Ent types that have a table, sorted.
func (m *Model) Entities() []string {
	var names []string
	for _, t := range m.tables {
		if !strings.Contains(t.Entity, ".") {
			names = append(names, t.Entity)
		}
	}
	slices.Sort(names)
	return names
}

// find returns what the schema code says about a table; ok is false for one that it does not have.
func (m *Model) find(name string) (t Table, ok bool) {
	i, ok := slices.BinarySearchFunc(m.tables, name, func(t Table, name string) int { return strings.Compare(t.Name, name) })
	if !ok {
		return Table{}, false
	}
	return m.tables[i], true
}

func (m *Model) findTables() error {
	tables, err := m.graph.Tables()
	if err != nil {
		return err
	}
	byName := make(map[string]*Table)
	for _, t := range tables {
		if t.Schema != "" {
			return fmt.Errorf("table %s is put into schema %s; Plinth plans the first schema of the search_path only: remove entsql.Schema", t.Name, t.Schema)
		}
		byName[t.Name] = &Table{Name: t.Name, Fields: columnsOf(t)}
	}
	m.commented = make(map[string]bool)
	for _, n := range m.graph.Nodes {
		nameFields(n, byName)
		m.findComments(n)
	}
	for _, t := range byName {
		m.tables = append(m.tables, *t)
	}
	slices.SortFunc(m.tables, func(a, b Table) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// columnsOf starts with every column under its own name.
func columnsOf(t *entschema.Table) map[string]string {
	fields := make(map[string]string, len(t.Columns))
	for _, c := range t.Columns {
		fields[c.Name] = c.Name
	}
	return fields
}

func nameFields(n *gen.Type, byName map[string]*Table) {
	if t := byName[n.Table()]; t != nil && !n.IsView() {
		t.Entity = n.Name
		for _, f := range n.Fields {
			t.Fields[f.StorageKey()] = f.Name
		}
	}
	for _, e := range n.Edges {
		t := byName[e.Rel.Table]
		switch {
		case e.IsInverse() || t == nil:
		case e.Rel.Type == gen.M2M && t.Entity == "":
			t.Entity = n.Name + "." + e.Name
		}
	}
	for _, fk := range n.ForeignKeys {
		if t := byName[n.Table()]; t != nil && !fk.UserDefined && fk.Edge != nil {
			t.Fields[fk.Field.StorageKey()] = edgeSeenFrom(n, fk.Edge)
		}
	}
}

// findComments notes where entsql.WithComments hands the comments to the schema code. The field's word counts before the entity's.
func (m *Model) findComments(n *gen.Type) {
	says := func(a *entsql.Annotation, otherwise bool) bool {
		if a == nil || a.WithComments == nil {
			return otherwise
		}
		return *a.WithComments
	}
	entity := says(n.EntSQL(), false)
	m.commented[n.Table()] = entity
	for _, f := range fieldsOf(n) {
		m.commented[n.Table()+"."+f.StorageKey()] = says(f.EntSQL(), entity)
	}
}

// edgeSeenFrom is the edge's name on the entity whose table holds the key: that of the inverse edge where the key belongs to the
// other end, and the other entity's edge where there is no inverse.
func edgeSeenFrom(n *gen.Type, e *gen.Edge) string {
	switch {
	case e.Owner == n || e.Owner == nil:
		return e.Name
	case e.Ref != nil:
		return e.Ref.Name
	default:
		return e.Owner.Name + "." + e.Name
	}
}

func (m *Model) findEnums() error {
	var faults []error
	for _, n := range m.graph.Nodes {
		for _, f := range fieldsOf(n) {
			e, err := nativeEnumOf(n, f)
			if err != nil {
				faults = append(faults, err)
			} else if e != nil {
				m.enums = append(m.enums, *e)
			}
		}
	}
	return errors.Join(append(faults, m.sharedEnums()...)...)
}

func nativeEnumOf(n *gen.Type, f *gen.Field) (*nativeEnum, error) {
	name := n.Name + "." + f.Name
	a, err := plinth.Decode(f.Annotations)
	if err != nil || a.NativeEnum == nil {
		return nil, nil // of an error findExtras tells
	}
	if !f.IsEnum() {
		return nil, fmt.Errorf("%s: plinth.NativeEnum is on a field of type %s; it has a meaning on field.Enum only", name, f.Type)
	}
	e := &nativeEnum{table: n.Table(), column: f.StorageKey(), typ: a.NativeEnum.Type, values: f.EnumValues(), field: name}
	if e.typ == "" {
		e.typ = e.table + "_" + e.column
	}
	if len(e.typ) > maxName {
		return nil, fmt.Errorf("%s: the enum type's name %s is longer than PostgreSQL's %d bytes; give it a shorter one in plinth.NativeEnum", name, e.typ, maxName)
	}
	return e, nil
}

// sharedEnums reports fields that name one type and list other values.
func (m *Model) sharedEnums() (faults []error) {
	first := make(map[string]nativeEnum)
	for _, e := range m.enums {
		f, ok := first[e.typ]
		if !ok {
			first[e.typ] = e
			continue
		}
		if !slices.Equal(f.values, e.values) {
			faults = append(faults, fmt.Errorf("enum type %s: %s lists %s, but %s lists %s: fields that share a type need the same values in the same order",
				e.typ, f.field, strings.Join(f.values, ", "), e.field, strings.Join(e.values, ", ")))
		}
	}
	return faults
}
