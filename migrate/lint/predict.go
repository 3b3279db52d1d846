package lint

import (
	"maps"
	"slices"
	"strings"
)

// predict says what the statement will do to the relations that exist already, as far as the statement and the model tell. Lock levels
// are those of AlterTableGetLockLevel (src/backend/commands/tablecmds.c, PostgreSQL 17) and of the manual's pages of each command.
func (m *model) predict(kind string, t tree, version int) (list []effect) {
	m.resolve(kind, t)
	p := &prediction{model: m, version: version}
	p.statement(kind, t)
	for _, e := range p.effects {
		if !m.fresh(e.key) {
			list = append(list, e)
		}
	}
	return list
}

type prediction struct {
	*model
	version int
	effects []effect
	dropped map[string]bool // constraints that the statement drops, by name
	view    bool            // an ALTER of a view, whose options need a stronger lock than a table's
}

func (p *prediction) add(key, object string, lock lockMode, why cause, t tree) *effect {
	p.effects = append(p.effects, effect{key: key, object: object, lock: lock, cause: why, cmd: t, at: t.num("location")})
	return &p.effects[len(p.effects)-1]
}

// on is add for a RangeVar.
func (p *prediction) on(rangeVar tree, lock lockMode, why cause, t tree) *effect {
	return p.add(rangeKey(rangeVar), display(rangeVar), lock, why, t)
}

func (p *prediction) named(names []string, lock lockMode, why cause, t tree) *effect {
	return p.add(partsKey(names), qualified(names...), lock, why, t)
}

func (p *prediction) statement(kind string, t tree) {
	switch kind {
	case "IndexStmt":
		lock := share
		if t.flag("concurrent") {
			lock = shareUpdateExclusive
		}
		table := p.table(t.sub("relation"))
		p.on(t.sub("relation"), lock, causeIndex, t).scan = t.sub("relation").flag("inh") || table == nil || !table.partitioned
	case "AlterTableStmt":
		p.alterTable(t)
	case "CreateStmt":
		p.createTable(t)
	case "DropStmt":
		p.drop(t)
	case "RenameStmt":
		lock := accessExclusive
		if t.str("renameType") == "OBJECT_INDEX" {
			lock = shareUpdateExclusive
		}
		if t.sub("relation") != nil && t.str("renameType") != "OBJECT_ATTRIBUTE" {
			p.on(t.sub("relation"), lock, causeOther, t)
		}
	case "AlterObjectSchemaStmt":
		if t.sub("relation") != nil {
			p.on(t.sub("relation"), accessExclusive, causeOther, t)
		}
	case "CreateTrigStmt":
		p.on(t.sub("relation"), shareRowExclusive, causeOther, t)
	case "CreatePolicyStmt", "AlterPolicyStmt":
		p.on(t.sub("table"), accessExclusive, causeOther, t)
	case "RuleStmt":
		p.on(t.sub("relation"), accessExclusive, causeOther, t)
	case "ViewStmt":
		if p.table(t.sub("view")) != nil {
			p.on(t.sub("view"), accessExclusive, causeOther, t)
		}
	case "AlterSeqStmt":
		r, _ := p.numbered(rangeKey(t.sub("sequence")))
		if r != nil || !t.flag("missing_ok") || len(p.relations) == 0 || p.table(t.sub("sequence")) != nil {
			p.on(t.sub("sequence"), shareRowExclusive, causeOther, t)
		}
	case "CommentStmt":
		p.comment(t)
	case "CreateStatsStmt":
		for _, table := range t.nodes("relations", "RangeVar") {
			p.on(table, shareUpdateExclusive, causeOther, t)
		}
	case "LockStmt":
		for _, table := range t.nodes("relations", "RangeVar") {
			p.on(table, lockMode(max(0, min(t.num("mode"), int(accessExclusive)))), causeLockTable, t)
		}
	default:
		p.maintenance(kind, t)
	}
}

func (p *prediction) maintenance(kind string, t tree) {
	switch kind {
	case "TruncateStmt":
		for _, table := range t.nodes("relations", "RangeVar") {
			p.on(table, accessExclusive, causeTruncate, t)
			if t.str("behavior") == "DROP_CASCADE" {
				p.truncateReferencing(rangeKey(table), t)
			}
		}
	case "VacuumStmt":
		if t["rels"] == nil && hasOption(t, "full") {
			p.everyTable(causeVacuumFull, t)
		}
		for _, r := range t.nodes("rels", "VacuumRelation") {
			if hasOption(t, "full") {
				p.on(r.sub("relation"), accessExclusive, causeVacuumFull, t).rewrite = true
			} else {
				p.on(r.sub("relation"), shareUpdateExclusive, causeOther, t)
			}
		}
	case "ClusterStmt":
		if t.sub("relation") != nil {
			p.on(t.sub("relation"), accessExclusive, causeCluster, t).rewrite = true
		}
	case "AlterDomainStmt":
		p.alterDomain(t)
	case "SelectStmt":
		p.changesInside(t)
	case "ReindexStmt":
		p.reindex(t)
	case "RefreshMatViewStmt":
		lock := accessExclusive
		if t.flag("concurrent") {
			lock = exclusive
		}
		p.on(t.sub("relation"), lock, causeRefresh, t).rewrite = !t.flag("concurrent") && !t.flag("skipData")
		p.effects[len(p.effects)-1].scan = t.flag("concurrent")
	case "UpdateStmt", "DeleteStmt", "MergeStmt", "InsertStmt":
		p.rows(kind, t)
	}
}

// truncateReferencing is for TRUNCATE CASCADE, which goes on to tables that reference an emptied one.
func (p *prediction) truncateReferencing(key string, t tree) {
	for _, other := range p.referencing(key) {
		if !slices.ContainsFunc(p.effects, func(e effect) bool { return e.object == other.name }) {
			p.add(other.key, other.name, accessExclusive, causeTruncate, t)
			p.truncateReferencing(other.key, t)
		}
	}
}

func hasOption(t tree, name string) bool {
	for _, list := range []string{"options", "params"} {
		for _, o := range t.nodes(list, "DefElem") {
			_, value := o.node("arg")
			off := strings.EqualFold(value.str("sval"), "false") || strings.EqualFold(value.str("sval"), "off") || value["ival"] != nil && value.num("ival") == 0
			if o.str("defname") == name && (o["arg"] == nil || !off) {
				return true
			}
		}
	}
	return false
}

func (p *prediction) reindex(t tree) {
	concurrent := hasOption(t, "concurrently")
	lock := share
	if concurrent {
		lock = shareUpdateExclusive
	}
	if t.sub("relation") == nil {
		for _, r := range p.inSchema(t.str("name")) {
			if r.kind == "table" || r.kind == "materialized view" {
				p.add(r.key, r.name, lock, causeReindex, t).scan = true
			}
		}
		return
	}
	target := t.sub("relation")
	if table := p.indexed(target); table != nil {
		p.add(table.key, table.name, lock, causeReindex, t).scan = true
		return
	}
	p.on(target, lock, causeReindex, t).scan = true
}

// everyTable is for a command that goes through the whole database.
func (p *prediction) everyTable(why cause, t tree) {
	for _, key := range slices.Sorted(maps.Keys(p.relations)) {
		if r := p.relations[key]; (r.kind == "table" || r.kind == "materialized view") && !r.partitioned {
			p.add(key, r.name, accessExclusive, why, t).rewrite = true
		}
	}
}

// alterDomain is for a new constraint, which every column of the domain is read for, and the tables kept from writers
// (validateDomainCheckConstraint and its like in typecmds.c; domains over the domain are left out).
func (p *prediction) alterDomain(t tree) {
	_, con := t.node("def")
	added := t.str("subtype") == "C" && !con.flag("skip_validation")
	if !added && t.str("subtype") != "O" && t.str("subtype") != "V" {
		return
	}
	domain := typeKey(t.names("typeName"))
	for _, key := range slices.Sorted(maps.Keys(p.relations)) {
		r := p.relations[key]
		if i := slices.IndexFunc(r.columns, func(c *column) bool { return c.typ.name == domain }); r.kind == "table" && i >= 0 {
			e := p.add(key, r.name, share, causeDomainCheck, t)
			e.scan, e.column = true, r.columns[i].name
		}
	}
}

// changesInside is for UPDATE, DELETE and so on in WITH.
func (p *prediction) changesInside(t tree) {
	for _, cte := range t.sub("withClause").nodes("ctes", "CommonTableExpr") {
		switch kind, query := cte.node("ctequery"); kind {
		case "UpdateStmt", "DeleteStmt", "MergeStmt", "InsertStmt":
			p.rows(kind, query)
		}
	}
}

func (p *prediction) rows(kind string, t tree) {
	p.changesInside(t)
	if kind == "InsertStmt" {
		_, query := t.node("selectStmt")
		if query == nil || query["valuesLists"] != nil {
			p.on(t.sub("relation"), rowExclusive, causeRead, t)
			return
		}
	}
	p.on(t.sub("relation"), rowExclusive, causeRows, t).scan = kind != "InsertStmt" && unbounded(t)
}

// unbounded tells whether an UPDATE or DELETE can touch any number of rows: nothing in it limits them to some values of a column, or to
// those of a query. That something is NULL, or is not a value, as a backfill asks, limits nothing.
func unbounded(t tree) bool {
	sources := append(t.list("fromClause"), t.list("usingClause")...)
	tables := !slices.ContainsFunc(sources, func(s tree) bool {
		kind, table := open(map[string]any(s))
		return kind != "RangeVar" || hasCTE(t, table.str("relname"))
	})
	if t["whereClause"] == nil {
		return tables
	}
	return !limits(t["whereClause"], !tables)
}

// hasCTE tells whether the name is one that the statement's WITH defines.
func hasCTE(t tree, name string) bool {
	return slices.ContainsFunc(t.sub("withClause").nodes("ctes", "CommonTableExpr"), func(cte tree) bool { return cte.str("ctename") == name })
}

// limits tells whether a condition holds for some rows only, as far as it tells. joins says that to be equal to a column of something else
// is a limit, since that is a query.
func limits(where any, joins bool) bool {
	kind, t := open(where)
	some := func(arg tree) bool { return limits(map[string]any(arg), joins) }
	switch kind {
	case "BoolExpr":
		switch t.str("boolop") {
		case "AND_EXPR":
			return slices.ContainsFunc(t.list("args"), some)
		case "OR_EXPR":
			return !slices.ContainsFunc(t.list("args"), func(arg tree) bool { return !some(arg) })
		}
		return false // NOT
	case "NullTest", "A_Const", "BooleanTest", "ColumnRef":
		return false
	case "A_Expr":
		name := strings.Join(t.names("name"), "")
		if k := t.str("kind"); k == "AEXPR_DISTINCT" || k == "AEXPR_NOT_BETWEEN" || name == "<>" || strings.HasPrefix(name, "!") {
			return false
		}
		_, left := columnRef(t["lexpr"])
		_, right := columnRef(t["rexpr"])
		return joins || !left || !right
	}
	return true
}

func (p *prediction) comment(t tree) {
	_, object := t.node("object")
	names := object.names("items")
	switch t.str("objtype") {
	case "OBJECT_COLUMN", "OBJECT_TABCONSTRAINT":
		if len(names) > 1 {
			names = names[:len(names)-1]
		}
	case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_INDEX", "OBJECT_MATVIEW":
	default:
		return
	}
	if len(names) > 0 {
		p.named(names, shareUpdateExclusive, causeOther, t)
	}
}

func (p *prediction) createTable(t tree) {
	for _, element := range t.list("tableElts") {
		kind, inner := open(element)
		if kind == "Constraint" && inner.str("contype") == "CONSTR_FOREIGN" {
			p.on(inner.sub("pktable"), shareRowExclusive, causeReferenced, inner)
		}
		for _, con := range inner.nodes("constraints", "Constraint") {
			if con.str("contype") == "CONSTR_FOREIGN" {
				p.on(con.sub("pktable"), shareRowExclusive, causeReferenced, con)
			}
		}
	}
	for _, parent := range t.nodes("inhRelations", "RangeVar") {
		if t.sub("partbound") == nil {
			p.on(parent, shareUpdateExclusive, causeOther, t)
			continue
		}
		p.on(parent, accessExclusive, causePartition, t)
		p.scanDefault(rangeKey(parent), t)
	}
}

// scanDefault is for a new partition: what the default partition holds must not belong into it.
func (p *prediction) scanDefault(parent string, t tree) {
	for r := range p.linked(parent) {
		if r.parent == parent && r.isDefault {
			p.add(r.key, r.name, accessExclusive, causeDefaultPart, t).scan = true
		}
	}
}

func (p *prediction) drop(t tree) {
	for _, names := range droppedNames(t) {
		if t.flag("missing_ok") && len(p.relations) > 0 && p.relations[partsKey(names)] == nil && slices.Contains(relationKinds, t.str("removeType")) {
			continue // nothing of that name was made
		}
		switch t.str("removeType") {
		case "OBJECT_INDEX":
			p.dropIndex(names, t)
		case "OBJECT_TABLE", "OBJECT_FOREIGN_TABLE":
			p.dropTable(names, t)
		case "OBJECT_SCHEMA":
			for _, r := range p.inSchema(names[0]) {
				if r.kind != "index" {
					p.add(r.key, r.name, accessExclusive, causeDrop, t)
				}
			}
		case "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE":
			p.named(names, accessExclusive, causeDrop, t)
		case "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE":
			made := slices.ContainsFunc(objectsOf(t.str("removeType"), names), func(o object) bool { return p.knows(o.kind, o.name) })
			if len(names) > 1 && (made || !t.flag("missing_ok") || len(p.relations) == 0) {
				p.named(names[:len(names)-1], accessExclusive, causeOther, t)
			}
		}
	}
}

var relationKinds = []string{"OBJECT_TABLE", "OBJECT_INDEX", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE"}

func (p *prediction) dropIndex(names []string, t tree) {
	if t.flag("concurrent") {
		return
	}
	if i := p.relations[partsKey(names)]; i != nil && i.index != nil {
		if table := p.relations[i.index.table]; table != nil {
			p.add(i.index.table, table.name, accessExclusive, causeDropIndex, t)
			return
		}
	}
	p.named(names, accessExclusive, causeDropIndex, t)
}

func (p *prediction) dropTable(names []string, t tree) {
	key := partsKey(names)
	p.named(names, accessExclusive, causeDrop, t)
	r := p.relations[key]
	if r == nil {
		return
	}
	for _, c := range r.constraints {
		if other := p.relations[c.refTable]; other != nil && c.refTable != key {
			p.add(c.refTable, other.name, accessExclusive, causeReferenced, t)
		}
	}
	if parent := p.relations[r.parent]; parent != nil {
		p.add(r.parent, parent.name, accessExclusive, causeOther, t)
	}
	if t.str("behavior") == "DROP_CASCADE" {
		for _, other := range p.referencing(key) {
			p.add(other.key, other.name, accessExclusive, causeReferenced, t)
		}
	}
}
