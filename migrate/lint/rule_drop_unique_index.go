package lint

import "slices"

var dropUniqueIndex = &Rule{
	Code: "DS114", Name: "drop-unique-index", Group: Destructive, Severity: Warning,
	Summary: "A unique index that goes lets duplicates in, and upserts on its columns fail.",
	Why:     "INSERT ... ON CONFLICT (columns) is an error without a unique index of exactly these columns, and duplicates that come in keep a down migration from making the index again. One whose columns another unique index has when the file has ended, and one that goes with its table or column, is no finding.",
	Fix:     "Make the index that takes its place first; deploy code that does not rely on it.",
	check: func(p *pass) {
		if !p.drops("OBJECT_INDEX") {
			return
		}
		for _, names := range droppedNames(p.tree) {
			old := p.relations[partsKey(names)]
			if old == nil || old.index == nil || !old.index.unique || old.run == p.run || p.fresh(old.index.table) {
				continue
			}
			index, name := *old.index, old.name
			columns := slices.Clone(index.columns)
			table := p.relations[index.table]
			p.atCommit(func() {
				gone := table == nil || p.relations[table.key] != table || slices.ContainsFunc(columns, func(c string) bool { return c != "" && table.column(c) == nil })
				if gone || p.keeps(table, index) {
					return
				}
				p.report(0, table.name, "", "Without "+name+" duplicates come into "+table.name+", and INSERT ... ON CONFLICT on its columns fails.", "Make the unique index that takes its place first; otherwise deploy code that does not rely on it.")
			})
		}
	},
}

// keeps tells whether the table has a unique index or key on exactly the index's columns.
func (p *pass) keeps(table *relation, index indexInfo) bool {
	same := func(columns []string) bool {
		a, b := slices.Sorted(slices.Values(columns)), slices.Sorted(slices.Values(index.columns))
		return slices.Equal(a, b)
	}
	return slices.ContainsFunc(p.indexesOn(table.key), func(r *relation) bool {
		return r.index.unique && r.index.partial == index.partial && same(r.index.columns)
	}) || slices.ContainsFunc(table.constraints, func(c *constraint) bool {
		return (c.kind == "CONSTR_PRIMARY" || c.kind == "CONSTR_UNIQUE") && same(c.columns)
	})
}
