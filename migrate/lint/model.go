package lint

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// model is what is known, from the statements so far, of the schema that a statement meets. What a DO block, a function or a file
// outside of the directory makes is not in it: a name that is not found may well exist.
type model struct {
	relations map[string]*relation          // by nameKey
	links     map[string]map[*relation]bool // what has been an index, a partition or a referencing table of the relation of that key
	types     map[string]*typeInfo
	functions map[string]string // volatility: "i", "s" or "v"
	objects   map[object]int    // the run that made it
	schemas   map[string]int    // the run that made it
	public    []grantObject     // what PUBLIC was given something of
	run       int               // counts the deployments; what the present one makes is not in use yet
	path      []string          // the search_path that the file has set; nil for public
	ahead     bool              // names are looked up for statements that are still to come
	temporary bool              // the file has made a temporary table
}

func newModel() *model {
	return &model{relations: map[string]*relation{}, links: map[string]map[*relation]bool{}, types: map[string]*typeInfo{}, functions: map[string]string{}, objects: map[object]int{}, schemas: map[string]int{}}
}

// relation is a table, a view, an index or a sequence.
type relation struct {
	key         string // in the model
	name        string // as SQL would write it
	kind        string // "table", "view", "materialized view", "index", "sequence"
	run         int    // that made it
	columns     []*column
	constraints []*constraint
	partitioned bool
	partKey     []string // the columns that partitions go by, "" for an expression
	parent      string   // the key of the table that it is a partition of
	isDefault   bool     // the DEFAULT partition
	identity    string   // what REPLICA IDENTITY says, "" for its default: "n" nothing, "f" full, "i" an index
	index       *indexInfo
}

type column struct {
	name      string
	typ       typeName
	notNull   bool
	hasValue  bool // a default, an identity or a generation expression
	generated bool // stored
	identity  bool
	run       int // that added it
}

type constraint struct {
	name     string // "" where PostgreSQL chooses it
	kind     string // "CONSTR_CHECK" and so on
	columns  []string
	valid    bool
	expr     tree   // of a check
	refTable string // the key
	run      int
}

type indexInfo struct {
	table   string // the key
	columns []string
	unique  bool
	partial bool
}

type typeInfo struct {
	kind        string // "enum", "domain", "composite", "range"
	run         int
	constrained bool // a domain with a check or NOT NULL
}

// typeName is a column's type as written: PostgreSQL's own names without pg_catalog.
type typeName struct {
	name  string
	mods  []int
	array bool
}

// sqlNames are types as SQL has them.
var sqlNames = map[string]string{
	"int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision", "bool": "boolean", "bpchar": "char",
}

func (t typeName) String() string {
	s := cmp.Or(sqlNames[t.name], t.name)
	if len(t.mods) > 0 {
		var list []string
		for _, m := range t.mods {
			list = append(list, strconv.Itoa(m))
		}
		s += "(" + strings.Join(list, ",") + ")"
	}
	if t.array {
		s += "[]"
	}
	return s
}

func readType(t tree) typeName {
	names := t.names("names")
	if len(names) > 1 && names[0] == "pg_catalog" {
		names = names[1:]
	}
	typ := typeName{name: strings.Join(names, "."), array: len(t.list("arrayBounds")) > 0}
	for _, mod := range t.nodes("typmods", "A_Const") {
		if _, isInt := mod["ival"]; isInt {
			typ.mods = append(typ.mods, mod.sub("ival").num("ival"))
		}
	}
	return typ
}

// nameKey is how a relation is found: without a schema it is taken for one in public.
func nameKey(schema, name string) string {
	if schema == "" {
		schema = "public"
	}
	return schema + "." + name
}

func rangeKey(rangeVar tree) string {
	return nameKey(rangeVar.str("schemaname"), rangeVar.str("relname"))
}

// display writes a RangeVar as SQL would.
func display(rangeVar tree) string {
	return qualified(rangeVar.str("schemaname"), rangeVar.str("relname"))
}

// qualified joins the parts of a name, without public.
func qualified(parts ...string) string {
	if len(parts) > 1 && parts[0] == "public" {
		parts = parts[1:]
	}
	var list []string
	for _, p := range parts {
		if p != "" {
			list = append(list, quoteIdent(p))
		}
	}
	return strings.Join(list, ".")
}

// quoteIdent quotes a name where PostgreSQL would not read it as it is.
func quoteIdent(name string) string {
	plain := name != "" && !reserved[name]
	for i, r := range name {
		if (r < 'a' || r > 'z') && r != '_' && (i == 0 || r < '0' || r > '9') {
			plain = false
		}
	}
	if plain {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// fresh tells whether the present run made the relation, so that nobody uses it yet and it holds what the run put there.
func (m *model) fresh(key string) bool {
	r := m.relations[key]
	return r != nil && r.run == m.run
}

func (m *model) table(rangeVar tree) *relation { return m.relations[rangeKey(rangeVar)] }

func (r *relation) column(name string) *column {
	if r == nil {
		return nil
	}
	for _, c := range r.columns {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (r *relation) constraint(name string) *constraint {
	if r == nil || name == "" {
		return nil
	}
	for _, c := range r.constraints {
		if c.name == name {
			return c
		}
	}
	return nil
}

// provesNotNull tells whether a validated CHECK (column IS NOT NULL), alone or beside others, spares SET NOT NULL its scan. The constraints
// in except do not count.
func (r *relation) provesNotNull(column string, except map[string]bool) bool {
	return r != nil && slices.ContainsFunc(r.constraints, func(c *constraint) bool {
		return !except[c.name] && c.valid && c.kind == "CONSTR_CHECK" && impliesNotNull(c.expr, column)
	})
}

func impliesNotNull(expr tree, column string) bool {
	switch kind, t := open(map[string]any(expr)); kind {
	case "NullTest":
		name, ok := columnRef(t["arg"])
		return t.str("nulltesttype") == "IS_NOT_NULL" && ok && name == column
	case "BoolExpr":
		return t.str("boolop") == "AND_EXPR" && slices.ContainsFunc(t.list("args"), func(arg tree) bool { return impliesNotNull(arg, column) })
	}
	return false
}

// columnRef is the column that a node names, if it is nothing else.
func columnRef(node any) (name string, ok bool) {
	kind, t := open(node)
	names := t.names("fields")
	if kind != "ColumnRef" || len(names) == 0 {
		return "", false
	}
	return names[len(names)-1], true
}

// referencing are the tables, others than the one at key, whose foreign keys lead to it.
func (m *model) referencing(key string) (list []*relation) {
	for r := range m.linked(key) {
		if r.key != key && slices.ContainsFunc(r.constraints, func(c *constraint) bool { return c.refTable == key }) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *relation) int { return strings.Compare(a.name, b.name) })
	return list
}

// inSchema are the relations of a schema, by name.
func (m *model) inSchema(schema string) (list []*relation) {
	for key, r := range m.relations {
		if strings.HasPrefix(key, schema+".") {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *relation) int { return strings.Compare(a.name, b.name) })
	return list
}

// link says that r is about the relation at key: nothing else is asked what has become of that.
func (m *model) link(key string, r *relation) {
	if m.links[key] == nil {
		m.links[key] = map[*relation]bool{}
	}
	m.links[key][r] = true
}

// linked are those that still exist. Whether they are still about the relation they have to be asked themselves.
func (m *model) linked(key string) iter.Seq[*relation] {
	return func(yield func(*relation) bool) {
		for r := range m.links[key] {
			if m.relations[r.key] == r && !yield(r) {
				return
			}
		}
	}
}

// indexesOn are the indexes of a table.
func (m *model) indexesOn(key string) (list []*relation) {
	for r := range m.linked(key) {
		if r.index != nil && r.index.table == key {
			list = append(list, r)
		}
	}
	return list
}

// indexed is the table of an index, by CREATE INDEX or of a key; nil if it is not known.
func (m *model) indexed(index tree) *relation {
	if r := m.table(index); r != nil {
		if r.index == nil {
			return nil
		}
		return m.relations[r.index.table]
	}
	for _, r := range m.inSchema(cmp.Or(index.str("schemaname"), "public")) {
		if c := r.constraint(index.str("relname")); c != nil && slices.Contains([]string{"CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_EXCLUSION"}, c.kind) {
			return r
		}
	}
	return nil
}

// leadingIndex tells whether a whole index or key of the table begins with the columns, in any order.
func (m *model) leadingIndex(key string, columns []string) bool {
	begins := func(have []string) bool {
		if len(have) < len(columns) {
			return false
		}
		for _, c := range have[:len(columns)] {
			if !slices.Contains(columns, c) {
				return false
			}
		}
		return true
	}
	for _, i := range m.indexesOn(key) {
		if !i.index.partial && begins(i.index.columns) {
			return true
		}
	}
	table := m.relations[key]
	return table != nil && slices.ContainsFunc(table.constraints, func(c *constraint) bool {
		return (c.kind == "CONSTR_PRIMARY" || c.kind == "CONSTR_UNIQUE") && begins(c.columns)
	})
}
