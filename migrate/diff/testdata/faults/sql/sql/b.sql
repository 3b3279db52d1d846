-- not here
DROP VIEW v;
