package diff_test

import "testing"

const ownRows = `
INSERT INTO users (id, email, name) VALUES ('00000000-0000-0000-0000-000000000001', 'a@b.c', 'A');
INSERT INTO articles (title, slug, status, author_id)
	SELECT 'T', 's' || n, (ARRAY['draft', 'review', 'published', 'archived']::article_status[])[n], '00000000-0000-0000-0000-000000000001'
	FROM generate_series(1, 4) n;
INSERT INTO tags (name) VALUES ('go');
INSERT INTO article_tags SELECT a.id, t.id FROM articles a, tags t`

func TestOwnSchemaWithAFieldAnEnumValueAndAnIndexMore(t *testing.T) {
	there, _ := roundTrip(t, "../../schema", "testdata/own", ownRows)
	if len(there.Files) != 1 || there.Files[0].Name != "" {
		t.Errorf("nothing uses the enum value, so that one file is enough; got\n%s", text(there))
	}
	for i, want := range []string{"add value 'scheduled' of enum article_status", "add column articles.subtitle", "add index article_status_created_at"} {
		if i >= len(there.Changes) || there.Changes[i].String() != want {
			t.Errorf("changes = %v, want %q in place %d", there.Changes, want, i)
		}
	}
}
