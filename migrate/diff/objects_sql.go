package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// create is the statement that makes the object; "" for what only other things bring along.
func (o *object) create() string {
	switch o.Kind {
	case kindSchema:
		return "CREATE SCHEMA " + ident(o.Name)
	case kindExtension:
		return "CREATE EXTENSION " + ident(o.Name) + o.extensionOptions()
	case kindView:
		return "CREATE VIEW " + o.sql() + o.with() + " AS\n" + o.Def
	case kindMatView:
		return "CREATE MATERIALIZED VIEW " + o.sql() + o.with() + " AS\n" + o.Def + o.data()
	case kindFunction, kindProcedure:
		return strings.Replace(o.Def, "CREATE OR REPLACE ", "CREATE ", 1)
	case kindPolicy:
		return "CREATE POLICY " + ident(o.Name) + " ON " + o.on() + " " + o.Signature + " TO " + o.Roles + o.expressions()
	case kindSecurity:
		return "ALTER TABLE " + o.on() + " ENABLE ROW LEVEL SECURITY"
	case kindForced:
		return "ALTER TABLE " + o.on() + " FORCE ROW LEVEL SECURITY"
	default:
		return o.Def
	}
}

func (o *object) with() string {
	if o.Options == "" {
		return ""
	}
	return " WITH (" + o.Options + ")"
}

func (o *object) data() string {
	if o.NoData {
		return "\nWITH NO DATA"
	}
	return ""
}

// unread warns of a materialized view without data.
func (o *object) unread() string {
	if o.NoData {
		return "; it cannot be read until REFRESH MATERIALIZED VIEW"
	}
	return ""
}

func (o *object) extensionOptions() (sql string) {
	if o.Signature != "" {
		sql = " SCHEMA " + ident(o.Signature)
	}
	if o.pinned {
		sql += " VERSION " + literal(o.Version)
	}
	return sql
}

func (o *object) expressions() (sql string) {
	if o.Using != "" {
		sql += " USING (" + o.Using + ")"
	}
	if o.Check != "" {
		sql += " WITH CHECK (" + o.Check + ")"
	}
	return sql
}

func (n node) drop() string {
	switch n.Kind {
	case kindSecurity:
		return "ALTER TABLE " + n.on() + " DISABLE ROW LEVEL SECURITY"
	case kindForced:
		return "ALTER TABLE " + n.on() + " NO FORCE ROW LEVEL SECURITY"
	default:
		return "DROP " + n.target()
	}
}

// replaceable tells whether PostgreSQL can make have to want without a drop.
func replaceable(have, want *object) bool {
	switch want.Kind {
	case kindView: // more columns at the end
		return len(have.Columns) <= len(want.Columns) && slices.Equal(have.Columns, want.Columns[:len(have.Columns)])
	case kindFunction, kindProcedure:
		return have.Signature == want.Signature && have.Defaults <= want.Defaults
	case kindMatView: // only its data
		return have.NoData != want.NoData && have.Def == want.Def && have.Options == want.Options && slices.Equal(have.Columns, want.Columns)
	case kindTrigger:
		return have.Def == want.Def || have.Signature == "" && want.Signature == ""
	case kindPolicy:
		return have.Signature == want.Signature && (have.Using == "" || want.Using != "") && (have.Check == "" || want.Check != "")
	case kindRule, kindExtension:
		return true
	default:
		return false
	}
}

// replace are the statements that do it.
func replace(have, want *object) (sql []string) {
	switch want.Kind {
	case kindView:
		return []string{"CREATE OR REPLACE VIEW " + want.sql() + want.with() + " AS\n" + want.Def}
	case kindFunction, kindProcedure:
		return []string{want.Def}
	case kindMatView:
		return []string{"REFRESH MATERIALIZED VIEW " + want.sql() + want.data()}
	case kindTrigger, kindRule:
		if have.Def == want.Def && have.Enabled != want.Enabled {
			return nil // its state is a remark
		}
		return []string{strings.Replace(want.Def, "CREATE ", "CREATE OR REPLACE ", 1)}
	case kindPolicy:
		return []string{"ALTER POLICY " + ident(want.Name) + " ON " + want.on() + " TO " + want.Roles + want.expressions()}
	case kindExtension:
		if have.Signature != want.Signature {
			sql = append(sql, "ALTER EXTENSION "+ident(want.Name)+" SET SCHEMA "+ident(want.Options))
		}
		if want.pinned && have.Version != want.Version {
			sql = append(sql, "ALTER EXTENSION "+ident(want.Name)+" UPDATE TO "+literal(want.Version))
		}
	}
	return sql
}

// grantsFrom leads from some privileges on the object to those that it should have.
func (o *object) grantsFrom(have map[grant]bool) (sql []string) {
	on := map[string]string{kindView: "TABLE", kindMatView: "TABLE", kindFunction: "FUNCTION", kindProcedure: "PROCEDURE", kindSchema: "SCHEMA"}[o.Kind]
	if on == "" {
		return nil
	}
	byRole := func(verb string, set map[grant]bool, wanted func(g grant, option bool) bool, format string) {
		roles := make(map[string][]string)
		for g, option := range set {
			if wanted(g, option) {
				roles[g.Role] = append(roles[g.Role], g.Privilege)
			}
		}
		for _, role := range slices.Sorted(maps.Keys(roles)) {
			slices.Sort(roles[role])
			name := role
			switch {
			case role == "" && o.Owner != "":
				name = ident(o.Owner)
			case role == "":
				name = "CURRENT_USER"
			}
			sql = append(sql, fmt.Sprintf(format, verb, list(roles[role]), on, o.sql(), name))
		}
	}
	byRole("REVOKE", have, func(g grant, option bool) bool {
		now, stays := o.grants[g]
		return !stays || option && !now
	}, "%s %s ON %s %s FROM %s")
	for _, option := range []bool{false, true} {
		format := "%s %s ON %s %s TO %s"
		if option {
			format += " WITH GRANT OPTION"
		}
		byRole("GRANT", o.grants, func(g grant, with bool) bool {
			was, there := have[g]
			return with == option && (!there || was != with)
		}, format)
	}
	return sql
}
