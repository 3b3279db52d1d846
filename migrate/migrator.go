package migrate

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"
)

// Migrator applies and reverts the migrations of one directory on one database. Its methods may be called one after
// the other; runs at the same time, from this process or another, exclude each other by an advisory lock.
type Migrator struct {
	db                *sql.DB
	dir               *Dir
	revisions         revisions
	lockWait          time.Duration // for the lock that excludes other runs
	lockTimeout       time.Duration // for the locks that a file's statements take
	lockAttempts      int
	statementTimeout  *time.Duration // nil leaves the server's setting
	txMode            TxMode
	allowIrreversible bool
	dryRun            bool
	observe           func(Event)
}

// Option changes what a [Migrator] does.
type Option func(*Migrator) error

// New reads the directory and returns a migrator on db. It runs no SQL. The caller keeps db and closes it; db's driver must
// be lib/pq, or package database's on it: others do not take several statements in one message. Each run takes one
// connection of db for its whole length and closes it, and another one to find out what happened after a lost connection.
//
// Settings such as role and search_path must travel with the connection string: the session is reset between files, so
// that nothing that one file sets reaches the next.
func New(db *sql.DB, fsys fs.FS, opts ...Option) (*Migrator, error) {
	if fsys == nil {
		return nil, errors.New("migrate: New needs a file system")
	}
	dir, err := ReadDir(fsys)
	if err != nil {
		return nil, err
	}
	return NewFromDir(db, dir, opts...)
}

// NewFromDir is New for a directory that was read already.
func NewFromDir(db *sql.DB, dir *Dir, opts ...Option) (*Migrator, error) {
	if db == nil || dir == nil {
		return nil, errors.New("migrate: a Migrator needs a database and a directory")
	}
	m := &Migrator{
		db: db, dir: dir, lockWait: time.Minute, lockTimeout: DefaultLockTimeout, lockAttempts: 10, txMode: TxPerFile,
		revisions: revisions{schema: DefaultRevisionSchema, by: "Plinth"}, observe: func(Event) {},
	}
	for _, opt := range opts {
		if err := opt(m); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// WithRevisionSchema sets the schema of the revision table; the default is [DefaultRevisionSchema]. Atlas uses the
// search_path of the connection string when it has one.
func WithRevisionSchema(name string) Option {
	return func(m *Migrator) error {
		if name == "" {
			return errors.New("migrate: the revision schema's name is empty")
		}
		m.revisions.schema = name
		return nil
	}
}

// WithLockWait bounds the wait for another run to end; 0 means to try once. The default is a minute.
func WithLockWait(d time.Duration) Option {
	return func(m *Migrator) error {
		if d < 0 {
			return fmt.Errorf("migrate: lock wait %v is negative", d)
		}
		m.lockWait = d
		return nil
	}
}

// WithLockTimeout bounds each wait of a file's statements for a lock in the database, [DefaultLockTimeout] if not given; 0 leaves the
// server's setting. A file with a transaction that did not get its locks is run again as a whole, after a pause, up to
// attempts times in all, the default being 10; of a file without a transaction, the statement is. All files together in [TxAll] are
// not run again. CONCURRENTLY and VALIDATE CONSTRAINT have no bound: they have to wait, and nobody waits for them. A file's
// directive -- plinth:lock-timeout beats this, and its own SET lock_timeout both.
func WithLockTimeout(d time.Duration, attempts int) Option {
	return func(m *Migrator) error {
		if d < 0 || attempts < 1 {
			return fmt.Errorf("migrate: lock timeout %v with %d attempts: the timeout must not be negative, and at least one attempt is needed", d, attempts)
		}
		m.lockTimeout, m.lockAttempts = d, attempts
		return nil
	}
}

// WithStatementTimeout bounds each statement of the files; 0 is without a bound. If not given, the server's setting holds, but for
// CONCURRENTLY, which has none. A file's directive -- plinth:statement-timeout beats it.
func WithStatementTimeout(d time.Duration) Option {
	return func(m *Migrator) error {
		if d < 0 {
			return fmt.Errorf("migrate: statement timeout %v is negative", d)
		}
		m.statementTimeout = &d
		return nil
	}
}

// DefaultLockTimeout is the bound without [WithLockTimeout].
const DefaultLockTimeout = 3 * time.Second

// WithTxMode says what shares a transaction; the default is [TxPerFile].
func WithTxMode(mode TxMode) Option {
	return func(m *Migrator) error {
		switch mode {
		case TxPerFile, TxAll, TxNone:
			m.txMode = mode
			return nil
		}
		return fmt.Errorf("migrate: transaction mode %q is not known; use file, all or none", mode)
	}
}

// WithAllowIrreversible lets a revert run although a down file declares that it loses data.
func WithAllowIrreversible() Option {
	return func(m *Migrator) error {
		m.allowIrreversible = true
		return nil
	}
}

// WithDryRun makes Up, UpTo, Down and DownTo say what they would do, and change nothing; Stamp does nothing.
func WithDryRun() Option {
	return func(m *Migrator) error {
		m.dryRun = true
		return nil
	}
}

// WithOperator is what the revision rows name as the tool that ran, "Plinth" by default.
func WithOperator(version string) Option {
	return func(m *Migrator) error {
		m.revisions.by = version
		return nil
	}
}

// WithObserver calls f, one call at a time, whenever something happens that a user may want to see. The run waits for f.
func WithObserver(f func(Event)) Option {
	return func(m *Migrator) error {
		if f == nil {
			return errors.New("migrate: the observer is nil")
		}
		var mu sync.Mutex
		m.observe = func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			f(e)
		}
		return nil
	}
}

// TxMode says what shares a transaction.
type TxMode string

// The transaction modes. A file with the directive -- atlas:txmode none runs without one in the first mode, is
// refused in the second, and the third treats every file as if it had it.
const (
	TxPerFile TxMode = "file"
	TxAll     TxMode = "all"
	TxNone    TxMode = "none"
)

// EventKind says what happened.
type EventKind string

// The kinds of events.
const (
	EventWaiting EventKind = "waiting" // for the lock; Detail says who holds it, once
	EventStart   EventKind = "start"   // of a file
	EventBlocked EventKind = "blocked" // a file did not get a lock in time and will be run again; Detail says who may hold it
	EventDone    EventKind = "done"    // with a file; Duration says how long it took
	EventSettled EventKind = "settled" // the fate of a file whose connection was lost was found out; Detail says what it is
	EventResumed EventKind = "resumed" // a file that an earlier run left midway; Detail says what was found of it
	EventRunning EventKind = "running" // a file for a while; Duration says since when, Detail what the server does or waits for
)

// Event tells an observer of a run's progress.
type Event struct {
	Kind      EventKind
	Version   string
	Name      string
	Direction Direction
	Number    int // of the file among those of the run, from 1; 0 for what is of no file
	Total     int // files of the run
	Duration  time.Duration
	Detail    string
}

// LogValue implements [slog.LogValuer].
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kind", string(e.Kind)), slog.String("version", e.Version),
		slog.String("direction", string(e.Direction)), slog.Duration("duration", e.Duration), slog.String("detail", e.Detail))
}

func (m *Migrator) event(e Event) { m.observe(e) }

// Dir returns the directory that the migrator was made with.
func (m *Migrator) Dir() *Dir { return m.dir }
