package verify

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// The order in which things can be made. They are dropped the other way round.
var kindOrder = []string{
	catalog.KindSchema, catalog.KindExtension, catalog.KindEnum, catalog.KindComposite, catalog.KindRange, catalog.KindDomain,
	catalog.KindDomainConstraint, catalog.KindSequence, catalog.KindTable, catalog.KindColumn, catalog.KindFunction, catalog.KindProcedure, catalog.KindAggregate,
	catalog.KindConstraint, catalog.KindIndex, catalog.KindStatistics, catalog.KindView, catalog.KindMaterializedView, catalog.KindRule,
	catalog.KindTrigger, catalog.KindPolicy,
}

// mend turns the differences from what is to what should be into steps. Parts of a table that comes or goes as a whole are no steps of
// their own, unless they are made after it.
func mend(changes []catalog.Change, now, want *catalog.Snapshot) []Change {
	wholes := map[[2]string]string{}
	for _, c := range changes {
		if c.Object.Kind == catalog.KindTable && c.Change != catalog.Altered {
			wholes[[2]string{c.Object.Schema, bare(c.Object.Name)}] = c.Change
		}
	}
	changes = slices.DeleteFunc(changes, func(c catalog.Change) bool {
		o := c.Object
		switch whole := wholes[[2]string{o.Schema, o.Table}]; {
		case o.Kind == catalog.KindTable:
			return false
		case o.Kind == catalog.KindSequence:
			return partOfColumn(c, wholes)
		case o.Table == "" || whole == "" || c.Change != whole:
			return false
		case whole == catalog.Removed: // what two of them share goes first
			return !pointsAtOther(o, wholes)
		default:
			return o.Kind == catalog.KindColumn
		}
	})
	slices.SortStableFunc(changes, func(a, b catalog.Change) int { return cmp.Compare(place(a), place(b)) })
	changes = viewsInOrder(changes)
	names := map[string]string{catalog.Added: "add", catalog.Removed: "drop", catalog.Altered: "change"}
	var list []Change
	w := writer{now: now, want: want}
	for _, c := range changes {
		list = append(list, Change{Object: c.Object.String(), Change: names[c.Change], SQL: w.sql(c)})
	}
	return list
}

// pointsAtOther tells a foreign key to another table that is dropped.
func pointsAtOther(o catalog.Object, wholes map[[2]string]string) bool {
	_, target, ok := strings.Cut(o.Def, " REFERENCES ")
	if !ok || o.Kind != catalog.KindConstraint {
		return false
	}
	for key, whole := range wholes {
		if whole == catalog.Removed && key[1] != o.Table && strings.HasPrefix(target, quoteName(key[0])+"."+quoteName(key[1])+"(") {
			return true
		}
	}
	return false
}

// place puts drops first, then what is made and altered, foreign keys behind the keys that they point at.
func place(c catalog.Change) int {
	at := 4 * (slices.Index(kindOrder, c.Object.Kind) + 1)
	if at == 0 {
		at = 4 * (len(kindOrder) + 1) // what we write no SQL for
	}
	if c.Object.Kind == catalog.KindConstraint && strings.HasPrefix(c.Object.Def, "FOREIGN KEY") {
		at += 2
	}
	if strings.HasPrefix(c.Object.Def, "partition of ") || strings.Contains(c.Object.Def, "\npartition of ") {
		at++
	}
	if c.Change == catalog.Removed {
		return -at
	}
	return at
}

// partOfColumn tells the sequences that come and go with a column that does, and those of identities.
func partOfColumn(c catalog.Change, wholes map[[2]string]string) bool {
	f := facts(c.Object.Def)
	if f["identity of"] != "" {
		return c.Change != catalog.Altered
	}
	owner := f["owned by"]
	if owner == "" || c.Change != catalog.Removed {
		return false
	}
	for key, whole := range wholes {
		if whole == catalog.Removed && strings.HasPrefix(owner, quoteName(key[0])+"."+quoteName(key[1])+".") {
			return true
		}
	}
	return false
}

// viewsInOrder puts a view behind those that its text names, and before them when they are dropped.
func viewsInOrder(changes []catalog.Change) []catalog.Change {
	isView := func(c catalog.Change) bool {
		return c.Object.Kind == catalog.KindView || c.Object.Kind == catalog.KindMaterializedView
	}
	uses := func(a, b catalog.Change) bool {
		name := regexp.QuoteMeta(quoteName(b.Object.Schema) + "." + b.Object.Name)
		return regexp.MustCompile(`(^|[^\w.])` + name + `($|[^\w])`).MatchString(a.Object.Def)
	}
	for pass := 0; pass < len(changes); pass++ { // ends: views have no circles
		moved := false
		for i := range changes {
			for j := i + 1; j < len(changes); j++ {
				a, b := changes[i], changes[j]
				if !isView(a) || !isView(b) || (a.Change == catalog.Removed) != (b.Change == catalog.Removed) {
					continue
				}
				if a.Change != catalog.Removed && uses(a, b) || a.Change == catalog.Removed && uses(b, a) {
					changes[i], changes[j], moved = b, a, true
				}
			}
		}
		if !moved {
			break
		}
	}
	return changes
}

// factNames are the beginnings of a definition's lines that mend can read.
var factNames = []string{
	"type", "not null", "default", "generated stored", "identity by default", "identity always", "collation", "comment", "privileges", "labels", "attributes",
	"start", "increment", "minimum", "maximum", "cache", "cycle", "identity of", "owned by", "schema name", "options", "row security forced", "row security",
	"partition by", "partition of", "partition bound", "enabled", "for", "to", "using", "with check", "restrictive", "on", "kinds", "columns", "expressions",
	"subtype operator class", "subtype", "multirange",
}

// facts splits a definition into its facts, by their names; a fact without a value is " ". Continued lines are the value's.
// What is not known is under its whole line.
func facts(def string) map[string]string {
	set := map[string]string{}
	last := ""
	for line := range strings.SplitSeq(def, "\n") {
		if strings.HasPrefix(line, " ") && last != "" {
			set[last] += "\n" + line
			continue
		}
		last = line
		value := " "
		for _, name := range factNames {
			if rest, ok := strings.CutPrefix(line, name); ok && (rest == "" || rest[0] == ' ') {
				last, value = name, cmp.Or(strings.TrimPrefix(rest, " "), " ")
				break
			}
		}
		if line != "" {
			set[last] = value
		}
	}
	return set
}

// differing are the names of the facts that are not the same.
func differing(a, b map[string]string) map[string]bool {
	set := map[string]bool{}
	for name, value := range a {
		if b[name] != value {
			set[name] = true
		}
	}
	for name, value := range b {
		if a[name] != value {
			set[name] = true
		}
	}
	return set
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_$]*$`)

// quoteName quotes as package catalog does.
func quoteName(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return ident(name)
}

func ident(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func literal(text string) string {
	if strings.Contains(text, `\`) {
		return "E'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(text) + "'"
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// bare undoes the quotes of a whole name.
func bare(name string) string {
	if inner, ok := strings.CutPrefix(name, `"`); ok {
		return strings.ReplaceAll(strings.TrimSuffix(inner, `"`), `""`, `"`)
	}
	return name
}
