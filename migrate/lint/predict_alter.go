package lint

import "slices"

func (p *prediction) alterTable(t tree) {
	if t.str("objtype") != "OBJECT_TABLE" && t.str("objtype") != "OBJECT_FOREIGN_TABLE" && t.str("objtype") != "OBJECT_INDEX" && t.str("objtype") != "OBJECT_MATVIEW" && t.str("objtype") != "OBJECT_VIEW" {
		return
	}
	if p.altersNothing(t) {
		return
	}
	table := t.sub("relation")
	dropped := map[string]bool{} // constraints that go before anything else is done, and so prove nothing
	for _, cmd := range t.nodes("cmds", "AlterTableCmd") {
		if cmd.str("subtype") == "AT_DropConstraint" {
			dropped[cmd.str("name")] = true
		}
	}
	p.dropped, p.view = dropped, t.str("objtype") == "OBJECT_VIEW"
	for _, cmd := range t.nodes("cmds", "AlterTableCmd") {
		p.alter(table, cmd)
	}
	strongest := noLock // which all parts are done under
	for _, e := range p.effects {
		if e.key == rangeKey(table) {
			strongest = max(strongest, e.lock)
		}
	}
	for i := range p.effects {
		if p.effects[i].key == rangeKey(table) {
			p.effects[i].lock = strongest
		}
	}
}

// altersNothing tells whether an ALTER ... IF EXISTS is about what no file made.
func (m *model) altersNothing(t tree) bool {
	return t.flag("missing_ok") && m.table(t.sub("relation")) == nil && m.indexed(t.sub("relation")) == nil && len(m.relations) > 0
}

func (p *prediction) alter(table, cmd tree) {
	_, def := cmd.node("def")
	lock, why := accessExclusive, causeOther
	switch cmd.str("subtype") {
	case "AT_AddColumn":
		p.addColumn(table, cmd, def)
		return
	case "AT_AddConstraint":
		p.addConstraint(table, cmd, def)
		return
	case "AT_AttachPartition", "AT_DetachPartition", "AT_DetachPartitionFinalize":
		p.partition(table, cmd, def)
		return
	case "AT_DropConstraint":
		p.dropConstraint(table, cmd)
		return
	case "AT_ValidateConstraint":
		p.validate(table, cmd)
		return
	case "AT_SetNotNull":
		e := p.on(table, accessExclusive, causeNotNull, cmd)
		e.column = cmd.str("name")
		r := p.table(table)
		c := r.column(e.column)
		e.scan = (c == nil || !c.notNull) && !r.provesNotNull(e.column, p.dropped)
		return
	case "AT_AlterColumnType":
		e := p.on(table, accessExclusive, causeType, cmd)
		e.column = cmd.str("name")
		if c := p.table(table).column(e.column); c != nil {
			e.rewrite, e.scan = changesRows(c.typ, def)
		} else {
			e.rewrite = true
		}
		return
	case "AT_SetTableSpace", "AT_SetLogged", "AT_SetUnLogged", "AT_SetAccessMethod":
		r := p.table(table)
		e := p.on(table, accessExclusive, causeStorage, cmd)
		e.rewrite = r == nil || !r.partitioned
		return
	case "AT_SetExpression":
		p.on(table, accessExclusive, causeGenerated, cmd).rewrite = true
		return
	case "AT_SetStatistics", "AT_SetOptions", "AT_ResetOptions", "AT_ClusterOn", "AT_DropCluster":
		lock = shareUpdateExclusive
	case "AT_SetRelOptions", "AT_ResetRelOptions":
		if !p.view {
			lock = shareUpdateExclusive
		}
	case "AT_EnableTrig", "AT_EnableAlwaysTrig", "AT_EnableReplicaTrig", "AT_DisableTrig", "AT_EnableTrigAll", "AT_DisableTrigAll", "AT_EnableTrigUser", "AT_DisableTrigUser":
		lock = shareRowExclusive
	}
	p.on(table, lock, why, cmd)
}

func (p *prediction) addColumn(table, cmd, def tree) {
	e := p.on(table, accessExclusive, causeOther, cmd)
	e.column, e.at = def.str("colname"), def.num("location")
	hasDefault := false
	for _, con := range def.nodes("constraints", "Constraint") {
		switch con.str("contype") {
		case "CONSTR_DEFAULT":
			hasDefault = true
			if p.volatile(con["raw_expr"]) {
				e.rewrite, e.cause = true, causeVolatile
			}
		case "CONSTR_IDENTITY":
			e.rewrite, e.cause = true, causeSerial
		case "CONSTR_GENERATED":
			if con.str("generated_kind") != "v" {
				e.rewrite, e.cause = true, causeGenerated
			}
		}
	}
	typ := readType(def.sub("typeName"))
	if serials[typ.name] != "" {
		e.rewrite, e.cause = true, causeSerial
	}
	if info := p.types[typeKey(def.sub("typeName").names("names"))]; info != nil && info.constrained && !typ.array {
		e.rewrite, e.cause = true, causeDomain
	}
	rewrite := e.rewrite
	for _, con := range def.nodes("constraints", "Constraint") {
		switch con.str("contype") {
		case "CONSTR_CHECK":
			added := p.on(table, accessExclusive, causeCheck, con)
			added.scan, added.column = !rewrite, def.str("colname")
		case "CONSTR_UNIQUE", "CONSTR_PRIMARY":
			added := p.on(table, accessExclusive, constraintCauses[con.str("contype")], con)
			added.scan, added.column = true, def.str("colname")
		case "CONSTR_FOREIGN":
			p.foreignKey(table, con, con, hasDefault, def.str("colname"))
		}
	}
}

var constraintCauses = map[string]cause{
	"CONSTR_CHECK": causeCheck, "CONSTR_UNIQUE": causeUnique, "CONSTR_PRIMARY": causePrimaryKey, "CONSTR_EXCLUSION": causeExclusion, "CONSTR_NOTNULL": causeNotNull,
}

func (p *prediction) addConstraint(table, cmd, def tree) {
	kind := def.str("contype")
	if kind == "CONSTR_FOREIGN" {
		p.foreignKey(table, cmd, def, !def.flag("skip_validation"), "")
		return
	}
	why, known := constraintCauses[kind]
	if !known {
		why = causeOther
	}
	e := p.on(table, accessExclusive, why, cmd)
	e.at = def.num("location")
	if len(def.names("keys")) > 0 {
		e.column = def.names("keys")[0]
	}
	switch {
	case def.str("indexname") != "":
		r := p.table(table)
		e.scan = kind == "CONSTR_PRIMARY" && slices.ContainsFunc(p.indexColumns(table, def.str("indexname")), func(name string) bool {
			c := r.column(name)
			return c != nil && !c.notNull && !r.provesNotNull(name, p.dropped)
		})
	case kind == "CONSTR_CHECK":
		e.scan = !def.flag("skip_validation")
	default:
		e.scan = known
	}
}

func (p *prediction) indexColumns(table tree, index string) []string {
	if i := p.relations[nameKey(table.str("schemaname"), index)]; i != nil && i.index != nil {
		return i.index.columns
	}
	return nil
}

func (p *prediction) foreignKey(table, cmd, con tree, validated bool, column string) {
	validated = validated && !con.flag("skip_validation")
	e := p.on(table, shareRowExclusive, causeForeignKey, cmd)
	e.at, e.scan, e.column = con.num("location"), validated, column
	if e.column == "" && len(con.names("fk_attrs")) > 0 {
		e.column = con.names("fk_attrs")[0]
	}
	target := con.sub("pktable")
	if rangeKey(target) != rangeKey(table) {
		r := p.on(target, shareRowExclusive, causeReferenced, cmd)
		r.at, r.scan = con.num("location"), validated && !p.fresh(rangeKey(table)) // read for the check
	}
}

func (p *prediction) dropConstraint(table, cmd tree) {
	p.on(table, accessExclusive, causeOther, cmd)
	if c := p.table(table).constraint(cmd.str("name")); c != nil && c.refTable != "" && c.refTable != rangeKey(table) {
		if other := p.relations[c.refTable]; other != nil {
			p.add(c.refTable, other.name, accessExclusive, causeReferenced, cmd)
		}
	}
}

func (p *prediction) validate(table, cmd tree) {
	r := p.table(table)
	c := r.constraint(cmd.str("name"))
	e := p.on(table, shareUpdateExclusive, causeValidate, cmd)
	e.scan = c == nil || !c.valid
	if c != nil && c.refTable != "" && c.refTable != rangeKey(table) {
		if other := p.relations[c.refTable]; other != nil {
			p.add(c.refTable, other.name, rowShare, causeReferenced, cmd)
		}
	}
}

func (p *prediction) partition(table, cmd, def tree) {
	part := def.sub("name")
	if r := p.table(table); r != nil && r.index != nil {
		return // ALTER INDEX ... ATTACH PARTITION leaves the tables alone
	}
	if cmd.str("subtype") != "AT_AttachPartition" {
		lock := accessExclusive
		if def.flag("concurrent") || cmd.str("subtype") == "AT_DetachPartitionFinalize" {
			lock = shareUpdateExclusive
		}
		p.on(table, lock, causeDetach, cmd)
		p.on(part, accessExclusive, causeDetach, cmd)
		return
	}
	p.on(table, shareUpdateExclusive, causeOther, cmd)
	r := p.table(part)
	e := p.on(part, accessExclusive, causeAttach, cmd)
	e.scan = !def.sub("bound").flag("is_default") && !r.proves(def.sub("bound"), p.table(table))
	if !def.sub("bound").flag("is_default") {
		p.scanDefault(rangeKey(table), cmd)
	}
}
