package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// zeros are values that rows can hold until somebody fills in better ones.
var zeros = map[string]string{
	"smallint": "0", "integer": "0", "bigint": "0", "numeric": "0", "real": "0", "double precision": "0",
	"boolean": "false", "text": "''", "character varying": "''", "character": "''", "bytea": `'\x'`,
	"date": "'epoch'", "timestamp with time zone": "'epoch'", "timestamp without time zone": "'epoch'",
	"time without time zone": "'00:00'", "time with time zone": "'00:00+00'", "interval": "'0'",
	"uuid": "'00000000-0000-0000-0000-000000000000'", "json": "'null'", "jsonb": "'null'", "inet": "'0.0.0.0'", "cidr": "'0.0.0.0/0'",
}

// filler is a value for a required column that comes back without its data. ok is false where none can be right: in a foreign
// key, and in a unique column of a type that has no random values.
func (p *planner) filler(table string, c column) (expr string, ok bool) {
	t := p.to.tables[table]
	if t.earlier != nil {
		t = t.earlier
	}
	inUnique := false
	for _, name := range slices.Sorted(maps.Keys(t.constraints)) {
		k := t.constraints[name]
		if !slices.Contains(k.columns, c.name) {
			continue
		}
		switch k.kind {
		case 'f':
			return "", false
		case 'c':
			p.fails = append(p.fails, fmt.Sprintf("it fails when table %s has rows and check %s refuses the filler in column %s", table, name, c.name))
		default:
			inUnique = true
		}
	}
	for _, i := range t.indexes {
		inUnique = inUnique || i.unique && slices.Contains(i.columns, c.name)
	}
	if inUnique {
		return unique(c)
	}
	return p.zero(c)
}

func (p *planner) zero(c column) (expr string, ok bool) {
	switch {
	case c.array:
		return "'{}'", true
	case c.enum != "":
		e := p.to.enums[c.enum]
		if len(e.labels) == 0 {
			return "", false
		}
		return literal(e.labels[0]), true
	}
	expr, ok = zeros[c.base]
	return expr, ok
}

// unique gives values that differ from row to row: gen_random_uuid is volatile, so ADD COLUMN calls it for each.
func unique(c column) (expr string, ok bool) {
	switch {
	case c.array:
		return "", false
	case c.base == "uuid":
		return "gen_random_uuid()", true
	case c.base == "text", strings.HasPrefix(c.typ, "character varying") && longEnough(c.typ):
		return "gen_random_uuid()::text", true
	default:
		return "", false
	}
}

// longEnough tells whether a UUID's 36 characters fit.
func longEnough(typ string) bool {
	var n int
	if _, err := fmt.Sscanf(typ, "character varying(%d)", &n); err != nil {
		return typ == "character varying"
	}
	return n >= 36
}
