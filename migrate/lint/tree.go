package lint

import (
	"encoding/json"
	"maps"
	"slices"
)

// tree is a node of PostgreSQL's parse tree (src/include/nodes/parsenodes.h), by the names of its fields. Fields that hold zero are
// left out. It is read through methods that take what is missing for zero, so that a tree of another shape is no panic.
type tree map[string]any

// syntaxError is the parser's refusal.
type syntaxError struct {
	Message string
	At      int // characters before the place, -1 if there is none
}

func (e *syntaxError) Error() string { return e.Message }

// parseTree parses one statement; kind is its node's name, "" for an empty text.
func parseTree(sql string) (kind string, t tree, err error) {
	text, err := parseJSON(sql)
	if err != nil {
		return "", nil, err
	}
	var result tree
	if err := json.Unmarshal([]byte(text), &result); err != nil {
		return "", nil, err
	}
	for _, raw := range result.list("stmts") {
		kind, t = open(raw["stmt"])
		return kind, t, nil
	}
	return "", nil, nil
}

// open takes a node out of its wrapper, whose only key is its name.
func open(node any) (kind string, t tree) {
	wrapper := asTree(node)
	if len(wrapper) != 1 {
		return "", nil
	}
	for kind, inner := range wrapper {
		return kind, asTree(inner)
	}
	return "", nil
}

func asTree(v any) tree {
	switch v := v.(type) {
	case tree:
		return v
	case map[string]any:
		return v
	}
	return nil
}

func (t tree) str(field string) string {
	s, _ := t[field].(string)
	return s
}

func (t tree) flag(field string) bool {
	b, _ := t[field].(bool)
	return b
}

func (t tree) num(field string) int {
	n, _ := t[field].(float64)
	return int(n)
}

// sub is a field that holds a node of a fixed kind.
func (t tree) sub(field string) tree { return asTree(t[field]) }

// node is a field that can hold nodes of several kinds.
func (t tree) node(field string) (kind string, inner tree) { return open(t[field]) }

// list is a field that holds a list, its elements in their wrappers.
func (t tree) list(field string) []tree {
	items, _ := t[field].([]any)
	list := make([]tree, 0, len(items))
	for _, item := range items {
		list = append(list, asTree(item))
	}
	return list
}

// nodes is a list of which only the nodes of one kind matter.
func (t tree) nodes(field, kind string) (list []tree) {
	for _, item := range t.list(field) {
		if k, inner := open(item); k == kind {
			list = append(list, inner)
		}
	}
	return list
}

// names is a list of String nodes.
func (t tree) names(field string) (list []string) {
	for _, s := range t.nodes(field, "String") {
		list = append(list, s.str("sval"))
	}
	return list
}

// walk calls f for each node in v, v included, parents first.
func walk(v any, f func(kind string, t tree)) {
	switch v := v.(type) {
	case tree:
		walk(map[string]any(v), f)
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if inner := asTree(v[key]); inner != nil && key[0] >= 'A' && key[0] <= 'Z' {
				f(key, inner)
			}
			walk(v[key], f)
		}
	case []any:
		for _, item := range v {
			walk(item, f)
		}
	}
}

// has tells whether a node of that kind, for which ok holds, is in v.
func has(v any, kind string, ok func(tree) bool) (found bool) {
	walk(v, func(k string, t tree) { found = found || k == kind && (ok == nil || ok(t)) })
	return found
}

// sameNodes tells whether two parts of trees say the same, wherever they stand.
func sameNodes(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && len(a) == len(b) && !slices.ContainsFunc(slices.Collect(maps.Keys(a)), func(key string) bool {
			_, there := b[key]
			return !there || key != "location" && !sameNodes(a[key], b[key])
		})
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, sameNodes)
	}
	return a == b
}
