package lint

import (
	"cmp"
	"fmt"
	"strings"
)

var nameStyle = &Rule{
	Code: "AD109", Name: "name-style", Group: Advice, Severity: Notice, Atlas: "NM102",
	Summary: "A name that always has to be quoted, that PostgreSQL cuts, or that does not fit the pattern of the settings.",
	Why:     "Names with capitals, blanks or of key words need quotes in every statement; what is over 63 bytes long is cut without an error.",
	Fix:     "Lower case, digits and underscores; or what the block `naming` of the settings asks for.",
	check: func(p *pass) {
		p.namesCut()
		switch p.kind {
		case "CreateSchemaStmt":
			p.named("schema", p.tree.str("schemaname"))
		case "CreateStmt":
			p.named("table", p.tree.sub("relation").str("relname"))
			for _, con := range p.tree.nodes("tableElts", "Constraint") {
				p.namedConstraint(con)
			}
		case "IndexStmt":
			p.named("index", p.tree.str("idxname"))
		case "ViewStmt":
			p.named("view", p.tree.sub("view").str("relname"))
		case "CreateEnumStmt":
			if names := p.tree.names("typeName"); len(names) > 0 {
				p.named("type", names[len(names)-1])
			}
		case "RenameStmt":
			p.named(renamedKinds[p.tree.str("renameType")], p.tree.str("newname"))
		case "AlterTableStmt":
			for _, cmd := range p.tree.nodes("cmds", "AlterTableCmd") {
				if kind, def := cmd.node("def"); kind == "Constraint" {
					p.namedConstraint(def)
				}
			}
		}
		p.eachNewColumn(func(_ string, def tree, _ typeName) {
			p.named("column", def.str("colname"))
			for _, con := range def.nodes("constraints", "Constraint") {
				p.namedConstraint(con)
			}
		})
	},
}

// renamedKinds are kinds of objects that get a new name, in the words of the settings where those have one.
var renamedKinds = map[string]string{
	"OBJECT_SCHEMA": "schema", "OBJECT_TABLE": "table", "OBJECT_COLUMN": "column", "OBJECT_INDEX": "index", "OBJECT_VIEW": "view", "OBJECT_TYPE": "type",
}

// constraintKinds are the constraints that the settings can have a pattern for; a unique one is an index.
var constraintKinds = map[string]string{
	"CONSTR_FOREIGN": "foreign_key", "CONSTR_CHECK": "check", "CONSTR_UNIQUE": "index", "CONSTR_EXCLUSION": "index", "CONSTR_PRIMARY": "index",
}

func (p *pass) namedConstraint(con tree) {
	p.named(constraintKinds[con.str("contype")], con.str("conname"))
}

// named looks at a name that the statement gives to an object; "" is none, or one of a kind that does not matter.
func (p *pass) named(kind, name string) {
	if name == "" || kind == "" {
		return
	}
	words := strings.ReplaceAll(kind, "_", " ")
	if pattern, ok := p.settings.Naming.For(kind); ok && !pattern.Match.MatchString(name) {
		p.report(p.place(name), quoteIdent(name), "", fmt.Sprintf("The name of the %s %s does not match %s, the pattern of the settings.", words, quoteIdent(name), pattern.Match),
			cmp.Or(pattern.Message, "Give it a name that matches."))
		return
	}
	if quoteIdent(name) != name {
		p.report(p.place(name), quoteIdent(name), "", "The name of the "+words+" "+quoteIdent(name)+" has to be quoted in every statement.", "Use lower case, digits and underscores, and no key word.")
	}
}

// namesCut looks for names that are too long. The tree has them as they are cut.
func (p *pass) namesCut() {
	if !p.in("CreateStmt", "IndexStmt", "ViewStmt", "AlterTableStmt", "RenameStmt", "CreateEnumStmt", "CreateFunctionStmt") {
		return
	}
	for _, t := range p.Tokens(len(p.Text)) {
		if name := strings.Trim(p.Text[t.Start:t.End], `"`); len(name) > 63 && !strings.ContainsAny(name[:1], "'$0123456789") {
			p.report(t.Start, quoteIdent(name), "", fmt.Sprintf("The name %s has %d bytes, of which PostgreSQL keeps 63.", name, len(name)), "Give it a shorter name.")
		}
	}
}
