CREATE FUNCTION one(a int) RETURNS int LANGUAGE sql
BEGIN ATOMIC
  SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END;
  SELECT CASE a WHEN 1 THEN CASE WHEN true THEN 1 END END AS end;
  SELECT t.end, 1 end, (SELECT 2) FROM t;
END;
create or replace procedure two() begin /* ; */ atomic insert into t values (1); insert into t values (2); end;
CREATE PROCEDURE empty() BEGIN ATOMIC END; SELECT 1;
CREATE FUNCTION old() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; SELECT 2;
CREATE FUNCTION three(begin int, atomic int) RETURNS int RETURN begin + atomic; SELECT 3;
CREATE FUNCTION four() RETURNS begin LANGUAGE sql AS 'select 1;'; SELECT 4;
BEGIN; SELECT 5; END;
CREATE TABLE begin (atomic int); SELECT begin atomic; SELECT 6;
CREATE FUNCTION five(begin atomic) RETURNS int RETURN 1; SELECT 7;
CREATE FUNCTION six() RETURNS begin.atomic LANGUAGE sql AS 'select 1;'; SELECT 8;
CREATE FUNCTION last() RETURNS void BEGIN ATOMIC ;; SELECT (SELECT 1); END
