package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// filler makes rows. It goes through PostgreSQL's own checks: a value is tried, and another one if a constraint refuses it.
type filler struct {
	db   Database
	n    int             // counts the tries, so that no value comes twice
	done map[string]bool // tables that got rows
	near nearby          // only these get rows; nil for all
}

// unfilled is a table without a row of ours.
type unfilled struct {
	schema, name string
	table        string // both, quoted
	reason       string
	touched      bool
}

const (
	rowsPerTable = 3   // of which the last has NULL wherever it may
	mostTries    = 400 // for one row
	mostRepeats  = 30  // of them for unique values
)

// fill puts rows into each table for which touched holds, and into those nearby that have none of ours yet. It returns the tables that it
// could not put a row into. The error is of the server.
func (f *filler) fill(ctx context.Context, touched func(schema, table string) bool) (list []unfilled, err error) {
	if f.done == nil {
		f.done = map[string]bool{}
	}
	tables, err := readTables(ctx, f.db)
	if err != nil {
		return nil, err
	}
	tables = slices.DeleteFunc(tables, func(t table) bool {
		return !touched(t.schema, t.name) && (f.done[t.quoted] || f.near != nil && !f.near[[2]string{t.schema, t.name}])
	})
	if len(tables) == 0 {
		return nil, nil
	}
	shapes := make([]*shape, len(tables))
	types := &types{db: f.db, known: map[int64]*typeInfo{}}
	for i, t := range tables {
		if shapes[i], err = readShape(ctx, f.db, types, t); err != nil {
			return nil, fmt.Errorf("verify: read table %s: %w", t.quoted, err)
		}
	}
	for _, s := range referencedFirst(shapes) {
		reason, err := f.table(ctx, s)
		if err != nil {
			return nil, err
		}
		f.done[s.quoted] = reason == ""
		if reason != "" {
			list = append(list, unfilled{schema: s.schema, name: s.name, table: s.quoted, reason: reason, touched: touched(s.schema, s.name)})
		}
	}
	return list, nil
}

// truncate empties all tables.
func (f *filler) truncate(ctx context.Context) error {
	tables, err := readTables(ctx, f.db)
	if err != nil || len(tables) == 0 {
		return err
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.quoted)
	}
	f.done = nil
	if _, err := f.db.ExecContext(ctx, "TRUNCATE "+strings.Join(names, ", ")+" CASCADE"); err != nil {
		return fmt.Errorf("verify: empty the tables: %w", err)
	}
	return nil
}

// referencedFirst sorts tables behind those that their foreign keys point at, as far as that goes in no circle.
func referencedFirst(shapes []*shape) (order []*shape) {
	byOID := map[int64]*shape{}
	for _, s := range shapes {
		byOID[s.oid] = s
	}
	seen := map[int64]bool{}
	var visit func(s *shape)
	visit = func(s *shape) {
		if s == nil || seen[s.oid] {
			return
		}
		seen[s.oid] = true
		for _, c := range s.constraints {
			if c.Kind == "f" {
				visit(byOID[c.Target])
			}
		}
		order = append(order, s)
	}
	for _, s := range shapes {
		visit(s)
	}
	return order
}

// table puts rows in; a reason says why there is not even one.
func (f *filler) table(ctx context.Context, s *shape) (reason string, err error) {
	made := 0
	for i := range rowsPerTable {
		why, err := f.row(ctx, s, i > 0 && i == rowsPerTable-1)
		if err != nil {
			return "", err
		}
		if why == "" {
			made++
		} else if reason == "" {
			reason = why
		}
	}
	if made > 0 {
		return "", nil
	}
	return reason, nil
}

// row makes one, without values where NULL may be if sparse is set.
func (f *filler) row(ctx context.Context, s *shape, sparse bool) (reason string, err error) {
	choice := map[string]int{}
	repeats := 0
	f.n++
	for range mostTries {
		names, values, why, err := f.values(ctx, s, choice, sparse)
		if err != nil || why != "" {
			return why, err
		}
		statement := "INSERT INTO " + s.quoted + " DEFAULT VALUES"
		if len(names) > 0 {
			statement = fmt.Sprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)", s.quoted, strings.Join(names, ", "), strings.Join(values, ", "))
		}
		_, err = f.db.ExecContext(ctx, statement)
		if err == nil {
			return "", nil
		}
		refused, ok := errors.AsType[*pq.Error](err)
		if !ok {
			return "", fmt.Errorf("verify: make a row of %s: %w", s.quoted, err)
		}
		switch refused.Code {
		case "23505", "23P01": // unique_violation, exclusion_violation: the next values are others
			f.n++
			if repeats++; repeats > mostRepeats || sparse {
				return refused.Message, nil
			}
		case "23514": // check_violation, also of a domain and for want of a partition
			if sparse || !s.advance(choice, refused, f.n) {
				return refused.Message, nil
			}
		default:
			return refused.Message, nil
		}
	}
	return fmt.Sprintf("none of %d combinations of values satisfies its constraints", mostTries), nil
}

// values chooses what each column gets; columns that get their default or NULL are left out.
func (f *filler) values(ctx context.Context, s *shape, choice map[string]int, sparse bool) (names, values []string, reason string, err error) {
	keys, reason, err := f.keys(ctx, s, choice, sparse)
	if err != nil || reason != "" {
		return nil, nil, reason, err
	}
	for _, c := range s.columns {
		value, isKey := keys[c.Name]
		switch {
		case c.Generated:
			continue
		case isKey && value == "":
			continue // NULL
		case isKey:
		case sparse && !c.NotNull:
			names, values = append(names, c.Name), append(values, "NULL")
			continue
		default:
			list := c.typ.values(f.n, c.TypeMod)
			list = append(list, s.literals(c)...)
			if len(list) == 0 {
				if c.NotNull && !c.HasDefault {
					return nil, nil, fmt.Sprintf("no value of type %s is known for its column %s", c.Type, c.Name), nil
				}
				continue
			}
			value = list[choice[c.Name]%len(list)]
		}
		names, values = append(names, c.Name), append(values, value+"::"+c.Type)
	}
	return names, values, "", nil
}

// keys are the values of the columns in foreign keys, "" for NULL.
func (f *filler) keys(ctx context.Context, s *shape, choice map[string]int, sparse bool) (values map[string]string, reason string, err error) {
	values = map[string]string{}
	for _, k := range s.constraints {
		if k.Kind != "f" {
			continue
		}
		nullable := slices.IndexFunc(k.Columns, func(name string) bool { return !s.column(name).NotNull })
		picked, err := f.pick(ctx, k)
		if err != nil {
			return nil, "", err
		}
		switch {
		case nullable >= 0 && (sparse || picked == nil):
			for _, name := range k.Columns {
				if !s.column(name).NotNull {
					values[name] = ""
				}
			}
		case picked != nil:
			for i, name := range k.Columns {
				if _, taken := values[name]; !taken {
					values[name] = picked[i]
				}
			}
		case k.Target == s.oid: // the row points at itself
			for i, name := range k.Columns {
				target := s.column(k.TargetColumns[i])
				list := append(target.typ.values(f.n, target.TypeMod), s.literals(target)...)
				if len(list) == 0 {
					return nil, fmt.Sprintf("its foreign key %s points at itself, and no value of type %s is known", k.Name, target.Type), nil
				}
				values[name] = list[choice[target.Name]%len(list)]
			}
		default:
			return nil, fmt.Sprintf("its foreign key %s needs rows of %s, which has none", k.Name, k.TargetName), nil
		}
	}
	return values, "", nil
}

// pick chooses a row that a foreign key can point at; nil for none. One after the other, so that unique keys find a free one.
func (f *filler) pick(ctx context.Context, k constraint) ([]string, error) {
	var texts []string
	for _, c := range k.TargetColumns {
		texts = append(texts, "quote_literal("+c+"::text)")
	}
	var list []string
	err := each(ctx, f.db, fmt.Sprintf("SELECT 0, json_build_array(%s)::text FROM %s WHERE (%s) IS NOT NULL ORDER BY ctid DESC LIMIT 30",
		strings.Join(texts, ", "), k.TargetName, strings.Join(k.TargetColumns, ", ")), func(_ int, text string) error {
		list = append(list, text)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("verify: read the keys of %s: %w", k.TargetName, err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	var picked []string
	return picked, json.Unmarshal([]byte(list[f.n%len(list)]), &picked)
}
