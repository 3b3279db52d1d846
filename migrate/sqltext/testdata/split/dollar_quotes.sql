SELECT $$a;b$$;
SELECT $tag$ a $$ ; $other$ ; $ta$ ; $tag ; $tag$;
SELECT $größe$;$größe$;
SELECT $Tag$ ; $tag$ ; $Tag$;
SELECT $$it's; "not" a -- quote /* $$;
SELECT $1, $2; SELECT $1$$;$$; SELECT 1$$;$$; SELECT 1e5$$;$$; SELECT 0x1f$$;$$; SELECT 1_000$$;$$;
SELECT 5$a$;$a$ ; SELECT a $a$;$a$;
SELECT $1a$;$2a$;
DO $do$
BEGIN
  EXECUTE $q$ SELECT 1; $q$;
END
$do$;
SELECT $a1$;$a1$; SELECT $_$;$_$; SELECT $é_1$;$é_1$;
