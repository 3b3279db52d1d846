package diff

import (
	"fmt"
	"slices"

	"github.com/plinth-db/plinth"
)

// removedFrom are the values that the schema code maps when a column gets an enum type; none on the way back.
func (p *planner) removedFrom(want column) []plinth.RemovedValueSpec {
	if p.purpose == goBack || p.model == nil {
		return nil
	}
	return p.model.removed[want.enum]
}

// toEnum is the conversion of a column to an enum type, or from one to text. Values go by their text; those that the schema code maps
// get their replacement.
func (p *planner) toEnum(have, want column) string {
	via := "text"
	if have.array && want.array {
		via = "text[]"
	}
	value := ident(want.name) + "::" + via
	if want.enum == "" {
		return value + "::" + want.typ
	}
	mapped := p.removedFrom(want)
	switch {
	case len(mapped) == 0 || have.array != want.array:
	case want.array:
		for _, v := range mapped {
			value = fmt.Sprintf("array_replace(%s, %s, %s)", value, literal(v.Old), literal(v.Replacement))
		}
	default:
		cases := "(CASE " + value
		for _, v := range mapped {
			cases += fmt.Sprintf(" WHEN %s THEN %s", literal(v.Old), literal(v.Replacement))
		}
		value = cases + " ELSE " + value + " END)"
	}
	return value + "::" + want.typ
}

// guard sees to it that the script stops before its first statement while a row holds a value which the enum type of the column will
// not have, and notes what rows lose whose values are mapped.
func (p *planner) guard(table string, have, want column) {
	if want.enum == "" || have.array != want.array {
		return
	}
	var labels []string
	if have.enum != "" {
		labels = p.from.enums[have.enum].labels
	}
	allowed := slices.Clone(p.to.enums[want.enum].labels)
	for _, v := range p.removedFrom(want) {
		if have.enum != "" && !slices.Contains(labels, v.Old) {
			continue
		}
		allowed = append(allowed, v.Old)
		p.lose(fmt.Sprintf("which rows of column %s.%s held %s before they got %s", table, want.name, literal(v.Old), literal(v.Replacement)))
	}
	foreign := func(label string) bool { return !slices.Contains(allowed, label) }
	if have.enum != "" && !slices.ContainsFunc(labels, foreign) {
		return
	}
	p.guards = append(p.guards, statement{guardComment(want.enum), guardOf(table, have, want, allowed, p.purpose)})
}

func guardComment(enum string) string {
	return "stop here while a row holds a value that enum type " + ident(enum) + " will not have"
}

// guardOf counts the rows for each value.
func guardOf(table string, have, want column, allowed []string, why purpose) string {
	value, rows, from := "t."+ident(want.name), "count(*)", ident(table)+" AS t"
	if have.array {
		from += ", unnest(" + value + ") AS element"
		value, rows = "element", "count(DISTINCT t.ctid)"
	}
	hint := "UPDATE these rows first."
	if why != goBack {
		hint = "UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again."
	}
	message := fmt.Sprintf("column %s.%s holds values that enum type %s will not have: ", table, want.name, want.enum)
	return fmt.Sprintf(`DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%%L (rows: %%s)', value, n), ', ') INTO held
    FROM (SELECT %s::text AS value, %s AS n FROM %s GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN (%s);
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = %s || held, HINT = %s;
  END IF;
END
$$`, value, rows, from, literals(allowed), literal(message), literal(hint))
}
