-- Facts of objects that other queries list. Objects of initdb that can carry a user's comment: schema public, plpgsql.
SELECT classoid AS class, objoid AS obj, objsubid AS sub, description AS "comment"
FROM pg_description
WHERE objoid >= 16384 OR classoid IN ('pg_namespace'::regclass, 'pg_extension'::regclass)
