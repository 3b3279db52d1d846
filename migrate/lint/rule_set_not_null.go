package lint

var setNotNull = &Rule{
	Code: "BL107", Name: "set-not-null", Group: Blocking, Severity: Error, Atlas: "PG303",
	Summary: "SET NOT NULL reads the whole table while nobody can use it, and fails on a NULL.",
	Why:     "The statement takes AccessExclusiveLock and reads every row, unless a validated CHECK (column IS NOT NULL) proves that none is NULL (manual, ALTER TABLE, SET NOT NULL; since PostgreSQL 12).",
	Fix:     "Add the check NOT VALID, validate it in the next file, then SET NOT NULL and drop the check.",
	check: func(p *pass) {
		for _, e := range p.caused(causeNotNull) {
			if !e.scan || e.cmd.str("subtype") != "AT_SetNotNull" {
				continue
			}
			_, table := p.target()
			name, column := quoteIdent(p.tree.sub("relation").str("relname")+"_"+e.column+"_not_null"), quoteIdent(e.column)
			p.hazard(e, "SET NOT NULL", steps("1. in this file:", command("ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID", table, name, column),
				"2. in the next file (after NULLs were filled):", command("ALTER TABLE %s VALIDATE CONSTRAINT %s", table, name),
				"3. in the one after:", command("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL", table, column), command("ALTER TABLE %s DROP CONSTRAINT %s", table, name)))
		}
	},
}
