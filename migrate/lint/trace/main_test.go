package trace_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint/trace"
	"github.com/plinth-db/plinth/migrate/verify"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// scratch makes the databases that are asked for, and fails the test when one was not dropped. setup is run on each.
func scratch(t testing.TB, setup ...func(context.Context, *sql.DB) error) verify.Scratch {
	return pgtest.Scratch(t, setup...)
}

// directory holds up files of versions 1, 2, ... It has no sums: a trace does not ask for them.
func directory(t testing.TB, ups ...string) *migrate.Dir {
	t.Helper()
	folder := t.TempDir()
	for i, up := range ups {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d_m.up.sql", i+1)), []byte(up), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := migrate.ReadDir(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// traced are the files of versions, or else the last one.
func traced(t testing.TB, o trace.Options, ups ...string) []trace.File {
	t.Helper()
	if o.Versions == nil {
		o.Versions = []string{fmt.Sprint(len(ups))}
	}
	files, err := trace.Run(t.Context(), scratch(t), directory(t, ups...), o)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// told is what a statement was seen to do, in one line; "nothing" for nothing. Locks on indexes are left out.
func told(s trace.Statement) string {
	var list []string
	add := func(what string, items []string) {
		if len(items) > 0 {
			list = append(list, what+" "+strings.Join(items, ", "))
		}
	}
	locks := func(all []trace.Lock) (items []string) {
		for _, l := range all {
			if l.Kind != "index" {
				items = append(items, l.Name+"="+strings.TrimSuffix(l.Mode, "Lock"))
			}
		}
		return items
	}
	names := func(all []trace.Relation) (items []string) {
		for _, r := range all {
			items = append(items, r.Name)
		}
		return items
	}
	if !s.Ran {
		list = append(list, "not run")
	}
	if s.Autocommit {
		list = append(list, "autocommit")
	}
	if s.Sampled {
		list = append(list, "sampled")
	}
	if s.Empty {
		list = append(list, "empty")
	}
	add("locks", locks(s.Locks))
	add("held", locks(s.Held))
	add("rewrites", names(s.Rewrites))
	add("truncated", names(s.Truncated))
	add("scans", names(s.Scans))
	var writes, lost []string
	for _, w := range s.Writes {
		writes = append(writes, fmt.Sprintf("%s +%d ~%d -%d of %d", w.Name, w.Inserted, w.Updated, w.Deleted, w.Had))
	}
	for _, o := range s.Lost {
		lost = append(lost, o.String())
	}
	add("writes", writes)
	add("lost", lost)
	if e := s.Err; e != nil {
		list = append(list, fmt.Sprintf("failed %s at %d:%d rows=%v commit=%v", e.SQLState, e.Line, e.Column, e.OnRows, e.AtCommit))
	}
	if list == nil {
		return "nothing"
	}
	return strings.Join(list, "; ")
}
