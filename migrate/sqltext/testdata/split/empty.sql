-- nothing but comments
;; /* and */ ;
-- and semicolons
