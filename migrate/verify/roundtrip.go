package verify

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
)

// roundTrip reverts everything and applies it again. It adds what it finds to the outcomes.
func (t *tester) roundTrip(ctx context.Context, list []Outcome) error {
	if len(list) == 0 {
		return nil
	}
	blame := func(err error) *Outcome {
		if e, ok := errors.AsType[*migrate.ExecError](err); ok {
			if i := slices.IndexFunc(list, func(o Outcome) bool { return o.Version == e.Version }); i >= 0 {
				return &list[i]
			}
		}
		return &list[len(list)-1]
	}
	last := t.now
	_, err := t.m.DownTo(ctx, t.base)
	if err != nil && mayEmpty(err, t.m.Dir().Files()) && t.alive(ctx) {
		if err := t.filler.truncate(ctx); err != nil {
			return err
		}
		_, err = t.m.DownTo(ctx, t.base)
	}
	if err != nil {
		if !t.alive(ctx) {
			return err
		}
		if o := blame(err); o.OK() {
			o.fail("the down fails when everything is reverted: %s", message(err))
		}
		return nil
	}
	base, err := read(ctx, t.db)
	if err != nil {
		return err
	}
	if wrong := catalog.Compare(t.empty, base); len(wrong) > 0 && allOK(list) {
		blame(nil).fail("with everything reverted the database is not as before: %s", describe(wrong))
	}
	if _, err := t.m.Up(ctx); err != nil {
		if !t.alive(ctx) {
			return err
		}
		if allOK(list) {
			blame(err).fail("the up fails after everything was reverted: %s", message(err))
		}
		return nil
	}
	again, err := read(ctx, t.db)
	if err != nil {
		return err
	}
	if wrong := catalog.Compare(last, again); len(wrong) > 0 && allOK(list) {
		blame(nil).fail("with everything reverted and applied again, the schema is another: %s", describe(wrong))
	}
	return nil
}

func allOK(list []Outcome) bool {
	return !slices.ContainsFunc(list, func(o Outcome) bool { return !o.OK() })
}

func irreversible(f *migrate.File) bool {
	_, declared := f.Irreversible()
	return declared
}

// onRows tells the failures that depend on what the tables hold: classes 22 (data exception) and 23 (integrity constraint
// violation) of PostgreSQL 18, src/backend/utils/errcodes.txt.
func onRows(err error) bool {
	e, ok := errors.AsType[*migrate.ExecError](err)
	return ok && (strings.HasPrefix(e.SQLState, "22") || strings.HasPrefix(e.SQLState, "23"))
}

// message is an error in one line, without the package's name.
func message(err error) string {
	lines := strings.FieldsFunc(strings.TrimPrefix(err.Error(), "migrate: "), func(r rune) bool { return r == '\n' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, " / ")
}

// onValues tells those of onRows that depend on what the values are. A column that gets NOT NULL without a value fails on any row (23502).
func onValues(err error) bool {
	e, ok := errors.AsType[*migrate.ExecError](err)
	return ok && onRows(err) && e.SQLState != "23502"
}

// mayEmpty tells whether a failed way back over files may be tried on empty tables.
func mayEmpty(err error, files []*migrate.File) bool {
	return onValues(err) || onRows(err) && slices.ContainsFunc(files, irreversible)
}
