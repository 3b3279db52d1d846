-- With the index behind it. Not listed: constraints that follow from a parent's (inherited checks, foreign keys of partitions), NOT NULL
-- (a fact of the column), constraint triggers (with the triggers).
SELECT 'constraint' AS kind, n.nspname AS schema, quote_ident(c.relname) || '.' || quote_ident(con.conname) AS name, c.relname AS rel, 0 AS pos,
  'pg_constraint'::regclass::oid AS class, con.oid AS obj, 0 AS sub,
  pg_get_constraintdef(con.oid) AS "definition",
  CASE WHEN con.coninhcount > 0 AND con.conislocal THEN '' END AS "also inherited",
  (SELECT p.conrelid::regclass::text || '.' || quote_ident(p.conname) FROM pg_constraint p
    WHERE p.oid = con.conparentid) AS "attached to",
  (SELECT string_agg(t.tgfoid::regproc::text || ' ' || t.tgenabled::text, E'\n' ORDER BY t.tgfoid::regproc::text COLLATE "C", t.tgenabled)
    FROM pg_trigger t WHERE t.tgconstraint = con.oid AND con.contype = 'f' AND t.tgenabled <> 'O') AS "triggers not as created",
  {{.IndexFacts "index "}},
  {{.List "ic.reloptions"}} AS "index options",
  obj_description(i.indexrelid, 'pg_class') AS "index comment",
  (SELECT string_agg(quote_ident(e.extname), ', ' ORDER BY e.extname COLLATE "C") FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x')
    AS "index depends on extension"
FROM pg_constraint con
JOIN pg_class c ON c.oid = con.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = con.conindid AND con.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
WHERE con.contype NOT IN ('n', 't') AND NOT (con.contype = 'f' AND con.conparentid <> 0) AND NOT (con.contype = 'c' AND NOT con.conislocal)
  AND {{.UserSchema "n"}} AND {{.UserMade "pg_class" "con.conrelid"}}
