SELECT 'it''s; one', 'no \', 'backslash; here';
SELECT '';
SELECT '''';
SELECT 'two;'
  -- a comment may stand between the parts
  'parts;';
SELECT N'n;', B'01', X'1F', b'1', U&'d\0061t\+000061;' UESCAPE '!', u&'\';
SELECT 'a'';b' 'c;';
