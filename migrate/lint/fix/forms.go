package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// form is what a statement becomes.
type form struct {
	here     string // in its place, in the transaction; "" for nothing
	hereDown string // what takes it back, if the old down does not
	alone    []step // then, each in a file of its own that runs without a transaction
	after    []step // then, in a transaction again
	validate []step // when everything else is done
	last     []step // after that
}

// step is a statement and what takes it back, both without semicolon; down is "" where nothing has to be taken back.
type step struct{ up, down string }

// forms knows a rule's safe form of a whole statement, or of one command of ALTER TABLE.
var (
	statementForms = map[string]func(*splitting, sqltext.Stmt) (form, error){
		"index-not-concurrent":      (*splitting).createIndex,
		"drop-index-not-concurrent": (*splitting).dropIndex,
		"reindex":                   (*splitting).reindex,
		"refresh":                   (*splitting).refresh,
		"not-in-transaction":        (*splitting).alone,
	}
	commandForms = map[string]func(*splitting, alterTable, tokens) (commandForm, error){
		"foreign-key-validated":        (*splitting).notValid,
		"check-validated":              (*splitting).notValid,
		"unique-constraint":            (*splitting).usingIndex,
		"primary-key":                  (*splitting).usingIndex,
		"set-not-null":                 (*splitting).setNotNull,
		"validate-in-same-transaction": (*splitting).validateLater,
		"detach-partition":             (*splitting).detach,
	}
)

// commandForm is what a command of ALTER TABLE becomes: here is another command, "" for none.
type commandForm = form

func hasForm(rule *lint.Rule) bool {
	return statementForms[rule.Name] != nil || commandForms[rule.Name] != nil
}

func (s *splitting) createIndex(stmt sqltext.Stmt) (form, error) {
	index, err := readIndex(stmt.Text)
	if err != nil {
		return form{}, err
	}
	if s.facts.partitioned[index.table.key()] {
		return form{}, fmt.Errorf("PostgreSQL has no CREATE INDEX CONCURRENTLY for a partitioned table")
	}
	down, err := s.down.take(index.table, "DROP INDEX "+index.table.beside(index.name), func(d sqltext.Stmt) bool {
		names, plain := droppedIndexes(d.Text)
		return plain && len(names) == 1 && names[0].last() == index.name
	})
	if err != nil {
		return form{}, err
	}
	return form{alone: []step{{index.concurrently(), concurrentDrop(down)}}}, nil
}

func concurrentDrop(text string) string {
	if text == "" || tokensOf(text).begins("DROP", "INDEX", "CONCURRENTLY") {
		return text
	}
	return insertAfter(text, "INDEX", "CONCURRENTLY")
}

// index is a CREATE INDEX.
type index struct {
	text  string
	name  string
	given bool // the name is written there
	table objectName
}

func readIndex(text string) (i index, err error) {
	t := tokensOf(text)
	i.text = text
	t = t.skip("CREATE", "UNIQUE", "INDEX", "CONCURRENTLY", "IF", "NOT", "EXISTS")
	on := t.atTop("ON")
	if on < 0 {
		return i, fmt.Errorf("it is not read as a CREATE INDEX")
	}
	var rest tokens
	i.table, rest = t.from(on + 1).skip("ONLY").name()
	if on > 0 {
		i.name, i.given = identifier(t.list[0]), true
		return i, nil
	}
	columns := rest.atTop("(")
	if columns < 0 {
		columns = slices.Index(rest.words(), "(")
	}
	if columns < 0 {
		return i, fmt.Errorf("it is not read as a CREATE INDEX")
	}
	inside, _, _ := rest.from(columns).parens()
	var names []string
	for _, c := range inside.split() {
		if c.len() == 0 || c.is(0, "(") || c.is(1, "(") {
			return i, fmt.Errorf("the index has no name, and one on an expression is not named by its columns: give it one")
		}
		names = append(names, identifier(c.list[0]))
	}
	i.name = chosenName(i.table.last(), joinColumns(names), "idx")
	return i, nil
}

// concurrently writes the name too, as the clean-up of a build that failed goes by it.
func (i index) concurrently() string {
	text := i.text
	if !slices.Contains(tokensOf(text).part(0, min(4, tokensOf(text).len())).words(), "CONCURRENTLY") {
		text = insertAfter(text, "INDEX", "CONCURRENTLY")
	}
	if !i.given {
		text = insertAfter(text, "CONCURRENTLY", quote(i.name))
	}
	return text
}

// droppedIndexes are the names of a DROP INDEX; plain is false for another statement, and for CASCADE, which CONCURRENTLY does not have.
func droppedIndexes(text string) (names []objectName, plain bool) {
	t := tokensOf(text)
	if !t.begins("DROP", "INDEX") {
		return nil, false
	}
	for _, part := range t.skip("DROP", "INDEX", "CONCURRENTLY", "IF", "EXISTS").split() {
		name, rest := part.name()
		if len(name) == 0 || rest.len() > 0 && !rest.begins("RESTRICT") {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

func (s *splitting) dropIndex(stmt sqltext.Stmt) (form, error) {
	names, plain := droppedIndexes(stmt.Text)
	if !plain {
		return form{}, fmt.Errorf("DROP INDEX CONCURRENTLY has no CASCADE")
	}
	var f form
	for _, name := range names {
		down, err := s.down.take(nil, "CREATE INDEX "+quote(name.last()), func(d sqltext.Stmt) bool {
			t := tokensOf(d.Text)
			if !t.begins("CREATE", "INDEX") && !t.begins("CREATE", "UNIQUE", "INDEX") {
				return false
			}
			made, err := readIndex(d.Text)
			return err == nil && made.name == name.last()
		})
		if err != nil {
			return form{}, err
		}
		if down != "" {
			made, err := readIndex(down)
			if err != nil {
				return form{}, err
			}
			down = made.concurrently()
		}
		up := "DROP INDEX CONCURRENTLY "
		if slices.Contains(tokensOf(stmt.Text).words(), "EXISTS") {
			up += "IF EXISTS "
		}
		if len(names) == 1 {
			up = concurrentDrop(stmt.Text)
		} else {
			up += name.beside(name.last())
		}
		f.alone = append(f.alone, step{up, down})
	}
	return f, nil
}

func (s *splitting) reindex(stmt sqltext.Stmt) (form, error) {
	t := tokensOf(stmt.Text)
	rest := t.from(1)
	if _, after, ok := rest.parens(); ok {
		rest = after
	}
	if rest.len() < 2 {
		return form{}, fmt.Errorf("it names nothing")
	}
	at := rest.list[0].End
	return form{alone: []step{{up: stmt.Text[:at] + " CONCURRENTLY" + stmt.Text[at:]}}}, nil
}

func (s *splitting) refresh(stmt sqltext.Stmt) (form, error) {
	view, _ := tokensOf(stmt.Text).skip("REFRESH", "MATERIALIZED", "VIEW").name()
	if !s.facts.uniqueOn[view.key()] {
		return form{}, fmt.Errorf("CONCURRENTLY needs a unique index on %s, of plain columns and all rows, and no migration makes one", quote(view.last()))
	}
	return form{here: insertAfter(stmt.Text, "VIEW", "CONCURRENTLY")}, nil
}

// alone is for what cannot run in a transaction.
func (s *splitting) alone(stmt sqltext.Stmt) (form, error) {
	switch t := tokensOf(stmt.Text); {
	case t.begins("CREATE", "INDEX"), t.begins("CREATE", "UNIQUE", "INDEX"):
		return s.createIndex(stmt)
	case t.begins("DROP", "INDEX"):
		return s.dropIndex(stmt)
	case t.begins("REINDEX"), t.begins("VACUUM"), t.begins("CLUSTER"):
		return form{alone: []step{{up: stmt.Text}}}, nil
	}
	return form{}, fmt.Errorf("what takes it back is not known: move it, and that, into a migration of its own by hand")
}

// constraint is a command ADD [CONSTRAINT name] ...
type constraint struct {
	name string // "" if none is given
	def  tokens // what follows
}

func readConstraint(c tokens) (constraint, bool) {
	if !c.begins("ADD") {
		return constraint{}, false
	}
	c = c.from(1)
	if c.begins("CONSTRAINT") && c.len() > 2 {
		return constraint{identifier(c.list[1]), c.from(2)}, true
	}
	return constraint{"", c}, slices.ContainsFunc([]string{"FOREIGN", "CHECK", "UNIQUE", "PRIMARY"}, func(w string) bool { return c.is(0, w) })
}

var errWithColumn = fmt.Errorf("it is written with its column: write it as a constraint of its own, ADD CONSTRAINT")

// named is the constraint's name, the one that PostgreSQL would choose if none is given.
func (c constraint) named(table objectName) string {
	if c.name != "" {
		return c.name
	}
	columns := ""
	if at := slices.Index(c.def.words(), "("); at >= 0 {
		inside, _, _ := c.def.from(at).parens()
		var names []string
		for _, col := range inside.split() {
			if col.len() > 0 {
				names = append(names, identifier(col.list[0]))
			}
		}
		columns = joinColumns(names)
	}
	switch {
	case c.def.begins("FOREIGN"):
		return chosenName(table.last(), columns, "fkey")
	case c.def.begins("PRIMARY"):
		return chosenName(table.last(), "", "pkey")
	case c.def.begins("UNIQUE"):
		return chosenName(table.last(), columns, "key")
	}
	return chosenName(table.last(), checkColumn(c.def.sql()), "check")
}

func (s *splitting) notValid(a alterTable, c tokens) (commandForm, error) {
	con, ok := readConstraint(c)
	if !ok {
		return form{}, errWithColumn
	}
	if con.def.begins("FOREIGN") && s.facts.partitioned[a.table.key()] {
		return form{}, fmt.Errorf("a foreign key of a partitioned table cannot be NOT VALID before PostgreSQL 18")
	}
	name := quote(con.named(a.table))
	add := "ADD CONSTRAINT " + name + " " + con.def.sql() + " NOT VALID"
	return form{here: add, validate: []step{s.validation(a, name, add)}}, nil
}

// validation is a VALIDATE CONSTRAINT; its down makes the constraint again as it was, without a look at the rows.
func (s *splitting) validation(a alterTable, name, add string) step {
	return step{
		"ALTER TABLE " + a.named + " VALIDATE CONSTRAINT " + name,
		"ALTER TABLE " + a.named + "\n    DROP CONSTRAINT " + name + ",\n    " + add,
	}
}

func (s *splitting) validateLater(a alterTable, c tokens) (commandForm, error) {
	t := c.skip("VALIDATE", "CONSTRAINT")
	if t.len() == 0 {
		return form{}, fmt.Errorf("it names nothing")
	}
	wanted := identifier(t.list[0])
	for _, stmt := range s.stmts {
		other, ok := readAlterTable(stmt.Text)
		if !ok || !other.table.same(a.table) {
			continue
		}
		for _, cmd := range other.commands {
			con, ok := readConstraint(cmd)
			if ok && con.named(a.table) == wanted {
				return form{validate: []step{s.validation(a, quote(wanted), "ADD CONSTRAINT "+quote(wanted)+" "+con.def.sql())}}, nil
			}
		}
	}
	return form{}, fmt.Errorf("the constraint is not added in this file, so that what takes it back is not known")
}

func (s *splitting) usingIndex(a alterTable, c tokens) (commandForm, error) {
	con, ok := readConstraint(c)
	if !ok {
		return form{}, errWithColumn
	}
	if s.facts.partitioned[a.table.key()] {
		return form{}, fmt.Errorf("PostgreSQL has no CREATE INDEX CONCURRENTLY for a partitioned table")
	}
	words, rest := "UNIQUE", con.def.skip("UNIQUE")
	if con.def.begins("PRIMARY", "KEY") {
		words, rest = "PRIMARY KEY", con.def.from(2)
	}
	nulls := ""
	if at := slices.Index(rest.words(), "("); at > 0 {
		nulls, rest = " "+rest.part(0, at).sql(), rest.from(at)
	}
	columns, rest, ok := rest.parens()
	if !ok {
		return form{}, fmt.Errorf("it is not on plain columns")
	}
	on := "(" + columns.sql() + ")"
	if rest.begins("INCLUDE", "(") {
		included, after, _ := rest.from(1).parens()
		on, rest = on+" INCLUDE ("+included.sql()+")", after
	}
	if rest.len() > 0 && !slices.Contains([]string{"DEFERRABLE", "INITIALLY", "NOT"}, rest.list[0].Word) {
		return form{}, fmt.Errorf("it says %s, which belongs to the index", rest.sql())
	}
	name := con.named(a.table)
	taken, err := s.down.takeCommand(a, "DROP CONSTRAINT "+quote(name), func(d tokens) bool {
		d = d.skip("DROP", "CONSTRAINT", "IF", "EXISTS")
		return d.len() == 1 && identifier(d.list[0]) == name
	})
	if err != nil {
		return form{}, err
	}
	create := " INDEX %s" + quote(name) + " ON " + a.named + " " + on + nulls
	if taken != "" { // it takes the index with it
		taken += ";\nCREATE UNIQUE" + fmt.Sprintf(create, "")
	}
	add := strings.TrimSpace("ADD CONSTRAINT " + quote(name) + " " + words + " USING INDEX " + quote(name) + " " + rest.sql())
	f := form{
		alone: []step{{up: "CREATE UNIQUE" + fmt.Sprintf(create, "CONCURRENTLY ")}},
		after: []step{{a.with(add), taken}},
	}
	if s.down.there {
		f.alone[0].down = "DROP INDEX CONCURRENTLY " + a.table.beside(name)
	}
	return f, nil
}

func (s *splitting) setNotNull(a alterTable, c tokens) (commandForm, error) {
	t := c.skip("ALTER", "COLUMN")
	if t.len() != 4 {
		return form{}, fmt.Errorf("it is not read as SET NOT NULL")
	}
	column := identifier(t.list[0])
	taken, err := s.down.takeCommand(a, "ALTER COLUMN "+quote(column)+" DROP NOT NULL", func(d tokens) bool {
		d = d.skip("ALTER", "COLUMN")
		return d.len() == 4 && identifier(d.list[0]) == column && d.from(1).begins("DROP", "NOT", "NULL")
	})
	if err != nil {
		return form{}, err
	}
	// Not PostgreSQL 18's own name of a NOT NULL, which would get another one then.
	name := quote(chosenName(a.table.last(), column, "not_null_check"))
	add := "ADD CONSTRAINT " + name + " CHECK (" + quote(column) + " IS NOT NULL)"
	final := step{up: "ALTER TABLE " + a.named + " ALTER COLUMN " + quote(column) + " SET NOT NULL;\nALTER TABLE " + a.named + " DROP CONSTRAINT " + name}
	if taken != "" {
		final.down = "ALTER TABLE " + a.named + " " + add + ";\n" + taken
	}
	f := form{here: add + " NOT VALID", validate: []step{s.validation(a, name, add+" NOT VALID")}, last: []step{final}}
	if s.down.there {
		f.hereDown = "ALTER TABLE " + a.named + " DROP CONSTRAINT " + name
	}
	return f, nil
}

func (s *splitting) detach(alterTable, tokens) (commandForm, error) {
	return form{}, fmt.Errorf("DETACH PARTITION CONCURRENTLY leaves a check constraint on the partition, and cannot run with a default partition: do it by hand")
}
