package catalog

// The values of Change.Change.
const (
	Added   = "added"
	Removed = "removed"
	Altered = "altered"
)

// Change is one difference between two snapshots. A rename is a Removed and an Added: the catalogs do not know the old name.
type Change struct {
	Object Object // as it is in to; for Removed, as it was in from
	Change string // Added, Removed or Altered
	Before string // Def in from; "" for Added
	After  string // Def in to; "" for Removed
}

// String reads "altered column public.users.email".
func (c Change) String() string { return c.Change + " " + c.Object.String() }

// Compare lists what leads from one snapshot to the other, in the order of Snapshot.Objects; empty (nil) when they are equal.
// Column order and server version do not count. Both snapshots must have been read with the same options.
func Compare(from, to *Snapshot) []Change {
	var changes []Change
	i, j := 0, 0
	for i < len(from.Objects) || j < len(to.Objects) {
		switch side(from.Objects, to.Objects, i, j) {
		case -1:
			o := from.Objects[i]
			changes = append(changes, Change{Object: o, Change: Removed, Before: o.Def})
			i++
		case 1:
			o := to.Objects[j]
			changes = append(changes, Change{Object: o, Change: Added, After: o.Def})
			j++
		default:
			before, after := from.Objects[i], to.Objects[j]
			if before.Def != after.Def {
				changes = append(changes, Change{Object: after, Change: Altered, Before: before.Def, After: after.Def})
			}
			i, j = i+1, j+1
		}
	}
	return changes
}

// side tells which list has the smaller next identity: -1 the first, 1 the second, 0 both the same.
func side(from, to []Object, i, j int) int {
	switch {
	case i == len(from):
		return 1
	case j == len(to):
		return -1
	}
	return compareIdentity(from[i], to[j])
}
