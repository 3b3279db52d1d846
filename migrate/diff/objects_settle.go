package diff

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"
)

// settleObjects does for objects what settle does for checks and indexes: text that prints differently when it is read back is
// replaced by what it prints then. What the server does not take back is left as it is.
func settleObjects(ctx context.Context, db *sql.DB, s *state) error {
	unsettled, err := findUnsettled(ctx, db, s)
	if err != nil {
		return fmt.Errorf("diff: settle the scratch database: %w", err)
	}
	if len(unsettled) == 0 {
		return nil
	}
	p := &planner{from: s, to: s, detach: make(map[member]bool), attach: make(map[member]bool)}
	p.objects.force = unsettled
	p.findObjects()
	p.dropObjectsOnTables()
	p.makeObjectsUnderTables()
	p.makeObjectsOnTables()
	if _, err := execute(ctx, db, p.statements); err != nil {
		return fmt.Errorf("diff: settle the scratch database: %w", err)
	}
	after, err := readState(ctx, db)
	if err != nil {
		return err
	}
	return sameButText(s.objects, after.objects)
}

// sameButText makes sure that settling changed nothing but how things are printed: the judge sees only what comes after it.
func sameButText(before, after *objects) error {
	for _, n := range before.sorted() {
		b, a := *before.all[n], after.all[n]
		if a == nil {
			return fmt.Errorf("diff: settle the scratch database: %s is lost", n)
		}
		b.Def, b.Using, b.Check = a.Def, a.Using, a.Check
		if !sameObject(&b, a) || !maps.Equal(b.comments, a.comments) || !maps.Equal(b.grants, a.grants) || b.Owner != a.Owner {
			return fmt.Errorf("diff: settle the scratch database: %s does not come back as it was; please report it", n)
		}
	}
	return nil
}

// findUnsettled makes a twin of every object from its text, reads how they print, and leaves the database as it was.
func findUnsettled(ctx context.Context, db *sql.DB, s *state) (map[node]bool, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // the twins were made to be thrown away
	if _, err := tx.ExecContext(ctx, pinSession); err != nil {
		return nil, err
	}
	twins := make(map[node]*object)
	for _, n := range s.objects.sorted() {
		o := s.objects.all[n]
		if !o.Settles {
			continue
		}
		t := o.twin(fmt.Sprintf("~plinth%d", len(twins)))
		if _, err := tx.ExecContext(ctx, "SAVEPOINT twin"); err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, t.create()); err != nil {
			if _, err := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT twin"); err != nil {
				return nil, err
			}
			continue
		}
		twins[n] = t
	}
	if len(twins) == 0 {
		return nil, nil
	}
	printed, err := readInside(ctx, tx)
	if err != nil {
		return nil, err
	}
	unsettled := make(map[node]bool)
	for n, t := range twins {
		if now := printed.objects.all[t.node]; now != nil && (now.Def != t.Def || now.Using != t.Using || now.Check != t.Check) {
			unsettled[n] = true
		}
	}
	return unsettled, nil
}

// twin is the object under another name; a materialized view's is a view, which prints alike and holds no rows.
func (o *object) twin(name string) *object {
	t := *o
	switch o.Kind {
	case kindMatView:
		t.Kind, t.Name, t.Options = kindView, name, ""
	case kindFunction, kindProcedure:
		own := o.routine()
		t.Name = ident(name) + strings.TrimPrefix(o.Name, own)
		before := " " // what stands before the name: CREATE OR REPLACE FUNCTION or the schema
		if o.Schema != "" {
			before = "."
		}
		t.Def = strings.Replace(o.Def, before+own+"(", before+ident(name)+"(", 1)
	case kindTrigger:
		t.Name = name
		t.Def = strings.Replace(o.Def, "TRIGGER "+plain(o.Name)+" ", "TRIGGER "+ident(name)+" ", 1)
	default:
		t.Name = name
	}
	return &t
}
