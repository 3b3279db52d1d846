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

// function computes the shadow of a row. The conversion sees the row as one of the table, and what decides how values are read and printed
// as it is in the session that applies the file: otherwise it would give each writer what its own settings say.
func (s *shadows) function(t shadowed, in lane, exprs []string, create string) string {
	var into []string
	for _, c := range in.columns {
		into = append(into, "NEW."+ident(c.name+in.suffix))
	}
	settings := []string{"search_path"}
	if s.goesBySettings(t) {
		settings = append(settings, "TimeZone", "DateStyle", "IntervalStyle", "bytea_output", "extra_float_digits")
	}
	return fmt.Sprintf(`%s FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SET %s FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT %s INTO %s FROM (SELECT NEW.*) AS %s;
  RETURN NEW;
END
$plinth$`, create, ident(functionName(t.name)), strings.Join(settings, " FROM CURRENT SET "), strings.Join(exprs, ", "), strings.Join(into, ", "), ident(t.name))
}

// goesBySettings tells whether a conversion may depend on the session. Each setting costs time at each write.
func (s *shadows) goesBySettings(t shadowed) bool {
	for i, h := range t.old.columns {
		w := t.new.columns[i]
		using := s.in.Model.using[member{t.name, h.name}]
		if using.Up != "" || using.Down != "" {
			return true
		}
		for _, c := range []column{h, w} {
			if strings.Contains("DT", c.category) || slices.Contains([]string{"bytea", "real", "double precision"}, c.base) {
				return true
			}
		}
	}
	return false
}

// tryRows makes a file fail before it does anything if a row holds what cannot be converted, which writers would find out one by one.
func (s *shadows) tryRows(t shadowed, why purpose) (guards []statement) {
	in, out := t.lanes(why)
	_, exprs := s.conversions(t, why)
	var declare, into, values []string
	for i, want := range in.columns {
		have := out.columns[i]
		p := &planner{to: s.target, model: s.in.Model, purpose: why}
		custom := p.conversion(t.name, have, want) != ""
		if want.enum != "" || !custom && (want.category == "S" && !strings.Contains(want.typ, "(") || p.castOf(have, want) == 'i') {
			continue // by values, or it cannot fail
		}
		name := fmt.Sprintf("plinth_%d", i)
		declare, into, values = append(declare, "  "+name+" "+want.typ+";\n"), append(into, name), append(values, exprs[i])
	}
	if len(into) == 0 {
		return nil
	}
	return []statement{{
		fmt.Sprintf("stop here while a row of table %s holds a value that cannot be converted; reads the rows, locks nobody out", ident(t.name)),
		fmt.Sprintf("DO $plinth$\n#variable_conflict use_column\nDECLARE\n%sBEGIN\n  FOR %s IN SELECT %s FROM %s LOOP\n  END LOOP;\nEND\n$plinth$",
			strings.Join(declare, ""), strings.Join(into, ", "), strings.Join(values, ", "), ident(t.name)),
	}}
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
		isWord := n > 0 && followedByNoColumn(mine, tokens[:n])
		called := n+1 < len(tokens) && mine[tokens[n+1].Start] == '('
		is := func(name string) bool { return text == name || text == ident(name) }
		b.WriteString(mine[end:tok.Start])
		end = tok.End
		switch {
		case !isType && !isWord && !called && slices.ContainsFunc(columns, func(c column) bool { return is(c.name) }),
			isType && slices.ContainsFunc(s.enums, is):
			text = ident(unquoted(text) + suffix)
		}
		b.WriteString(text)
	}
	return b.String() + mine[end:] + rest
}

// followedByNoColumn tells whether the next name after the tokens is a word of a type, an operator class, a collation, the field of a value or
// a part of a time: a column does not follow another operand, and PostgreSQL prints keywords in capitals.
func followedByNoColumn(printed string, tokens []sqltext.Token) bool {
	last := tokens[len(tokens)-1]
	if len(tokens) > 1 && printed[last.Start:last.End] == "(" && tokens[len(tokens)-2].Word == "EXTRACT" {
		return true
	}
	end := printed[last.End-1]
	return last.Word == "COLLATE" || strings.IndexByte(`.'")]`, end) >= 0 || end == '_' || end >= 'a' && end <= 'z' || end >= '0' && end <= '9'
}

func unquoted(name string) string {
	if strings.HasPrefix(name, `"`) {
		return strings.ReplaceAll(name[1:len(name)-1], `""`, `"`)
	}
	return name
}
