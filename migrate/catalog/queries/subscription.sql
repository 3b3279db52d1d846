-- The connection string may hold a password: its hash is compared, by those who may read it.
SELECT 'subscription' AS kind, '' AS schema, quote_ident(s.subname) AS name, '' AS rel, 0 AS pos,
  'pg_subscription'::regclass::oid AS class, s.oid AS obj, 0 AS sub,
  {{if .SeesConninfo}}{{.Hash "s.subconninfo"}} AS "connection",{{end}}
  (SELECT string_agg(quote_ident(p), ', ' ORDER BY p COLLATE "C") FROM unnest(s.subpublications) p) AS "publications",
  CASE WHEN NOT s.subenabled THEN '' END AS "disabled",
  CASE WHEN s.subbinary THEN '' END AS "binary",
  CASE s.substream::text WHEN 'f' THEN NULL WHEN 'false' THEN NULL WHEN 't' THEN 'on' WHEN 'true' THEN 'on' WHEN 'p' THEN 'parallel' END AS "streaming",
  CASE WHEN s.subtwophasestate <> 'd' THEN '' END AS "two phase",
  CASE WHEN s.subdisableonerr THEN '' END AS "disable on error",
  {{if .Since 16}}CASE WHEN NOT s.subpasswordrequired THEN '' END AS "password not required",
  CASE WHEN s.subrunasowner THEN '' END AS "run as owner",
  nullif(s.suborigin, 'any') AS "origin",{{end}}
  {{if .Since 17}}CASE WHEN s.subfailover THEN '' END AS "failover",{{end}}
  quote_ident(s.subslotname) AS "slot name",
  s.subsynccommit AS "synchronous commit"
  {{.Owner "s.subowner"}}
FROM pg_subscription s
WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
