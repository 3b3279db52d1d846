SELECT E''--
'\''; SELECT E'a;' --
 -- ;'
'\';' ; SELECT 1;
