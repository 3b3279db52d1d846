package sqltext_test

import (
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

const tenMegabytes = 10 << 20

// go test -bench Split -run - ./migrate/sqltext
func BenchmarkSplit(b *testing.B) {
	for name, piece := range map[string]string{
		"ddl":      "-- a table\nCREATE TABLE IF NOT EXISTS public.users (\n    id bigint PRIMARY KEY,\n    name text NOT NULL DEFAULT 'it''s',\n    at timestamptz DEFAULT now()\n);\nCREATE INDEX CONCURRENTLY i ON users (name);\n",
		"inserts":  "INSERT INTO t VALUES (1, 'some text of a row', E'\\n', 2.5, NULL);\n",
		"one line": "SELECT 1; ",
		"quoted":   "DO $$ BEGIN PERFORM 1; -- body\n END $$; SELECT 'é" + strings.Repeat("x", 500) + "';\r\n",
	} {
		src := strings.Repeat(piece, tenMegabytes/len(piece))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := sqltext.Split(src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
