package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestChaosOnlineStatesAreReached is TestChaosStatesAreReached for online plans, between states that differ in keys, constraints, indexes and
// what may be NULL. Little of that is refused.
// PLINTH_CHAOS=full makes 150 pairs.
func TestChaosOnlineStatesAreReached(t *testing.T) {
	setRapidChecks(t, "150")
	reachStates(t, true, randomMembers)
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
