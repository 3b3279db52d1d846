SELECT classoid AS class, objoid AS obj, objsubid AS sub,
  string_agg(quote_ident(provider) || ' ' || quote_literal(label), E'\n' ORDER BY provider COLLATE "C") AS "security labels"
FROM pg_seclabel GROUP BY 1, 2, 3
