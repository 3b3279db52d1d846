package lint

import (
	"cmp"
	"slices"
	"strings"
)

// grantObject is what a GRANT or REVOKE is about: an object, or all of a kind in a schema.
type grantObject struct {
	key    string // with its kind
	schema string // the key of all of its kind in its schema; of such a one, its key
	name   string
	bare   string // the last part of its name, "" for all of a kind
	fresh  bool   // the present deployment made it
}

// grantObjects are those that the statement names.
func (m *model) grantObjects(t tree) (list []grantObject) {
	kind := t.str("objtype") + " "
	bare := ""
	add := func(key, schema, name string, fresh bool) {
		list = append(list, grantObject{kind + key, kind + "in " + cmp.Or(schema, "public"), name, bare, fresh})
	}
	if t.str("targtype") == "ACL_TARGET_ALL_IN_SCHEMA" {
		for _, schema := range t.names("objects") {
			run, known := m.schemas[schema]
			add("in "+schema, schema, "what is in "+quoteIdent(schema), known && run == m.run)
		}
		return list
	}
	for _, o := range t.list("objects") {
		bare = bareName(o)
		switch of, object := open(map[string]any(o)); of {
		case "RangeVar":
			add(rangeKey(object), object.str("schemaname"), display(object), m.fresh(rangeKey(object)))
		case "ObjectWithArgs":
			names := object.names("objname")
			var args []string
			for _, arg := range object.nodes("objargs", "TypeName") {
				args = append(args, readType(arg).String())
			}
			add(typeKey(names)+"("+strings.Join(args, ",")+")", schemaIn(names), qualified(names...), m.isNew(aFunction, typeKey(names)))
		case "List":
			names := object.names("items")
			typ := m.types[typeKey(names)]
			add(typeKey(names), schemaIn(names), qualified(names...), typ != nil && typ.run == m.run)
		case "String":
			name := object.str("sval")
			run, known := m.schemas[name]
			add(name, name, quoteIdent(name), t.str("objtype") == "OBJECT_SCHEMA" && known && run == m.run)
		}
	}
	return list
}

// schemaIn is the schema of a name in its parts, "" for none.
func schemaIn(names []string) string {
	if len(names) < 2 {
		return ""
	}
	return names[len(names)-2]
}

// coveredBy tells whether a statement about other is one about o.
func (o grantObject) coveredBy(other grantObject) bool {
	return o.key == other.key || o.schema == other.key
}

// toCome is what the key of all objects of a kind to come ends with (ALTER DEFAULT PRIVILEGES).
const toCome = "to come"

// applyGrant notes what PUBLIC is given.
func (m *model) applyGrant(t tree) {
	if !t.flag("is_grant") || !slices.ContainsFunc(t.nodes("grantees", "RoleSpec"), isPublic) {
		return
	}
	if t.str("targtype") == "ACL_TARGET_DEFAULTS" {
		m.public = append(m.public, grantObject{key: t.str("objtype") + " " + toCome})
	}
	m.public = append(m.public, m.grantObjects(t)...)
}

// roleKey tells roles apart.
func roleKey(role tree) string { return role.str("roletype") + " " + role.str("rolename") }

func sameRole(a, b tree) bool { return roleKey(a) == roleKey(b) }

func isPublic(role tree) bool { return role.str("roletype") == "ROLESPEC_PUBLIC" }

// publicHadNothing tells whether the role is PUBLIC and no file gave it anything of a table, a sequence or a schema that the files made:
// functions, types and the schema public begin with privileges for all (manual, Privileges), these do not.
func (m *model) publicHadNothing(role tree, o grantObject) bool {
	kind, name, _ := strings.Cut(o.key, " ")
	made := false
	switch kind {
	case "OBJECT_TABLE", "OBJECT_SEQUENCE":
		made = m.relations[name] != nil || o.key == o.schema && len(m.relations) > 0
	case "OBJECT_SCHEMA":
		_, made = m.schemas[name]
	}
	return made && isPublic(role) && !slices.ContainsFunc(m.public, func(g grantObject) bool {
		return o.coveredBy(g) || g.coveredBy(o) || g.key == kind+" "+toCome
	})
}

// grantsBack is what other statements of the file, before or after, grant to the role on the object.
func (p *pass) grantsBack(role tree, o grantObject) (given []tree, all bool) {
	to := roleKey(role)
	for _, s := range slices.Concat(p.file.grants(to, o.bare), p.file.grants(to, "")) {
		if slices.ContainsFunc(p.grantObjects(s.tree), o.coveredBy) {
			list := s.tree.nodes("privileges", "AccessPriv")
			given, all = append(given, list...), all || len(list) == 0
		}
	}
	return given, all
}

// grantTo is what the grants of a file are found by: in large dumps there are thousands. Names are without their schemas, which the file's
// search_path says while it is gone through.
type grantTo struct{ role, bare string }

// grants are the file's that give the role something on an object whose name ends so, or, for "", on all of a kind.
func (f *file) grants(role, bare string) []*statement {
	if f.grantsTo == nil {
		f.grantsTo = map[grantTo][]*statement{}
		for _, s := range f.all[subject{kind: "GrantStmt"}] {
			if !s.tree.flag("is_grant") {
				continue
			}
			for _, role := range s.tree.nodes("grantees", "RoleSpec") {
				for _, name := range slices.Compact(slices.Sorted(slices.Values(bareNames(s.tree)))) {
					to := grantTo{roleKey(role), name}
					f.grantsTo[to] = append(f.grantsTo[to], s)
				}
			}
		}
	}
	return f.grantsTo[grantTo{role, bare}]
}

// bareNames are the last parts of the names of what a GRANT or REVOKE is about; "" for all of a kind.
func bareNames(t tree) []string {
	if t.str("targtype") == "ACL_TARGET_ALL_IN_SCHEMA" {
		return []string{""}
	}
	var list []string
	for _, o := range t.list("objects") {
		list = append(list, bareName(o))
	}
	return list
}

func bareName(object tree) string {
	last := func(names []string) string {
		if len(names) == 0 {
			return ""
		}
		return names[len(names)-1]
	}
	switch of, inner := open(map[string]any(object)); of {
	case "RangeVar":
		return inner.str("relname")
	case "ObjectWithArgs":
		return last(inner.names("objname"))
	case "List":
		return last(inner.names("items"))
	default:
		return inner.str("sval")
	}
}

// coversPrivileges tells whether all that is taken is given.
func coversPrivileges(given, taken []tree) bool {
	return len(taken) > 0 && !slices.ContainsFunc(taken, func(one tree) bool {
		return !slices.ContainsFunc(given, func(g tree) bool {
			return g.str("priv_name") == one.str("priv_name") && (g["cols"] == nil || sameNodes(g["cols"], one["cols"]))
		})
	})
}

// namesOfPrivileges are the privileges in words.
func namesOfPrivileges(list []tree) (names []string) {
	for _, one := range list {
		names = append(names, strings.ToUpper(one.str("priv_name")))
	}
	return names
}

// joinsAgain tells whether the file makes the role a member, before or after, of all that it leaves.
func (p *pass) joinsAgain(member tree) bool {
	var given []tree
	for _, s := range p.file.all[subject{kind: "GrantRoleStmt"}] {
		if s.tree.flag("is_grant") && slices.ContainsFunc(s.tree.nodes("grantee_roles", "RoleSpec"), func(to tree) bool { return sameRole(to, member) }) {
			given = append(given, s.tree.nodes("granted_roles", "AccessPriv")...)
		}
	}
	return coversPrivileges(given, p.tree.nodes("granted_roles", "AccessPriv"))
}
