package lint

import (
	"encoding/json"
	"maps"
	"strings"
)

// block is what a DO statement runs.
type block struct {
	statements []blockStatement
	commits    bool // it has a COMMIT, so that it may be several transactions
}

// blockStatement is a statement of SQL in it. The names of variables are parameters in its tree.
type blockStatement struct {
	kind string
	tree tree
	at   int // byte of the DO statement
}

// block reads the body of a DO statement in PL/pgSQL by that language's own grammar. It is empty for another statement, another language,
// and a body that the grammar refuses. Of EXECUTE it knows texts that are a constant.
func (s *statement) block() (b block) {
	if s.kind != "DoStmt" {
		return b
	}
	text, err := parseBlockJSON(s.Text)
	if err != nil {
		return b
	}
	var functions []any
	if err := json.Unmarshal([]byte(text), &functions); err != nil {
		return b
	}
	r := &blockReader{statement: s, block: &b, next: map[place]int{}}
	for _, arg := range s.tree.nodes("args", "DefElem") {
		if arg.str("defname") == "as" {
			r.body = min(arg.num("location"), len(s.Text))
		}
	}
	for _, f := range functions {
		kind, function := open(f)
		if kind == "PLpgSQL_function" {
			r.read(function["action"], variables(function["datums"]))
		}
	}
	return b
}

type blockReader struct {
	*statement
	block *block
	body  int           // where the body begins
	next  map[place]int // where to look for a text that is there once more
}

type place struct {
	line  int // of the body
	query string
}

// variables are the names in declarations.
func variables(declared any) map[string]bool {
	names := map[string]bool{}
	walk(declared, func(_ string, t tree) {
		if name := t.str("refname"); name != "" {
			names[name] = true
		}
		for _, field := range t.list("fields") {
			names[field.str("name")] = true
		}
	})
	return names
}

// read goes through statements of PL/pgSQL, which can be inside others. known are the variables whose values are a limit.
func (r *blockReader) read(v any, known map[string]bool) {
	if list, ok := v.([]any); ok {
		for _, item := range list {
			r.read(item, known)
		}
		return
	}
	for name, inner := range asTree(v) {
		t, within := asTree(inner), known
		switch name {
		case "PLpgSQL_stmt_execsql":
			r.add(t, queryIn(t, "sqlstmt"), known)
		case "PLpgSQL_stmt_dynexecute":
			r.add(t, constantText(queryIn(t, "query")), known)
		case "PLpgSQL_stmt_commit":
			r.block.commits = true
		case "PLpgSQL_stmt_fors":
			within = withoutRows(t, known)
		}
		r.read(inner, within)
	}
}

func queryIn(t tree, field string) string { return t.sub(field).sub("PLpgSQL_expr").str("query") }

// withoutRows takes the variables of a loop over all rows of a table, in one transaction, out of those that are a limit: what changes one
// row at a time changes all of them in the end.
func withoutRows(loop tree, known map[string]bool) map[string]bool {
	kind, query, err := parseTree(queryIn(loop, "query"))
	commits := has(loop["body"], "PLpgSQL_stmt_commit", nil)
	if err != nil || kind != "SelectStmt" || commits || query["limitCount"] != nil || query["fromClause"] == nil ||
		query["whereClause"] != nil && limits(query["whereClause"], false) {
		return known
	}
	known = maps.Clone(known)
	for name := range variables(loop["var"]) {
		delete(known, name)
	}
	return known
}

// constantText is the text that an expression is, if it is a constant.
func constantText(expression string) string {
	_, t, err := parseTree("SELECT " + expression)
	if err != nil {
		return ""
	}
	for _, target := range t.nodes("targetList", "ResTarget") {
		if kind, value := target.node("val"); kind == "A_Const" {
			return value.sub("sval").str("sval")
		}
	}
	return ""
}

// add parses a statement of the block and finds its place.
func (r *blockReader) add(t tree, query string, known map[string]bool) {
	kind, inner, err := parseTree(query)
	if err != nil || kind == "" {
		return
	}
	parameters(inner, known)
	line, from := t.num("lineno"), r.body
	for range line - 1 {
		if end := strings.IndexByte(r.Text[from:], '\n'); end >= 0 {
			from += end + 1
		}
	}
	key := place{line, query}
	from = max(from, r.next[key])
	if at := strings.Index(r.Text[from:], query); at >= 0 { // not where a quote in it is doubled, or an INTO inside was taken out
		from += at
		r.next[key] = from + len(query)
	}
	r.block.statements = append(r.block.statements, blockStatement{kind, inner, from})
}

// parameters makes parameters of what is named like a variable, as PL/pgSQL does.
func parameters(v any, known map[string]bool) {
	switch v := v.(type) {
	case tree:
		parameters(map[string]any(v), known)
	case []any:
		for _, item := range v {
			parameters(item, known)
		}
	case map[string]any:
		if names := asTree(v["ColumnRef"]).names("fields"); len(names) > 0 && known[names[0]] {
			delete(v, "ColumnRef")
			v["ParamRef"] = map[string]any{"number": 1.0}
		}
		for _, inner := range v {
			parameters(inner, known)
		}
	}
}
