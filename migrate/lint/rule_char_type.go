package lint

var charType = &Rule{
	Code: "AD103", Name: "char-type", Group: Advice, Severity: Notice,
	Summary: "char(n) fills values up with blanks.",
	Why:     "It is not faster than text, compares in its own way, and takes more room (manual, section 8.3).",
	Fix:     "`text`, with a check where a length matters.",
	check: func(p *pass) {
		p.adviseType("bpchar", "char(n) fills values up with blanks and saves nothing.", "Make it text.")
	},
}

func (p *pass) adviseType(name, message, fix string) {
	p.eachNewColumn(func(table string, def tree, typ typeName) {
		if typ.name == name {
			p.report(def.num("location"), table, def.str("colname"), table+"."+quoteIdent(def.str("colname"))+": "+message, fix)
		}
	})
}
