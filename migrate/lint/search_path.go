package lint

import (
	"slices"
	"strings"
)

// pgTemp is the schema of temporary tables, which comes before all others where a name has no schema.
const pgTemp = "pg_temp"

// resolve gives the names of relations in the statement that have no schema the one that they mean: that of a temporary table of the file,
// or the first on the search_path that the file has set. Names in public stay as they are.
func (m *model) resolve(kind string, t tree) {
	if kind == "CreateStmt" && t.sub("relation").str("relpersistence") == "t" {
		t.sub("relation")["schemaname"] = pgTemp
	}
	if kind == "CreateTableAsStmt" && t.sub("into").sub("rel").str("relpersistence") == "t" {
		t.sub("into").sub("rel")["schemaname"] = pgTemp
	}
	if len(m.path) == 0 && !m.temporary {
		return
	}
	made := madeName(kind, t)
	m.resolveIn(map[string]any(t), made)
	if kind != "DropStmt" && kind != "CommentStmt" {
		return
	}
	for _, object := range append(t.list("objects"), asTree(t["object"])) {
		kindOf, inner := open(map[string]any(object))
		items, _ := inner["items"].([]any)
		want := 1 // the parts of a name without a schema
		switch {
		case kindOf != "List":
			continue
		case slices.Contains([]string{"OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"}, t.str("removeType")),
			slices.Contains([]string{"OBJECT_COLUMN", "OBJECT_TABCONSTRAINT"}, t.str("objtype")):
			want = 2
		}
		if len(items) != want {
			continue
		}
		if schema := m.schemaOf(inner.names("items")[0]); schema != "" {
			inner["items"] = slices.Insert(slices.Clone(items), 0, any(map[string]any{"String": map[string]any{"sval": schema}}))
		}
	}
}

// madeName is the RangeVar of what the statement makes, nil if it makes no relation.
func madeName(kind string, t tree) tree {
	switch kind {
	case "CreateStmt":
		return t.sub("relation")
	case "CreateTableAsStmt":
		return t.sub("into").sub("rel")
	case "SelectStmt":
		return t.sub("intoClause").sub("rel")
	case "ViewStmt":
		return t.sub("view")
	case "CreateSeqStmt":
		return t.sub("sequence")
	case "CreateForeignTableStmt":
		return t.sub("base").sub("relation")
	}
	return nil
}

func (m *model) resolveIn(v any, made tree) {
	switch v := v.(type) {
	case map[string]any:
		if name, ok := v["relname"].(string); ok && tree(v).str("schemaname") == "" {
			schema := m.schemaOf(name)
			if made != nil && made.str("relname") == name && made.str("schemaname") == "" && sameNode(made, v) {
				schema = ""
				if len(m.path) > 0 && m.path[0] != "public" {
					schema = m.path[0]
				}
			}
			if schema != "" {
				v["schemaname"] = schema
			}
		}
		for _, inner := range v {
			m.resolveIn(inner, made)
		}
	case []any:
		for _, inner := range v {
			m.resolveIn(inner, made)
		}
	}
}

// sameNode tells whether both are one place of the tree.
func sameNode(a tree, b map[string]any) bool { return a["location"] == b["location"] }

// schemaOf is the schema that a name without one is found in, "" for public.
func (m *model) schemaOf(name string) string {
	if m.temporary && m.relations[nameKey(pgTemp, name)] != nil {
		return pgTemp
	}
	for _, schema := range m.path {
		if m.relations[nameKey(schema, name)] != nil {
			return strings.TrimPrefix(schema, "public")
		}
	}
	if len(m.path) > 0 && !m.ahead {
		return strings.TrimPrefix(m.path[0], "public")
	}
	return ""
}

// resolveAhead gives names in the statements that follow, up to the next change of the search_path, the schema that they mean as far as it
// is known already, so that a rule that looks ahead finds them.
func (m *model) resolveAhead(f *file, from int) {
	m.ahead = true
	defer func() { m.ahead = false }()
	for _, s := range f.statements[from:] {
		then := &model{path: slices.Clone(m.path)}
		if then.setPath(s.kind, s.tree); !slices.Equal(then.path, m.path) {
			return
		}
		before := s.about()
		m.resolve(s.kind, s.tree)
		if key := s.about(); key != before {
			at := subject{s.kind, key}
			f.all[at] = append(f.all[at], s)
			slices.SortFunc(f.all[at], func(a, b *statement) int { return a.index - b.index })
		}
	}
}

// setPath follows SET search_path and set_config('search_path', ...).
func (m *model) setPath(kind string, t tree) {
	switch {
	case kind == "VariableSetStmt" && t.str("name") == "search_path":
		m.path = nil
		for _, arg := range t.nodes("args", "A_Const") {
			m.path = append(m.path, arg.sub("sval").str("sval"))
		}
	case kind == "VariableSetStmt" && t.str("kind") == "VAR_RESET_ALL", kind == "DiscardStmt" && t.str("target") == "DISCARD_ALL":
		m.path = nil
	case kind == "SelectStmt":
		for _, target := range t.nodes("targetList", "ResTarget") {
			name, call := target.node("val")
			args := call.nodes("args", "A_Const")
			if name != "FuncCall" || typeKey(call.names("funcname")) != "set_config" || len(args) < 2 || args[0].sub("sval").str("sval") != "search_path" {
				continue
			}
			m.path = nil
			for part := range strings.SplitSeq(args[1].sub("sval").str("sval"), ",") {
				if part = strings.Trim(strings.TrimSpace(part), `"`); part != "" {
					m.path = append(m.path, part)
				}
			}
		}
	}
	m.path = slices.DeleteFunc(m.path, func(s string) bool { return s == "" || s == "$user" || s == pgTemp || s == "pg_catalog" })
	if slices.Equal(m.path, []string{"public"}) {
		m.path = nil
	}
}

// beginFile forgets what ends with the session of the file before.
func (m *model) beginFile() {
	m.path, m.temporary = nil, false
	for key := range m.relations {
		if strings.HasPrefix(key, pgTemp+".") {
			delete(m.relations, key)
		}
	}
}
