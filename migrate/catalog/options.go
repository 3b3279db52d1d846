package catalog

import "slices"

// Option changes what Read takes in.
type Option func(*options)

type options struct {
	exclude           []string
	only              []string
	limited           bool // OnlySchemas was given, even if with no names
	owners            bool
	extensionVersions bool
}

// ExcludeSchemas leaves out the schemas of these names with everything in them, such as the one that holds the applied versions.
// Names are as in pg_namespace, unquoted; unknown ones do no harm. Repeated options add up.
func ExcludeSchemas(names ...string) Option {
	return func(o *options) { o.exclude = append(o.exclude, names...) }
}

// OnlySchemas reads the schemas of these names with everything in them, and nothing that lives outside schemas (extensions,
// casts, publications), as pg_dump --schema does. Repeated options add up; ExcludeSchemas wins; no names at all read nothing.
func OnlySchemas(names ...string) Option {
	return func(o *options) {
		o.limited = true
		o.only = append(o.only, names...)
	}
}

// WithOwners compares owners too, and writes role names where the owner or the reading role is replaced by a placeholder otherwise.
func WithOwners() Option { return func(o *options) { o.owners = true } }

// WithExtensionVersions compares the installed versions of extensions too.
func WithExtensionVersions() Option { return func(o *options) { o.extensionVersions = true } }

func (o *options) wants(schema string) bool {
	if slices.Contains(o.exclude, schema) {
		return false
	}
	return !o.limited || slices.Contains(o.only, schema)
}
