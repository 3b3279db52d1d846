package diff

import "fmt"

// Alike is something new of the same shape as something that a plan drops: it was renamed, perhaps.
type Alike struct {
	Table  string // its name now
	Column string // likewise; "" for the table itself
	Old    string // the name in the database of the column, or table, that would be dropped
	New    string // what the schema code calls it: "User.handle", "Member"

	advice string
}

// What names the thing that would be dropped: "column users.nickname".
func (a Alike) What() string {
	if a.Column == "" {
		return "table " + a.Old
	}
	return "column " + a.Table + "." + a.Old
}

func (a Alike) String() string {
	return fmt.Sprintf("Is %s what %s was? Then annotate %s", a.New, a.What(), a.advice)
}

// Renamed is the model as if plinth.RenamedFrom said what was found alike. m stays as it is.
func (m *Model) Renamed(alike ...Alike) *Model {
	with := *m
	with.renames = nil
	for _, a := range alike {
		with.rename(a.Table, a.Column, a.Old)
	}
	with.renames = append(with.renames, m.renames...)
	return &with
}

// findAlike notes what is dropped beside something new of the same shape.
func (p *planner) findAlike() {
	for _, table := range p.both() {
		have, want := p.from.tables[table], p.to.tables[table]
		for _, h := range have.columns {
			if _, stays := want.column(h.name); stays {
				continue
			}
			for _, w := range want.columns {
				if _, there := have.column(w.name); !there && h.typ == w.typ {
					p.alike = append(p.alike, Alike{
						Table: table, Column: w.name, Old: h.name, New: p.field(table, w.name), advice: fmt.Sprintf("it with plinth.RenamedFrom(%q)", h.name),
					})
				}
			}
		}
	}
	for _, old := range p.from.tableNames() {
		for _, name := range p.to.tableNames() {
			if p.to.tables[old] == nil && p.from.tables[name] == nil && sameShape(p.from.tables[old], p.to.tables[name]) {
				p.alike = append(p.alike, Alike{
					Table: name, Old: old, New: p.entity(name),
					advice: fmt.Sprintf("its entity with plinth.RenamedFrom, with the earlier name of the entity or %q", old),
				})
			}
		}
	}
}

// sameShape tells tables apart that have most columns in common, the id left out.
func sameShape(a, b *table) bool {
	common := 0
	for _, c := range a.columns {
		if w, ok := b.column(c.name); ok && c.name != "id" && w.typ == c.typ {
			common++
		}
	}
	return common > 0 && 2*(common+1) >= max(len(a.columns), len(b.columns))
}
