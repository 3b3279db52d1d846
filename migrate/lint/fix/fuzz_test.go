package fix_test

import (
	"testing"
	"testing/fstest"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint/fix"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// FuzzPlan: whatever the files hold, what takes their place can be read, and each part of an up has a statement.
func FuzzPlan(f *testing.F) {
	for _, c := range cases {
		f.Add(c.up, c.down)
	}
	f.Add("-- atlas:txmode none\nSET lock_timeout = 1; CREATE INDEX ON users (email); ALTER TABLE ONLY users * -- x\n ADD CHECK (a), ADD UNIQUE (", "DROP INDEX")
	f.Fuzz(func(t *testing.T, up, down string) {
		dir, err := migrate.ReadDir(fstest.MapFS{
			"10_base.up.sql": {Data: []byte(baseUp)}, "20_m.up.sql": {Data: []byte(up)}, "20_m.down.sql": {Data: []byte(down)},
		})
		if err != nil {
			t.Skip()
		}
		chosen := func(v string) bool { return v == "20" }
		result, err := fix.Plan(fix.Input{Dir: dir, Findings: findings(dir, chosen), Chosen: chosen})
		if err != nil {
			return
		}
		for _, w := range result.Rewrites {
			for _, f := range w.New {
				if stmts, err := sqltext.Split(f.Up); err != nil || len(stmts) == 0 {
					t.Errorf("%d statements, %v in:\n%s", len(stmts), err, f.Up)
				}
				if _, err := sqltext.Split(f.Down); err != nil {
					t.Errorf("%v in:\n%s", err, f.Down)
				}
			}
		}
	})
}
