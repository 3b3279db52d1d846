SELECT E'it\'s; one';
SELECT e'\\'; SELECT E'\\\';' ;
SELECT E'a''b;\'' ;
SELECT E'first;'
  'second\';still second';
SELECT E'first;' -- comment
  -- another
  'second\';' ; SELECT 'third\';
SELECT E'not continued' /* block comment */
  'so this is plain\'; SELECT 1;
SELECT nameE'plain\'; SELECT 2;
SELECT E'no line end;' 'so this is plain\'; SELECT 3;
