package diff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plinth-db/plinth/migrate/diff"
)

// TestChaosOnlineStatesAreReached is TestChaosStatesAreReached for online plans, between states that differ in keys, constraints, indexes and
// what may be NULL. Little of that is refused.
// PLINTH_CHAOS=full makes 150 pairs.
func TestChaosOnlineStatesAreReached(t *testing.T) {
	setRapidChecks(t, "150")
	scratch := pooled(t)
	planned, refused := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		from, to := randomMembers(r), randomMembers(r)
		start, err := diff.SQLModel(from).Script(t.Context(), scratch)
		if err != nil {
			r.Fatalf("%v\nfrom nothing to:\n%s", err, from)
		}
		files := directory{start}
		in := diff.Input{
			Model: diff.SQLModel(to), Scratch: scratch, Replay: files.replay, Managed: diff.Managed(files...), AllowDrop: true, Verify: true, Online: true,
		}
		plan, err := diff.Plan(t.Context(), in)
		if _, ok := errors.AsType[*diff.UnsafeError](err); ok {
			refused++
			return
		}
		if err != nil {
			r.Fatalf("%v\nfrom:\n%s\nto:\n%s", err, from, to)
		}
		planned++
		for _, f := range plan.Files {
			if locked := underLock.FindString(f.Up + f.Down); locked != "" {
				r.Fatalf("others wait for %q in:\n%s\nfrom:\n%s\nto:\n%s", locked, text(plan), from, to)
			}
		}
		files = append(files, ups(plan)...)
		in.Replay, in.Managed = files.replay, diff.Managed(files...)
		if again, err := diff.Plan(t.Context(), in); err != nil || len(again.Files) > 0 || len(again.Kept) > 0 {
			r.Fatalf("the second plan: %v, kept %v\nfrom:\n%s\nto:\n%s\nplan:\n%s", err, again, from, to, text(plan))
		}
	})
	t.Logf("%d plans, %d refused", planned, refused)
	if planned == 0 {
		t.Error("no plan was made")
	}
}

// randomMembers is a script for two tables of the same columns.
func randomMembers(r *rapid.T) string {
	var b strings.Builder
	for n := range 2 {
		fmt.Fprintf(&b, "CREATE TABLE t%d (id bigint NOT NULL, c0 int%s, c1 text NOT NULL, c2 int NOT NULL, c3 text%s", n,
			pick(r, "", " NOT NULL DEFAULT 1"), pick(r, "", " NOT NULL DEFAULT 'x'"))
		fmt.Fprintf(&b, ", CONSTRAINT p%d PRIMARY KEY (%s)", n, pick(r, "id", "id", "id", "id, c1", "id, c2", "c2, id"))
		for i := range 2 {
			switch rapid.IntRange(0, 3).Draw(r, "member") {
			case 0:
				fmt.Fprintf(&b, ", CONSTRAINT h%d%d CHECK (c2 > %d)", n, i, rapid.IntRange(0, 1).Draw(r, "least"))
			case 1, 2:
				fmt.Fprintf(&b, ", CONSTRAINT k%d%d UNIQUE%s (%s)%s", n, i, pick(r, "", " NULLS NOT DISTINCT"), pick(r, "c0", "c0, c1", "c2"),
					pick(r, "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"))
			}
		}
		b.WriteString(");\n")
		if chance(r, 2) {
			fmt.Fprintf(&b, "CREATE %sINDEX i%d ON t%[2]d (%s);\n", pick(r, "", "UNIQUE "), n, pick(r, "c0", "c1 DESC", "lower(c1), c2"))
		}
	}
	return b.String()
}
