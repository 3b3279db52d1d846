package lint

import (
	"encoding/json"
	"slices"
	"strings"
)

// proves tells whether the table's validated checks and NOT NULL spare ATTACH PARTITION its scan: what they say has to imply the bounds. It
// knows comparisons of the key's columns with the very constants of the bounds, joined by AND, as the manual shows it.
func (r *relation) proves(bound tree, parent *relation) bool {
	if r == nil || parent == nil {
		return false
	}
	var facts []string
	for _, c := range r.constraints {
		if c.kind == "CONSTR_CHECK" && c.valid {
			facts = append(facts, comparisons(map[string]any(c.expr))...)
		}
	}
	notNull := func(column string) bool {
		c := r.column(column)
		return c != nil && c.notNull || r.provesNotNull(column, nil)
	}
	if slices.ContainsFunc(parent.partKey, func(column string) bool { return column == "" || !notNull(column) }) {
		return false
	}
	switch bound.str("strategy") {
	case "l":
		if len(parent.partKey) != 1 {
			return false
		}
		return slices.Contains(facts, parent.partKey[0]+" = "+constants(bound["listdatums"]))
	case "r":
		if len(parent.partKey) != 1 { // of several columns the bounds are compared as rows
			return false
		}
		return limit(facts, parent.partKey[0], bound.list("lowerdatums"), ">=", "minvalue") &&
			limit(facts, parent.partKey[0], bound.list("upperdatums"), "<", "maxvalue")
	}
	return false
}

func limit(facts []string, column string, datums []tree, operator, unlimited string) bool {
	if len(datums) != 1 {
		return false
	}
	if name, ok := columnRef(map[string]any(datums[0])); ok { // as the grammar reads a key word
		return name == unlimited
	}
	return slices.Contains(facts, column+" "+operator+" "+constants(map[string]any(datums[0])))
}

// comparisons are the parts of an AND that compare a column with constants: "at >= 5", "kind = 'a' 'b'".
func comparisons(expr any) (facts []string) {
	kind, t := open(expr)
	switch kind {
	case "BoolExpr":
		if t.str("boolop") == "AND_EXPR" {
			for _, arg := range t.list("args") {
				facts = append(facts, comparisons(arg)...)
			}
		}
	case "A_Expr":
		if column, ok := columnRef(t["lexpr"]); ok && len(t.names("name")) == 1 {
			facts = append(facts, column+" "+t.names("name")[0]+" "+constants(t["rexpr"]))
		}
	}
	return facts
}

// constants writes the constants in a part of a tree, whatever they are cast to.
func constants(part any) string {
	var list []string
	walk(map[string]any{"Root": map[string]any{"part": part}}, func(kind string, t tree) {
		switch kind {
		case "A_Const":
			value := map[string]any{}
			for field, v := range t {
				if field != "location" {
					value[field] = v
				}
			}
			text, err := json.Marshal(value)
			if err == nil {
				list = append(list, string(text))
			}
		case "FuncCall", "ColumnRef", "A_Expr":
			list = append(list, "?"+kind) // no constant
		}
	})
	return strings.Join(list, " ")
}
