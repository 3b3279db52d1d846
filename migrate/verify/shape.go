package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/lib/pq"
)

// shape is what a row of a table must be like. Names of columns are quoted.
type shape struct {
	table
	columns     []*column
	constraints []constraint
}

type column struct {
	Name       string
	Type       string // with its modifier, as SQL writes it
	TypeOID    int64
	TypeMod    int
	NotNull    bool
	Generated  bool
	HasDefault bool // or is an identity

	typ *typeInfo
}

type constraint struct {
	Name          string
	Kind          string // as in pg_constraint.contype; "part" for the bounds of the partitions
	Columns       []string
	Def           string
	Target        int64 // the table that a foreign key points at
	TargetName    string
	TargetColumns []string
}

const columnsOf = `SELECT 0, json_build_object('Name', quote_ident(attname), 'Type', format_type(atttypid, atttypmod), 'TypeOID', atttypid::bigint,
	'TypeMod', atttypmod, 'NotNull', attnotnull OR t.typnotnull, 'Generated', attgenerated <> '', 'HasDefault', atthasdef OR attidentity <> '')::text
FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = %d AND attnum > 0 AND NOT attisdropped ORDER BY attnum`

const constraintsOf = `SELECT 0, json_build_object('Name', conname, 'Kind', contype, 'Def', pg_get_constraintdef(c.oid),
	'Columns', (SELECT json_agg(quote_ident(attname) ORDER BY o) FROM unnest(conkey) WITH ORDINALITY k(a, o)
		JOIN pg_attribute ON attrelid = conrelid AND attnum = a),
	'Target', confrelid::bigint, 'TargetName', CASE confrelid WHEN 0 THEN '' ELSE confrelid::regclass::text END,
	'TargetColumns', (SELECT json_agg(quote_ident(attname) ORDER BY o) FROM unnest(confkey) WITH ORDINALITY k(a, o)
		JOIN pg_attribute ON attrelid = confrelid AND attnum = a))::text
FROM pg_constraint c WHERE conrelid = %[1]d AND contype IN ('c', 'f') AND (contype <> 'f' OR conparentid = 0 OR conrelid = %[1]d)
UNION ALL
SELECT 1, json_build_object('Name', '', 'Kind', 'part',
	'Columns', (SELECT json_agg(quote_ident(attname)) FROM pg_attribute WHERE attrelid = partrelid AND attnum = ANY (partattrs::int2[])),
	'Def', (SELECT string_agg(pg_get_expr(c.relpartbound, c.oid), ' ') FROM pg_partition_tree(partrelid) p JOIN pg_class c ON c.oid = p.relid))::text
FROM pg_partitioned_table WHERE partrelid = %[1]d
UNION ALL
SELECT 1, json_build_object('Name', '', 'Kind', 'part',
	'Columns', (SELECT json_agg(quote_ident(attname)) FROM pg_attribute WHERE attrelid = p.partrelid AND attnum = ANY (p.partattrs::int2[])),
	'Def', pg_get_expr(c.relpartbound, c.oid))::text
FROM pg_partition_ancestors(%[1]d) a (relid) JOIN pg_class c ON c.oid = a.relid JOIN pg_inherits i ON i.inhrelid = a.relid
	JOIN pg_partitioned_table p ON p.partrelid = i.inhparent`

func readShape(ctx context.Context, db Database, types *types, t table) (*shape, error) {
	s := &shape{table: t}
	err := each(ctx, db, fmt.Sprintf(columnsOf, t.oid), func(_ int, text string) error {
		var c column
		s.columns = append(s.columns, &c)
		return json.Unmarshal([]byte(text), &c)
	})
	if err != nil {
		return nil, err
	}
	for _, c := range s.columns {
		if c.typ, err = types.read(ctx, c.TypeOID); err != nil {
			return nil, err
		}
	}
	return s, each(ctx, db, fmt.Sprintf(constraintsOf, t.oid), func(_ int, text string) error {
		var c constraint
		err := json.Unmarshal([]byte(text), &c)
		s.constraints = append(s.constraints, c)
		return err
	})
}

func (s *shape) column(name string) *column {
	i := slices.IndexFunc(s.columns, func(c *column) bool { return c.Name == name })
	if i < 0 {
		return &column{}
	}
	return s.columns[i]
}

// literals are values that the column's constraints speak of, and their neighbours.
func (s *shape) literals(c *column) (list []string) {
	for _, k := range s.constraints {
		if k.Kind != "f" && slices.Contains(k.Columns, c.Name) {
			list = append(list, literalsIn(k.Def, c.typ.base())...)
		}
	}
	return list
}

var (
	quotedLiteral = regexp.MustCompile(`'(?:[^']|'')*'`)
	plainNumber   = regexp.MustCompile(`-?\b[0-9]+(?:\.[0-9]+)?\b`)
)

// literalsIn finds the values in an expression that could be of the type.
func literalsIn(def string, t *typeInfo) (list []string) {
	quoted := quotedLiteral.FindAllString(def, -1)
	switch t.Category {
	case "N":
		for _, q := range quoted { // a negative number is printed in quotes
			def += " " + q[1:len(q)-1]
		}
		for _, text := range plainNumber.FindAllString(quotedLiteral.ReplaceAllString(def, ""), -1) {
			list = append(list, "'"+text+"'")
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				list = append(list, fmt.Sprintf("'%d'", n+1), fmt.Sprintf("'%d'", n-1))
			}
		}
	case "S", "D", "T", "E", "U":
		list = quoted
	}
	return slices.DeleteFunc(list, func(text string) bool { return !t.accepts(text) })
}

// advance chooses other values for the columns of a check that refused, all combinations in turn. It is false when there are no more.
func (s *shape) advance(choice map[string]int, refused *pq.Error, n int) bool {
	var columns []*column
	for _, k := range s.constraints {
		if k.Kind != "f" && k.Name == refused.Constraint {
			for _, name := range k.Columns {
				columns = append(columns, s.column(name))
			}
		}
	}
	if refused.DataTypeName != "" {
		columns = slices.DeleteFunc(slices.Clone(s.columns), func(c *column) bool { return c.typ.Kind != "d" })
	}
	for _, c := range columns {
		if c.typ == nil || c.Generated {
			continue
		}
		choice[c.Name]++
		if choice[c.Name] < len(c.typ.values(n, c.TypeMod))+len(s.literals(c)) {
			return true
		}
		choice[c.Name] = 0
	}
	return false
}
