SELECT a->'b', a->>'c', a#>'{d;}', a @> b, 1 -1, 2*-3, 4 / -5, 1 <-- comment; here
  2;
SELECT 1 +/* comment; */ 2, 3 */* comment; */ 4, 5 - -6, @-7;
SELECT j ? 'k;', j ?| array['a;'], x::text, f(a := 1), f(b => 2), arr[1:2], :name, :'quoted;';
SELECT 1..2; SELECT .5; SELECT 5.; SELECT $; SELECT 1.5e-3, 1e, 2E+4;
