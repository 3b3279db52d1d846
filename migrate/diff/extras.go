package diff

import (
	"fmt"
	"slices"
	"strings"

	"ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	entschema "entgo.io/ent/dialect/sql/schema"
)

// addExtras puts into the tables of Atlas what it can print, generated columns with these expressions, takes out what it cannot, and returns the statements that make the
// latter once the tables are there.
func (m *Model) addExtras(tables []*schema.Table, ents []*entschema.Table, generated map[member]string) (later []string, err error) {
	find := func(name string) (*schema.Table, error) {
		i := slices.IndexFunc(tables, func(t *schema.Table) bool { return t.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no table %s in the model", name)
		}
		return tables[i], nil
	}
	for at, expr := range generated {
		t, err := find(at.table)
		if err != nil {
			return nil, err
		}
		c, ok := t.Column(at.name)
		if !ok {
			return nil, fmt.Errorf("no column %s.%s in the model", at.table, at.name)
		}
		c.SetGeneratedExpr(&schema.GeneratedExpr{Expr: "(" + expr + ")", Type: "STORED"})
	}
	for _, x := range m.keys {
		t, err := find(x.table)
		if err != nil {
			return nil, err
		}
		later = append(later, x.apply(t)...)
	}
	for _, x := range m.indexes {
		t, err := find(x.table)
		if err != nil {
			return nil, err
		}
		t.Indexes = slices.DeleteFunc(t.Indexes, func(i *schema.Index) bool { return i.Name == x.name })
		later = append(later, x.create(ents))
	}
	for _, x := range m.exclusions {
		later = append(later, alter(x.table)+"ADD CONSTRAINT "+ident(x.name)+" EXCLUDE "+x.def)
	}
	return later, nil
}

// apply sets the action of the foreign keys, and returns the statements that make them deferrable.
func (x keyExtra) apply(t *schema.Table) (later []string) {
	for _, fk := range t.ForeignKeys {
		if len(fk.Columns) != 1 || !slices.Contains(x.columns, fk.Columns[0].Name) {
			continue
		}
		if x.onUpdate != "" {
			fk.OnUpdate = schema.ReferenceOption(x.onUpdate)
		}
		if x.deferrable != "" {
			later = append(later, alter(t.Name)+"ALTER CONSTRAINT "+ident(fk.Symbol)+x.deferrable)
		}
	}
	return later
}

// create is the statement that makes the index, or the constraint that it is.
func (x indexExtra) create(tables []*entschema.Table) string {
	unique, columns, a := true, x.columns, &entsql.IndexAnnotation{}
	for _, t := range tables {
		if i, ok := t.Index(x.name); ok && t.Name == x.table && x.columns == nil {
			unique = i.Unique
			for _, c := range i.Columns {
				columns = append(columns, c.Name)
			}
			if i.Annotation != nil {
				a = i.Annotation
			}
		}
	}
	keys := x.keys
	for _, c := range columns {
		if len(x.keys) == 0 {
			keys = append(keys, indexKey(a, c, len(columns)))
		}
	}
	var b strings.Builder
	if x.deferrable != "" {
		b.WriteString(alter(x.table) + "ADD CONSTRAINT " + ident(x.name) + " UNIQUE")
	} else {
		b.WriteString(strings.TrimSuffix(createIndex(x.table, index{name: x.name, unique: unique}), " "))
		if method := a.Types[dialect.Postgres]; method != "" || a.Type != "" {
			b.WriteString(" USING " + strings.ToLower(method+a.Type))
		}
	}
	nullsAlike := ""
	if x.nullsAlike {
		nullsAlike = " NULLS NOT DISTINCT"
	}
	if x.deferrable != "" { // a constraint says it before its columns, an index after them
		b.WriteString(nullsAlike)
	}
	b.WriteString(" (" + strings.Join(keys, ", ") + ")")
	if len(a.IncludeColumns) > 0 {
		b.WriteString(" INCLUDE (" + idents(a.IncludeColumns) + ")")
	}
	if x.deferrable == "" {
		b.WriteString(nullsAlike)
	}
	if a.Where != "" {
		b.WriteString(" WHERE " + a.Where)
	}
	return b.String() + x.deferrable
}

// indexKey is a column with its operator class and direction.
func indexKey(a *entsql.IndexAnnotation, column string, of int) string {
	key := ident(column)
	if class := a.OpClassColumns[column]; class != "" {
		key += " " + class
	} else if a.OpClass != "" && of == 1 {
		key += " " + a.OpClass
	}
	if a.DescColumns[column] || a.Desc && of == 1 {
		key += " DESC"
	}
	return key
}

func idents(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = ident(name)
	}
	return strings.Join(quoted, ", ")
}
