// Package catalog reads what PostgreSQL's system catalogs hold into a comparable form. It is the judge of every plan: two
// databases are equal exactly when pg_dump --schema-only would print the same for both, with the exceptions below.
//
// Left out, because it differs between databases that mean the same:
//
//   - the physical order of columns (reported in Object.Order, never compared);
//   - owners and the database's own name, comment and settings; owners are read with WithOwners. In privileges the owner is
//     written <owner>, so GRANTs compare although a scratch database belongs to somebody else. Default privileges and user
//     mappings of the role that reads, and policies for it, are written under CURRENT_USER for the same reason.
//     A role that owns an object in one database and was merely granted privileges on it in the other is a difference: grant to
//     roles that own nothing;
//   - the versions of extensions (pg_dump leaves them out too; servers carry different builds), unless WithExtensionVersions;
//   - the names of NOT NULL constraints, which PostgreSQL 18 stores and every earlier version throws away; NOT VALID, NO INHERIT
//     and comments of such a constraint are facts of its column;
//   - OIDs, file nodes, statistics, sizes, the rows, the current value of sequences, large objects, temporary objects;
//   - roles, tablespaces, databases and everything else that belongs to the whole server.
//
// Seen although pg_dump does not print it, because it changes what the database does: an index that is invalid or not ready,
// a foreign key whose triggers are disabled, a materialized view without data, a partition whose detaching is pending, a
// subscription that is disabled.
//
// What an extension owns is not listed one by one; policies on its tables are, and so are privileges that somebody changed on its
// objects or on those of pg_catalog, as in pg_dump. An index behind a constraint is part of
// the constraint. Child constraints that follow from a parent table are not listed, as in pg_dump. Passwords never leave the
// server: option values that may hold one are compared by a short hash which the server computes.
//
// The text of views and functions is printed by the server, so it can differ between major versions of PostgreSQL (16, for one,
// qualifies fewer columns in views): compare snapshots of the same major version. Written against PostgreSQL 15 to 18.
package catalog
