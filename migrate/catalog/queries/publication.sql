SELECT 'publication' AS kind, '' AS schema, quote_ident(p.pubname) AS name, '' AS rel, 0 AS pos,
  'pg_publication'::regclass::oid AS class, p.oid AS obj, 0 AS sub,
  CASE WHEN p.puballtables THEN '' END AS "for all tables",
  concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
    CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS "publishes",
  CASE WHEN p.pubviaroot THEN '' END AS "via partition root",
  {{if .Since 18}}CASE p.pubgencols WHEN 'n' THEN NULL ELSE p.pubgencols::text END AS "generated columns",{{end}}
  (SELECT string_agg(quote_ident(n.nspname), E'\n' ORDER BY n.nspname COLLATE "C")
    FROM pg_publication_namespace pn JOIN pg_namespace n ON n.oid = pn.pnnspid WHERE pn.pnpubid = p.oid) AS "schemas",
  (SELECT string_agg(pr.prrelid::regclass::text
      || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
        WHERE a.attrelid = pr.prrelid AND a.attnum = ANY (pr.prattrs::int2[])) || ')', '')
      || coalesce(' WHERE ' || pg_get_expr(pr.prqual, pr.prrelid), ''), E'\n' ORDER BY pr.prrelid::regclass::text COLLATE "C")
    FROM pg_publication_rel pr WHERE pr.prpubid = p.oid) AS "tables"
  {{.Owner "p.pubowner"}}
FROM pg_publication p
WHERE {{.UserMade "pg_publication" "p.oid"}}
