package lint

var unboundedChange = &Rule{
	Code: "DD104", Name: "unbounded-change", Group: DataDependent, Severity: Error,
	Summary: "An UPDATE or DELETE of any number of rows in one transaction.",
	Why:     "Each changed row stays locked until the transaction ends, so writers wait for a time that grows with the table; the table and its indexes swell, and replicas fall behind. A DELETE without WHERE loses all rows.",
	Fix:     "Batches, each in a transaction of its own.",
	check: func(p *pass) {
		for _, e := range p.caused(causeRows) {
			if !e.scan || p.onlyNew(e.key) || e.cmd["mergeWhenClauses"] != nil {
				continue
			}
			verb := "DELETE"
			if e.cmd["targetList"] != nil {
				verb = "UPDATE"
			}
			text := verb + " can touch every row of " + e.object + " in one transaction: each stays locked until it ends, and writers wait for it."
			if verb == "DELETE" && e.cmd["whereClause"] == nil && e.cmd["usingClause"] == nil {
				text = "DELETE without WHERE loses all rows of " + e.object + ", in one transaction that keeps each locked until it ends."
			}
			p.report(0, e.object, "", text, "Change some thousand rows at a time, by ranges of the key, each in a transaction of its own: a DO block with COMMIT in its loop, in a file that begins with -- atlas:txmode none.")
		}
	},
}

// onlyNew is for a table whose rows the present run made.
func (p *pass) onlyNew(key string) bool { return p.fresh(key) }
