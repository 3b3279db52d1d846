package sqltext

import (
	"slices"
	"strings"
)

// NoTransaction reports whether PostgreSQL refuses the statement inside a transaction block (SQLSTATE 25001), and what
// the server calls the command then: "CREATE INDEX CONCURRENTLY". It knows the calls of PreventInTransactionBlock in
// PostgreSQL 12 to 19 (tcop/utility.c and the files of src/backend/commands), so a newer command is refused by an older
// server for its syntax.
//
// It decides by words alone. What depends on the catalog is told as it usually is: DROP SUBSCRIPTION is taken to own a
// slot; REINDEX and CLUSTER of a named table are taken not to be partitioned. COMMIT inside a DO block or a procedure,
// which fails in a transaction block as well, is not seen.
func (s Stmt) NoTransaction() (what string, ok bool) {
	w := s.fixedWords()
	for _, r := range refused {
		if startsWith(w, r.words) {
			return r.what, true
		}
	}
	for _, r := range refusedSometimes {
		if startsWith(w, r.words) {
			what = r.what(s.Words(len(s.Text)))
			return what, what != ""
		}
	}
	return "", false
}

// startsWith reports whether w begins with the words of prefix, which is not empty.
func startsWith(w [6]string, prefix string) bool {
	i := 0
	for word := range strings.FieldsSeq(prefix) {
		if w[i] != word {
			return false
		}
		i++
	}
	return true
}

// refused are statements that their first words decide.
var refused = []struct{ words, what string }{
	{"ALTER SYSTEM", "ALTER SYSTEM"},
	{"COMMIT PREPARED", "COMMIT PREPARED"},
	{"CREATE DATABASE", "CREATE DATABASE"},
	{"CREATE INDEX CONCURRENTLY", "CREATE INDEX CONCURRENTLY"},
	{"CREATE TABLESPACE", "CREATE TABLESPACE"},
	{"CREATE UNIQUE INDEX CONCURRENTLY", "CREATE INDEX CONCURRENTLY"},
	{"DISCARD ALL", "DISCARD ALL"},
	{"DROP DATABASE", "DROP DATABASE"},
	{"DROP INDEX CONCURRENTLY", "DROP INDEX CONCURRENTLY"},
	{"DROP SUBSCRIPTION", "DROP SUBSCRIPTION"},
	{"DROP TABLESPACE", "DROP TABLESPACE"},
	{"ROLLBACK PREPARED", "ROLLBACK PREPARED"},
	{"VACUUM", "VACUUM"},
}

// refusedSometimes are statements that need a look at all their words; what returns "" for those that are allowed.
var refusedSometimes = []struct {
	words string
	what  func(words []string) string
}{
	{"ALTER DATABASE", alterDatabase},
	{"ALTER SUBSCRIPTION", alterSubscription},
	{"ALTER TABLE", alterTable},
	{"CLUSTER", cluster},
	{"CREATE SUBSCRIPTION", createSubscription},
	{"REINDEX", reindex},
	{"REPACK", repack},
}

func alterDatabase(w []string) string {
	if len(w) > 4 && w[3] == "SET" && w[4] == "TABLESPACE" {
		return "ALTER DATABASE SET TABLESPACE"
	}
	return ""
}

// alterTable finds DETACH PARTITION name CONCURRENTLY, which stands alone in its statement. After a dot, CONCURRENTLY is
// a table's name.
func alterTable(w []string) string {
	last := len(w) - 1
	if w[last] != "CONCURRENTLY" || w[last-1] == "." {
		return ""
	}
	for i := 2; i < last-2; i++ { // all of them: a table may be called detach
		if w[i] == "DETACH" && w[i+1] == "PARTITION" {
			return "ALTER TABLE ... DETACH CONCURRENTLY"
		}
	}
	return ""
}

// cluster without a table goes through all of them, a transaction each.
func cluster(w []string) string {
	_, rest := splitOptions(w[1:])
	if len(rest) == 0 || len(rest) == 1 && rest[0] == "VERBOSE" {
		return "CLUSTER"
	}
	return ""
}

// repack is PostgreSQL 19's successor of CLUSTER and VACUUM FULL.
func repack(w []string) string {
	opts, rest := splitOptions(w[1:])
	switch {
	case opts.on("CONCURRENTLY", false):
		return "REPACK (CONCURRENTLY)"
	case len(rest) == 0, rest[0] == "USING":
		return "REPACK"
	}
	return ""
}

func reindex(w []string) string {
	opts, rest := splitOptions(w[1:])
	switch {
	case opts.on("CONCURRENTLY", false), len(rest) > 1 && rest[1] == "CONCURRENTLY":
		return "REINDEX CONCURRENTLY"
	case len(rest) > 0 && slices.Contains([]string{"SCHEMA", "DATABASE", "SYSTEM"}, rest[0]):
		return "REINDEX " + rest[0]
	}
	return ""
}

// createSubscription is refused when it makes a replication slot, which it does unless told otherwise.
func createSubscription(w []string) string {
	opts := withOptions(w)
	if opts.on("CREATE_SLOT", opts.on("CONNECT", true)) {
		return "CREATE SUBSCRIPTION ... WITH (create_slot = true)"
	}
	return ""
}

func alterSubscription(w []string) string {
	if len(w) < 5 {
		return ""
	}
	switch action, object := w[3], w[4]; {
	case action == "REFRESH":
		return "ALTER SUBSCRIPTION ... REFRESH " + object
	case object == "PUBLICATION" && withOptions(w).on("REFRESH", true):
		return "ALTER SUBSCRIPTION with refresh"
	case action == "SET" && object == "(":
		opts, _ := splitOptions(w[4:])
		if opts.has("FAILOVER") { // since PostgreSQL 17
			return "ALTER SUBSCRIPTION ... SET (failover)"
		}
		if !opts.on("TWO_PHASE", true) { // since PostgreSQL 18, and only to switch it off
			return "ALTER SUBSCRIPTION ... SET (two_phase)"
		}
	}
	return ""
}
