package lint

// narrowInteger is off unless settings name it: most numbers are small. int-key tells of those that count up.
var narrowInteger = &Rule{
	Code: "AD118", Name: "narrow-integer", Group: Advice, Severity: Off,
	Summary: "A smallint or integer column, which cannot be made bigint without writing the table anew.",
	Why:     "Next to other columns smallint and integer often save nothing, as values are aligned to eight bytes. Off unless its code or name switches it on: most numbers are small, and keys that count up are told by int-key.",
	Fix:     "`bigint`",
	check: func(p *pass) {
		p.eachNewColumn(func(table string, def tree, typ typeName) {
			if name := def.str("colname"); typ.name == "int2" || typ.name == "int4" {
				p.report(def.num("location"), table, name, table+"."+quoteIdent(name)+" is "+typ.String()+": to make it bigint later writes the table anew.", "Make it bigint.")
			}
		})
	},
}
