package lint

import (
	"maps"
	"slices"
	"strings"
)

var replicaIdentity = &Rule{
	Code: "BC111", Name: "replica-identity", Group: Incompatible, Severity: Warning,
	Summary: "UPDATE and DELETE fail on a published table without a replica identity.",
	Why: "A publication that sends updates or deletes needs to say which row they are about: by the primary key, unless REPLICA IDENTITY says otherwise. " +
		"Where it says NOTHING, or there is no primary key, each UPDATE and DELETE of the table is an error from the moment that it is published (manual, Logical Replication, Publication). Found are REPLICA IDENTITY NOTHING, and a publication of a table without a primary key.",
	Fix: "A primary key, or `REPLICA IDENTITY USING INDEX` with a unique index on NOT NULL columns; FULL where there is none.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_ReplicaIdentity") {
			if _, def := cmd.node("def"); def.str("identity_type") == identityNothing {
				rangeVar, table := p.target()
				p.atCommit(func() {
					if r := p.table(rangeVar); r != nil && r.identity != identityNothing {
						return
					}
					f := p.report(cmd.num("location"), table, "", "UPDATE and DELETE fail on "+table+" as soon as a publication sends them: nothing says which row they are about.", "Leave it at the primary key (REPLICA IDENTITY DEFAULT), or name a unique index.")
					f.Lock, f.Rewrite = accessExclusive.String(), new(false)
				})
			}
		}
		if !p.in("CreatePublicationStmt", "AlterPublicationStmt") || p.tree.str("action") == "AP_DropObjects" || !sendsChanges(p.tree) {
			return
		}
		for _, o := range p.tree.nodes("pubobjects", "PublicationObjSpec") {
			if rangeVar := o.sub("pubtable").sub("relation"); rangeVar != nil {
				p.published(rangeKey(rangeVar))
			}
			if schema := o.str("name"); o.str("pubobjtype") == "PUBLICATIONOBJ_TABLES_IN_SCHEMA" {
				for _, r := range p.inSchema(schema) {
					if p.relations[r.parent] == nil { // whose partitions go by it
						p.published(r.key)
					}
				}
			}
		}
		if p.tree.flag("for_all_tables") {
			for _, key := range slices.Sorted(maps.Keys(p.relations)) {
				if p.relations[p.relations[key].parent] == nil {
					p.published(key)
				}
			}
		}
	},
}

const identityNothing = "n"

// sendsChanges tells whether a publication sends updates or deletes, as it does unless its options say otherwise.
func sendsChanges(t tree) bool {
	for _, o := range t.nodes("options", "DefElem") {
		if _, value := o.node("arg"); o.str("defname") == "publish" {
			return strings.Contains(value.str("sval"), "update") || strings.Contains(value.str("sval"), "delete")
		}
	}
	return true
}

// published reports a table that existed, is published and has nothing to tell its rows by when the file has ended.
func (p *pass) published(key string) {
	r := p.relations[key]
	if r == nil || r.kind != "table" || r.run == p.run || len(r.columns) == 0 {
		return
	}
	p.atCommit(func() {
		keyed := false
		for at := r; at != nil && !keyed; at = p.relations[at.parent] { // a partition has its parent's key
			keyed = slices.ContainsFunc(at.constraints, func(c *constraint) bool { return c.kind == "CONSTR_PRIMARY" })
		}
		if r.identity == "" && keyed || r.identity != "" && r.identity != identityNothing {
			return
		}
		p.report(0, r.name, "", "UPDATE and DELETE fail on "+r.name+" once it is published: nothing says which row they are about.", steps("Add a primary key first, or", command("ALTER TABLE %s REPLICA IDENTITY FULL", r.name)))
	})
}
