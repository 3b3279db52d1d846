SELECT 'text search configuration' AS kind, n.nspname AS schema, quote_ident(c.cfgname) AS name, '' AS rel, 0 AS pos,
  'pg_ts_config'::regclass::oid AS class, c.oid AS obj, 0 AS sub,
  quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) AS "parser",
  (SELECT string_agg(tok.alias || ' ' || m.dicts, E'\n' ORDER BY tok.alias COLLATE "C")
    FROM (SELECT maptokentype, string_agg(mapdict::regdictionary::text, ', ' ORDER BY mapseqno) AS dicts
      FROM pg_ts_config_map WHERE mapcfg = c.oid GROUP BY maptokentype) m
    JOIN ts_token_type(c.cfgparser) tok ON tok.tokid = m.maptokentype) AS "mappings"
  {{.Owner "c.cfgowner"}}
FROM pg_ts_config c
JOIN pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_namespace pn ON pn.oid = p.prsnamespace
JOIN pg_namespace n ON n.oid = c.cfgnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_ts_config" "c.oid"}}
