package lint

var defaultPartition = &Rule{
	Code: "BL118", Name: "default-partition", Group: Blocking, Severity: Error,
	Summary: "A new partition makes PostgreSQL read the default partition while nobody can use it.",
	Why:     "No row of the default partition may belong into the new one. A check on the new table does not help; one on the default partition that excludes the new bounds does.",
	Fix:     "Add a check NOT VALID to the default partition that excludes the new bounds, validate it in the next file, then make the partition.",
	check: func(p *pass) {
		for _, e := range p.caused(causeDefaultPart) {
			p.hazard(e, "The new partition", steps("1. a check on the default partition that excludes the new bounds:", command("ALTER TABLE %s ADD CONSTRAINT excluded CHECK (NOT (<the new bounds>)) NOT VALID", e.object),
				"2. in the next file:", command("ALTER TABLE %s VALIDATE CONSTRAINT excluded", e.object), "3. in the one after: this statement, and", command("ALTER TABLE %s DROP CONSTRAINT excluded", e.object)))
		}
	},
}
