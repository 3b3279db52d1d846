// Package diff turns a change of the Ent schema into reviewed SQL: it compares what a migration directory makes with what the
// schema code asks for, and plans the up and down files that lead from one to the other and back.
//
// Both sides are databases. One has the directory replayed, the other the model built from empty, so everything compared is
// PostgreSQL's own text and no spelling in the schema code can look like a change. A plan is handed out only after it ran:
// up must give the model, down the state before, and up the model again, as package catalog sees them.
//
// What the model owns: tables, columns, identities, defaults and generated columns, primary keys, foreign keys, checks, indexes that Ent
// can say, enum types, comments under entsql.WithComments, and whatever the annotations of package plinth name, all in the first schema of
// the search_path; and what the files of the schema folder's folder sql make: extensions, schemas, views, functions, triggers, rules,
// policies and row-level security. Of the latter a plan drops only what a plan has made, which up files say in directives; see
// [Managed]. Everything else that migrations made by hand is kept and named in [Result.Kept]: such objects too, sequences, other
// schemas, partitions, other comments, and where no annotation names them unique and exclusion constraints, indexes on expressions
// and DEFERRABLE.
package diff
