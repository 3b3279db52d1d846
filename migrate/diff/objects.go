package diff

import (
	"maps"
	"slices"
	"strings"
)

// The kinds of objects that files in the schema folder's sql folder make. The order is that in which they are made where nothing
// stands on anything; they are dropped the other way round.
const (
	kindSchema    = "schema"
	kindExtension = "extension"
	kindFunction  = "function" // window functions too
	kindProcedure = "procedure"
	kindView      = "view"
	kindMatView   = "materialized view"
	kindIndex     = "index" // of a materialized view
	kindRule      = "rule"
	kindTrigger   = "trigger"
	kindPolicy    = "policy"
	kindSecurity  = "row security" // ENABLE ROW LEVEL SECURITY
	kindForced    = "forced row security"
)

var objectKinds = []string{
	kindSchema, kindExtension, kindFunction, kindProcedure, kindView, kindMatView, kindIndex, kindRule, kindTrigger, kindPolicy, kindSecurity, kindForced,
}

// What objects stand on, and what of a table stands on objects.
const (
	kindTable      = "table"
	kindColumn     = "column"
	kindDefault    = "default" // of a column, or what generates it
	kindConstraint = "constraint"
	kindEnum       = "enum"
	kindPrivileges = "privileges" // of an object, in Input.Managed only
)

// node is the identity of an object, or of a thing that objects stand on or that stands on them.
type node struct {
	Kind   string
	Schema string // "" for the first schema of the search_path, and for what lives outside schemas
	Table  string // what triggers, columns and the like belong to; else ""
	Name   string // unquoted; of a routine as SQL writes it, with the types of its arguments
}

// String reads "view cheap", "trigger items.note", "function api.f(integer)": as a file's plinth:objects says it, on one line and with one
// blank for several.
func (n node) String() string {
	if n.Kind == kindPrivileges {
		return n.Kind + " on " + n.Name
	}
	name := n.Name
	if !n.isRoutine() {
		name = plain(n.Name)
	}
	if n.Table != "" && n.Table != n.Name {
		name = plain(n.Table) + "." + name
	}
	if n.Schema != "" {
		name = plain(n.Schema) + "." + name
	}
	return n.Kind + " " + strings.Join(strings.Fields(name), " ")
}

func (n node) isRoutine() bool { return n.Kind == kindFunction || n.Kind == kindProcedure }

// sql is the object's name in a statement.
func (n node) sql() string {
	if n.isRoutine() {
		return qualified(n.Schema, n.Name)
	}
	return qualified(n.Schema, ident(n.Name))
}

// on is the name of the table that it belongs to.
func (n node) on() string { return qualified(n.Schema, ident(n.Table)) }

func qualified(schema, name string) string {
	if schema == "" {
		return name
	}
	return ident(schema) + "." + name
}

// target is how COMMENT ON and DROP call it.
func (n node) target() string {
	switch n.Kind {
	case kindTrigger, kindPolicy, kindRule:
		return strings.ToUpper(n.Kind) + " " + ident(n.Name) + " ON " + n.on()
	default:
		return strings.ToUpper(n.Kind) + " " + n.sql()
	}
}

// object is one as the server's catalogs describe it. Text is printed with the first schema of the search_path in sight.
type object struct {
	node
	Def       string   // of a view its query; of others the whole statement that creates it; "" for a policy
	Columns   []string // of a view, with their types
	Signature string   // what must stay for the object to be replaced in place: of a routine how it is called, of a policy its command
	Defaults  int      // arguments with one, which must not become fewer
	Options   string   // WITH (...) of a view; the schema of an extension, whose Signature is what CREATE says of it
	Roles     string   // of a policy, like the next two
	Using     string
	Check     string
	Enabled   string // pg_trigger.tgenabled, pg_rewrite.ev_enabled
	NoData    bool   // a materialized view that was not populated
	SQLBody   bool   // a routine of language sql whose body is a string, which the server checks when it is made
	Settles   bool   // its text is printed from a parse tree, and so may print differently when it is read back
	Version   string // of an extension
	Tables    bool   // an extension that holds tables, and so rows
	Owner     string // if another role than the one that reads

	at       address
	comments map[string]string // by what COMMENT ON calls the thing
	grants   map[grant]bool    // with the grant option?
	deps     map[node]bool     // what it stands on, itself left out

	byHand  bool // of a target: not the model's
	pinned  bool // of a model or target: its SQL names the version
	granted bool // of a target: the model says what is granted
}

// grant is one privilege of a role: "" is the owner, PUBLIC everybody.
type grant struct{ Role, Privilege string }

// objects are those of a database, and what of its tables stands on them.
type objects struct {
	all     map[node]*object
	uses    map[node]map[node]bool // column, default, constraint, index to the objects that it stands on
	initial map[string]map[grant]bool
}

func (o *objects) sorted() []node { return slices.SortedFunc(maps.Keys(o.all), compareNodes) }

func compareNodes(a, b node) int {
	if c := slices.Index(objectKinds, a.Kind) - slices.Index(objectKinds, b.Kind); c != 0 {
		return c
	}
	return strings.Compare(a.String(), b.String())
}

// given are the privileges that a new object has: PostgreSQL's, or what ALTER DEFAULT PRIVILEGES says.
func (o *objects) given(n node) map[grant]bool {
	class := aclClass(n.Kind)
	set := maps.Clone(o.initial[class])
	if set == nil {
		set = make(map[grant]bool)
	}
	maps.Copy(set, o.initial[class+" "+n.Schema])
	return set
}

// aclClass is the object's type in pg_default_acl; "" for what has no privileges.
func aclClass(kind string) string {
	switch kind {
	case kindView, kindMatView:
		return "r"
	case kindFunction, kindProcedure:
		return "f"
	case kindSchema:
		return "n"
	default:
		return ""
	}
}

// sameObject compares everything that a plan can change, privileges left out.
func sameObject(a, b *object) bool {
	return a.Def == b.Def && slices.Equal(a.Columns, b.Columns) && a.Signature == b.Signature && a.Options == b.Options && a.Roles == b.Roles &&
		a.Using == b.Using && a.Check == b.Check && a.Enabled == b.Enabled && a.NoData == b.NoData && (!b.pinned || a.Version == b.Version)
}
