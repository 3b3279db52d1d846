package lint

import (
	"maps"
	"slices"
	"strings"
)

// apply makes the model what it is after the statement.
func (m *model) apply(kind string, t tree) {
	m.resolve(kind, t)
	m.setPath(kind, t)
	m.applyObject(kind, t)
	switch kind {
	case "CreateStmt":
		m.createTable(t)
	case "CreateTableAsStmt":
		m.createTableAs(t)
	case "ViewStmt":
		m.add(t.sub("view"), "view", viewColumns(t))
	case "SelectStmt":
		if into := t.sub("intoClause"); into != nil {
			m.add(into.sub("rel"), "table", nil)
		}
	case "IndexStmt":
		m.createIndex(t)
	case "CreateSeqStmt":
		m.add(t.sub("sequence"), "sequence", nil)
	case "CreateForeignTableStmt":
		m.createTable(t.sub("base"))
	case "CreateEnumStmt":
		m.addType(t.names("typeName"), &typeInfo{kind: "enum"})
	case "CompositeTypeStmt":
		m.addType([]string{t.sub("typevar").str("schemaname"), t.sub("typevar").str("relname")}, &typeInfo{kind: "composite"})
	case "CreateRangeStmt":
		m.addType(t.names("typeName"), &typeInfo{kind: "range"})
	case "CreateDomainStmt":
		m.addType(t.names("domainname"), &typeInfo{kind: "domain", constrained: constrains(t)})
	case "AlterDomainStmt":
		if typ := m.types[typeKey(t.names("typeName"))]; typ != nil && (t.str("subtype") == "C" || t.str("subtype") == "O") {
			typ.constrained = true
		}
	case "CreateFunctionStmt":
		m.functions[strings.Join(unqualify(t.names("funcname")), ".")] = volatility(t)
	case "CreateSchemaStmt":
		m.createSchema(t)
	case "AlterTableStmt":
		m.alterTable(t)
	case "RenameStmt":
		switch t.str("renameType") {
		case "OBJECT_SCHEMA":
			m.renameSchema(t.str("subname"), t.str("newname"))
		case "OBJECT_TYPE", "OBJECT_DOMAIN":
			m.renameType(t)
		default:
			m.rename(t)
		}
	case "AlterObjectSchemaStmt":
		m.setSchema(t)
	case "DropStmt":
		m.drop(t)
	}
}

// constrains tells whether a CREATE DOMAIN has more than a default.
func constrains(t tree) bool {
	return slices.ContainsFunc(t.nodes("constraints", "Constraint"), func(c tree) bool {
		return c.str("contype") == "CONSTR_CHECK" || c.str("contype") == "CONSTR_NOTNULL"
	})
}

func unqualify(names []string) []string {
	if len(names) > 1 && (names[0] == "public" || names[0] == "pg_catalog") {
		return names[1:]
	}
	return names
}

func typeKey(names []string) string {
	return strings.Join(unqualify(slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" })), ".")
}

func (m *model) addType(names []string, typ *typeInfo) {
	typ.run = m.run
	m.types[typeKey(names)] = typ
}

// volatility of a function: "v" is PostgreSQL's default.
func volatility(t tree) string {
	for _, option := range t.nodes("options", "DefElem") {
		if _, value := option.node("arg"); option.str("defname") == "volatility" && value.str("sval") != "" {
			return value.str("sval")[:1]
		}
	}
	return "v"
}

func (m *model) createSchema(t tree) {
	if _, there := m.schemas[t.str("schemaname")]; !there {
		m.schemas[t.str("schemaname")] = m.run
	}
	path := m.path
	m.path = []string{t.str("schemaname")} // its elements are in it
	for _, element := range t.list("schemaElts") {
		kind, inner := open(element)
		m.apply(kind, inner)
	}
	m.path = path
}

// add makes a relation, unless there is one (IF NOT EXISTS, OR REPLACE).
func (m *model) add(name tree, kind string, columns []*column) *relation {
	key := rangeKey(name)
	if old := m.relations[key]; old != nil {
		if kind == "view" {
			old.columns = columns
		}
		return nil
	}
	r := &relation{key: key, name: display(name), kind: kind, run: m.run, columns: columns}
	m.relations[key] = r
	m.temporary = m.temporary || strings.HasPrefix(key, pgTemp+".")
	return r
}

func (m *model) createTableAs(t tree) {
	kind := "table"
	if t.str("objtype") == "OBJECT_MATVIEW" {
		kind = "materialized view"
	}
	m.add(t.sub("into").sub("rel"), kind, nil)
}

// viewColumns are the names of a view's columns, nil where they cannot be told from the statement.
func viewColumns(t tree) (columns []*column) {
	for _, name := range t.names("aliases") {
		columns = append(columns, &column{name: name})
	}
	_, query := t.node("query")
	for i, target := range query.nodes("targetList", "ResTarget") {
		if i < len(t.names("aliases")) {
			continue
		}
		name := target.str("name")
		if name == "" {
			var ok bool
			if name, ok = columnRef(target["val"]); !ok {
				return nil
			}
		}
		columns = append(columns, &column{name: name})
	}
	return columns
}

func (m *model) createTable(t tree) {
	r := m.add(t.sub("relation"), "table", nil)
	if r == nil {
		return
	}
	if by := t.sub("partspec"); by != nil {
		r.partitioned = true
		for _, e := range by.nodes("partParams", "PartitionElem") {
			r.partKey = append(r.partKey, e.str("name"))
		}
	}
	for _, parent := range t.nodes("inhRelations", "RangeVar") {
		if from := m.table(parent); from != nil {
			for _, c := range from.columns {
				r.columns = append(r.columns, new(*c))
			}
		}
		if bound := t.sub("partbound"); bound != nil {
			r.parent, r.isDefault = rangeKey(parent), bound.flag("is_default")
			m.link(r.parent, r)
		}
	}
	for _, element := range t.list("tableElts") {
		switch kind, inner := open(element); kind {
		case "ColumnDef":
			m.addColumn(r, inner)
		case "Constraint":
			m.addConstraint(r, inner)
		case "TableLikeClause":
			if from := m.table(inner.sub("relation")); from != nil {
				for _, c := range from.columns {
					r.columns = append(r.columns, new(*c))
				}
			}
		}
	}
}

// serials are not types but a way to write a default.
var serials = map[string]string{"smallserial": "int2", "serial2": "int2", "serial": "int4", "serial4": "int4", "bigserial": "int8", "serial8": "int8"}

func (m *model) addColumn(r *relation, def tree) {
	c := &column{name: def.str("colname"), typ: readType(def.sub("typeName")), run: m.run}
	if base := serials[c.typ.name]; base != "" {
		c.typ.name, c.notNull, c.hasValue = base, true, true
	}
	r.columns = append(r.columns, c)
	for _, con := range def.nodes("constraints", "Constraint") {
		switch con.str("contype") {
		case "CONSTR_NOTNULL":
			c.notNull = true
		case "CONSTR_NULL":
			c.notNull = false
		case "CONSTR_DEFAULT":
			c.hasValue = true
		case "CONSTR_IDENTITY":
			c.hasValue, c.notNull, c.identity = true, true, true
		case "CONSTR_GENERATED":
			c.hasValue, c.generated = true, true
		default:
			m.addConstraint(r, con, c.name)
		}
	}
}

func (m *model) addConstraint(r *relation, con tree, column ...string) {
	added := &constraint{
		name: con.str("conname"), kind: con.str("contype"), columns: column, run: m.run,
		valid: !con.flag("skip_validation"), expr: asTree(con["raw_expr"]),
	}
	if added.columns == nil {
		added.columns = con.names("keys")
	}
	if added.kind == "CONSTR_FOREIGN" {
		added.refTable = rangeKey(con.sub("pktable"))
		m.link(added.refTable, r)
		if column == nil {
			added.columns = con.names("fk_attrs")
		}
	}
	if using := con.str("indexname"); using != "" {
		for _, i := range m.indexesOn(r.key) {
			if i.name == quoteIdent(using) || strings.HasSuffix(i.name, "."+quoteIdent(using)) {
				added.columns = i.index.columns
			}
		}
	}
	if added.name == "" {
		added.name = chosenName(r, added)
	}
	switch added.kind {
	case "CONSTR_CHECK", "CONSTR_FOREIGN", "CONSTR_UNIQUE", "CONSTR_PRIMARY", "CONSTR_EXCLUSION":
		r.constraints = append(r.constraints, added)
	}
	if added.kind == "CONSTR_PRIMARY" {
		for _, name := range added.columns {
			if c := r.column(name); c != nil {
				c.notNull = true
			}
		}
	}
}

// chosenName is the name that PostgreSQL gives a constraint without one, unless it is taken (ChooseConstraintName; a check's is only told
// for a constraint on a column).
func chosenName(r *relation, c *constraint) string {
	suffix := map[string]string{"CONSTR_PRIMARY": "pkey", "CONSTR_UNIQUE": "key", "CONSTR_FOREIGN": "fkey", "CONSTR_CHECK": "check", "CONSTR_EXCLUSION": "excl"}[c.kind]
	table := r.name[strings.LastIndex(r.name, ".")+1:]
	if c.kind == "CONSTR_PRIMARY" || len(c.columns) == 0 {
		return strings.Trim(table, `"`) + "_" + suffix
	}
	return strings.Trim(table, `"`) + "_" + strings.Join(c.columns, "_") + "_" + suffix
}

func (m *model) createIndex(t tree) {
	table := t.sub("relation")
	name := t.str("idxname")
	if name == "" {
		return
	}
	index := m.add(tree{"schemaname": table.str("schemaname"), "relname": name}, "index", nil)
	if index == nil {
		return
	}
	index.index = &indexInfo{table: rangeKey(table), unique: t.flag("unique"), partial: t["whereClause"] != nil}
	m.link(index.index.table, index)
	for _, e := range t.nodes("indexParams", "IndexElem") {
		index.index.columns = append(index.index.columns, e.str("name")) // "" for an expression
	}
}

func (m *model) drop(t tree) {
	for _, names := range droppedNames(t) {
		switch t.str("removeType") {
		case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE", "OBJECT_FOREIGN_TABLE":
			key := partsKey(names)
			delete(m.relations, key)
			for r := range m.linked(key) {
				if r.index != nil && r.index.table == key || r.parent == key {
					delete(m.relations, r.key)
				}
				r.constraints = slices.DeleteFunc(r.constraints, func(c *constraint) bool { return c.refTable == key })
			}
			delete(m.links, key)
		case "OBJECT_TYPE", "OBJECT_DOMAIN":
			delete(m.types, typeKey(names))
		case "OBJECT_FUNCTION":
			delete(m.functions, strings.Join(unqualify(names), "."))
		case "OBJECT_SCHEMA":
			delete(m.schemas, names[0])
			maps.DeleteFunc(m.relations, func(key string, _ *relation) bool { return strings.HasPrefix(key, names[0]+".") })
		}
	}
}

// droppedNames are the names that a DROP lists, each in its parts.
func droppedNames(t tree) (list [][]string) {
	for _, object := range t.list("objects") {
		kind, inner := open(object)
		var names []string
		switch kind {
		case "List":
			names = inner.names("items")
		case "String":
			names = []string{inner.str("sval")}
		case "TypeName":
			names = inner.names("names")
		case "ObjectWithArgs":
			names = inner.names("objname")
		}
		if len(names) > 0 {
			list = append(list, names)
		}
	}
	return list
}

func partsKey(names []string) string {
	if len(names) == 1 {
		return nameKey("", names[0])
	}
	return nameKey(names[len(names)-2], names[len(names)-1])
}
