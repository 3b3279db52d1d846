package lint

import (
	"cmp"
	"slices"
	"strings"
)

// rules is the table of all rules, by group.
var rules = []*Rule{
	indexNotConcurrent,
	partitionedIndex,
	dropIndexNotConcurrent,
	foreignKeyValidated,
	checkValidated,
	validateInSameTransaction,
	setNotNull,
	uniqueConstraint,
	primaryKey,
	exclusionConstraint,
	typeChange,
	volatileDefault,
	storedColumn,
	serialColumn,
	constrainedDomain,
	storageChange,
	attachPartition,
	defaultPartition,
	vacuumFull,
	reindex,
	refresh,
	lockTable,
	createTrigger,
	longWorkAfterLock,
	detachPartition,
	measured,
	dropSchema,
	dropTable,
	dropColumn,
	dropConstraint,
	dropType,
	dropView,
	truncate,
	cascade,
	lostUnseen,
	dropSequence,
	dropExtension,
	dropDatabase,
	disableTrigger,
	dropUniqueIndex,
	notNullWithoutDefault,
	uniqueOnRows,
	narrowingType,
	unboundedChange,
	backfillBesideDDL,
	enumValueUsed,
	keyOverflow,
	sequenceRestart,
	renameTable,
	renameColumn,
	requiredColumn,
	viewColumnsChange,
	renameValue,
	dropFunction,
	dropNotNull,
	dropTrigger,
	dropDefault,
	revoke,
	replicaIdentity,
	dropPublication,
	compositeAttribute,
	identityAlways,
	rowSecurityOn,
	sessionSettings,
	renameObject,
	rowsLeaveTable,
	enumValueAdded,
	writeRestriction,
	replaced,
	changedDefault,
	transactionControl,
	notInTransaction,
	severalWithoutTransaction,
	grantToPublic,
	definerWithoutSearchPath,
	passwordInFile,
	rowSecurityOff,
	powerfulRole,
	dropPolicy,
	runsAs,
	dynamicSQL,
	policyChange,
	serial,
	intKey,
	charType,
	timestampType,
	jsonType,
	moneyType,
	foreignKeyWithoutIndex,
	lockTimeout,
	nameStyle,
	noPrimaryKey,
	ifNotExists,
	alterTableTwice,
	wideIndex,
	varcharLength,
	enumType,
	domainConstraint,
	narrowInteger,
	enumValueOrder,
	syntax,
	fails,
	sums,
	heads,
	outOfOrder,
	noDown,
	irreversible,
	editedOldFile,
	NolintWithoutReason,
	NolintUnused,
	shortLock, // after all others that tell of a lock: where one does, it has nothing to add
	noLockTimeout,
}

// Rules returns the table of rules.
func Rules() []*Rule { return slices.Clone(rules) }

// Find returns the rules that a name stands for: a rule's code or name, its code in Atlas, or a group; none for another name. The names of
// Atlas's analyzers stand for groups.
func Find(name string) (found []*Rule) {
	group := Group(strings.ToLower(name))
	if renamed := atlasGroups[group]; renamed != "" {
		group = renamed
	}
	name = cmp.Or(atlasCodes[strings.ToUpper(name)], name)
	for _, r := range rules {
		if strings.EqualFold(name, r.Code) || name == r.Name || group == r.Group || r.Atlas != "" && strings.EqualFold(name, r.Atlas) {
			found = append(found, r)
		}
	}
	return found
}

// atlasCodes are codes of Atlas for rules that are one here.
var atlasCodes = map[string]string{
	"NM101": "AD109", "NM103": "AD109", "NM104": "AD109", "NM105": "AD109", "NM106": "AD109", "NON_LINEAR": "DI105",
}

// atlasGroups are analyzers of Atlas that have another name here.
var atlasGroups = map[Group]Group{"concurrent_index": Blocking, "naming": Advice}
