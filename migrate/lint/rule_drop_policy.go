package lint

var dropPolicy = &Rule{
	Code: "SE106", Name: "drop-policy", Group: Security, Severity: Warning,
	Summary: "A dropped policy changes which rows a role sees.",
	Why: "Without a permissive policy (what CREATE POLICY makes) the rows that only it shows are gone for its roles: queries find nothing, and nothing fails. " +
		"Without a restrictive one its roles see rows that it kept from them, which is an error here. One that is made again in the same file is no finding.",
	Fix: "Make the new policy in the same file, under the same name; or deploy code that does without first.",
	check: func(p *pass) {
		if !p.drops("OBJECT_POLICY") {
			return
		}
		for _, names := range droppedNames(p.tree) {
			last := len(names) - 1
			if last < 1 || p.absent(p.knowsOn(names, aPolicy, aRestrictivePolicy)) {
				continue
			}
			key, table, name := partsKey(names[:last]), qualified(names[:last]...), names[last]
			if p.sparedOn(key, name, aPolicy, aRestrictivePolicy) || p.madeAgain(key, "CreatePolicyStmt", "policy_name", name) {
				continue
			}
			text := "Roles no longer see the rows of " + table + " that only the policy " + quoteIdent(name) + " shows, or see those that it kept from them if it is restrictive."
			restrictive := p.knows(aRestrictivePolicy, onTable(key, name))
			switch {
			case restrictive:
				text = "Roles see rows of " + table + " that the restrictive policy " + quoteIdent(name) + " kept from them."
			case p.knows(aPolicy, onTable(key, name)):
				text = "Roles no longer see the rows of " + table + " that only the policy " + quoteIdent(name) + " shows: queries find nothing, and do not fail."
			}
			f := p.report(p.place(name), table, "", text, "If another takes its place, make it in the same file under the same name; otherwise deploy code that does without first.")
			f.Lock, f.Rewrite = accessExclusive.String(), new(false)
			if restrictive {
				f.Severity = Error
			}
		}
	},
}
