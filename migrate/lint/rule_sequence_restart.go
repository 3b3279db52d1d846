package lint

import (
	"slices"
	"strings"
)

var sequenceRestart = &Rule{
	Code: "DD107", Name: "sequence-restart", Group: DataDependent, Severity: Warning,
	Summary: "A sequence that begins anew, or at a number that the file names, gives numbers that rows may have already.",
	Why: "Inserts then fail on duplicate keys, one by one, until the sequence is past the last row; without a unique index two rows get one number. " +
		"ALTER SEQUENCE and ALTER COLUMN ... RESTART also keep nextval waiting until the file has ended. A number that a query finds is no finding; neither is a sequence or a table that the same deployment made, or that the file has emptied before.",
	Fix: "`SELECT setval('s', (SELECT max(id) FROM t))`",
	check: func(p *pass) {
		switch p.kind {
		case "AlterSeqStmt":
			name := p.tree.sub("sequence")
			r, _ := p.numbered(rangeKey(name))
			if none := r == nil && p.absentStatic(p.table(name) != nil); hasOption(p.tree, "restart") && !none {
				p.restarts(0, rangeKey(name), display(name))
			}
		case "SelectStmt":
			for _, target := range p.tree.nodes("targetList", "ResTarget") {
				if name, ok := setsNumber(target); ok {
					p.restarts(target.num("location"), seenKey(name), name)
				}
			}
		}
		for _, cmd := range p.commands("AT_SetIdentity") {
			_, options := cmd.node("def")
			if hasOption(tree{"options": options["items"]}, "restart") {
				rangeVar, table := p.target()
				column := cmd.str("name")
				if !p.emptied(rangeKey(rangeVar)) {
					p.givesAgain(cmd.num("location"), table, column, "pg_get_serial_sequence("+literal(table)+", "+literal(column)+")", quoteIdent(column), table)
				}
			}
		}
	},
}

// restarts reports a sequence that is set to a number, unless no row can have that.
func (p *pass) restarts(at int, key, name string) {
	r, column := p.numbered(key)
	switch {
	case p.fresh(key) || r != nil && (r.run == p.run || p.emptied(r.key)):
	case r != nil:
		p.givesAgain(at, name, "", literal(name), quoteIdent(column), r.name)
	default:
		p.givesAgain(at, name, "", literal(name), "<column>", "<table>")
	}
}

func (p *pass) givesAgain(at int, object, field, sequence, column, table string) {
	what := object
	if field != "" {
		what = "of " + object + "." + quoteIdent(field)
	}
	p.report(at, object, field, "The sequence "+what+" may give numbers from here on that rows have already: inserts fail on duplicates.",
		steps("Set it to the last row's:", command("SELECT setval(%s, (SELECT max(%s) FROM %s))", sequence, column, table)))
}

// setsNumber tells whether a target of a SELECT is setval with a number, and of which sequence.
func setsNumber(target tree) (sequence string, ok bool) {
	kind, call := target.node("val")
	args := call.list("args")
	if kind != "FuncCall" || typeKey(call.names("funcname")) != "setval" || len(args) < 2 {
		return "", false
	}
	if _, number := open(map[string]any(args[1])); number["ival"] == nil && number["fval"] == nil {
		return "", false
	}
	kind, first := open(map[string]any(args[0]))
	if kind == "TypeCast" {
		kind, first = first.node("arg")
	}
	if names := first.nodes("args", "A_Const"); kind == "FuncCall" && typeKey(first.names("funcname")) == "pg_get_serial_sequence" && len(names) == 2 {
		return numberedBy(names[0].sub("sval").str("sval"), names[1].sub("sval").str("sval")), true
	}
	return first.sub("sval").str("sval"), kind == "A_Const" && first["sval"] != nil
}

// numbered is the table and its column that a sequence is for, going by its name; nil where none is known.
func (m *model) numbered(key string) (r *relation, column string) {
	for table, column := range numberable(key) {
		if r := m.relations[table]; r.column(column) != nil {
			return r, column
		}
	}
	return nil, ""
}

// emptied tells whether the file has truncated the table before.
func (p *pass) emptied(key string) bool {
	return p.earlier("", func(s *statement) bool {
		return slices.ContainsFunc(s.tree.nodes("relations", "RangeVar"), func(t tree) bool { return rangeKey(t) == key })
	}, "TruncateStmt")
}

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
