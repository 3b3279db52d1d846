package diff_test

import (
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
)

// contains demands statements of the ups, each once.
func contains(t *testing.T, r *diff.Result, statements ...string) {
	t.Helper()
	all := strings.Join(ups(r), "")
	for _, s := range statements {
		if strings.Count(all, s) != 1 {
			t.Errorf("the plan must hold once: %s", s)
		}
	}
}

func TestColumnsAreAddedAlteredAndDropped(t *testing.T) {
	there, _ := roundTrip(t, "testdata/columns/before", "testdata/columns/after", `
INSERT INTO "order" ("select", widened, narrowed, number, at, filled, required, dropped, flag, data, code, price)
	SELECT 'v', 'w', 'n', n::text, '2026-01-01', CASE n WHEN 1 THEN 'set' END, 'r', 'd', true, '[]', 'c' || n, 1.5 FROM generate_series(1, 2) n`)
	contains(t, there,
		`ALTER COLUMN "select" SET DEFAULT`,
		`ALTER COLUMN "widened" TYPE character varying(40);`,
		`ALTER COLUMN "narrowed" TYPE character varying(5);`,
		`ALTER COLUMN "number" TYPE bigint USING "number"::bigint;`,
		`ALTER COLUMN "count" TYPE bigint;`,
		`UPDATE "order" SET "filled" = 'none'::character varying WHERE "filled" IS NULL;`,
		`ALTER COLUMN "freed" DROP NOT NULL;`,
		`ALTER COLUMN "required" DROP NOT NULL;`,
		`DROP COLUMN "dropped";`,
		`ADD COLUMN "created_at" timestamp with time zone NOT NULL DEFAULT now();`,
	)
	down := there.Files[len(there.Files)-1].Down
	if !strings.HasPrefix(down, "-- plinth:irreversible not brought back: the data of column order.dropped") {
		t.Errorf("a down that cannot bring data back must say so first:\n%s", down)
	}
}

func TestKeysAndJoinTablesChange(t *testing.T) {
	there, _ := roundTrip(t, "testdata/keys/before", "testdata/keys/after", `
INSERT INTO users (name) VALUES ('A'), ('B');
INSERT INTO posts (user_posts) VALUES (1), (2);
INSERT INTO members (user_id, post_id, note) VALUES (1, 1, 'n'), (2, 1, 'n');
INSERT INTO user_friends VALUES (1, 2)`)
	contains(t, there,
		`ALTER TABLE "members" DROP CONSTRAINT "members_pkey";`,
		`ALTER TABLE "members" ADD CONSTRAINT "members_pkey" PRIMARY KEY (user_id, post_id);`,
		`ALTER TABLE "members" DROP COLUMN "note";`,
		`DROP TABLE "user_friends";`,
		`CREATE TABLE "user_groups" (`,
		`ALTER TABLE "rooms" ADD CONSTRAINT "rooms_groups_rooms" FOREIGN KEY (group_rooms) REFERENCES groups(id)`,
	)
}

func TestEnumsLiveTheirWholeLife(t *testing.T) {
	there, _ := roundTrip(t, "testdata/enums/before", "testdata/enums/after", `
INSERT INTO tickets (state, priority, shrinking, becomes_native, gone) VALUES ('open', 'low', 'a', 'x', 'it''s'), ('closed', 'high', 'a', 'y', 'a"b\');
INSERT INTO tasks (level) VALUES ('low'), (NULL)`)
	if len(there.Files) != 2 || there.Files[0].Name != "enum_values" || there.Files[1].Name != "" {
		t.Errorf("a default uses an added value, which must stand in a file of its own before; got %d files", len(there.Files))
	}
	contains(t, there,
		`ALTER TYPE "tickets_state" ADD VALUE 'new' BEFORE 'open';`,
		`ALTER TYPE "tickets_state" ADD VALUE 'it''s' AFTER 'open';`,
		`ALTER TYPE "tickets_state" ADD VALUE 'on hold' AFTER 'it''s';`,
		`ALTER TYPE "tickets_state" ADD VALUE 'lost';`,
		`CREATE TYPE "letters" AS ENUM ('a', 'b');`,
		`CREATE TYPE "Level" AS ENUM ('high', 'low');`,
		`DROP TYPE "gone_type";`,
		`ALTER TYPE "old_name" RENAME TO "new_name";`,
	)
}

func TestIndexesAndChecksChange(t *testing.T) {
	there, _ := roundTrip(t, "testdata/indexes/before", "testdata/indexes/after", `
INSERT INTO items (kind, price, name, slug) VALUES ('a', 1, 'n', 's'), ('b', 50, 'm', 't')`)
	contains(t, there,
		`CREATE UNIQUE INDEX "by_name"`, `CREATE INDEX "by_slug"`, `DROP INDEX "gone_index";`, `DROP CONSTRAINT "gone";`,
		`ALTER TABLE "items" ADD CONSTRAINT "items_price_check"`,
	)
}

func TestAForeignKeyMakesWayForATypeChange(t *testing.T) {
	m := model(t, "testdata/keys/before")
	d := append(ups(planned(t, m, nil)), `
ALTER TABLE posts DROP CONSTRAINT posts_users_posts, ALTER user_posts TYPE integer;
ALTER TABLE members DROP CONSTRAINT members_users_user, ALTER user_id TYPE integer;
ALTER TABLE user_friends DROP CONSTRAINT user_friends_user_id, DROP CONSTRAINT user_friends_friend_id, ALTER user_id TYPE integer, ALTER friend_id TYPE integer;
ALTER TABLE users ALTER id TYPE integer;
ALTER TABLE posts ADD CONSTRAINT posts_users_posts FOREIGN KEY (user_posts) REFERENCES users (id) ON DELETE CASCADE DEFERRABLE;
ALTER TABLE members ADD CONSTRAINT members_users_user FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
ALTER TABLE user_friends ADD CONSTRAINT user_friends_user_id FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE`)
	db := database(t)
	for _, up := range d {
		must(t, db, up)
	}
	must(t, db, `
INSERT INTO users (name) VALUES ('A'), ('B');
INSERT INTO posts (user_posts) VALUES (1), (2);
INSERT INTO user_friends VALUES (1, 2)`)
	r := planned(t, m, d)
	t.Log(text(r))
	contains(t, r,
		`ADD CONSTRAINT "posts_users_posts" FOREIGN KEY (user_posts) REFERENCES users(id) ON DELETE CASCADE DEFERRABLE;`,
		`ADD CONSTRAINT "user_friends_friend_id" FOREIGN KEY`,
		`ALTER TABLE "users" ALTER COLUMN "id" TYPE bigint;`,
	)
	upDownUp(t, db, r)
	if again := planned(t, m, append(d, ups(r)...)); len(again.Files) > 0 {
		t.Errorf("the second plan is not empty:\n%s", text(again))
	}
}

func TestForeignKeysMakeWayForTheirKey(t *testing.T) {
	m := model(t, "testdata/keys/before")
	d := append(ups(planned(t, m, nil)), `ALTER TABLE users DROP CONSTRAINT users_pkey CASCADE;
ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY (id) INCLUDE (name);
ALTER TABLE posts ADD CONSTRAINT posts_users_posts FOREIGN KEY (user_posts) REFERENCES users (id) ON DELETE CASCADE`)
	r := planned(t, m, d)
	contains(t, r, `ALTER TABLE "posts" DROP CONSTRAINT "posts_users_posts";`, `ALTER TABLE "users" DROP CONSTRAINT "users_pkey";`,
		`ALTER TABLE "users" ADD CONSTRAINT "users_pkey" PRIMARY KEY (id);`, `ALTER TABLE "posts" ADD CONSTRAINT "posts_users_posts" FOREIGN KEY`)
}

// TestMembersAreRenamedInPlace where nothing but their name differs.
func TestMembersAreRenamedInPlace(t *testing.T) {
	m := model(t, "testdata/keys/before")
	r := planned(t, m, append(ups(planned(t, m, nil)), "ALTER TABLE users RENAME CONSTRAINT users_pkey TO pk"))
	contains(t, r, `ALTER TABLE "users" RENAME CONSTRAINT "pk" TO "users_pkey";`)
	if all := text(r); strings.Contains(all, "DROP") {
		t.Error(all)
	}
}
