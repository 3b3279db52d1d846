package diff

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"entgo.io/ent/entc/gen"

	"github.com/plinth-db/plinth"
)

// SQLModel is a model that a script makes, for states that a test wants without a schema package.
func SQLModel(script string) *Model {
	return &Model{create: func(ctx context.Context, db *sql.DB) error {
		_, err := db.ExecContext(ctx, script)
		return err
	}}
}

// Using is the model with a conversion of a column.
func (m *Model) Using(table, column, up string) *Model {
	with := *m
	with.using = map[member]plinth.UsingSpec{{table, column}: {Up: up}}
	return &with
}

// Only is the model of some of a package's entities, which must not have edges to others.
func (m *Model) Only(entities ...string) (*Model, error) {
	graph := &gen.Graph{Config: m.graph.Config}
	for _, n := range m.graph.Nodes {
		if slices.Contains(entities, n.Name) {
			graph.Nodes = append(graph.Nodes, n)
		}
	}
	return newModel(graph)
}

// WithSQL is a model with files of the folder sql; an error is what LoadModel says of them.
func (m *Model) WithSQL(files map[string]string) (*Model, error) {
	with := *m
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		statements, err := parseSQL(name, files[name])
		with.sql, faults = append(with.sql, statements...), append(faults, err)
	}
	return &with, errors.Join(faults...)
}

// Script makes the model in an empty database, as the plan of a first migration does; nobody has proven it.
func (m *Model) Script(ctx context.Context, scratch Scratch) (string, error) {
	db, drop, err := scratch(ctx)
	if err != nil {
		return "", err
	}
	defer drop()
	if err := m.Build(ctx, db); err != nil {
		return "", err
	}
	if err := settle(ctx, db); err != nil {
		return "", err
	}
	s, err := readState(ctx, db)
	if err != nil {
		return "", err
	}
	empty := &state{objects: &objects{}}
	script := plan(empty, s, m, goForth)
	return script.text(script.objects...), nil
}
