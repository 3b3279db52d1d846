-- Those on an extension's tables too: the extension does not own them.
SELECT 'policy' AS kind, n.nspname AS schema, quote_ident(c.relname) || '.' || quote_ident(p.polname) AS name, c.relname AS rel, 0 AS pos,
  'pg_policy'::regclass::oid AS class, p.oid AS obj, 0 AS sub,
  CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END AS "for",
  CASE WHEN NOT p.polpermissive THEN '' END AS "restrictive",
  (SELECT string_agg(CASE r WHEN 0 THEN 'PUBLIC' ELSE {{.ReaderOrRole "r"}} END, ', '
    ORDER BY pg_get_userbyid(r) COLLATE "C") FROM unnest(p.polroles) r) AS "to",
  pg_get_expr(p.polqual, p.polrelid) AS "using",
  pg_get_expr(p.polwithcheck, p.polrelid) AS "with check"
FROM pg_policy p
JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {{.UserSchema "n"}}
