package lint

import (
	"slices"
	"strconv"
)

// once are the causes whose work PostgreSQL does for all parts of one ALTER TABLE together (ATRewriteTables): it writes or reads the table
// once.
var once = []cause{causeType, causeVolatile, causeGenerated, causeSerial, causeDomain, causeStorage, causeCheck, causeNotNull}

var alterTableTwice = &Rule{
	Code: "AD113", Name: "alter-table-twice", Group: Advice, Severity: Notice,
	Summary: "Two ALTER TABLE of one file each write the whole table anew or read it, which one would do once.",
	Why:     "The parts of one ALTER TABLE are done in one pass over the rows; two statements make two, under the same lock. Two that take an instant each are no finding, nor are two with a change of rows between them.",
	Fix:     "One ALTER TABLE with both parts; better still, the form of each that keeps nobody waiting.",
	check: func(p *pass) {
		rangeVar, table := p.target()
		key := rangeKey(rangeVar)
		passes := func(s *statement) bool {
			return slices.ContainsFunc(s.effects, func(e effect) bool { return e.key == key && e.heavy() && slices.Contains(once, e.cause) })
		}
		if p.kind != "AlterTableStmt" || p.file.noTx || !passes(p.statement) {
			return
		}
		i := slices.IndexFunc(p.file.passed[subject{p.kind, key}], passes)
		if i < 0 {
			return
		}
		before := p.file.passed[subject{p.kind, key}][i]
		if line := strconv.Itoa(before.Line); !changeRows(p.file.statements[before.index+1 : p.index]) {
			p.report(0, table, "", "This goes over the whole of "+table+" once more, as the ALTER TABLE of line "+line+" did: as parts of one statement both need one pass.", "Add it to the ALTER TABLE of line "+line+", with a comma.")
		}
	},
}
