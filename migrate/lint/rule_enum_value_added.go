package lint

// enumValueAdded is off unless settings name it: a new value is what most changes of an enum are.
var enumValueAdded = &Rule{
	Code: "BC119", Name: "enum-value-added", Group: Incompatible, Severity: Off,
	Summary: "Code that is running may read an enum value that it does not know.",
	Why:     "Ent's client refuses a value that is not in the schema that it was generated from. Off unless its code or name switches it on: it matters only if the new value is written before all code knows it, or if old code comes back after that.",
	Fix:     "Deploy code that knows the value everywhere before any code writes it.",
	check: func(p *pass) {
		if p.addsEnumValue() {
			name := qualified(p.tree.names("typeName")...)
			p.report(0, name, "", "Code that does not know '"+p.tree.str("newVal")+"' of "+name+" may read it as soon as other code writes it.", "Deploy code that knows the value everywhere before any code writes it.")
		}
	},
}

// addsEnumValue tells whether the statement adds a value to an enum that is older than the deployment.
func (p *pass) addsEnumValue() bool {
	typ := p.types[typeKey(p.tree.names("typeName"))]
	return p.kind == "AlterEnumStmt" && p.tree.str("newVal") != "" && p.tree.str("oldVal") == "" && (typ == nil || typ.run != p.run)
}
