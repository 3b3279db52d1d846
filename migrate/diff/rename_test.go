package diff_test

import (
	"strings"
	"testing"
)

// TestRenamesKeepTheRows: an entity, fields, edges, an index, an enum type and one of its values, with what is named after them.
func TestRenamesKeepTheRows(t *testing.T) {
	const before, after = "testdata/renames/before", "testdata/renames/after"
	there, files := roundTrip(t, before, after, `
INSERT INTO groups (name) VALUES ('g1'), ('g2');
INSERT INTO users (email, nick, mood, kept, user_home) VALUES ('a@x', 'A', 'glad', 1, 1), ('b@x', 'B', 'sad', 2, NULL);
INSERT INTO posts (title, user_posts) VALUES ('t', 1);
INSERT INTO user_groups VALUES (1, 1), (2, 2);
INSERT INTO user_friends VALUES (1, 2)`)
	if all := text(there); strings.Contains(all, "DROP TABLE") || strings.Count(all, "DROP COLUMN") != 1 || strings.Contains(all, "irreversible") {
		t.Error("a rename that drops")
	}
	db := database(t)
	must(t, db, strings.Join(files[:len(files)-len(there.Files)], ""))
	must(t, db, `INSERT INTO groups (name) VALUES ('g'); INSERT INTO users (email, nick, mood, kept) VALUES ('a@x', 'A', 'glad', 1); INSERT INTO user_groups VALUES (1, 1); INSERT INTO posts (title, user_posts) VALUES ('t', 1)`)
	for _, f := range there.Files {
		must(t, db, f.Up)
	}
	var row string
	err := db.QueryRow(`SELECT concat_ws(' ', a.handle, a.temper, p.title, g.account_id) FROM accounts a
  JOIN posts p ON p.account_articles = a.id JOIN account_groups g ON g.account_id = a.id`).Scan(&row)
	if err != nil || row != "A happy t 1" {
		t.Fatalf("%q, %v", row, err)
	}
}
