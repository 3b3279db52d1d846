package trace_test

import (
	"testing"

	"github.com/plinth-db/plinth/migrate/lint/trace"
)

// effects are a file on what is there, and what its last statement is seen to do.
var effects = []struct{ name, base, up, want string }{
	{"ADD COLUMN", "CREATE TABLE t (a int)", "ALTER TABLE t ADD b int", "locks t=AccessExclusive"},
	{"ADD COLUMN with a constant default", "CREATE TABLE t (a int)", "ALTER TABLE t ADD b int NOT NULL DEFAULT 7", "locks t=AccessExclusive"},
	{"ADD COLUMN with a volatile default", "CREATE TABLE t (a int)", "ALTER TABLE t ADD b float DEFAULT random()", "locks t=AccessExclusive; rewrites t; scans t"},
	{"ADD COLUMN with a plpgsql default", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", "ALTER TABLE t ADD b int DEFAULT f()", "locks t=AccessExclusive; rewrites t; scans t"},
	{"ADD COLUMN with a stable plpgsql default", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int STABLE LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", "ALTER TABLE t ADD b int DEFAULT f()", "locks t=AccessExclusive"},
	{"ADD COLUMN of a domain with a check", "CREATE TABLE t (a int); CREATE DOMAIN d AS int CHECK (VALUE > 0)", "ALTER TABLE t ADD b d", "locks t=AccessExclusive; rewrites t; scans t"},
	{"ADD COLUMN of a domain without a check", "CREATE TABLE t (a int); CREATE DOMAIN d AS int", "ALTER TABLE t ADD b d", "locks t=AccessExclusive"},
	{"ADD COLUMN generated", "CREATE TABLE t (a int)", "ALTER TABLE t ADD b int GENERATED ALWAYS AS (a + 1) STORED", "locks t=AccessExclusive; rewrites t; scans t"},
	{"ADD COLUMN identity", "CREATE TABLE t (a int)", "ALTER TABLE t ADD b int GENERATED ALWAYS AS IDENTITY", "locks t=AccessExclusive; rewrites t; scans t"},
	{"ADD COLUMN with a default, then SET NOT NULL", "CREATE TABLE t (a int)", "ALTER TABLE t ADD b int DEFAULT 7; ALTER TABLE t ALTER b SET NOT NULL", "held t=AccessExclusive; scans t"},
	{"SET NOT NULL", "CREATE TABLE t (a int NOT NULL, b int PRIMARY KEY); ALTER TABLE t ALTER a DROP NOT NULL", "UPDATE t SET a = 1 WHERE a IS NULL; ALTER TABLE t ALTER a SET NOT NULL", "locks t=AccessExclusive; held t=RowExclusive; scans t"},
	{"SET NOT NULL on rows", "CREATE TABLE t (a int)", "ALTER TABLE t ALTER a SET NOT NULL", "empty; locks t=AccessExclusive; scans t; failed 23502 at 1:1 rows=true commit=false"},
	{"SET NOT NULL with a valid check", "CREATE TABLE t (a int, CHECK (a IS NOT NULL))", "ALTER TABLE t ALTER a SET NOT NULL", "locks t=AccessExclusive"},
	{"char to text", "CREATE TABLE t (a char(5))", "ALTER TABLE t ALTER a TYPE text", "locks t=AccessExclusive; rewrites t; scans t"},
	{"varchar to text", "CREATE TABLE t (a varchar(5))", "ALTER TABLE t ALTER a TYPE text", "locks t=AccessExclusive"},
	{"varchar longer", "CREATE TABLE t (a varchar(10) UNIQUE)", "ALTER TABLE t ALTER a TYPE varchar(20)", "locks t=AccessExclusive"},
	{"varchar shorter", "CREATE TABLE t (a varchar(20))", "ALTER TABLE t ALTER a TYPE varchar(10)", "locks t=AccessExclusive; rewrites t; scans t"},
	{"timestamp to timestamptz", "CREATE TABLE t (a timestamp)", "ALTER TABLE t ALTER a TYPE timestamptz", "locks t=AccessExclusive; rewrites t; scans t"},
	{"timestamp to timestamptz in UTC", "CREATE TABLE t (a timestamp)", "SET TimeZone = 'UTC'; ALTER TABLE t ALTER a TYPE timestamptz", "locks t=AccessExclusive"},
	{"int to bigint", "CREATE TABLE t (a int PRIMARY KEY)", "ALTER TABLE t ALTER a TYPE bigint", "locks t=AccessExclusive; rewrites t, t_pkey; scans t"},
	{"SET UNLOGGED", "CREATE TABLE t (a int)", "ALTER TABLE t SET UNLOGGED", "locks t=AccessExclusive; rewrites t; scans t"},
	{"DROP TABLE with a foreign key", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p)", "DROP TABLE t", "locks p=AccessExclusive, t=AccessExclusive; lost table t"},
	{"DROP COLUMN", "CREATE TABLE t (a int, b int CHECK (b > 0)); CREATE INDEX i ON t (b)", "ALTER TABLE t DROP b", "locks t=AccessExclusive; lost column t.b, constraint t_b_check on t, index i"},
	{"DROP CONSTRAINT of a foreign key", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int CONSTRAINT f REFERENCES p)", "ALTER TABLE t DROP CONSTRAINT f", "locks p=AccessExclusive, t=AccessExclusive; lost constraint f on t"},
	{"DROP INDEX", "CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "DROP INDEX i", "locks t=AccessExclusive; lost index i"},
	{
		"DROP VIEW, TYPE, FUNCTION", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; CREATE TYPE e AS ENUM ('x'); CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
		"DO $$ BEGIN DROP VIEW v; DROP TYPE e; DROP FUNCTION f; END $$", "locks v=AccessExclusive; lost function f(integer, text), type e, view v",
	},
	{"DROP SCHEMA", `CREATE SCHEMA "S"; CREATE TABLE "S"."T" (a int); CREATE SEQUENCE "S".q`, `DROP SCHEMA "S" CASCADE`, `locks "S"."T"=AccessExclusive, "S".q=AccessExclusive; lost schema "S", sequence "S".q, table "S"."T"`},
	{"RENAME", "CREATE TABLE t (a int)", "ALTER TABLE t RENAME a TO b; ALTER TABLE t RENAME TO u", "held t=AccessExclusive"},
	{"ADD FOREIGN KEY", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int)", "UPDATE t SET a = (SELECT min(id) FROM p); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p", "locks p=ShareRowExclusive, t=ShareRowExclusive; held p=AccessShare, t=RowExclusive; scans p, t"},
	{"ADD FOREIGN KEY NOT VALID", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int)", "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p NOT VALID", "locks p=ShareRowExclusive, t=ShareRowExclusive"},
	{"VALIDATE CONSTRAINT of a foreign key", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT f", "locks p=RowShare, t=ShareUpdateExclusive; scans p, t"},
	{"ADD CHECK", "CREATE TABLE t (a int)", "ALTER TABLE t ADD CHECK (a > 0)", "locks t=AccessExclusive; scans t"},
	{"ADD CHECK NOT VALID", "CREATE TABLE t (a int)", "ALTER TABLE t ADD CHECK (a > 0) NOT VALID", "locks t=AccessExclusive"},
	{"VALIDATE CONSTRAINT of a check", "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT c", "locks t=ShareUpdateExclusive; scans t"},
	{"CREATE INDEX", "CREATE TABLE t (a int)", "CREATE INDEX ON t (a)", "locks t=Share; scans t"},
	{"CREATE INDEX CONCURRENTLY", "CREATE TABLE t (a int)", "-- atlas:txmode none\nCREATE INDEX CONCURRENTLY ON t (a)", "autocommit; locks t=ShareUpdateExclusive; scans t"},
	{"DROP INDEX CONCURRENTLY", "CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "-- atlas:txmode none\nDROP INDEX CONCURRENTLY i", "autocommit; locks t=ShareUpdateExclusive; lost index i"},
	{"REINDEX CONCURRENTLY", "CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "-- atlas:txmode none\nREINDEX INDEX CONCURRENTLY i", "autocommit; locks t=ShareUpdateExclusive; rewrites i; scans t"},
	{"REINDEX", "CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "REINDEX INDEX i", "locks t=Share; rewrites i; scans t"},
	{"VACUUM", "CREATE TABLE t (a int)", "-- atlas:txmode none\nVACUUM t", "autocommit; locks t=ShareUpdateExclusive"},
	{"VACUUM FULL", "CREATE TABLE t (a int)", "-- atlas:txmode none\nVACUUM FULL t", "autocommit; locks t=AccessExclusive; rewrites t; scans t"},
	{"CLUSTER", "CREATE TABLE t (a int PRIMARY KEY)", "CLUSTER t USING t_pkey", "locks t=AccessExclusive; rewrites t, t_pkey; scans t"},
	{"DETACH CONCURRENTLY", "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)", "-- atlas:txmode none\nALTER TABLE t DETACH PARTITION t1 CONCURRENTLY", "autocommit; locks t=ShareUpdateExclusive, t1=AccessExclusive"},
	{"ATTACH with a check, and a default partition", "CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE d PARTITION OF t DEFAULT; CREATE TABLE n (a int, CHECK (a IS NOT NULL AND a = 5))", "ALTER TABLE t ATTACH PARTITION n FOR VALUES IN (5)", "locks d=AccessExclusive, n=AccessExclusive, t=ShareUpdateExclusive; scans d"},
	{"ATTACH without a check", "CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE n (a int NOT NULL CHECK (a % 10 = a))", "ALTER TABLE t ATTACH PARTITION n FOR VALUES FROM (0) TO (9)", "locks n=AccessExclusive, t=ShareUpdateExclusive; scans n"},
	{"DROP COLUMN of a partitioned table", "CREATE TABLE t (a int, b int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE INDEX i ON t (b)", "ALTER TABLE t DROP b", "locks t=AccessExclusive, t1=AccessExclusive; lost column t.b, index i"},
	{"DROP of a partition", "CREATE TABLE t (a int, b int) PARTITION BY LIST (a); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2); CREATE INDEX i ON t (b)", "DROP TABLE t1", "locks t=AccessExclusive, t1=AccessExclusive; lost table t1"},
	{"a scan of all partitions", "CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10); CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20)", "ALTER TABLE t ADD CHECK (a > 0)", "locks t=AccessExclusive, t1=AccessExclusive, t2=AccessExclusive; scans t1, t2"},
	{"UPDATE without WHERE", "CREATE TABLE t (a int)", "UPDATE t SET a = 1", "locks t=RowExclusive; scans t; writes t +0 ~3 -0 of 3"},
	{"UPDATE by the key", "CREATE TABLE t (a int PRIMARY KEY, b int)", "UPDATE t SET b = 1 WHERE a = 5", "locks t=RowExclusive"},
	{"UPDATE by the key of a table known to be small", "CREATE TABLE t (a int PRIMARY KEY, b int)", "ANALYZE t; UPDATE t SET b = 1 WHERE a = 5", "held t=ShareUpdateExclusive"},
	{"ALTER SEQUENCE", "CREATE SEQUENCE s AS int", "ALTER SEQUENCE s AS bigint RESTART", "locks s=ShareRowExclusive"},
	{"an index made again", "CREATE TABLE t (a int, b varchar(9)); CREATE INDEX i ON t (b); CREATE INDEX j ON t (a)", "ALTER TABLE t ALTER b TYPE varchar(12); DROP INDEX i", "held t=AccessExclusive; lost index i"},
	{"ALTER TYPE of an enum", "CREATE TYPE e AS ENUM ('x'); CREATE TABLE t (a e)", "ALTER TYPE e ADD VALUE 'y'", "nothing"},
	{"CREATE TABLE LIKE", "CREATE TABLE t (a int)", "CREATE TABLE u (LIKE t)", "locks t=AccessShare"},
	{"RENAME of an index, then DROP", "CREATE TABLE t (a int); CREATE INDEX i ON t (a)", "ALTER INDEX i RENAME TO j; DROP INDEX j", "locks t=AccessExclusive; lost index j"},
	{"LOCK TABLE", "CREATE TABLE t (a int)", "LOCK TABLE t IN EXCLUSIVE MODE", "locks t=Exclusive"},
	{"CREATE TRIGGER", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "locks t=ShareRowExclusive"},
	{"DROP TRIGGER, POLICY", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE POLICY p ON t", "DO 'BEGIN DROP TRIGGER g ON t; DROP POLICY p ON t; END'", "locks t=AccessExclusive; lost policy p on t, trigger g on t"},
	{"RENAME, then DROP", "CREATE TABLE t (a int)", "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b; ALTER TABLE u DROP b", "held u=AccessExclusive; lost column u.b"},
	{"TRUNCATE in a block", "CREATE TABLE t (a int PRIMARY KEY)", "DO 'BEGIN TRUNCATE t; END'", "locks t=AccessExclusive; truncated t"},
	{"DELETE with a cascade", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int NOT NULL REFERENCES p ON DELETE CASCADE)", "DELETE FROM p", "locks p=RowExclusive, t=RowExclusive; scans p, t; writes p +0 ~0 -3 of 3, t +0 ~0 -3 of 3"},
	{"TRUNCATE", "CREATE TABLE t (a int PRIMARY KEY)", "TRUNCATE t", "locks t=AccessExclusive; truncated t"},
	{"ALTER COLUMN TYPE under an index", "CREATE TABLE t (a varchar(9)); CREATE INDEX i ON t (a); CREATE VIEW v AS SELECT 1 AS x", "ALTER TABLE t ALTER a TYPE int USING length(a)", "locks t=AccessExclusive; rewrites i, t; scans t"},
	{"REFRESH", "CREATE TABLE t (a int); CREATE MATERIALIZED VIEW m AS SELECT a FROM t", "REFRESH MATERIALIZED VIEW m", "locks m=AccessExclusive, t=AccessShare; rewrites m; scans t"},
	{"a lock that is held", "CREATE TABLE t (a int); CREATE TABLE u (b int)", "ALTER TABLE t ADD c int; CREATE INDEX ON u (b)", "locks u=Share; held t=AccessExclusive; scans u"},
	{"a table of the same file", "CREATE TABLE t (a int PRIMARY KEY)", "CREATE TABLE n (a int REFERENCES t); CREATE INDEX ON n (a); INSERT INTO n SELECT a FROM t; ALTER TABLE n ALTER a TYPE bigint; DROP TABLE n", "held t=AccessExclusive"},
	{"an empty search_path", "CREATE TABLE t (a int)", "SET search_path = ''; ALTER TABLE public.t ADD b int", "locks t=AccessExclusive"},
}

func TestEffects(t *testing.T) {
	for _, c := range effects {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files := traced(t, trace.Options{}, c.base, c.up)
			s := files[0].Statements
			got := told(s[len(s)-1])
			for i, st := range s[:len(s)-1] {
				if st.Err != nil {
					t.Errorf("statement %d: %s: %s", i, told(st), st.Err.Message)
				}
			}
			if files[0].Notes != nil {
				t.Error(files[0].Notes)
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
