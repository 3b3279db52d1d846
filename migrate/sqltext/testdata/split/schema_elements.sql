CREATE SCHEMA app
  CREATE TABLE t (id int)
  CREATE VIEW v AS SELECT id FROM t;
CREATE TRIGGER begin AFTER INSERT ON t EXECUTE FUNCTION f();
CREATE TABLE copy (stdin int); SELECT * FROM stdin;
COPY (SELECT 1 FROM stdin) TO STDOUT; COPY stdin FROM '/tmp/a;b'; COPY "from" TO stdin; COPY t FROM PROGRAM 'cat stdin;';
COPY app.from TO stdin; COPY app.from (stdin) TO STDOUT;
