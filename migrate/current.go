package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"
)

// Standing is how a database stands to the migrations that a program was built with.
type Standing string

// The standings of a [NotCurrentError].
const (
	Behind   Standing = "behind"   // migrations are pending: deploy them, or wait for whoever does
	Ahead    Standing = "ahead"    // the database has migrations that this program does not know: it is older than the database
	Diverged Standing = "diverged" // an applied migration was edited since, or one is missing below it
	Halfway  Standing = "halfway"  // a migration stopped midway
)

// NotCurrentError says why a service should not start.
type NotCurrentError struct {
	Standing Standing
	Versions []string // the ones concerned
	Waited   time.Duration
}

func (e *NotCurrentError) Error() string {
	list := strings.Join(e.Versions, ", ")
	if n := len(e.Versions); n > 5 {
		list = fmt.Sprintf("%s and %d more", strings.Join(e.Versions[:5], ", "), n-5)
	}
	s := map[Standing]string{
		Behind:   "the database is behind: " + list + " not applied; run plinth up",
		Ahead:    "the database is ahead: " + list + " applied, which this program does not know; deploy the newer program, or revert with its files",
		Diverged: "the database has diverged: " + list + " applied from another file than this program's, or missing below an applied one; see plinth status",
		Halfway:  "the database is halfway through " + list + ", which stopped midway; see plinth status",
	}[e.Standing]
	if e.Waited > 0 {
		s += fmt.Sprintf(" (waited %v)", e.Waited.Round(time.Millisecond))
	}
	return "migrate: " + s
}

// CurrentOption changes what [EnsureCurrent] does.
type CurrentOption func(*current)

type current struct {
	wait      time.Duration
	apply     bool
	tolerates bool
	options   []Option
}

// WaitForOthers makes EnsureCurrent wait for so long until somebody else, a deployment job for one, has applied what is pending.
// It asks four times a second.
func WaitForOthers(d time.Duration) CurrentOption { return func(c *current) { c.wait = d } }

// ApplyPending makes EnsureCurrent apply what is pending, as [Migrator.Up] does, when it may not or no longer wait. Of many
// processes that start at once, one applies while the others wait.
func ApplyPending() CurrentOption { return func(c *current) { c.apply = true } }

// TolerateAhead accepts a database that is ahead, as it is while a new release is rolled out, or after one was rolled back.
func TolerateAhead() CurrentOption { return func(c *current) { c.tolerates = true } }

// WithOptions are for the [Migrator] that EnsureCurrent makes.
func WithOptions(opts ...Option) CurrentOption {
	return func(c *current) { c.options = append(c.options, opts...) }
}

// EnsureCurrent is what a service calls when it starts: nil means that the database is as the migrations in fsys, mostly embedded, make
// it. Else the error is a *NotCurrentError, or one of [New] and [Migrator.Up]. Without [ApplyPending] it only reads, and needs no more
// than SELECT on the revision table; it takes no lock.
func EnsureCurrent(ctx context.Context, db *sql.DB, fsys fs.FS, opts ...CurrentOption) error {
	var c current
	for _, opt := range opts {
		opt(&c)
	}
	m, err := New(db, fsys, c.options...)
	if err != nil {
		return err
	}
	if err := m.dir.Validate(); err != nil {
		return err
	}
	if _, err := m.dir.Head(); err != nil {
		return err
	}
	start := time.Now()
	for {
		found, err := m.standing(ctx, c.tolerates)
		if found == nil || err != nil {
			return err
		}
		left := c.wait - time.Since(start)
		waits := found.Standing == Behind || found.Standing == Halfway // may be somebody's work in progress
		if waits && left > 0 {
			timer := time.NewTimer(min(left, 250*time.Millisecond))
			select {
			case <-timer.C:
				continue
			case <-ctx.Done():
				timer.Stop()
				found.Waited = time.Since(start)
				return errors.Join(found, ctx.Err())
			}
		}
		if waits && c.apply {
			_, err := m.Up(ctx)
			return err
		}
		if c.wait > 0 && waits {
			found.Waited = time.Since(start)
		}
		return found
	}
}

// standing is nil for a database that is current.
func (m *Migrator) standing(ctx context.Context, tolerateAhead bool) (*NotCurrentError, error) {
	s, err := m.readState(ctx, m.db)
	if err != nil {
		return nil, err
	}
	changed := s.changed
	if s.partial != nil { // its own business
		changed = without(changed, s.partial.Version)
	}
	if missing, _ := s.missingBelow(); missing != nil {
		changed = append(changed, missing.Version)
	}
	pending := s.pending()
	switch {
	case len(changed) > 0:
		return &NotCurrentError{Standing: Diverged, Versions: changed}, nil
	case s.partial != nil && m.dir.Find(s.partial.Version) != nil: // else it is the business of a newer program
		return &NotCurrentError{Standing: Halfway, Versions: []string{s.partial.Version}}, nil
	case len(pending) > 0 && len(s.foreign) > 0:
		return &NotCurrentError{Standing: Diverged, Versions: append(versionsOf(pending), s.foreign...)}, nil
	case len(pending) > 0:
		return &NotCurrentError{Standing: Behind, Versions: versionsOf(pending)}, nil
	case len(s.foreign) > 0 && !tolerateAhead:
		return &NotCurrentError{Standing: Ahead, Versions: s.foreign}, nil
	}
	return nil, nil
}

func versionsOf(files []*File) (versions []string) {
	for _, f := range files {
		versions = append(versions, f.Version)
	}
	return versions
}
