-- Through the view: pg_user_mapping itself is for superusers, and the view hides options from those who may not see them.
SELECT 'user mapping' AS kind, '' AS schema,
  CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE {{.ReaderOrRole "m.umuser"}} END || ' SERVER ' || quote_ident(m.srvname) AS name, '' AS rel, 0 AS pos,
  0 AS class, m.umid AS obj, 0 AS sub,
  {{.HiddenOptions "m.umoptions"}} AS "options"
FROM pg_user_mappings m
