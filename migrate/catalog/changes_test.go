package catalog_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// change is a case of testdata/changes.txt.
type change struct {
	sql      string
	want     []string // changes, in the order of Compare
	disagree string   // why pg_dump sees it otherwise; "" when it agrees
	since    int      // the first major version that has the statement; 0 is all
}

func readChanges(tb testing.TB) []change {
	tb.Helper()
	var cases []change
	for block := range strings.SplitSeq(readFile(tb, "testdata/changes.txt"), "\n\n") {
		if c := parseChange(block); c.sql != "" {
			cases = append(cases, c)
		}
	}
	if len(cases) < 100 {
		tb.Fatalf("testdata/changes.txt holds %d cases, fewer than it should", len(cases))
	}
	return cases
}

func parseChange(block string) (c change) {
	for line := range strings.Lines(block) {
		line = strings.TrimSpace(line)
		if want, ok := strings.CutPrefix(line, "=> "); ok {
			c.want = append(c.want, want)
		} else if reason, ok := strings.CutPrefix(line, "=~ "); ok {
			c.disagree = reason
		} else if major, ok := strings.CutPrefix(line, "=@ "); ok {
			c.since, _ = strconv.Atoi(major)
		} else if !strings.HasPrefix(line, "#") {
			c.sql = strings.TrimSpace(c.sql + "\n" + line)
		}
	}
	return c
}

func TestOneStatementGivesItsChangesAndNoOther(t *testing.T) {
	t.Parallel()
	tx := begin(t, fixtureDB(t))
	before := read(t, tx)
	for _, c := range readChanges(t) {
		if c.since > before.ServerVersion/10000 {
			continue
		}
		t.Run(c.sql, func(t *testing.T) {
			try(t, tx, func() {
				execute(t, tx, c.sql)
				after := read(t, tx)
				checkChanges(t, before, after, c.want)
			})
		})
	}
}

func checkChanges(t *testing.T, before, after *catalog.Snapshot, want []string) {
	t.Helper()
	changes := catalog.Compare(before, after)
	if got := lines(changes); !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	if equal := before.Fingerprint() == after.Fingerprint(); equal != (len(changes) == 0) {
		t.Errorf("fingerprints equal: %v, changes: %d", equal, len(changes))
	}
	checkReverse(t, changes, catalog.Compare(after, before))
}

// checkReverse: the way back names the same objects with the texts exchanged.
func checkReverse(t *testing.T, there, back []catalog.Change) {
	t.Helper()
	opposite := map[string]string{catalog.Added: catalog.Removed, catalog.Removed: catalog.Added, catalog.Altered: catalog.Altered}
	if len(there) != len(back) {
		t.Fatalf("%d changes there, %d back", len(there), len(back))
	}
	for i, c := range there {
		b := back[i]
		if b.Object.String() != c.Object.String() || b.Change != opposite[c.Change] || b.Before != c.After || b.After != c.Before {
			t.Errorf("there %+v\nback %+v", c, b)
		}
	}
}
