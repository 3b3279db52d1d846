package diff

import (
	"context"
	"database/sql"
	"encoding/json"
)

// address is a row of a catalog in pg_depend's terms.
type address struct{ class, oid int64 }

func readObjects(ctx context.Context, tx *sql.Tx, s *state) error {
	s.objects = &objects{all: make(map[node]*object), uses: make(map[node]map[node]bool), initial: make(map[string]map[grant]bool)}
	at := make(map[address]*object)
	for _, query := range objectQueries {
		if err := each(ctx, tx, query, func(rows *sql.Rows) error {
			var (
				a    address
				text string
			)
			if err := rows.Scan(&a.class, &a.oid, &text); err != nil {
				return err
			}
			o := newObject()
			o.at, at[a] = a, o
			if err := json.Unmarshal([]byte(text), o); err != nil {
				return err
			}
			s.objects.all[o.node] = o
			return nil
		}); err != nil {
			return err
		}
	}
	for _, read := range []func(context.Context, *sql.Tx, *state, map[address]*object) error{readSecurity, readComments, readGrants, readInitial, readUses} {
		if err := read(ctx, tx, s, at); err != nil {
			return err
		}
	}
	return nil
}

func newObject() *object {
	return &object{comments: make(map[string]string), grants: make(map[grant]bool), deps: make(map[node]bool)}
}

func readSecurity(ctx context.Context, tx *sql.Tx, s *state, _ map[address]*object) error {
	return each(ctx, tx, securityQuery, func(rows *sql.Rows) error {
		var (
			oid             int64
			schema, table   string
			enabled, forced bool
		)
		if err := rows.Scan(&oid, &schema, &table, &enabled, &forced); err != nil {
			return err
		}
		for kind, on := range map[string]bool{kindSecurity: enabled, kindForced: forced} {
			if on {
				o := newObject()
				o.node, o.at = node{kind, schema, table, table}, address{oid: oid}
				o.deps[node{kindTable, schema, "", table}] = true
				s.objects.all[o.node] = o
			}
		}
		return nil
	})
}

func readComments(ctx context.Context, tx *sql.Tx, _ *state, at map[address]*object) error {
	return each(ctx, tx, commentsQuery, func(rows *sql.Rows) error {
		var (
			a            address
			column, text string
		)
		if err := rows.Scan(&a.class, &a.oid, &column, &text); err != nil {
			return err
		}
		switch o := at[a]; {
		case o == nil || o.Kind == kindExtension: // which brings its own
		case column != "":
			o.comments["COLUMN "+o.sql()+"."+ident(column)] = text
		default:
			o.comments[o.target()] = text
		}
		return nil
	})
}

func readGrants(ctx context.Context, tx *sql.Tx, _ *state, at map[address]*object) error {
	return each(ctx, tx, grantsQuery, func(rows *sql.Rows) error {
		var (
			a      address
			g      grant
			option bool
		)
		if err := rows.Scan(&a.class, &a.oid, &g.Role, &g.Privilege, &option); err != nil {
			return err
		}
		if o := at[a]; o != nil {
			o.grants[g] = option
		}
		return nil
	})
}

func readInitial(ctx context.Context, tx *sql.Tx, s *state, _ map[address]*object) error {
	return each(ctx, tx, initialQuery, func(rows *sql.Rows) error {
		var (
			key    string
			g      grant
			option bool
		)
		if err := rows.Scan(&key, &g.Role, &g.Privilege, &option); err != nil {
			return err
		}
		if s.objects.initial[key] == nil {
			s.objects.initial[key] = make(map[grant]bool)
		}
		s.objects.initial[key][g] = option
		return nil
	})
}
