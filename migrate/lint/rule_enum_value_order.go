package lint

// enumValueOrder is off unless settings name it: the order of most enums means nothing.
var enumValueOrder = &Rule{
	Code: "AD119", Name: "enum-value-order", Group: Advice, Severity: Off,
	Summary: "A value that is added to an enum without BEFORE or AFTER comes last.",
	Why:     "Enums compare in the order of their values: `WHERE status < 'approved'` leaves the new one out, and a place cannot be changed later. Off unless its code or name switches it on: the order of most enums means nothing.",
	Fix:     "`ALTER TYPE status ADD VALUE 'pending' BEFORE 'approved'`",
	check: func(p *pass) {
		if p.addsEnumValue() && p.tree.str("newValNeighbor") == "" {
			name := qualified(p.tree.names("typeName")...)
			p.report(0, name, "", "'"+p.tree.str("newVal")+"' comes after all other values of "+name+" in comparisons and ORDER BY, for good.", "Say where it belongs, by BEFORE or AFTER.")
		}
	},
}
