package diff

import (
	"maps"
	"slices"
	"strings"
)

// state is the part of a database that the model can own: one schema's tables and enum types, each definition as the server prints
// it with that schema in the search_path, so that it is complete, unqualified and comparable between databases.
type state struct {
	tables  map[string]*table
	enums   map[string]*enum
	casts   map[cast]byte // pg_cast.castcontext
	objects *objects
	managed map[string]bool // of the model: objects that files of a diff made, as Input.Managed lists them
}

type cast struct{ from, to string }

type table struct {
	name        string
	partitioned bool // PARTITION BY
	child       bool // a partition, or inherits
	comment     string
	columns     []column // in their physical order
	constraints map[string]constraint
	indexes     map[string]index
	earlier     *table // where the downs lead in the end, if not here: columns that come back get values that fit there
}

type column struct {
	name      string
	typ       string // with length and precision
	base      string // without them
	category  string // pg_type.typcategory
	enum      string // the enum type of this schema that the column, or its elements, have; else ""
	array     bool
	notNull   bool
	def       string   // the default's expression; "" for none and for serial and generated columns
	defLater  bool     // the default comes after the column, for rows to come
	generated string   // the expression of a GENERATED ALWAYS AS ... STORED column
	uses      []string // the columns that the expression or the default mentions
	enums     []string // the enum types that it mentions
	identity  string   // "ALWAYS", "BY DEFAULT" or ""
	sequence  string   // options of the identity's sequence that differ from the type's, as SQL
	serial    string   // "serial", "bigserial", "smallserial" for a column that owns the sequence of its default
	collation string   // as SQL; "" for that of the type
	comment   string
}

type constraint struct {
	oid     int64
	name    string
	kind    byte   // pg_constraint.contype: p, u, f, c, x
	def     string // pg_get_constraintdef
	columns []string
	enums   []string // enum types that the definition mentions
	refs    string   // foreign key: the referenced table
	refCols []string
	refKey  string // foreign key: the constraint or index of refs that makes the columns unique
	comment string
	child   bool // follows from a parent table
}

type index struct {
	oid       int64
	name      string
	unique    bool
	def       string // what follows the table's name in pg_get_indexdef
	columns   []string
	enums     []string
	computed  bool // has an expression or a predicate, which PostgreSQL does not always carry over a change of type
	byHand    bool // of a kind that Ent cannot say
	comment   string
	child     bool
	partialOn bool // ON ONLY: the index of a partitioned table that is not complete
}

type enum struct {
	name    string
	labels  []string
	comment string
	byHand  bool // something stands on it that migrations make by hand: a function, a domain, a table elsewhere
	outside bool // the same, but for what is among state.objects
}

func (s *state) tableNames() []string { return slices.Sorted(maps.Keys(s.tables)) }
func (s *state) enumNames() []string  { return slices.Sorted(maps.Keys(s.enums)) }

func (t *table) column(name string) (column, bool) {
	i := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
	if i < 0 {
		return column{}, false
	}
	return t.columns[i], true
}

// usesEnum tells whether a column of the state has the type.
func (s *state) usesEnum(name string) bool {
	for _, t := range s.tables {
		if slices.ContainsFunc(t.columns, func(c column) bool { return c.enum == name }) {
			return true
		}
	}
	return false
}

// with is the state with another version of one table, which edit may change; nothing else is copied.
func (s *state) with(name string, edit func(*table)) *state {
	t := *s.tables[name]
	t.columns, t.constraints, t.indexes = slices.Clone(t.columns), maps.Clone(t.constraints), maps.Clone(t.indexes)
	edit(&t)
	c := *s
	c.tables = maps.Clone(s.tables)
	c.tables[name] = &t
	return &c
}

// withLabels is the state with other enum labels; nothing else is copied.
func (s *state) withLabels(labels map[string][]string) *state {
	c := *s
	c.enums = maps.Clone(s.enums)
	for name, l := range labels {
		e := *s.enums[name]
		e.labels = l
		c.enums[name] = &e
	}
	return &c
}

const (
	notValid   = " NOT VALID"
	deferrable = " DEFERRABLE"

	initiallyDeferred = " INITIALLY DEFERRED"
)

// sayable is the part of a constraint's definition that Ent can say.
func sayable(def string) string {
	def = strings.TrimSuffix(def, notValid)
	def = strings.TrimSuffix(def, initiallyDeferred)
	return strings.TrimSuffix(def, deferrable)
}

func trimNotValid(def string) string { return strings.TrimSuffix(def, notValid) }
