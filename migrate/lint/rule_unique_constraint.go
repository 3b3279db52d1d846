package lint

import (
	"strings"
)

var uniqueConstraint = &Rule{
	Code: "BL108", Name: "unique-constraint", Group: Blocking, Severity: Error, Atlas: "PG105",
	Summary: "ADD UNIQUE builds its index while nobody can use the table.",
	Why:     "The statement takes AccessExclusiveLock until the index is built. A unique index can be built CONCURRENTLY first, and be made the constraint's in an instant.",
	Fix:     "`CREATE UNIQUE INDEX CONCURRENTLY`, then `ADD CONSTRAINT ... UNIQUE USING INDEX`.",
	check:   func(p *pass) { p.builtUnderLock(causeUnique, "UNIQUE", "key") },
}

func (p *pass) builtUnderLock(c cause, words, suffix string) {
	for _, e := range p.caused(c) {
		if !e.scan {
			continue
		}
		_, def := e.cmd.node("def")
		columns := def.names("keys")
		if e.cmd.str("subtype") != "AT_AddConstraint" {
			def, columns = e.cmd, []string{e.column}
		}
		rangeVar, table := p.target()
		name := def.str("conname")
		if name == "" {
			name = rangeVar.str("relname") + "_" + suffix
			if c == causeUnique {
				name = rangeVar.str("relname") + "_" + strings.Join(columns, "_") + "_" + suffix
			}
		}
		if def.str("indexname") != "" {
			p.hazard(e, "Adding the "+strings.ToLower(words)+" sets its columns NOT NULL and", "Make the columns NOT NULL first, by a validated check (see set-not-null).")
			continue
		}
		p.hazard(e, "Adding a "+strings.ToLower(words)+" constraint", steps("1. in a file of its own that begins with -- atlas:txmode none:",
			command("CREATE UNIQUE INDEX CONCURRENTLY %s ON %s (%s)", quoteIdent(name), table, columnsOf(columns)),
			"2. in the next file:", command("ALTER TABLE %s ADD CONSTRAINT %s %s USING INDEX %s", table, quoteIdent(name), words, quoteIdent(name))))
	}
}
