-- before; not a statement
SELECT 1 -- inside; stays
  + 1 -- after; goes
; -- more
/* one; /* two; */ -- still; */ SELECT 2 /* goes */ ;
SELECT /* /*/ ; */ ; */ 3;
SELECT 4 /**/ , /***/ 5 /*/ ; */;
SELECT -- /* not a block;
  6;
SELECT '--', "--", $$--$$; -- '
SELECT 7 -- no semicolon at the end
