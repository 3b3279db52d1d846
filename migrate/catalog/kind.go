package catalog

// The kinds of objects: the values of Object.Kind.
const (
	KindAccessMethod       = "access method"
	KindAggregate          = "aggregate"
	KindCast               = "cast"
	KindCollation          = "collation"
	KindColumn             = "column" // of tables and foreign tables; of views only where something beyond the query is set
	KindComposite          = "composite type"
	KindConstraint         = "constraint" // primary key, unique, exclusion, foreign key, check; with the index behind it
	KindConversion         = "conversion"
	KindDefaultPrivileges  = "default privileges"
	KindDomain             = "domain"
	KindDomainConstraint   = "domain constraint"
	KindEnum               = "enum"
	KindEventTrigger       = "event trigger"
	KindExtension          = "extension"
	KindForeignDataWrapper = "foreign data wrapper"
	KindForeignTable       = "foreign table"
	KindFunction           = "function" // window functions too
	KindIndex              = "index"    // without those behind a constraint
	KindLanguage           = "language"
	KindMaterializedView   = "materialized view"
	KindOperator           = "operator"
	KindOperatorClass      = "operator class"
	KindOperatorFamily     = "operator family"
	KindPolicy             = "policy"
	KindPrivileges         = "privileges" // changed ones of an object of an extension or of pg_catalog
	KindProcedure          = "procedure"
	KindPublication        = "publication"
	KindRange              = "range type" // with its multirange type
	KindRule               = "rule"
	KindSchema             = "schema"
	KindSequence           = "sequence" // those of serial and identity columns too
	KindServer             = "server"
	KindStatistics         = "statistics"
	KindSubscription       = "subscription"
	KindTable              = "table" // partitioned tables and partitions too
	KindTextSearchConfig   = "text search configuration"
	KindTextSearchDict     = "text search dictionary"
	KindTextSearchParser   = "text search parser"
	KindTextSearchTemplate = "text search template"
	KindTransform          = "transform"
	KindTrigger            = "trigger"
	KindType               = "type" // base and shell types
	KindUserMapping        = "user mapping"
	KindView               = "view"
)
