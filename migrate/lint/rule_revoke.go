package lint

import (
	"slices"
	"strings"
)

var revoke = &Rule{
	Code: "BC110", Name: "revoke", Group: Incompatible, Severity: Warning,
	Summary: "REVOKE takes a privilege from code that may be using it.",
	Why: "The next statement of a role that needed it fails. What the file grants to the role too, before or after, is no finding, and neither is an object or a role that the same deployment made: " +
		"`REVOKE ALL ... FROM PUBLIC` right after CREATE is how privileges should begin. Privileges of objects to come (ALTER DEFAULT PRIVILEGES), the right to grant, and REVOKE CREATE ON SCHEMA ... FROM PUBLIC are passed over.",
	Fix: "Deploy code that runs without it, or as another role, first.",
	check: func(p *pass) {
		switch {
		case p.kind == "GrantRoleStmt" && !p.tree.flag("is_grant") && len(p.tree.nodes("opt", "DefElem")) == 0:
			for _, member := range p.tree.nodes("grantee_roles", "RoleSpec") {
				if !p.isNew(aRole, member.str("rolename")) && !p.grants("GrantRoleStmt", "granted_roles", "grantee_roles", member) {
					p.report(0, "", "", "Code that runs as "+roleName(member)+" fails where it needs what it had as a member of "+p.privileges("granted_roles")+".", "Deploy code that runs without it, or as another role, first.")
				}
			}
		case p.kind == "GrantStmt" && !p.tree.flag("is_grant") && !p.tree.flag("grant_option"):
			on := p.revokedFrom()
			if len(on) == 0 || p.hardens() {
				return
			}
			for _, role := range p.tree.nodes("grantees", "RoleSpec") {
				if !p.isNew(aRole, role.str("rolename")) && !p.grants("GrantStmt", "privileges", "grantees", role) {
					p.report(0, on[0], "", "Code that runs as "+roleName(role)+" fails where it needs "+p.privileges("privileges")+" on "+strings.Join(on, ", ")+".", "Deploy code that runs without it, or as another role, first.")
				}
			}
		}
	},
}

// hardens tells whether the statement is what the manual asks for a schema (Schemas, Usage Patterns), and is so by itself since PostgreSQL 15.
func (p *pass) hardens() bool {
	roles := p.tree.nodes("grantees", "RoleSpec")
	return p.tree.str("objtype") == "OBJECT_SCHEMA" && p.tree.str("targtype") == "ACL_TARGET_OBJECT" && strings.EqualFold(p.privileges("privileges"), "create") &&
		len(roles) == 1 && roles[0].str("roletype") == "ROLESPEC_PUBLIC"
}

func roleName(role tree) string {
	switch role.str("roletype") {
	case "ROLESPEC_PUBLIC":
		return "any role"
	case "ROLESPEC_CSTRING":
		return quoteIdent(role.str("rolename"))
	}
	return "the role that applies the file"
}

// privileges are those in field in words.
func (p *pass) privileges(field string) string {
	var list []string
	for _, one := range p.tree.nodes(field, "AccessPriv") {
		name := quoteIdent(one.str("priv_name")) // a role
		if field == "privileges" {
			name = strings.ToUpper(one.str("priv_name"))
		}
		list = append(list, name)
	}
	if list == nil {
		return "any privilege"
	}
	return strings.Join(list, ", ")
}

// revokedFrom are the objects that the statement is about and that were there before the deployment.
func (p *pass) revokedFrom() (names []string) {
	if p.tree.str("targtype") != "ACL_TARGET_OBJECT" { // all in a schema
		for _, schema := range p.tree.names("objects") {
			if run, known := p.schemas[schema]; !known || run != p.run {
				names = append(names, "what is in "+quoteIdent(schema))
			}
		}
		return names
	}
	for _, o := range p.tree.list("objects") {
		switch kind, object := open(map[string]any(o)); kind {
		case "RangeVar":
			if !p.fresh(rangeKey(object)) {
				names = append(names, display(object))
			}
		case "ObjectWithArgs":
			if key := typeKey(object.names("objname")); !p.isNew(aFunction, key) {
				names = append(names, qualified(object.names("objname")...))
			}
		case "List":
			if typ := p.types[typeKey(object.names("items"))]; typ == nil || typ.run != p.run {
				names = append(names, qualified(object.names("items")...))
			}
		case "String":
			if run, known := p.schemas[object.str("sval")]; p.tree.str("objtype") != "OBJECT_SCHEMA" || !known || run != p.run {
				names = append(names, quoteIdent(object.str("sval")))
			}
		}
	}
	return names
}

// grants tells whether the file grants all that this statement takes from the role, on the same objects, before or after it. The fields are
// those of the statements of that kind.
func (p *pass) grants(kind, privileges, roles string, role tree) bool {
	taken := p.tree.nodes(privileges, "AccessPriv")
	covers := func(s *statement) bool {
		given := s.tree.nodes(privileges, "AccessPriv")
		if !s.tree.flag("is_grant") || s.tree.str("objtype") != p.tree.str("objtype") || !sameNodes(s.tree["objects"], p.tree["objects"]) || len(taken) == 0 && len(given) > 0 ||
			!slices.ContainsFunc(s.tree.nodes(roles, "RoleSpec"), func(to tree) bool { return sameRole(to, role) }) {
			return false
		}
		return len(given) == 0 || !slices.ContainsFunc(taken, func(one tree) bool {
			return !slices.ContainsFunc(given, func(g tree) bool {
				return g.str("priv_name") == one.str("priv_name") && (g["cols"] == nil || sameNodes(g["cols"], one["cols"]))
			})
		})
	}
	return p.later("", covers, kind) || p.earlier("", covers, kind)
}
