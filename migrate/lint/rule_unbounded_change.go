package lint

import "strings"

const inBatches = "Change some thousand rows at a time, by ranges of the key, each in a transaction of its own: a DO block with COMMIT in its loop, in a file that begins with -- atlas:txmode none."

var unboundedChange = &Rule{
	Code: "DD104", Name: "unbounded-change", Group: DataDependent, Severity: Error,
	Summary: "An UPDATE or DELETE of any number of rows in one transaction.",
	Why: "Each changed row stays locked until the transaction ends, so writers wait for a time that grows with the table; the table and its indexes swell, and replicas fall behind. A DELETE without WHERE loses all rows.\n\n" +
		"The statements of a DO block in PL/pgSQL are looked at too, and a loop over all rows of a table is one transaction unless it has a COMMIT. " +
		"What a function changes, or an EXECUTE whose text is computed, is only seen on a server.",
	Fix: "Batches, each in a transaction of its own.",
	check: func(p *pass) {
		named := map[string]bool{} // tables whose rows are changed in so many words
		for _, e := range p.caused(causeRows) {
			named[e.object] = true
			p.unbounded(e, 0)
		}
		block := p.block()
		for _, s := range block.statements {
			for _, e := range p.predict(s.kind, s.tree, p.settings.PGVersion) {
				if e.cause == causeRows {
					named[e.object] = true
					p.unbounded(e, s.at)
				}
			}
		}
		p.unboundedUnseen(named, block.commits)
	},
}

// unbounded reports an effect that can touch any number of rows.
func (p *pass) unbounded(e effect, at int) {
	if !e.scan || p.onlyNew(e.key) || e.cmd["mergeWhenClauses"] != nil {
		return
	}
	verb := "DELETE"
	if e.cmd["targetList"] != nil {
		verb = "UPDATE"
	}
	text := verb + " can touch every row of " + e.object + " in one transaction: each stays locked until it ends, and writers wait for it."
	if verb == "DELETE" && e.cmd["whereClause"] == nil && e.cmd["usingClause"] == nil {
		text = "DELETE without WHERE loses all rows of " + e.object + ", in one transaction that keeps each locked until it ends."
	}
	p.report(at, e.object, "", text, inBatches)
}

// unboundedUnseen reports what a function or a computed text was seen to do. One row is not enough to tell it from a change of that row.
func (p *pass) unboundedUnseen(named map[string]bool, commits bool) {
	if !p.in("DoStmt", "CallStmt", "SelectStmt") || p.seen == nil || !p.seen.Ran || p.seen.Err != nil ||
		p.seen.Autocommit && (commits || p.kind == "CallStmt") { // several transactions, or not known
		return
	}
	for _, w := range p.seen.Writes {
		verbs := []string{}
		if w.Updated >= w.Had {
			verbs = append(verbs, "update")
		}
		if w.Deleted >= w.Had {
			verbs = append(verbs, "delete")
		}
		if w.Had < 2 || len(verbs) == 0 || named[w.Name] || p.onlyNew(seenKey(w.Name)) {
			continue
		}
		p.report(0, w.Name, "", "On a scratch database with rows, this statement was seen to "+strings.Join(verbs, " and ")+" every row of "+w.Name+
			" in one transaction: each stays locked until it ends, and writers wait for it.", inBatches)
	}
}

// onlyNew is for a table whose rows the present run made.
func (p *pass) onlyNew(key string) bool { return p.fresh(key) }
