package catalog

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"
	"text/template"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// parseQueries reads the templates once per process. They are part of the program: one that does not parse is a bug, hence Must.
var parseQueries = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(queryFiles, "queries/*.sql"))
})

// server is what a query's text depends on; its methods are the fragments that queries share.
type server struct {
	Version           int  // server_version_num
	SeesConninfo      bool // may read subscriptions' connection strings
	Owners            bool
	ExtensionVersions bool
}

// query renders queries/<name>.sql for this server.
func (s server) query(name string) (string, error) {
	var b strings.Builder
	if err := parseQueries().ExecuteTemplate(&b, name+".sql", s); err != nil {
		return "", err
	}
	return b.String(), nil
}

// queryNames lists the queries, sorted.
func queryNames() []string {
	files, err := queryFiles.ReadDir("queries")
	if err != nil {
		panic(err) // the directory is embedded
	}
	names := make([]string, 0, len(files))
	for _, f := range files {
		names = append(names, strings.TrimSuffix(path.Base(f.Name()), ".sql"))
	}
	return names
}

// Since tells whether the server is of this major version or later.
func (s server) Since(major int) bool { return s.Version >= major*10000 }

// Owner is a fact of its own, with its comma; nothing without WithOwners.
func (s server) Owner(role string) string {
	if !s.Owners {
		return ""
	}
	return fmt.Sprintf(`, quote_ident(pg_get_userbyid(%s)) AS "owner"`, role)
}

// UserSchema keeps PostgreSQL's own schemas out; it reserves the prefix pg_, which temporary and toast schemas have too.
func (s server) UserSchema(namespace string) string { return s.UserSchemaName(namespace + ".nspname") }

// UserSchemaName is UserSchema for an expression that gives the name.
func (server) UserSchemaName(name string) string {
	return fmt.Sprintf(`(%s !~ '^pg_' AND %[1]s <> 'information_schema')`, name)
}

// UserMade keeps out what initdb made, by FirstNormalObjectId of PostgreSQL's access/transam.h, and what belongs to an extension. The
// former is what makes the queries quick: the planner knows how few rows have such OIDs.
func (s server) UserMade(catalog, oid string) string {
	return fmt.Sprintf(`%s >= 16384 AND %s`, oid, s.NotMember(catalog, oid))
}

// NotMember keeps out what belongs to an extension. The server finds such rows by the index that begins with refclassid; it has none
// for deptype.
func (server) NotMember(catalog, oid string) string {
	return fmt.Sprintf(`NOT EXISTS (SELECT FROM pg_depend ext WHERE ext.refclassid = 'pg_extension'::regclass AND ext.deptype = 'e'
    AND ext.classid = '%s'::regclass AND ext.objid = %s)`, catalog, oid)
}

// List is a text array whose order means nothing, such as reloptions.
func (server) List(array string) string {
	return fmt.Sprintf(`CASE WHEN %s IS NOT NULL THEN (SELECT string_agg(x, E'\n' ORDER BY x COLLATE "C") FROM unnest(%[1]s) x) END`, array)
}

// Hash stands for a text that must not be shown. Eight digits tell a change (but one in four thousand million) and hold too little of
// the text to give it back; a guess can still be checked against them.
func (server) Hash(text string) string {
	return fmt.Sprintf(`'sha256:' || left(encode(sha256(convert_to(%s, 'UTF8')), 'hex'), 8)`, text)
}

// Options are those of foreign objects, by name; values under a name that sounds secret are hashed.
func (s server) Options(array string) string {
	return s.options(array, `option_name ~* 'pass|secret|token|credential|key'`)
}

// HiddenOptions are options of which only the user's name is shown.
func (s server) HiddenOptions(array string) string {
	return s.options(array, `option_name NOT IN ('user', 'username')`)
}

func (s server) options(array, secret string) string {
	return fmt.Sprintf(`CASE WHEN %[3]s IS NOT NULL THEN (SELECT string_agg(
    quote_ident(option_name) || ' ' || CASE WHEN %[1]s THEN %[2]s ELSE quote_literal(option_value) END,
    E'\n' ORDER BY option_name COLLATE "C") FROM pg_options_to_table(%[3]s)) END`,
		secret, s.Hash(`option_name || '=' || option_value`), array)
}

// OperatorClass is a class's qualified name; there is no type regopclass.
func (server) OperatorClass(oid string) string {
	return fmt.Sprintf(`(SELECT quote_ident(ocn.nspname) || '.' || quote_ident(oc.opcname)
		FROM pg_opclass oc JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace WHERE oc.oid = %s)`, oid)
}

// Enabled is the state of a trigger or rule, NULL for the usual one.
func (server) Enabled(state string) string {
	return fmt.Sprintf(`CASE %s WHEN 'D' THEN 'never' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END`, state)
}

// IndexFacts are the facts of pg_index i, pg_class ic and pg_tablespace ts that pg_get_indexdef does not print.
func (server) IndexFacts(prefix string) string {
	return fmt.Sprintf(`quote_ident(ts.spcname) AS "%[1]stablespace",
  CASE WHEN NOT i.indisvalid THEN '' END AS "%[1]sinvalid",
  CASE WHEN NOT i.indisready THEN '' END AS "%[1]snot ready",
  CASE WHEN NOT i.indislive THEN '' END AS "%[1]snot live",
  CASE WHEN i.indisclustered THEN '' END AS "%[1]sclustered",
  CASE WHEN i.indisreplident THEN '' END AS "%[1]sreplica identity",
  (SELECT string_agg(a.attnum || ' ' || a.attstattarget, E'\n' ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0) AS "%[1]sstatistics targets"`, prefix)
}

// ReplicaIdentity is that of pg_class c, NULL for the usual one. Dropping the index of an identity leaves the setting behind.
func (server) ReplicaIdentity() string {
	return `CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
    WHEN 'i' THEN coalesce('index ' || (SELECT quote_ident(ri.relname) FROM pg_index x JOIN pg_class ri ON ri.oid = x.indexrelid
      WHERE x.indrelid = c.oid AND x.indisreplident), 'index missing') END`
}
