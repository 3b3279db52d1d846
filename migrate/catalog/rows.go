package catalog

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
)

// address is an object's place in pg_depend's terms: catalog, OID, column.
type address struct{ class, obj, sub int64 }

// row is what a query says about one object. The columns kind to sub are named as here; every other column is a fact, its name the label.
type row struct {
	kind, schema, name, rel string
	pos                     int
	at                      address
	facts                   []string
}

// extras are the queries whose rows add facts to objects that the other queries list.
var extras = []string{"comment", "extension_dependency", "privilege", "security_label"}

// readObjects runs every query once, whatever the size of the database.
func readObjects(ctx context.Context, q Querier, srv server, o *options) ([]Object, error) {
	added := map[address][]string{}
	err := eachRow(ctx, q, srv, extras, func(r *row) {
		added[r.at] = append(added[r.at], r.facts...)
	})
	if err != nil {
		return nil, err
	}
	var objects []Object
	listings := slices.DeleteFunc(queryNames(), func(name string) bool { return slices.Contains(extras, name) })
	err = eachRow(ctx, q, srv, listings, func(r *row) {
		if o.wants(r.schema) {
			objects = append(objects, r.object(added[r.at]))
		}
	})
	return objects, err
}

func (r *row) object(added []string) Object {
	o := Object{Kind: r.kind, Schema: r.schema, Name: r.name, Table: r.rel, Order: r.pos}
	o.Def = strings.Join(append(r.facts, added...), "\n")
	if o.Kind == KindSchema {
		o.Schema = "" // the query gives it for ExcludeSchemas and OnlySchemas
	}
	return o
}

func eachRow(ctx context.Context, q Querier, srv server, names []string, use func(*row)) error {
	for _, name := range names {
		text, err := srv.query(name)
		if err == nil {
			err = runQuery(ctx, q, text, use)
		}
		if err != nil {
			return &ReadError{Reading: name, Err: err}
		}
	}
	return nil
}

func runQuery(ctx context.Context, q Querier, text string, use func(*row)) (err error) {
	rows, err := q.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	labels, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]sql.NullString, len(labels))
	for rows.Next() {
		r := &row{}
		if err := rows.Scan(r.destinations(labels, values)...); err != nil {
			return err
		}
		if err := r.takeFacts(labels, values); err != nil {
			return err
		}
		use(r)
	}
	return rows.Err()
}

func (r *row) destinations(labels []string, values []sql.NullString) []any {
	dest := make([]any, len(labels))
	for i, label := range labels {
		if dest[i] = r.field(label); dest[i] == nil {
			dest[i] = &values[i]
		}
	}
	return dest
}

// field is where a column that is not a fact goes; nil for a fact.
func (r *row) field(label string) any {
	switch label {
	case "kind":
		return &r.kind
	case "schema":
		return &r.schema
	case "name":
		return &r.name
	case "rel":
		return &r.rel
	case "pos":
		return &r.pos
	case "class":
		return &r.at.class
	case "obj":
		return &r.at.obj
	case "sub":
		return &r.at.sub
	}
	return nil
}

// takeFacts turns columns into lines: NULL says nothing, an empty text is a flag. A definition, always the first fact, stands without a
// label and unchanged; it is SQL, so its end is plain even where it holds line breaks. Other values are indented after a line break.
func (r *row) takeFacts(labels []string, values []sql.NullString) error {
	for i, label := range labels {
		value := values[i]
		switch {
		case r.field(label) != nil:
		case label == "definition" && !value.Valid:
			return errVanished
		case !value.Valid:
		case label == "definition":
			r.facts = append(r.facts, strings.TrimRight(value.String, "\n"))
		default:
			r.facts = append(r.facts, fact(label, value.String))
		}
	}
	return nil
}

func fact(label, value string) string {
	switch {
	case value == "":
		return label
	case strings.Contains(value, "\n"):
		return label + "\n  " + strings.ReplaceAll(value, "\n", "\n  ")
	}
	return label + " " + value
}
