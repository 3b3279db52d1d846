package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// shadowTrigger sorts after triggers of the user's: PostgreSQL fires them by name, and it has to see what they make of a row.
const shadowTrigger = "~plinth_shadow"

func functionName(table string) string { return table + "_plinth_shadow" }

// enum is a swapped type as it is at the end of a way.
func (s *shadows) enum(name string, why purpose) *enum {
	if why == goBack {
		return s.now.enums[name]
	}
	return s.target.enums[name]
}

// shadow is a column under the names that it and its type have as a shadow.
func (s *shadows) shadow(c column, suffix string) column {
	c.name += suffix
	if slices.Contains(s.enums, c.enum) {
		c.typ = ident(c.enum + suffix)
		if c.array {
			c.typ += "[]"
		}
	}
	return c
}

// conversions are the expressions that make the shadow's values from the columns in use, with what the planner has to say about them.
func (s *shadows) conversions(t shadowed, why purpose) (*planner, []string) {
	in, out := t.lanes(why)
	p := &planner{from: s.now, to: s.target, model: s.in.Model, purpose: why, up: why == goForth, retyped: make(map[member]bool)}
	if why == goBack {
		p.from, p.to = s.target, s.now
	}
	var exprs []string
	for i, want := range in.columns {
		have := out.columns[i]
		p.retype(t.name, have, want, "") // for what it says, not for its statements
		shadow := s.shadow(want, in.suffix)
		shadow.name = want.name
		p.fails = nil // retype said it
		expr := strings.TrimPrefix(p.using(t.name, have, shadow), " USING ")
		if expr == "" {
			expr = ident(want.name)
		}
		if want.notNull && !have.notNull {
			fill := s.renamed(want.def, nil, in.suffix)
			if fill == "" {
				fill, _ = p.filler(t.name, want)
			}
			if fill != "" {
				expr = fmt.Sprintf("COALESCE(%s, %s)", expr, fill)
				p.lose(fmt.Sprintf("which rows of column %s.%s held NULL before they got %s", t.name, want.name, fill))
			}
		}
		exprs = append(exprs, expr)
	}
	return p, exprs
}

// function computes the shadow of a row. The conversion sees the row's columns by their names, and the search_path of this file.
func (s *shadows) function(t shadowed, in lane, exprs []string, create string) string {
	var into []string
	for _, c := range in.columns {
		into = append(into, "NEW."+ident(c.name+in.suffix))
	}
	return fmt.Sprintf(`%s FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT %s INTO %s FROM (SELECT NEW.*) AS plinth_row;
  RETURN NEW;
END
$plinth$`, create, ident(functionName(t.name)), strings.Join(exprs, ", "), strings.Join(into, ", "))
}

func filledName(table, column string) string { return table + "_" + column + "_filled" }

// filledCheck proves that column i of the shadow was filled in every row; "" where its conversion may give NULL for a value.
func (s *shadows) filledCheck(t shadowed, i int, why purpose) string {
	in, out := t.lanes(why)
	want, have := in.columns[i], out.columns[i]
	shadow := ident(want.name + in.suffix)
	p := &planner{model: s.in.Model, purpose: why}
	switch {
	case want.notNull:
		return "CHECK (" + shadow + " IS NOT NULL)"
	case p.conversion(t.name, have, want) != "":
		return ""
	default:
		return "CHECK (" + shadow + " IS NOT NULL OR " + ident(want.name) + " IS NULL)"
	}
}

// renamed is a printed definition or expression with the names that the columns, and the swapped types, have as shadows.
func (s *shadows) renamed(def string, columns []column, suffix string) string {
	if def == "" {
		return ""
	}
	mine, rest := def, ""
	if at := strings.Index(def, " REFERENCES "); at >= 0 { // what follows names columns of the other table
		mine, rest = def[:at], def[at:]
	}
	tokens := sqltext.Stmt{Text: mine}.Tokens(len(mine))
	var b strings.Builder
	end := 0
	for n, tok := range tokens {
		text := mine[tok.Start:tok.End]
		isType := n > 0 && mine[tokens[n-1].End-1] == ':'
		called := n+1 < len(tokens) && mine[tokens[n+1].Start] == '('
		is := func(name string) bool { return text == name || text == ident(name) }
		b.WriteString(mine[end:tok.Start])
		end = tok.End
		switch {
		case !isType && !called && slices.ContainsFunc(columns, func(c column) bool { return is(c.name) }),
			isType && slices.ContainsFunc(s.enums, is):
			text = ident(unquoted(text) + suffix)
		}
		b.WriteString(text)
	}
	return b.String() + mine[end:] + rest
}

func unquoted(name string) string {
	if strings.HasPrefix(name, `"`) {
		return strings.ReplaceAll(strings.Trim(name, `"`), `""`, `"`)
	}
	return name
}
