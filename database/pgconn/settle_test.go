package pgconn_test

import (
	"testing"

	"github.com/plinth-db/plinth/database/pgconn"
)

func TestOutcomeIsJudgedByWhatTheIdIsWorth(t *testing.T) {
	same := pgconn.Evidence{System: "s", Timeline: "t", Incarnation: "i", NextXID: "0:90"}
	crashed := pgconn.Evidence{System: "s", Timeline: "t", Incarnation: "other", Fresh: true, After: true}
	with := func(e pgconn.Evidence, change func(*pgconn.Evidence)) pgconn.Evidence {
		change(&e)
		return e
	}
	for name, tc := range map[string]struct {
		evidence pgconn.Evidence
		want     string
	}{
		"committed, no checkpoint since": {with(same, func(e *pgconn.Evidence) { e.Status = "committed" }), "committed"},
		"aborted":                        {with(same, func(e *pgconn.Evidence) { e.Status = "aborted" }), "aborted"},
		"in progress":                    {with(same, func(e *pgconn.Evidence) { e.Status = "in progress" }), "ask again"},
		"too long ago":                   {same, "undecidable"},
		"another cluster":                {with(same, func(e *pgconn.Evidence) { e.Status, e.System = "committed", "other" }), "undecidable"},
		"promoted":                       {with(same, func(e *pgconn.Evidence) { e.Status, e.Timeline = "committed", "t2" }), "undecidable"},
		"promoted, id not given out yet": {with(same, func(e *pgconn.Evidence) { e.Status, e.Timeline = "future", "t2" }), "undecidable"},
		"a standby answers":              {with(same, func(e *pgconn.Evidence) { e.Status, e.Timeline, e.Recovering = "committed", "", true }), "ask again"},
		"crashed, id on disk": {
			with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID = "committed", "0:101" }), "undecidable",
		},
		"crashed, id on disk, next epoch": {
			with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID = "committed", "1:3" }), "undecidable",
		},
		"crashed, id given out again": {
			with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID = "committed", "0:100" }), "aborted",
		},
		"crashed, id given out again and running": {
			with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID = "in progress", "0:100" }), "aborted",
		},
		"crashed, id not given out yet": {with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID = "future", "0:90" }), "aborted"},
		"crashed, aborted":              {with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID = "aborted", "0:120" }), "aborted"},
		"crashed, a later checkpoint hides the first": {
			with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID, e.Fresh = "committed", "0:120", false }), "undecidable",
		},
		"statistics reset by hand": { // looks like a crash, but the last checkpoint is from before the transaction
			with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID, e.After = "committed", "0:90", false }), "undecidable",
		},
		"statistics reset by hand, online checkpoint": {
			with(crashed, func(e *pgconn.Evidence) { e.Status, e.NextXID, e.Fresh = "committed", "0:90", false }), "undecidable",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := pgconn.Judge(tc.evidence); got != tc.want {
				t.Errorf("judged %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTextTellsWhatAStatementDoes(t *testing.T) {
	for text, want := range map[string]string{
		"SELECT 1": "cr",
		" -- note\n/* a /* b */ c */ (select 1);":       "cr",
		"INSERT INTO t VALUES ($1)":                     "c",
		"WITH x AS (SELECT 1) SELECT * FROM x":          "c",
		"SELECT 1; SELECT 2":                            "",
		"SHOW x":                                        "r",
		"CREATE TABLE t (a int)":                        "",
		"CREATE TEMP TABLE t (a int)":                   "a",
		"create local temporary table t (a int)":        "a",
		"COPY t FROM STDIN":                             "p",
		"commit":                                        "me",
		"END":                                           "me",
		"ROLLBACK WORK":                                 "me",
		"ROLLBACK TO a":                                 "",
		"ROLLBACK WORK TO SAVEPOINT a":                  "",
		"PREPARE TRANSACTION 'a'":                       "me",
		"PREPARE a AS SELECT 1":                         "a",
		"SET x = 1":                                     "a",
		"SET LOCAL x = 1":                               "",
		"SET TRANSACTION READ ONLY":                     "",
		"SET CONSTRAINTS ALL DEFERRED":                  "",
		"SELECT 1; SET x = 1":                           "a",
		"SELECT set_config('a', 'b', true)":             "cr",
		"SELECT SET_CONFIG('a', 'b', false) WHERE true": "cra",
		"DO $$ BEGIN; COMMIT; END $$":                   "a",
		"SELECT E'\\''; COMMIT":                         "m",
		"SELECT ';'; ROLLBACK AND CHAIN":                "m",
		"CREATE OR REPLACE TEMP VIEW v AS SELECT 1":     "a",
		"SELECT 1 INTO TEMP t":                          "ca",
		"BEGIN; SELECT 1":                               "b",
		"SELECT set_config('a', 'b', false)":            "cra",
		"SELECT pg_advisory_lock(1)":                    "cra",
		"SELECT pg_try_advisory_xact_lock(1)":           "cr",
		"DISCARD ALL":                                   "af",
		"DEALLOCATE ALL":                                "af",
		"LISTEN a":                                      "a",
		"":                                              "",
		"/* open":                                       "",
	} {
		if got := pgconn.Facts(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
