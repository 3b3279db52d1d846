package lint

import "slices"

var dropTrigger = &Rule{
	Code: "BC108", Name: "drop-trigger", Group: Incompatible, Severity: Warning,
	Summary: "What a dropped trigger or rule did for running code is not done any more.",
	Why:     "Columns that it filled stay as they are, checks that it made are not made, and nothing fails to say so. One that is made again in the same file, one that the same deployment made, and one whose table goes too is no finding.",
	Fix:     "Deploy code that does it first, or make the new one in the same file.",
	check: func(p *pass) {
		if !p.drops("OBJECT_TRIGGER", "OBJECT_RULE") {
			return
		}
		kind, made, field := aTrigger, "CreateTrigStmt", "trigname"
		if p.drops("OBJECT_RULE") {
			kind, made, field = aRule, "RuleStmt", "rulename"
		}
		for _, names := range droppedNames(p.tree) {
			last := len(names) - 1
			if last < 1 || kind == aTrigger && p.absent(p.knowsOn(names, kind)) || kind == aRule && p.absentStatic(p.knowsOn(names, kind)) || p.sparedOn(partsKey(names[:last]), names[last], kind) || p.madeAgain(partsKey(names[:last]), made, field, names[last]) {
				continue
			}
			table := qualified(names[:last]...)
			f := p.report(p.place(names[last]), table, "", "What the "+kind+" "+quoteIdent(names[last])+" did on "+table+" is not done any more: code that relies on it goes on without.", "Deploy code that does not rely on it first; if another takes its place, make it in the same file under the same name.")
			f.Lock, f.Rewrite = accessExclusive.String(), new(false)
		}
	},
}

// sparedOn tells whether nobody can miss what is dropped from a table: it or the table is as new as the deployment, or the table goes too.
func (p *pass) sparedOn(table, name string, kinds ...string) bool {
	return p.fresh(table) || slices.ContainsFunc(kinds, func(kind string) bool { return p.isNew(kind, onTable(table, name)) }) ||
		p.later("", func(s *statement) bool {
			return slices.Contains([]string{"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_FOREIGN_TABLE"}, s.tree.str("removeType")) &&
				slices.ContainsFunc(droppedNames(s.tree), func(names []string) bool { return partsKey(names) == table })
		}, "DropStmt")
}

// knowsOn tells whether the model has something of that name, with its table before it, of one of the kinds.
func (p *pass) knowsOn(names []string, kinds ...string) bool {
	last := len(names) - 1
	return slices.ContainsFunc(kinds, func(kind string) bool { return p.knows(kind, onTable(partsKey(names[:last]), names[last])) })
}

// madeAgain tells whether the file makes something of that name on the table later, in a statement of that kind that has the name in field.
func (p *pass) madeAgain(table, kind, field, name string) bool {
	return p.later(table, func(s *statement) bool { return s.tree.str(field) == name }, kind)
}
