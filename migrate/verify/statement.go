package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// writer writes the statements of one change at a time: from what is now to what is wanted.
type writer struct{ now, want *catalog.Snapshot }

// sql is "" where no statement is known that does all of the change.
func (w writer) sql(c catalog.Change) string {
	var list []string
	ok := false
	switch c.Change {
	case catalog.Removed:
		list, ok = w.drop(c.Object)
	case catalog.Added:
		list, ok = w.add(c.Object)
	default:
		list, ok = w.alter(c)
	}
	if !ok || len(list) == 0 {
		return ""
	}
	return strings.Join(list, ";\n") + ";"
}

// name is the object's in SQL, with its schema.
func name(o catalog.Object) string {
	if o.Schema == "" {
		return o.Name
	}
	return ident(o.Schema) + "." + o.Name
}

// onTable is the table that an object belongs to, in SQL.
func onTable(o catalog.Object) string { return ident(o.Schema) + "." + ident(o.Table) }

// part is the object's own name in its table: email in users.email.
func part(o catalog.Object) string {
	for _, table := range []string{ident(o.Table), o.Table} {
		if rest, ok := strings.CutPrefix(o.Name, table+"."); ok {
			return rest
		}
	}
	return o.Name
}

// domainOf is the domain of a domain constraint, and the constraint's own name.
func domainOf(o catalog.Object) (domain, constraint string) {
	for i := len(o.Name) - 1; i > 0; i-- {
		if o.Name[i] == '.' && strings.Count(o.Name[:i], `"`)%2 == 0 {
			return ident(o.Schema) + "." + o.Name[:i], o.Name[i+1:]
		}
	}
	return "", ""
}

// simple are the kinds whose DROP needs nothing but the name.
var simple = map[string]string{
	catalog.KindSchema: "SCHEMA", catalog.KindExtension: "EXTENSION", catalog.KindEnum: "TYPE", catalog.KindComposite: "TYPE", catalog.KindRange: "TYPE",
	catalog.KindDomain: "DOMAIN", catalog.KindSequence: "SEQUENCE", catalog.KindTable: "TABLE", catalog.KindFunction: "FUNCTION", catalog.KindProcedure: "PROCEDURE",
	catalog.KindAggregate: "AGGREGATE", catalog.KindIndex: "INDEX", catalog.KindStatistics: "STATISTICS", catalog.KindView: "VIEW",
	catalog.KindMaterializedView: "MATERIALIZED VIEW",
}

func (w writer) drop(o catalog.Object) ([]string, bool) {
	if word := simple[o.Kind]; word != "" {
		return []string{"DROP " + word + " " + name(o)}, true
	}
	switch o.Kind {
	case catalog.KindColumn:
		return []string{"ALTER TABLE " + onTable(o) + " DROP COLUMN " + part(o)}, true
	case catalog.KindConstraint:
		return []string{"ALTER TABLE " + onTable(o) + " DROP CONSTRAINT " + part(o)}, true
	case catalog.KindDomainConstraint:
		domain, constraint := domainOf(o)
		return []string{"ALTER DOMAIN " + domain + " DROP CONSTRAINT " + constraint}, domain != ""
	case catalog.KindTrigger, catalog.KindRule, catalog.KindPolicy:
		return []string{"DROP " + strings.ToUpper(o.Kind) + " " + part(o) + " ON " + onTable(o)}, true
	}
	return nil, false
}

func (w writer) add(o catalog.Object) ([]string, bool) {
	f := facts(o.Def)
	list, used := w.create(o, f)
	if len(list) == 0 {
		return nil, false
	}
	extra, ok := w.remarks(o, nil, f, used)
	return append(list, extra...), ok
}

// create writes the object itself. used are the facts that are in it.
func (w writer) create(o catalog.Object, f map[string]string) (list, used []string) {
	switch o.Kind {
	case catalog.KindSchema:
		return []string{"CREATE SCHEMA " + o.Name}, nil
	case catalog.KindExtension:
		return []string{"CREATE EXTENSION " + o.Name + " SCHEMA " + f["schema name"]}, []string{"schema name", "comment"} // which it brings
	case catalog.KindEnum:
		return []string{"CREATE TYPE " + name(o) + " AS ENUM (" + strings.Join(items(f["labels"]), ", ") + ")"}, []string{"labels"}
	case catalog.KindComposite:
		return []string{"CREATE TYPE " + name(o) + " AS (" + strings.Join(items(f["attributes"]), ", ") + ")"}, []string{"attributes"}
	case catalog.KindRange:
		return []string{"CREATE TYPE " + name(o) + " AS RANGE (SUBTYPE = " + f["subtype"] + ")"}, []string{"subtype", "subtype operator class", "multirange"}
	case catalog.KindDomain:
		return []string{"CREATE DOMAIN " + name(o) + " AS " + columnText(f)}, []string{"type", "collation", "default", "not null"}
	case catalog.KindDomainConstraint:
		domain, constraint := domainOf(o)
		return []string{"ALTER DOMAIN " + domain + " ADD CONSTRAINT " + constraint + " " + firstLine(o.Def)}, []string{firstLine(o.Def)}
	case catalog.KindSequence:
		return []string{"CREATE SEQUENCE " + name(o) + " AS " + f["type"] + sequenceOptions(f)}, append([]string{"type"}, sequenceFacts...)
	case catalog.KindTable:
		return []string{w.table(o, f)}, []string{"partition by", "partition of", "partition bound"}
	case catalog.KindColumn:
		return []string{"ALTER TABLE " + onTable(o) + " ADD COLUMN " + part(o) + " " + columnText(f)}, columnFacts
	case catalog.KindConstraint:
		return []string{"ALTER TABLE " + onTable(o) + " ADD CONSTRAINT " + part(o) + " " + firstLine(o.Def)}, []string{firstLine(o.Def)}
	case catalog.KindIndex:
		return []string{firstLine(o.Def)}, []string{firstLine(o.Def)}
	case catalog.KindTrigger:
		return []string{firstLine(o.Def)}, []string{firstLine(o.Def)}
	case catalog.KindFunction, catalog.KindProcedure:
		text := routineText(o.Def)
		return []string{text}, factsOf(text)
	case catalog.KindView, catalog.KindMaterializedView, catalog.KindRule:
		return created(o)
	case catalog.KindPolicy:
		return []string{policyText(o, f)}, []string{"for", "to", "using", "with check", "restrictive"}
	case catalog.KindStatistics:
		return []string{"CREATE STATISTICS " + name(o) + " (" + f["kinds"] + ") ON " + f["columns"] + " FROM " + f["on"]}, []string{"kinds", "columns", "on"}
	}
	return nil, nil
}

// created is of objects whose definition begins with a text that ends with a semicolon.
func created(o catalog.Object) (list, used []string) {
	text, rest, ok := strings.Cut(o.Def+"\n", ";\n")
	if !ok {
		return nil, nil
	}
	used = factsOf(text + ";")
	columns := facts(rest)["columns"]
	switch o.Kind {
	case catalog.KindView:
		return []string{"CREATE VIEW " + name(o) + columnList(columns) + " AS\n" + text}, append(used, "columns")
	case catalog.KindMaterializedView:
		return []string{"CREATE MATERIALIZED VIEW " + name(o) + columnList(columns) + " AS\n" + text}, append(used, "columns")
	}
	return []string{text}, used
}

func columnList(columns string) string {
	if strings.TrimSpace(columns) == "" {
		return ""
	}
	return " (" + strings.ReplaceAll(strings.TrimSpace(columns), "\n", " ") + ")"
}

// routineText is what pg_get_functiondef printed, without the facts that follow.
func routineText(def string) string {
	if _, rest, ok := strings.Cut(def, "\nAS $"); ok {
		tag, _, _ := strings.Cut(rest, "$")
		if end := strings.LastIndex(def, "$"+tag+"$"); end > 0 {
			return def[:end+len(tag)+2]
		}
	}
	if end := strings.LastIndex(def, "\nEND"); end > 0 {
		return def[:end+len("\nEND")]
	}
	return firstLine(def)
}

// factsOf are the names under which facts finds a text's lines.
func factsOf(text string) (names []string) {
	for name := range facts(text) {
		names = append(names, name)
	}
	return names
}

func policyText(o catalog.Object, f map[string]string) string {
	text := "CREATE POLICY " + part(o) + " ON " + onTable(o)
	if f["restrictive"] != "" {
		text += " AS RESTRICTIVE"
	}
	text += " FOR " + strings.ToUpper(f["for"]) + " TO " + f["to"]
	if f["using"] != "" {
		text += " USING (" + f["using"] + ")"
	}
	if f["with check"] != "" {
		text += " WITH CHECK (" + f["with check"] + ")"
	}
	return text
}

func (w writer) table(o catalog.Object, f map[string]string) string {
	if parent := f["partition of"]; parent != "" {
		return "CREATE TABLE " + name(o) + " PARTITION OF " + parent + " " + strings.TrimSpace(f["partition bound"]) + partitionBy(f)
	}
	var columns []catalog.Object
	for _, c := range w.want.Objects {
		if c.Kind == catalog.KindColumn && c.Schema == o.Schema && c.Table == bare(o.Name) {
			columns = append(columns, c)
		}
	}
	slices.SortFunc(columns, func(a, b catalog.Object) int { return a.Order - b.Order })
	var texts []string
	for _, c := range columns {
		texts = append(texts, part(c)+" "+columnText(facts(c.Def)))
	}
	text := "CREATE TABLE " + name(o) + " (\n  " + strings.Join(texts, ",\n  ") + "\n)" + partitionBy(f)
	for _, c := range columns {
		if comment := facts(c.Def)["comment"]; comment != "" && !strings.Contains(comment, "\n") {
			text += fmt.Sprintf(";\nCOMMENT ON COLUMN %s.%s IS %s", name(o), part(c), literal(comment))
		}
	}
	return text
}

func partitionBy(f map[string]string) string {
	if by := f["partition by"]; by != "" {
		return " PARTITION BY " + by
	}
	return ""
}

func firstLine(def string) string {
	line, _, _ := strings.Cut(def, "\n")
	return line
}

// items are the lines of a list.
func items(value string) (list []string) {
	for line := range strings.SplitSeq(strings.TrimSpace(value), "\n") {
		list = append(list, strings.TrimSpace(line))
	}
	return list
}

var columnFacts = []string{"type", "collation", "default", "not null", "generated stored", "identity by default", "identity always"}

// columnText is what follows a column's or domain's name.
func columnText(f map[string]string) string {
	text := f["type"]
	if f["collation"] != "" {
		text += " COLLATE " + f["collation"]
	}
	switch {
	case f["generated stored"] != "":
		text += " GENERATED ALWAYS AS (" + f["generated stored"] + ") STORED"
	case f["identity always"] != "":
		text += " GENERATED ALWAYS AS IDENTITY"
	case f["identity by default"] != "":
		text += " GENERATED BY DEFAULT AS IDENTITY"
	case f["default"] != "":
		text += " DEFAULT " + f["default"]
	}
	if f["not null"] != "" {
		text += " NOT NULL"
	}
	return text
}

var sequenceFacts = []string{"start", "increment", "minimum", "maximum", "cache", "cycle", "owned by"}

func sequenceOptions(f map[string]string) string {
	text := fmt.Sprintf(" START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s", f["start"], f["increment"], f["minimum"], f["maximum"], f["cache"])
	if f["cycle"] != "" {
		return text + " CYCLE"
	}
	return text + " NO CYCLE"
}
