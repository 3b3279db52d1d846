package lint

var rowSecurityOff = &Rule{
	Code: "SE104", Name: "row-security-off", Group: Security, Severity: Error,
	Summary: "DISABLE or NO FORCE ROW LEVEL SECURITY opens all rows.",
	Why:     "Policies no longer hold, for the roles that the tables' privileges let in, or for the owner. What is switched on again in the same transaction is no finding: until then nobody else gets at the table.",
	Fix:     "Change the policies instead.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_DisableRowSecurity", "AT_NoForceRowSecurity") {
			rangeVar, table := p.target()
			on := rowSecurityOpposite[cmd.str("subtype")]
			if !p.file.noTx && p.later(rangeKey(rangeVar), func(s *statement) bool { return s.hasCommand(on, "") }, "AlterTableStmt") {
				continue
			}
			who := "every role with privileges on it"
			if cmd.str("subtype") == "AT_NoForceRowSecurity" {
				who = "its owner"
			}
			p.report(0, table, "", "Policies on "+table+" no longer hold for "+who+".", "Change or add policies instead.")
		}
	},
}
