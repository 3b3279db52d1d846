package catalog

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Object is one thing that a database holds. Kind, Schema and Name together are its identity.
type Object struct {
	Kind   string // one of the Kind constants
	Schema string // as in pg_namespace, unquoted; "" for what lives outside schemas (extensions, casts, schemas themselves)
	Name   string // as SQL writes it within the schema: users, users.email, f(integer, text); parts are quoted where needed
	Table  string // the relation that a column, index, constraint, trigger, rule, policy or statistics belongs to, unquoted; else ""
	Def    string // the definition, then one fact a line; equal text means equal object. Continued values are indented
	Order  int    // a column's place in its relation, from 1, gaps closed; 0 for other kinds. Reported, never compared
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_$]*$`)

// String names the object for a person: "column public.users.email". Different objects have different names.
func (o Object) String() string {
	switch {
	case o.Schema == "", o.Kind == KindPrivileges: // the latter's Name is that of the object, schema and all
		return o.Kind + " " + o.Name
	case o.Kind == KindDefaultPrivileges:
		return o.Kind + " " + o.Name + " IN SCHEMA " + quoteName(o.Schema)
	}
	return o.Kind + " " + quoteName(o.Schema) + "." + o.Name
}

func quoteName(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func compareIdentity(a, b Object) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Schema, b.Schema), cmp.Compare(a.Name, b.Name))
}

// Snapshot is the state of one database's catalogs. It is not changed by any method here and safe for concurrent reading.
type Snapshot struct {
	Objects       []Object // sorted by Kind, Schema, Name, bytewise; each identity once
	ServerVersion int      // server_version_num, 150018 for 15.18; neither compared nor part of the fingerprint
}

// Find returns the object with this identity; ok is false when there is none.
func (s *Snapshot) Find(kind, schema, name string) (o Object, ok bool) {
	i, ok := slices.BinarySearchFunc(s.Objects, Object{Kind: kind, Schema: schema, Name: name}, compareIdentity)
	if !ok {
		return Object{}, false
	}
	return s.Objects[i], true
}

// Fingerprint is "h1:" and the base64 SHA-256 of the text that WriteTo writes: equal for two snapshots exactly when Compare finds
// nothing between them. A snapshot without objects has one too.
func (s *Snapshot) Fingerprint() string {
	h := sha256.New()
	_, _ = s.WriteTo(h) // a hash never fails to write
	return "h1:" + base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// WriteTo writes the snapshot as text for people and diff tools: a line that names the object, its Def indented below, objects in
// the order of Objects. It holds no column order, server version or date. Nothing is written for a snapshot without objects.
func (s *Snapshot) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for _, o := range s.Objects {
		n, err := io.WriteString(w, o.text())
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

func (o Object) text() string {
	if o.Def == "" {
		return o.String() + "\n"
	}
	return o.String() + "\n  " + strings.ReplaceAll(o.Def, "\n", "\n  ") + "\n"
}
