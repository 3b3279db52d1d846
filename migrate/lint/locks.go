package lint

import "slices"

// lockMode is a table-level lock, weakest first (PostgreSQL manual, "Table-Level Locks").
type lockMode int

const (
	noLock lockMode = iota
	accessShare
	rowShare
	rowExclusive
	shareUpdateExclusive
	share
	shareRowExclusive
	exclusive
	accessExclusive
)

var lockNames = []string{
	"", "AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock",
	"AccessExclusiveLock",
}

// String is the mode as pg_locks names it, "" for none.
func (l lockMode) String() string { return lockNames[l] }

func parseLock(name string) lockMode { return lockMode(max(0, slices.Index(lockNames, name))) }

// blocks says whom the lock keeps waiting, "" for nobody but schema changes.
func (l lockMode) blocks() string {
	switch {
	case l == accessExclusive:
		return "reads and writes"
	case l >= share:
		return "writes"
	}
	return ""
}

// effect is what a statement does to one relation that exists already.
type effect struct {
	key, object string // of the relation
	lock        lockMode
	rewrite     bool // a new copy of the table is written
	scan        bool // the table is read in full, or an index on it built
	cause       cause
	at          int    // byte of the statement where the cause stands
	column      string // that is concerned, "" for none
	cmd         tree   // the AlterTableCmd, or the statement
}

// heavy tells whether the time under the lock grows with the table.
func (e effect) heavy() bool { return e.rewrite || e.scan }

// long describes it for a reader.
func (e effect) describe() string {
	text := "takes " + e.lock.String() + " on " + e.object
	blocked := e.lock.blocks()
	switch {
	case e.rewrite && blocked != "":
		return text + ": " + blocked + " wait while the whole table is written anew, which takes the longer the larger it is"
	case e.scan && blocked != "":
		return text + ": " + blocked + " wait while the whole table is read, which takes the longer the larger it is"
	case e.rewrite || e.scan:
		return text + ", which lets reads and writes go on, while it reads the whole table"
	case blocked != "":
		return text + " for an instant; while it waits for older transactions, " + blocked + " queue behind it"
	}
	return text + ", which lets reads and writes go on"
}

// cause is what of a statement has the effect; rules pick theirs by it.
type cause string

const (
	causeIndex       cause = "index"
	causeDropIndex   cause = "drop index"
	causeForeignKey  cause = "foreign key"
	causeCheck       cause = "check"
	causeUnique      cause = "unique"
	causePrimaryKey  cause = "primary key"
	causeExclusion   cause = "exclusion"
	causeNotNull     cause = "not null"
	causeValidate    cause = "validate"
	causeType        cause = "type"
	causeVolatile    cause = "volatile default"
	causeGenerated   cause = "generated"
	causeSerial      cause = "serial"
	causeDomain      cause = "domain"
	causeStorage     cause = "storage"
	causeAttach      cause = "attach"
	causeDetach      cause = "detach"
	causePartition   cause = "partition of"
	causeVacuumFull  cause = "vacuum full"
	causeCluster     cause = "cluster"
	causeReindex     cause = "reindex"
	causeRefresh     cause = "refresh"
	causeLockTable   cause = "lock table"
	causeRows        cause = "rows" // UPDATE, DELETE, INSERT ... SELECT, MERGE
	causeRead        cause = "read"
	causeMeasured    cause = "measured" // seen on a server, and not predicted
	causeOther       cause = "other"
	causeDomainCheck cause = "domain check"
	causeReferenced  cause = "referenced" // a table that the one at hand references
	causeDrop        cause = "drop"
	causeTruncate    cause = "truncate"
	causeDefaultPart cause = "default partition"
)
