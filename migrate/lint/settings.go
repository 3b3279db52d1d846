package lint

import (
	"maps"
	"regexp"
)

// Settings are what a project says about linting. The zero value changes nothing: every rule as the table has it, every file.
type Settings struct {
	Severity map[string]Severity // by a rule's Code, instead of the severity that a finding has; Off drops it
	// Fail is Atlas's key `error`, by a rule's Code: true makes every finding an error, false makes errors warnings. Where Severity
	// has an entry too, that one holds.
	Fail map[string]bool

	PGVersion int    // the major version that will run the migrations; 0 is that of the scratch server, or the newest
	Naming    Naming // none unless set

	// At most one of Latest and GitBase is set; with neither, every file is looked at.
	Latest  int    // look only at so many of the newest files; 0 is no limit
	GitBase string // look only at what is new since the merge base of this commit and HEAD
	GitDir  string // a folder of the repository that GitBase is meant in; "" is the migration directory

	// Ignored names what the settings hold for the Atlas command alone, each with its place, so that nobody takes it for checked here.
	Ignored []string
}

// Naming are the patterns that names must match, by kind of object, as in Atlas: "schema", "table", "column", "index", "foreign_key" and
// "check"; "" is for each kind that has none of its own.
type Naming map[string]NamePattern

// NamePattern is a pattern and what to tell who breaks it.
type NamePattern struct {
	Match   *regexp.Regexp
	Message string // may be empty
}

// For returns the pattern for a kind of object, and whether there is one.
func (n Naming) For(kind string) (NamePattern, bool) {
	if p, ok := n[kind]; ok {
		return p, true
	}
	p, ok := n[""]
	return p, ok
}

// Apply returns the findings with the severities that the settings give them, without those that are off. Ignores in the files must have
// been applied before: one for a rule that is off would look as if it had no effect.
func (s *Settings) Apply(findings []Finding) []Finding {
	kept := make([]Finding, 0, len(findings))
	for _, f := range findings {
		if f.Severity = s.severityOf(f); f.Severity != Off {
			kept = append(kept, f)
		}
	}
	return kept
}

func (s *Settings) severityOf(f Finding) Severity {
	if f.Rule == nil {
		return f.Severity
	}
	if severity, ok := s.Severity[f.Rule.Code]; ok {
		return severity
	}
	fail, ok := s.Fail[f.Rule.Code]
	switch {
	case ok && fail:
		return Error
	case ok:
		return min(f.Severity, Warning)
	}
	return f.Severity
}

// Override returns the settings with what more sets instead, as an env block's settings override those of the whole file.
func (s Settings) Override(more Settings) Settings {
	s.Severity, s.Fail, s.Naming = maps.Clone(s.Severity), maps.Clone(s.Fail), maps.Clone(s.Naming)
	for code, severity := range more.Severity {
		put(&s.Severity, code, severity)
	}
	for code, fail := range more.Fail {
		put(&s.Fail, code, fail)
		if _, again := more.Severity[code]; !again {
			delete(s.Severity, code)
		}
	}
	for kind, pattern := range more.Naming {
		put(&s.Naming, kind, pattern)
	}
	if more.PGVersion != 0 {
		s.PGVersion = more.PGVersion
	}
	if more.Latest != 0 || more.GitBase != "" {
		s.Latest, s.GitBase = more.Latest, more.GitBase
	}
	if more.GitDir != "" {
		s.GitDir = more.GitDir
	}
	s.Ignored = append(s.Ignored[:len(s.Ignored):len(s.Ignored)], more.Ignored...)
	return s
}

func put[M ~map[K]V, K comparable, V any](m *M, key K, value V) {
	if *m == nil {
		*m = M{}
	}
	(*m)[key] = value
}
