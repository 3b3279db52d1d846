-- One of everything that pg_dump --schema-only shows, for changes.txt and columns.txt to work on. Grantees are predefined roles, so that
-- nothing outside the database is made.
CREATE SCHEMA app;
CREATE SCHEMA other;
SET search_path = app;

CREATE EXTENSION hstore SCHEMA other;

CREATE TYPE status AS ENUM ('draft', 'live', 'gone');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN code AS varchar(10) COLLATE "C" DEFAULT 'x' NOT NULL CONSTRAINT code_check CHECK (VALUE <> '');
CREATE DOMAIN loose AS int;
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE tspan AS RANGE (subtype = text, collation = "C");
CREATE TYPE later;
CREATE TYPE box2;
CREATE FUNCTION box2_in(cstring) RETURNS box2 LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION box2_out(box2) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE box2 (INPUT = box2_in, OUTPUT = box2_out, DEFAULT = 'none', CATEGORY = 'X');
CREATE COLLATION german FROM "C";

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text NOT NULL,
  state status DEFAULT 'draft',
  n serial,
  born date DEFAULT '2020-02-03',
  doubled int GENERATED ALWAYS AS (n * 2) STORED,
  body text,
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_n_check CHECK (n > 0)
);
CREATE TABLE posts (
  id int PRIMARY KEY,
  author bigint,
  title code,
  at timestamptz DEFAULT '2020-01-01 00:00:00+02',
  during int4range,
  CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES users ON DELETE CASCADE DEFERRABLE,
  CONSTRAINT posts_during_excl EXCLUDE USING gist (during WITH &&)
);
CREATE TABLE marks (post int CONSTRAINT marks_post_fkey REFERENCES posts);
CREATE INDEX posts_author_idx ON posts (author) WHERE id > 3;
CREATE INDEX posts_expr_idx ON posts ((id + 1)) INCLUDE (title);
CREATE UNIQUE INDEX posts_unique_idx ON posts (id, author);
CREATE UNLOGGED TABLE scratch (a int, b text) WITH (fillfactor = 70, toast.autovacuum_enabled = off);

CREATE TABLE parent (a int CHECK (a > 0), b text);
CREATE TABLE uncle (u int);
CREATE TABLE child (c int) INHERITS (parent);
CREATE TABLE constants (
  i interval DEFAULT '1 day 2 hours', f float8 DEFAULT '0.30000000000000004', b bytea DEFAULT '\x01ff', s text DEFAULT 'a\b'
);
CREATE TABLE left_side (l int);
CREATE TABLE right_side (r int);
CREATE TABLE both_sides () INHERITS (left_side, right_side);
CREATE TABLE by_expr (k int, v int) PARTITION BY LIST ((v + 1));
CREATE TYPE row_type AS (x int, y int);
CREATE TABLE typed OF row_type;
CREATE TABLE parts (k int NOT NULL, v int, w text) PARTITION BY RANGE (k);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (1) TO (10);
CREATE TABLE parts_2 (w text, k int NOT NULL, v int);
ALTER TABLE parts ADD CONSTRAINT parts_pkey PRIMARY KEY (k);
CREATE INDEX parts_v_idx ON parts (v);

CREATE VIEW live AS SELECT id, email FROM users WHERE state = 'live';
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS n FROM posts;
CREATE SEQUENCE free;

CREATE FUNCTION add(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION standard(a int) RETURNS int LANGUAGE sql RETURN a + 1;
CREATE FUNCTION many(a int, b int DEFAULT 1) RETURNS SETOF int LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION outs(a int, OUT b int) LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE work(a int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE AGGREGATE moving (int) (SFUNC = int4pl, STYPE = int, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MINITCOND = '0');
CREATE TRIGGER users_touch BEFORE UPDATE OF email ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER parts_touch BEFORE UPDATE ON parts FOR EACH ROW EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER posts_checked AFTER INSERT ON posts FROM users DEFERRABLE FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER posts_when BEFORE UPDATE ON posts FOR EACH ROW WHEN (new.id > 1) EXECUTE FUNCTION touch('x', 'y');
CREATE TRIGGER posts_tables AFTER UPDATE ON posts REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION touch();
CREATE RULE guarded AS ON UPDATE TO scratch WHERE new.a > 1 DO INSTEAD NOTHING;
CREATE RULE busy AS ON INSERT TO scratch DO ALSO DELETE FROM right_side;
CREATE RULE keep AS ON DELETE TO scratch DO INSTEAD NOTHING;
CREATE EVENT TRIGGER watcher ON ddl_command_end WHEN TAG IN ('DROP TEXT SEARCH PARSER') EXECUTE FUNCTION watch();

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users FOR UPDATE TO pg_monitor USING (id > 1) WITH CHECK (id > 2);

CREATE OPERATOR +@ (LEFTARG = int, RIGHTARG = int, FUNCTION = add, COMMUTATOR = +@);
CREATE FUNCTION alike(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';
CREATE FUNCTION unlike(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> $2';
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = alike, COMMUTATOR = ===, NEGATOR = !==, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR !== (LEFTARG = int, RIGHTARG = int, FUNCTION = unlike, NEGATOR = ===);
CREATE OPERATOR CLASS int_ops FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 btint4cmp(int, int);
CREATE OPERATOR CLASS box2_ops DEFAULT FOR TYPE box2 USING gist AS STORAGE int;
CREATE OPERATOR FAMILY empty_ops USING btree;
CREATE CAST (pair AS text) WITH INOUT;
CREATE CONVERSION latin FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;

CREATE TEXT SEARCH DICTIONARY plain (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH PARSER words (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH PARSER lonely (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE simplest (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH CONFIGURATION search (PARSER = words);
ALTER TEXT SEARCH CONFIGURATION search ADD MAPPING FOR asciiword WITH plain, simple;

CREATE FOREIGN DATA WRAPPER wrapper OPTIONS (level '1');
CREATE SERVER far TYPE 'kind' VERSION '1' FOREIGN DATA WRAPPER wrapper OPTIONS (host 'h');
CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'u', password 'sesame');
CREATE FOREIGN TABLE abroad (a int OPTIONS (column_name 'b')) SERVER far OPTIONS (table_name 't');

CREATE PUBLICATION partly FOR TABLE users (id, email) WHERE (id > 1), TABLE posts;
CREATE PUBLICATION whole FOR TABLES IN SCHEMA other;

CREATE STATISTICS both_stats (ndistinct, mcv) ON email, body, (n + 1) FROM users;
CREATE LANGUAGE tongue HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION from_int(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'time_support';
CREATE FUNCTION to_int(internal) RETURNS int LANGUAGE internal IMMUTABLE AS 'time_support';
CREATE TRANSFORM FOR int LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_int(internal), TO SQL WITH FUNCTION to_int(internal));
CREATE ACCESS METHOD tree TYPE INDEX HANDLER bthandler;
CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;

ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT EXECUTE ON FUNCTIONS TO pg_monitor;
GRANT SELECT ON users TO pg_monitor;
COMMENT ON TABLE users IS 'people';
INSERT INTO pg_seclabel SELECT 'app.users'::regclass, 'pg_class'::regclass, 0, 'test', 'secret';
