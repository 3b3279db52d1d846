package lint

var primaryKey = &Rule{
	Code: "BL109", Name: "primary-key", Group: Blocking, Severity: Error, Atlas: "PG104",
	Summary: "ADD PRIMARY KEY builds its index, and reads the table for NULLs, while nobody can use it.",
	Why:     "The statement takes AccessExclusiveLock until the index is built. A unique index can be built CONCURRENTLY first; when the columns are NOT NULL already, making it the primary key takes an instant.",
	Fix:     "`CREATE UNIQUE INDEX CONCURRENTLY`, then `ADD CONSTRAINT ... PRIMARY KEY USING INDEX`.",
	check:   func(p *pass) { p.builtUnderLock(causePrimaryKey, "PRIMARY KEY", "pkey") },
}
