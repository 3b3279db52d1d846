package lint

// varcharLength is off unless settings name it: a length can be meant.
var varcharLength = &Rule{
	Code: "AD115", Name: "varchar-length", Group: Advice, Severity: Off,
	Summary: "varchar(n) is text with a limit that is hard to change.",
	Why:     "It is stored as text is. A longer limit takes a lock for an instant, a shorter one writes the table anew, and a check can be added and changed while writers go on. Off unless its code or name switches it on: it is a matter of taste.",
	Fix:     "`text`, with a check where a length matters.",
	check: func(p *pass) {
		p.eachNewColumn(func(table string, def tree, typ typeName) {
			if typ.name == "varchar" && len(typ.mods) > 0 {
				p.report(def.num("location"), table, def.str("colname"), table+"."+quoteIdent(def.str("colname"))+" is "+typ.String()+": a shorter limit later writes the table anew.", "Make it text, with a check on its length.")
			}
		})
	},
}
