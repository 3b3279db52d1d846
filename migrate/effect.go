package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// verdict is what the catalog tells of a statement whose end nobody noted.
type verdict int

const (
	untold  verdict = iota // the catalog cannot tell
	missing                // it has to be run, or can be run again
	present                // it has happened
)

// effect is a verdict with the statements that clear away, first, what a failed or a killed one left behind.
type effect struct {
	verdict verdict
	weak    bool // present says nothing of a statement that is known to have failed: it may have been so before
	clear   []string
}

// effectOf asks the catalog what became of a statement that ran outside a transaction. A statement that changes nothing when it
// is run twice (VACUUM, REINDEX, ALTER SYSTEM) counts as missing.
func effectOf(ctx context.Context, conn *sql.Conn, stmt sqltext.Stmt, evidence string) (effect, error) {
	p := newPhrase(stmt)
	switch {
	case p.skip("CREATE", "INDEX", "CONCURRENTLY"), p.skip("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY"):
		return indexEffect(ctx, conn, p)
	case p.skip("DROP", "INDEX", "CONCURRENTLY"):
		if evidence == "" { // there was none, so there is nothing to lose
			return effect{verdict: missing}, nil
		}
		return goneEffect(ctx, conn, "SELECT NOT EXISTS (SELECT FROM pg_class WHERE oid = $1::oid)", evidence)
	case p.skip("REINDEX"):
		return reindexEffect(ctx, conn, p)
	case p.skip("ALTER", "TABLE"):
		return detachEffect(ctx, conn, p)
	case p.skip("CREATE", "DATABASE"):
		// A database with this limit is what an interrupted DROP DATABASE leaves (PostgreSQL 16, pg_database.h).
		return thereEffect(ctx, conn, "SELECT count(*) FROM pg_database WHERE datname = (parse_ident($1))[1]::name AND datconnlimit <> -2", p.name())
	case p.skip("CREATE", "TABLESPACE"):
		return thereEffect(ctx, conn, "SELECT count(*) FROM pg_tablespace WHERE spcname = (parse_ident($1))[1]::name", p.name())
	case p.skip("CREATE", "SUBSCRIPTION"):
		return thereEffect(ctx, conn, "SELECT count(*) FROM pg_subscription WHERE subname = (parse_ident($1))[1]::name AND subdbid = "+thisDatabase, p.name())
	case p.skip("DROP", "DATABASE"):
		p.skip("IF", "EXISTS")
		return goneEffect(ctx, conn, "SELECT NOT EXISTS (SELECT FROM pg_database WHERE datname = (parse_ident($1))[1]::name)", p.name())
	case p.skip("DROP", "TABLESPACE"):
		p.skip("IF", "EXISTS")
		return goneEffect(ctx, conn, "SELECT NOT EXISTS (SELECT FROM pg_tablespace WHERE spcname = (parse_ident($1))[1]::name)", p.name())
	case p.skip("DROP", "SUBSCRIPTION"):
		p.skip("IF", "EXISTS")
		return goneEffect(ctx, conn, "SELECT NOT EXISTS (SELECT FROM pg_subscription WHERE subname = (parse_ident($1))[1]::name AND subdbid = "+thisDatabase+")", p.name())
	case p.skip("VACUUM"), p.skip("CLUSTER"), p.skip("REPACK"), p.skip("CHECKPOINT"),
		p.skip("ALTER", "SYSTEM"), p.skip("ALTER", "DATABASE"), p.skip("ALTER", "SUBSCRIPTION"):
		return effect{verdict: missing}, nil
	}
	return effect{}, nil
}

const thisDatabase = "(SELECT oid FROM pg_database WHERE datname = current_database())"

// evidence is SQL for what is noted of a statement before it begins: the index that a DROP INDEX means. Once that is gone, its name
// may mean another one.
func evidence(stmt sqltext.Stmt) string {
	p := newPhrase(stmt)
	if p.skip("DROP", "INDEX", "CONCURRENTLY") {
		p.skip("IF", "EXISTS")
		if name := p.name(); name != "" {
			return "(SELECT to_regclass(" + quoteLiteral(name) + ")::oid::text)"
		}
	}
	return "NULL"
}

// leftovers are the statements that drop an invalid index where the statement is to build one of that name: a failed build has left it,
// and IF NOT EXISTS would be content with it.
func leftovers(ctx context.Context, conn *sql.Conn, stmt sqltext.Stmt) (drops []string, err error) {
	p := newPhrase(stmt)
	if !p.skip("CREATE", "INDEX", "CONCURRENTLY") && !p.skip("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY") {
		return nil, nil
	}
	name, table := p.indexAndTable()
	if name == "" || table == "" {
		return nil, nil
	}
	indexes, err := indexesOf(ctx, conn, table, name)
	if isServerError(err) {
		return nil, nil // an odd name, or no such table: the statement will say so
	}
	for _, x := range indexes {
		switch {
		case !x.named || x.valid:
		case x.building:
			return nil, fmt.Errorf("%s is being built by another session; wait for its end", x.name)
		default:
			drops = append(drops, "DROP INDEX CONCURRENTLY "+x.name)
		}
	}
	return drops, err
}

// indexAndTable reads [IF NOT EXISTS] [name] ON [ONLY] table.
func (p *phrase) indexAndTable() (name, table string) {
	p.skip("IF", "NOT", "EXISTS")
	if !p.skip("ON") {
		if name = p.name(); !p.skip("ON") {
			return name, ""
		}
	}
	p.skip("ONLY")
	return name, p.name()
}

// phrase reads a statement from its beginning.
type phrase struct {
	text   string
	tokens []sqltext.Token
	at     int
}

func newPhrase(stmt sqltext.Stmt) *phrase {
	return &phrase{text: stmt.Text, tokens: stmt.Tokens(len(stmt.Text))}
}

// skip passes over words if they are next.
func (p *phrase) skip(words ...string) bool {
	if len(p.tokens)-p.at < len(words) {
		return false
	}
	for i, w := range words {
		if p.tokens[p.at+i].Word != w {
			return false
		}
	}
	p.at += len(words)
	return true
}

// name passes over a name, with its schema if it has one, and returns it as written; "" at the end.
func (p *phrase) name() string {
	if p.at == len(p.tokens) {
		return ""
	}
	from := p.at
	for p.at++; p.at+1 < len(p.tokens) && p.tokens[p.at].Word == "."; {
		p.at += 2
	}
	return p.text[p.tokens[from].Start:p.tokens[p.at-1].End]
}

// rest is what follows, as written.
func (p *phrase) rest() string {
	if p.at == 0 {
		return p.text
	}
	return p.text[p.tokens[p.at-1].End:]
}

// lastPart is a name without its schema.
func lastPart(name string) string {
	tokens := sqltext.Stmt{Text: name}.Tokens(len(name))
	last := tokens[len(tokens)-1]
	return name[last.Start:last.End]
}

func thereEffect(ctx context.Context, conn *sql.Conn, count, name string) (effect, error) {
	if name == "" {
		return effect{}, nil
	}
	var n int
	err := conn.QueryRowContext(ctx, count, name).Scan(&n)
	if n > 0 {
		return effect{verdict: present, weak: true}, err
	}
	return effect{verdict: missing}, err
}

func goneEffect(ctx context.Context, conn *sql.Conn, gone, name string) (effect, error) {
	if name == "" {
		return effect{}, nil
	}
	var ok bool
	err := conn.QueryRowContext(ctx, gone, name).Scan(&ok)
	if ok {
		return effect{verdict: present, weak: true}, err
	}
	return effect{verdict: missing}, err
}

// builtIndex is an index of the table in question.
type builtIndex struct {
	name       string // quoted, with its schema
	named      bool   // as the statement says
	valid      bool
	building   bool // somebody is at it
	definition string
}

// indexEffect compares the table's indexes with what the statement makes of an empty copy of the table.
func indexEffect(ctx context.Context, conn *sql.Conn, p *phrase) (effect, error) {
	unique := p.tokens[1].Word == "UNIQUE"
	ifNotExists := p.skip("IF", "NOT", "EXISTS")
	name, table := p.indexAndTable()
	if table == "" {
		return effect{}, nil
	}
	indexes, err := indexesOf(ctx, conn, table, name)
	if err != nil {
		return effect{}, err
	}
	wanted, err := definitionOn(ctx, conn, table, unique, p.rest())
	if err != nil {
		return effect{}, err
	}
	e := effect{verdict: missing}
	for _, x := range indexes {
		same := x.definition == wanted
		switch {
		case name == "" && same: // one of the table's, or this one: the server chose its name
			return effect{}, nil
		case name == "" || !x.named:
		case x.building:
			return effect{}, fmt.Errorf("%s is being built by another session; wait for its end", x.name)
		case x.valid && (same || ifNotExists):
			return effect{verdict: present}, nil
		case x.valid && wanted == "":
			return effect{}, nil
		case !x.valid:
			e.clear = append(e.clear, "DROP INDEX CONCURRENTLY "+x.name)
		}
	}
	return e, nil
}

func indexesOf(ctx context.Context, conn *sql.Conn, table, name string) ([]builtIndex, error) {
	rows, err := conn.QueryContext(ctx, `SELECT format('%I.%I', n.nspname, c.relname), coalesce(c.relname = (parse_ident(nullif($2, '')))[1]::name, false),
       i.indisvalid AND i.indisready AND i.indislive, i.indisunique, pg_get_indexdef(i.indexrelid),
       EXISTS (SELECT FROM pg_stat_progress_create_index b WHERE b.index_relid = i.indexrelid AND b.pid <> pg_backend_pid())
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE i.indrelid = to_regclass($1)`, table, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []builtIndex
	for rows.Next() {
		var x builtIndex
		var unique bool
		if err := rows.Scan(&x.name, &x.named, &x.valid, &unique, &x.definition, &x.building); err != nil {
			return nil, err
		}
		x.definition = bareDefinition(unique, x.definition)
		list = append(list, x)
	}
	return list, rows.Err()
}

// bareDefinition is what pg_get_indexdef says but for the names, which come before USING.
func bareDefinition(unique bool, definition string) string {
	tokens := sqltext.Stmt{Text: definition}.Tokens(len(definition))
	using := slices.IndexFunc(tokens, func(t sqltext.Token) bool { return t.Word == "USING" })
	if using < 0 {
		return ""
	}
	return fmt.Sprint(unique, definition[tokens[using].End:])
}

// definitionOn is the definition of an index of table as the server writes it. rest is what follows the table in the statement.
// The copy has the table's own name, which expressions may use. "" means that the server cannot say.
func definitionOn(ctx context.Context, conn *sql.Conn, table string, unique bool, rest string) (string, error) {
	kind := "INDEX"
	if unique {
		kind = "UNIQUE INDEX"
	}
	twin := "pg_temp." + lastPart(table)
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return "", err
	}
	defer rollBack(ctx, conn)
	var definition string
	_, err := conn.ExecContext(ctx, fmt.Sprintf("CREATE TEMP TABLE %s (LIKE %s); CREATE %s plinth_twin_index ON %s%s", lastPart(table), table, kind, twin, rest))
	if err == nil {
		err = conn.QueryRowContext(ctx, "SELECT pg_get_indexdef('pg_temp.plinth_twin_index'::regclass)").Scan(&definition)
	}
	if err != nil && isServerError(err) {
		return "", nil
	}
	return bareDefinition(unique, definition), err
}

// reindexEffect finds the halves that an interrupted REINDEX CONCURRENTLY leaves (PostgreSQL manual, REINDEX, "Rebuilding
// Indexes Concurrently"). Rebuilding once more does no harm.
func reindexEffect(ctx context.Context, conn *sql.Conn, p *phrase) (effect, error) {
	e := effect{verdict: missing}
	for p.at < len(p.tokens) && !slices.Contains([]string{"INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM"}, p.tokens[p.at].Word) {
		p.at++
	}
	if p.at == len(p.tokens) {
		return e, nil
	}
	kind := p.tokens[p.at].Word
	p.at++
	p.skip("CONCURRENTLY")
	which := map[string]string{
		"INDEX":  "i.indrelid = (SELECT o.indrelid FROM pg_index o WHERE o.indexrelid = to_regclass($1))",
		"TABLE":  "i.indrelid = to_regclass($1)",
		"SCHEMA": "c.relnamespace = to_regnamespace($1)",
	}[kind]
	name := p.name()
	if which == "" || name == "" {
		return e, nil
	}
	rows, err := conn.QueryContext(ctx, `SELECT format('%I.%I', n.nspname, c.relname)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$' AND `+which, name)
	if err != nil {
		return e, err
	}
	defer rows.Close()
	for rows.Next() {
		var half string
		if err := rows.Scan(&half); err != nil {
			return e, err
		}
		e.clear = append(e.clear, "DROP INDEX CONCURRENTLY "+half)
	}
	return e, rows.Err()
}

// detachEffect: a DETACH CONCURRENTLY that was interrupted has to be finalized (PostgreSQL manual, ALTER TABLE).
func detachEffect(ctx context.Context, conn *sql.Conn, p *phrase) (effect, error) {
	p.skip("IF", "EXISTS")
	p.skip("ONLY")
	parent := p.name()
	if !p.skip("DETACH", "PARTITION") {
		return effect{}, nil
	}
	child := p.name()
	var pending bool
	err := conn.QueryRowContext(ctx, "SELECT inhdetachpending FROM pg_inherits WHERE inhparent = to_regclass($1) AND inhrelid = to_regclass($2)", parent, child).Scan(&pending)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		var both bool
		err = conn.QueryRowContext(ctx, "SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL", parent, child).Scan(&both)
		if both {
			return effect{verdict: present, weak: true}, err
		}
		return effect{verdict: missing}, err
	case err != nil:
		return effect{}, err
	case pending:
		return effect{verdict: present, clear: []string{fmt.Sprintf("ALTER TABLE %s DETACH PARTITION %s FINALIZE", parent, child)}}, nil
	}
	return effect{verdict: missing}, nil
}
