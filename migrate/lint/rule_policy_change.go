package lint

// policyChange is off unless settings name it: policies are there to be changed.
var policyChange = &Rule{
	Code: "SE109", Name: "policy-change", Group: Security, Severity: Off,
	Summary: "A new or altered policy changes which rows the roles of running code see and write.",
	Why:     "A permissive policy shows more rows, a restrictive one fewer, and no query fails to say so. Off unless its code or name switches it on; a policy that goes is drop-policy, which is on.",
	Fix:     "Try the code as the role that it runs as.",
	check: func(p *pass) {
		table := p.tree.sub("table")
		name := onTable(rangeKey(table), p.tree.str("policy_name"))
		if !p.in("CreatePolicyStmt", "AlterPolicyStmt") || p.fresh(rangeKey(table)) || p.isNew(aPolicy, name) || p.isNew(aRestrictivePolicy, name) {
			return
		}
		p.report(0, display(table), "", "Roles see and write other rows of "+display(table)+" from now on.", "Try the code as the role that it runs as.")
	},
}
