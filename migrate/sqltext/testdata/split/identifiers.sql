SELECT "a;b", "say ""hi;""", U&"d\0061;t" FROM "t;";
SELECT a$b$c; SELECT d$$; SELECT _x$1$;
SELECT größe$;$ FROM "größe";
SELECT E"e;";
