package lint

import (
	"slices"
	"strings"
)

var revoke = &Rule{
	Code: "BC110", Name: "revoke", Group: Incompatible, Severity: Warning,
	Summary: "REVOKE takes a privilege from code that may be using it.",
	Why: "The next statement of a role that needed it fails. What the file grants to the role too, before or after, is no finding, and neither is an object or a role that the same deployment made: " +
		"`REVOKE ALL ... FROM PUBLIC` right after CREATE is how privileges should begin. Privileges of objects to come (ALTER DEFAULT PRIVILEGES), the right to grant, REVOKE CREATE ON SCHEMA ... FROM PUBLIC, and what PUBLIC never had of a table, a sequence or a schema are passed over.",
	Fix: "Deploy code that runs without it, or as another role, first.",
	check: func(p *pass) {
		switch {
		case p.kind == "GrantRoleStmt" && !p.tree.flag("is_grant") && len(p.tree.nodes("opt", "DefElem")) == 0:
			for _, member := range p.tree.nodes("grantee_roles", "RoleSpec") {
				if !p.isNew(aRole, member.str("rolename")) && !p.joinsAgain(member) {
					p.report(0, "", "", "Code that runs as "+roleName(member)+" fails where it needs what it had as a member of "+p.privileges("granted_roles")+".", "Deploy code that runs without it, or as another role, first.")
				}
			}
		case p.kind == "GrantStmt" && !p.tree.flag("is_grant") && !p.tree.flag("grant_option") && !p.hardens():
			for _, role := range p.tree.nodes("grantees", "RoleSpec") {
				p.revokes(role)
			}
		}
	},
}

// revokes reports what the role loses.
func (p *pass) revokes(role tree) {
	if p.isNew(aRole, role.str("rolename")) {
		return
	}
	var on, back []string
	for _, o := range p.grantObjects(p.tree) {
		if o.fresh || p.publicHadNothing(role, o) {
			continue
		}
		given, all := p.grantsBack(role, o)
		if !all && !coversPrivileges(given, p.tree.nodes("privileges", "AccessPriv")) {
			on = append(on, o.name)
			back = append(back, namesOfPrivileges(given)...)
		}
	}
	if len(on) == 0 {
		return
	}
	what := p.privileges("privileges")
	slices.Sort(back)
	if back = slices.Compact(back); len(back) > 0 && p.tree["privileges"] == nil {
		what = "a privilege other than " + strings.Join(back, ", ")
	}
	p.report(0, on[0], "", "Code that runs as "+roleName(role)+" fails where it needs "+what+" on "+strings.Join(on, ", ")+".", "Deploy code that runs without it, or as another role, first.")
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
	list := namesOfPrivileges(p.tree.nodes(field, "AccessPriv"))
	if field == "granted_roles" {
		for i, one := range p.tree.nodes(field, "AccessPriv") {
			list[i] = quoteIdent(one.str("priv_name"))
		}
	}
	if list == nil {
		return "any privilege"
	}
	return strings.Join(list, ", ")
}
