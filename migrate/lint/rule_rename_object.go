package lint

import "slices"

var renameObject = &Rule{
	Code: "BC117", Name: "rename-object", Group: Incompatible, Severity: Warning,
	Summary: "A renamed sequence, role or database, or a function, type or extension that moves to another schema, breaks code that uses the old name.",
	Why:     "Code and schema cannot be changed in the same instant. `nextval('old_name')` fails, and a role that is renamed cannot log in as before (an MD5 password is cleared too). The sequence of a serial or an identity that goes by the name of its table and column is no finding, since the column goes on with it. Tables, columns, types, functions and enum values have rules of their own.",
	Fix:     "Make the new one beside the old one until no code uses the old name; for a schema, put the new one on the search_path of the code first.",
	check: func(p *pass) {
		if p.kind == "RenameStmt" {
			old, fresh := p.tree.str("subname"), false
			switch kind := p.tree.str("renameType"); {
			case p.namesSequence():
				name := p.tree.sub("relation")
				key := rangeKey(name)
				renamed := nameKey(name.str("schemaname"), p.tree.str("newname"))
				old, fresh = display(name), p.fresh(key) || p.ofColumn(key) || p.ofColumn(renamed) || p.later("", func(s *statement) bool { return rangeKey(s.tree.sub("sequence")) == key }, "CreateSeqStmt")
			case kind == "OBJECT_ROLE":
				old, fresh = quoteIdent(old), p.isNew(aRole, old)
			case kind == "OBJECT_DATABASE":
				old = quoteIdent(old)
			default:
				return
			}
			if !fresh {
				p.report(0, old, "", "Code that uses "+old+" fails once it is called "+quoteIdent(p.tree.str("newname"))+".", "Make the new one beside the old one until no code uses the old name.")
			}
			return
		}
		if p.kind != "AlterObjectSchemaStmt" || p.tree.sub("relation") != nil {
			return
		}
		if names := p.movedNames(); len(names) > 0 && !p.movesNew(names) {
			old := qualified(names...)
			p.report(0, old, "", "Code that uses "+old+" fails once it is in the schema "+quoteIdent(p.tree.str("newschema"))+", unless its search_path finds it.", "Put the new schema on the search_path of the code first.")
		}
	},
}

// namesSequence tells whether a RENAME is of a sequence, which ALTER TABLE can do too.
func (p *pass) namesSequence() bool {
	key := rangeKey(p.tree.sub("relation"))
	r := p.relations[key]
	return p.tree.str("renameType") == "OBJECT_SEQUENCE" || p.tree.str("renameType") == "OBJECT_TABLE" && (r != nil && r.kind == "sequence" || r == nil && p.ofColumn(key))
}

// ofColumn tells whether the sequence has the name of one that a serial or an identity makes.
func (m *model) ofColumn(key string) bool {
	r, _ := m.numbered(key)
	return r != nil
}

// movedNames are the parts of the name of what ALTER ... SET SCHEMA moves.
func (p *pass) movedNames() []string {
	switch kind, object := p.tree.node("object"); kind {
	case "ObjectWithArgs":
		return object.names("objname")
	case "List":
		return object.names("items")
	case "String":
		return []string{object.str("sval")}
	}
	return nil
}

// movesNew tells whether the deployment made what ALTER ... SET SCHEMA moves.
func (p *pass) movesNew(names []string) bool {
	key := typeKey(names)
	typ := p.types[key]
	return p.isNew(aFunction, key) || slices.Contains([]string{"OBJECT_TYPE", "OBJECT_DOMAIN"}, p.tree.str("objectType")) && typ != nil && typ.run == p.run ||
		p.tree.str("objectType") == "OBJECT_EXTENSION" && p.isNew(anExtension, names[0])
}
