package verify

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// alter changes an object, or drops it and makes it again where that loses nothing.
func (w writer) alter(c catalog.Change) ([]string, bool) {
	o, from, to := c.Object, facts(c.Before), facts(c.After)
	changed := differing(from, to)
	var list, done []string
	switch o.Kind {
	case catalog.KindColumn:
		list, done = alterColumn(o, from, to, changed)
	case catalog.KindDomain:
		list, done = alterDomain(o, to, changed)
	case catalog.KindEnum:
		list = addLabels(o, items(from["labels"]), items(to["labels"]))
		if list != nil {
			done = []string{"labels"}
		}
	case catalog.KindSequence:
		if changed["identity of"] {
			return nil, false
		}
		list, done = alterSequence(o, to, changed)
	case catalog.KindConstraint, catalog.KindDomainConstraint, catalog.KindIndex, catalog.KindStatistics, catalog.KindView, catalog.KindMaterializedView,
		catalog.KindRule, catalog.KindTrigger, catalog.KindPolicy, catalog.KindFunction, catalog.KindProcedure:
		if onlyRemarks(changed) {
			break
		}
		return w.again(c)
	}
	more, ok := w.remarks(o, from, to, done)
	return append(list, more...), ok
}

// again drops an object and makes it anew; a function that stays compatible is replaced.
func (w writer) again(c catalog.Change) ([]string, bool) {
	old := c.Object
	old.Def = c.Before
	drop, ok := w.drop(old)
	if !ok {
		return nil, false
	}
	add, ok := w.add(c.Object)
	if c.Object.Kind == catalog.KindFunction && result(c.Before) == result(c.After) {
		drop = nil
	}
	return append(drop, add...), ok
}

// result is how a function begins: its arguments with their names, and what it returns.
func result(def string) string {
	lines := strings.SplitN(def, "\n", 3)
	return strings.Join(lines[:min(2, len(lines))], "\n")
}

func alterColumn(o catalog.Object, from, to map[string]string, changed map[string]bool) (list, done []string) {
	column := "ALTER TABLE " + onTable(o) + " ALTER COLUMN " + part(o)
	if changed["generated stored"] {
		if from["generated stored"] != "" { // what is generated is not lost
			table := "ALTER TABLE " + onTable(o)
			return []string{table + " DROP COLUMN " + part(o), table + " ADD COLUMN " + part(o) + " " + columnText(to)}, columnFacts
		}
		return nil, nil
	}
	if changed["type"] || changed["collation"] {
		if from["default"] != "" {
			list = append(list, column+" DROP DEFAULT")
			changed["default"] = true
		}
		text := column + " TYPE " + to["type"]
		if to["collation"] != "" {
			text += " COLLATE " + to["collation"]
		}
		list = append(list, text+" USING "+part(o)+"::"+to["type"])
	}
	for _, identity := range []string{"identity always", "identity by default"} {
		if changed[identity] && from[identity] != "" {
			list = append(list, column+" DROP IDENTITY")
		}
	}
	if changed["default"] && to["default"] == "" && !strings.Contains(strings.Join(list, "\n"), " DROP DEFAULT") {
		list = append(list, column+" DROP DEFAULT")
	}
	if changed["not null"] && to["not null"] != "" {
		list = append(list, column+" SET NOT NULL")
	}
	for identity, words := range map[string]string{"identity always": "ALWAYS", "identity by default": "BY DEFAULT"} {
		if changed[identity] && to[identity] != "" {
			list = append(list, column+" ADD GENERATED "+words+" AS IDENTITY")
		}
	}
	if changed["default"] && to["default"] != "" {
		list = append(list, column+" SET DEFAULT "+to["default"])
	}
	if changed["not null"] && to["not null"] == "" {
		list = append(list, column+" DROP NOT NULL")
	}
	return list, columnFacts
}

func alterDomain(o catalog.Object, to map[string]string, changed map[string]bool) (list, done []string) {
	domain := "ALTER DOMAIN " + name(o)
	if changed["default"] {
		if to["default"] == "" {
			list = append(list, domain+" DROP DEFAULT")
		} else {
			list = append(list, domain+" SET DEFAULT "+to["default"])
		}
	}
	if changed["not null"] {
		if to["not null"] == "" {
			list = append(list, domain+" DROP NOT NULL")
		} else {
			list = append(list, domain+" SET NOT NULL")
		}
	}
	return list, []string{"default", "not null"}
}

func alterSequence(o catalog.Object, to map[string]string, changed map[string]bool) (list, done []string) {
	for _, fact := range append([]string{"type"}, sequenceFacts...) {
		if changed[fact] && fact != "owned by" {
			list = []string{"ALTER SEQUENCE " + name(o) + " AS " + to["type"] + sequenceOptions(to)}
		}
	}
	if changed["owned by"] && to["owned by"] != "" {
		list = append(list, "ALTER SEQUENCE "+name(o)+" OWNED BY "+to["owned by"])
	} else if changed["owned by"] {
		list = append(list, "ALTER SEQUENCE "+name(o)+" OWNED BY NONE")
	}
	return list, append([]string{"type"}, sequenceFacts...)
}

// addLabels is nil when labels would have to go or to move, which PostgreSQL cannot do in place.
func addLabels(o catalog.Object, from, to []string) (list []string) {
	at := 0
	for _, label := range from {
		i := slices.Index(to[at:], label)
		if i < 0 {
			return nil
		}
		at += i + 1
	}
	for i, label := range to {
		if slices.Contains(from, label) {
			continue
		}
		statement := "ALTER TYPE " + name(o) + " ADD VALUE " + label
		if i > 0 {
			statement += " AFTER " + to[i-1]
		} else if len(to) > 1 {
			statement += " BEFORE " + from[0]
		}
		list = append(list, statement)
	}
	return list
}

// remarks writes what is said about an object beside its definition. ok is false when a fact differs that is neither in done nor known.
func (w writer) remarks(o catalog.Object, from, to map[string]string, done []string) (list []string, ok bool) {
	changed := differing(from, to)
	for _, fact := range slices.Sorted(maps.Keys(changed)) {
		switch {
		case slices.Contains(done, fact):
		case fact == "comment" && !strings.Contains(to[fact], "\n"):
			target := commentTarget(o)
			if target == "" {
				return nil, false
			}
			text := "NULL"
			if to[fact] != "" {
				text = literal(to[fact])
			}
			list = append(list, "COMMENT ON "+target+" IS "+text)
		case fact == "privileges":
			grants, known := privileges(o, from[fact], to[fact])
			if !known {
				return nil, false
			}
			list = append(list, grants...)
		case fact == "enabled" && o.Kind == catalog.KindTrigger:
			words := map[string]string{"": "ENABLE", "never": "DISABLE", "replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS"}
			list = append(list, "ALTER TABLE "+onTable(o)+" "+words[strings.TrimSpace(to[fact])]+" TRIGGER "+part(o))
		case fact == "row security" && o.Kind == catalog.KindTable:
			list = append(list, "ALTER TABLE "+name(o)+" "+enable(to[fact])+" ROW LEVEL SECURITY")
		case fact == "options" && o.Kind == catalog.KindTable && to[fact] != "" && from[fact] == "":
			list = append(list, "ALTER TABLE "+name(o)+" SET ("+to[fact]+")")
		default:
			return nil, false
		}
	}
	return list, true
}

func enable(value string) string {
	if value == "" {
		return "DISABLE"
	}
	return "ENABLE"
}

// onlyRemarks tells whether nothing differs but what remarks can write.
func onlyRemarks(changed map[string]bool) bool {
	for fact := range changed {
		if fact != "comment" && fact != "privileges" && fact != "enabled" {
			return false
		}
	}
	return true
}

func commentTarget(o catalog.Object) string {
	if word := simple[o.Kind]; word != "" {
		return word + " " + name(o)
	}
	switch o.Kind {
	case catalog.KindColumn:
		return "COLUMN " + onTable(o) + "." + part(o)
	case catalog.KindConstraint, catalog.KindTrigger, catalog.KindRule, catalog.KindPolicy:
		return strings.ToUpper(o.Kind) + " " + part(o) + " ON " + onTable(o)
	}
	return ""
}

var grantLine = regexp.MustCompile(`^\s*("(?:[^"]|"")+"|[A-Za-z0-9_]+|<owner>): ([A-Z, ]+)$`)

// privileges grants and revokes by grantee. The owner's own, and grants with further options, are not known.
func privileges(o catalog.Object, from, to string) (list []string, known bool) {
	on := map[string]string{
		catalog.KindTable: "TABLE", catalog.KindView: "TABLE", catalog.KindMaterializedView: "TABLE", catalog.KindSequence: "SEQUENCE", catalog.KindSchema: "SCHEMA",
		catalog.KindFunction: "FUNCTION", catalog.KindProcedure: "PROCEDURE",
	}[o.Kind]
	before, ok := grants(from)
	after, ok2 := grants(to)
	if on == "" || !ok || !ok2 {
		return nil, false
	}
	grantees := map[string]bool{}
	for g := range before {
		grantees[g] = true
	}
	for g := range after {
		grantees[g] = true
	}
	for _, g := range slices.Sorted(maps.Keys(grantees)) {
		switch {
		case before[g] == after[g]:
			continue
		case g == "<owner>" && (from == "" || to == ""): // written out once somebody else has any
			continue
		case g == "<owner>":
			return nil, false
		}
		if before[g] != "" {
			list = append(list, fmt.Sprintf("REVOKE ALL ON %s %s FROM %s", on, name(o), g))
		}
		if after[g] != "" {
			list = append(list, fmt.Sprintf("GRANT %s ON %s %s TO %s", after[g], on, name(o), g))
		}
	}
	return list, true
}

func grants(text string) (set map[string]string, ok bool) {
	set = map[string]string{}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		m := grantLine.FindStringSubmatch(line)
		if m == nil {
			return nil, false
		}
		set[m[1]] = m[2]
	}
	return set, true
}
