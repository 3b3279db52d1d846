CREATE TABLE t (
  a numeric(3),
  b int;
SELECT 1;
