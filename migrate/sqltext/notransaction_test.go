package sqltext_test

import (
	"testing"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

func TestNoTransactionNamesWhatTheServerRefuses(t *testing.T) {
	for src, want := range map[string]string{
		"CREATE INDEX CONCURRENTLY i ON t (a)":                          "CREATE INDEX CONCURRENTLY",
		"create /* x */ unique index concurrently on t (a)":             "CREATE INDEX CONCURRENTLY",
		"CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)":            "CREATE INDEX CONCURRENTLY",
		"DROP INDEX CONCURRENTLY IF EXISTS i":                           "DROP INDEX CONCURRENTLY",
		"REINDEX TABLE CONCURRENTLY t":                                  "REINDEX CONCURRENTLY",
		"REINDEX (VERBOSE) INDEX CONCURRENTLY i":                        "REINDEX CONCURRENTLY",
		"REINDEX (CONCURRENTLY) TABLE t":                                "REINDEX CONCURRENTLY",
		"REINDEX (VERBOSE, CONCURRENTLY on) TABLE t":                    "REINDEX CONCURRENTLY",
		"REINDEX SCHEMA CONCURRENTLY s":                                 "REINDEX CONCURRENTLY",
		"REINDEX SCHEMA s":                                              "REINDEX SCHEMA",
		"REINDEX DATABASE d":                                            "REINDEX DATABASE",
		"REINDEX (VERBOSE) DATABASE":                                    "REINDEX DATABASE",
		"REINDEX SYSTEM d":                                              "REINDEX SYSTEM",
		"VACUUM":                                                        "VACUUM",
		"VACUUM (ANALYZE) t":                                            "VACUUM",
		"ALTER SYSTEM SET work_mem = '1MB'":                             "ALTER SYSTEM",
		"CREATE DATABASE d":                                             "CREATE DATABASE",
		"DROP DATABASE IF EXISTS d":                                     "DROP DATABASE",
		"CREATE TABLESPACE s LOCATION '/x'":                             "CREATE TABLESPACE",
		"DROP TABLESPACE s":                                             "DROP TABLESPACE",
		"ALTER DATABASE d SET TABLESPACE s":                             "ALTER DATABASE SET TABLESPACE",
		"CLUSTER":                                                       "CLUSTER",
		"CLUSTER VERBOSE":                                               "CLUSTER",
		"CLUSTER (VERBOSE)":                                             "CLUSTER",
		"REPACK":                                                        "REPACK",
		"REPACK (VERBOSE) USING INDEX":                                  "REPACK",
		"REPACK (CONCURRENTLY) t":                                       "REPACK (CONCURRENTLY)",
		"ALTER TABLE t DETACH PARTITION p CONCURRENTLY":                 "ALTER TABLE ... DETACH CONCURRENTLY",
		`ALTER TABLE IF EXISTS s."t" DETACH PARTITION s.p CONCURRENTLY`: "ALTER TABLE ... DETACH CONCURRENTLY",
		"ALTER TABLE detach DETACH PARTITION p CONCURRENTLY":            "ALTER TABLE ... DETACH CONCURRENTLY",
		"DISCARD ALL":                                                   "DISCARD ALL",
		"COMMIT PREPARED 'x'":                                           "COMMIT PREPARED",
		"ROLLBACK PREPARED 'x'":                                         "ROLLBACK PREPARED",
		"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p":            "CREATE SUBSCRIPTION ... WITH (create_slot = true)",
		"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot, enabled=false)": "CREATE SUBSCRIPTION ... WITH (create_slot = true)",
		"ALTER SUBSCRIPTION s REFRESH PUBLICATION":                                             "ALTER SUBSCRIPTION ... REFRESH PUBLICATION",
		"ALTER SUBSCRIPTION s SET PUBLICATION p, q":                                            "ALTER SUBSCRIPTION with refresh",
		"ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = true)":                         "ALTER SUBSCRIPTION with refresh",
		"ALTER SUBSCRIPTION s DROP PUBLICATION p":                                              "ALTER SUBSCRIPTION with refresh",
		"ALTER SUBSCRIPTION s SET (failover = false)":                                          "ALTER SUBSCRIPTION ... SET (failover)",
		"ALTER SUBSCRIPTION s SET (two_phase = false)":                                         "ALTER SUBSCRIPTION ... SET (two_phase)",
		"DROP SUBSCRIPTION s":                                                                  "DROP SUBSCRIPTION",
	} {
		if got, ok := one(t, src).NoTransaction(); !ok || got != want {
			t.Errorf("%s: got %q, %v; want %q", src, got, ok, want)
		}
	}
}

func TestNoTransactionSparesWhatTheServerAllows(t *testing.T) {
	for _, src := range []string{
		"CREATE INDEX i ON t (a)",
		`CREATE INDEX "concurrently" ON t (a)`,
		`CREATE INDEX i ON t ("concurrently")`,
		`CREATE TABLE t ("concurrently" int)`,
		"SELECT t.concurrently FROM t",
		"SELECT 'CREATE INDEX CONCURRENTLY'",
		"REFRESH MATERIALIZED VIEW CONCURRENTLY v",
		`DROP INDEX "CONCURRENTLY"`,
		"DROP INDEX i",
		"REINDEX TABLE t",
		"REINDEX (CONCURRENTLY false) TABLE t",
		"REINDEX (CONCURRENTLY 'Off', VERBOSE) INDEX i",
		"REINDEX (CONCURRENTLY 0) INDEX i",
		"REINDEX (VERBOSE) TABLE t",
		"ANALYZE t",
		"ALTER DATABASE d SET work_mem = '1MB'",
		"ALTER DATABASE d RENAME TO e",
		"ALTER TABLESPACE s RENAME TO r",
		"CLUSTER t",
		"CLUSTER VERBOSE t USING i",
		"CLUSTER (VERBOSE) t",
		"REPACK t",
		"REPACK (CONCURRENTLY off) t USING INDEX",
		"ALTER TABLE t DETACH PARTITION p",
		"ALTER TABLE t DETACH PARTITION p FINALIZE",
		"ALTER TABLE t DETACH PARTITION s.concurrently",
		"ALTER TABLE t ATTACH PARTITION p DEFAULT",
		"ALTER TABLE detach ADD COLUMN a int",
		"ALTER TABLE DETACH",
		"ALTER TABLE CONCURRENTLY",
		"ALTER TABLE t DETACH PARTITION CONCURRENTLY",
		"DISCARD TEMP",
		"COMMIT",
		"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = false)",
		"CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (slot_name = NONE, connect = false)",
		"ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
		"ALTER SUBSCRIPTION s SET (slot_name = NONE)",
		"ALTER SUBSCRIPTION s SET (two_phase = true)",
		"ALTER SUBSCRIPTION s DISABLE",
		"ALTER SUBSCRIPTION s RENAME TO r",
		"ALTER TYPE t ADD VALUE 'v'",
		"CREATE UNLOGGED TABLE database (a int)",
		"DROP TABLE database",
	} {
		if got, ok := one(t, src).NoTransaction(); ok || got != "" {
			t.Errorf("%s: got %q, %v; want it spared", src, got, ok)
		}
	}
	if got, ok := (sqltext.Stmt{}).NoTransaction(); ok || got != "" {
		t.Errorf("a statement without text: got %q", got)
	}
}
