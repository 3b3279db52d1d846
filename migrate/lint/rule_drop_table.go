package lint

var dropTable = &Rule{
	Code: "DS102", Name: "drop-table", Group: Destructive, Severity: Error, Atlas: "DS102",
	Summary: "DROP TABLE loses the table's rows.",
	Why:     "The rows cannot be brought back by a down migration, and code that still reads or writes the table fails at once. Tables that it references are locked too.",
	Fix:     "First deploy code that does not use the table; then drop it in a later release.",
	check: func(p *pass) {
		if !p.drops("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE") {
			return
		}
		for _, e := range p.caused(causeDrop) {
			f := p.report(0, e.object, "", "DROP TABLE "+e.object+" loses its rows, and code that uses it fails.", "Deploy code that does not use "+e.object+" first, keep a copy of its rows (pg_dump -t "+e.object+"), and drop it in a later release.")
			f.Lock, f.Rewrite = e.lock.String(), new(false)
		}
	},
}
