package lint

var rowSecurityOn = &Rule{
	Code: "BC115", Name: "row-security-on", Group: Incompatible, Severity: Warning,
	Summary: "ENABLE or FORCE ROW LEVEL SECURITY hides the rows that no policy shows.",
	Why:     "Without a policy a table is empty for everybody but its owner, with FORCE for the owner too, and no query fails to say so; INSERT does. A table that the same deployment made, and what the file only switches off for a while, is no finding.",
	Fix:     "Make the policies first, in the same file or before, and try the code as the role that it runs as.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_EnableRowSecurity", "AT_ForceRowSecurity") {
			rangeVar, table := p.target()
			who := "the roles of running code, unless they own " + table + ","
			if cmd.str("subtype") == "AT_ForceRowSecurity" {
				who = "the owner of " + table
			}
			off := rowSecurityOpposite[cmd.str("subtype")]
			if !p.earlier(rangeKey(rangeVar), func(s *statement) bool { return s.hasCommand(off, "") }, "AlterTableStmt") {
				f := p.report(0, table, "", "From now on "+who+" see and change only rows that a policy shows them; without a policy, none.", "Make the policies first, and try the code as the role that it runs as.")
				f.Lock, f.Rewrite = accessExclusive.String(), new(false)
			}
		}
	},
}

// rowSecurityOpposite is what takes each back.
var rowSecurityOpposite = map[string]string{
	"AT_EnableRowSecurity": "AT_DisableRowSecurity", "AT_DisableRowSecurity": "AT_EnableRowSecurity",
	"AT_ForceRowSecurity": "AT_NoForceRowSecurity", "AT_NoForceRowSecurity": "AT_ForceRowSecurity",
}

// hasCommand tells whether the statement is an ALTER TABLE with a part of that subtype, about that name; "" is any.
func (s *statement) hasCommand(subtype, name string) bool {
	for _, cmd := range s.tree.nodes("cmds", "AlterTableCmd") {
		if cmd.str("subtype") == subtype && (name == "" || cmd.str("name") == name) {
			return true
		}
	}
	return false
}
