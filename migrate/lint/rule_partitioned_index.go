package lint

import (
	"cmp"
)

var partitionedIndex = &Rule{
	Code: "BL102", Name: "partitioned-index", Group: Blocking, Severity: Error,
	Summary: "CREATE INDEX on a partitioned table builds the index of every partition under lock.",
	Why:     "PostgreSQL has no CREATE INDEX CONCURRENTLY for partitioned tables. CREATE INDEX ON ONLY makes an INVALID index on the parent in an instant; an index is then built CONCURRENTLY on each partition and attached, and the parent's becomes valid with the last (manual, section 5.12.2.2).",
	Fix:     "`CREATE INDEX ... ON ONLY parent`, `CREATE INDEX CONCURRENTLY` on each partition, `ALTER INDEX ... ATTACH PARTITION`.",
	check: func(p *pass) {
		for _, e := range p.caused(causeIndex) {
			if p.partitioned(e.key) && p.tree.sub("relation").flag("inh") {
				name := cmp.Or(quoteIdent(p.tree.str("idxname")), "the_index")
				fix := steps("1. on the parent alone, at once:", "  "+p.with("ON", "ONLY")+";",
					"2. on each partition, in a file of its own that begins with -- atlas:txmode none:", command("CREATE INDEX CONCURRENTLY <partition>_%s ON <partition> (...)", name),
					"3. when all are there:", command("ALTER INDEX %s ATTACH PARTITION <partition>_%s", name, name))
				if p.tree.flag("concurrent") {
					p.report(0, e.object, "", "CREATE INDEX CONCURRENTLY fails: "+e.object+" is a partitioned table.", fix)
					continue
				}
				p.hazard(e, "CREATE INDEX", fix)
			}
		}
	},
}

// partitioned tells whether a relation is known to be a partitioned table.
func (p *pass) partitioned(key string) bool {
	r := p.relations[key]
	return r != nil && r.partitioned
}
