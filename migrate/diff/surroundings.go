package diff

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// surroundings are what an online plan has to know of the directory's database beyond its state.
type surroundings struct {
	relations map[string]bool     // names of tables, indexes, sequences and views of the schema
	calm      map[string]bool     // functions of which none of that name is volatile
	strict    map[string]bool     // domains with constraints, as types are printed
	onUpdate  map[string][]string // by table, triggers that an UPDATE of a new column fires
	last      map[string][]string // by table, triggers that see a row after those that keep a shadow equal
}

func readSurroundings(ctx context.Context, db *sql.DB) (*surroundings, error) {
	s := &surroundings{relations: make(map[string]bool), calm: make(map[string]bool), strict: make(map[string]bool), onUpdate: make(map[string][]string), last: make(map[string][]string)}
	var relations, calm, strict []string
	err := db.QueryRowContext(ctx, `SELECT
  (SELECT coalesce(array_agg(relname::text), '{}') FROM pg_class WHERE relnamespace = current_schema()::regnamespace),
  (SELECT array_agg(DISTINCT proname::text) FROM pg_proc WHERE proname NOT IN (SELECT proname FROM pg_proc WHERE provolatile = 'v')),
  (SELECT coalesce(array_agg(format_type(oid, NULL)), '{}') FROM pg_type t
    WHERE typtype = 'd' AND (typnotnull OR EXISTS (SELECT FROM pg_constraint WHERE contypid = t.oid)) AND typnamespace <> 'information_schema'::regnamespace)`,
	).Scan(pq.Array(&relations), pq.Array(&calm), pq.Array(&strict))
	if err != nil {
		return nil, fmt.Errorf("diff: read names, functions and domains: %w", err)
	}
	for _, name := range relations {
		s.relations[name] = true
	}
	for _, name := range calm {
		s.calm[name] = true
	}
	for _, name := range strict {
		s.strict[name] = true
	}
	// Bits of tgtype, from src/include/catalog/pg_trigger.h: 1 for each row, 2 before, 16 on UPDATE.
	rows, err := db.QueryContext(ctx, `SELECT c.relname, t.tgname, t.tgtype & 16 > 0 AND t.tgattr::text = '', t.tgtype & 3 = 3 AND t.tgname > $1 COLLATE "C"
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid) ORDER BY 1, 2`, shadowTrigger)
	if err != nil {
		return nil, fmt.Errorf("diff: read triggers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, trigger string
		var onUpdate, last bool
		if err := rows.Scan(&table, &trigger, &onUpdate, &last); err != nil {
			return nil, fmt.Errorf("diff: read triggers: %w", err)
		}
		if onUpdate {
			s.onUpdate[table] = append(s.onUpdate[table], ident(trigger))
		}
		if last {
			s.last[table] = append(s.last[table], ident(trigger))
		}
	}
	return s, rows.Err()
}

// firedBy says why a table cannot be filled by updates; "" if it can.
func (s *surroundings) firedBy(table string) (reason string) {
	if fired := s.onUpdate[table]; len(fired) > 0 {
		return fmt.Sprintf("trigger %s would fire for each row that is filled", list(fired))
	}
	return ""
}

// volatile tells expressions that may call a volatile function of the database: for such a default PostgreSQL computes a value for each
// row that is there, which writes the table anew (manual, ALTER TABLE, Notes). A function that is not there yet is taken for one, and so
// is a name that several functions have of which one is.
func (s *surroundings) volatile(expr string) bool {
	tokens := sqltext.Stmt{Text: expr}.Tokens(len(expr))
	for i, t := range tokens {
		name := unquoted(expr[t.Start:t.End])
		isType := i > 0 && expr[tokens[i-1].End-1] == ':'
		called := i+1 < len(tokens) && expr[tokens[i+1].Start] == '('
		if called && !isType && isName(name) && !s.calm[name] && !grammar[strings.ToUpper(name)] {
			return true
		}
	}
	return false
}

// isName tells names and keywords from operators and literals.
func isName(text string) bool {
	return text != "" && (text[0] == '_' || strings.ToLower(text[:1]) != strings.ToUpper(text[:1]))
}

// grammar are words before a parenthesis that are no functions of pg_proc.
var grammar = map[string]bool{
	"COALESCE": true, "NULLIF": true, "GREATEST": true, "LEAST": true, "CAST": true, "ARRAY": true, "ROW": true, "VARYING": true,
	"IN": true, "ANY": true, "ALL": true, "SOME": true, "AND": true, "OR": true, "NOT": true, "WHEN": true, "THEN": true, "ELSE": true, "CASE": true,
	"FROM": true, "OPERATOR": true, "CURRENT_TIME": true, "CURRENT_TIMESTAMP": true, "LOCALTIME": true, "LOCALTIMESTAMP": true,
	"EXTRACT": true, "OVERLAY": true, "POSITION": true, "SUBSTRING": true, "TRIM": true,
}
