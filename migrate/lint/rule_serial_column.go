package lint

import (
	"strings"
)

var serialColumn = &Rule{
	Code: "BL114", Name: "serial-column", Group: Blocking, Severity: Error,
	Summary: "ADD COLUMN of a serial type or an identity writes the whole table anew.",
	Why:     "Each row gets its number from the sequence, under AccessExclusiveLock.",
	Fix:     "A plain column, a sequence for its default, rows filled in batches.",
	check: func(p *pass) {
		for _, e := range p.caused(causeSerial) {
			_, table := p.target()
			column, sequence := quoteIdent(e.column), quoteIdent(p.tree.sub("relation").str("relname")+"_"+e.column+"_seq")
			p.hazard(e, "Adding "+column+", which numbers the rows,", steps("1. in this file:", command("ALTER TABLE %s ADD COLUMN %s bigint", table, column),
				command("CREATE SEQUENCE %s OWNED BY %s.%s", sequence, table, column), command("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT nextval('%s')", table, column, strings.ReplaceAll(sequence, "'", "''")),
				"2. in the next file, which begins with -- atlas:txmode none: fill the rows that are there, in batches."))
		}
	},
}
