SELECT 'event trigger' AS kind, '' AS schema, quote_ident(e.evtname) AS name, '' AS rel, 0 AS pos,
  'pg_event_trigger'::regclass::oid AS class, e.oid AS obj, 0 AS sub,
  e.evtevent AS "on",
  (SELECT string_agg(quote_literal(t), ', ' ORDER BY t COLLATE "C") FROM unnest(e.evttags) t) AS "tags",
  e.evtfoid::regprocedure AS "execute",
  {{.Enabled "e.evtenabled"}} AS "enabled"
  {{.Owner "e.evtowner"}}
FROM pg_event_trigger e
WHERE {{.UserMade "pg_event_trigger" "e.oid"}}
