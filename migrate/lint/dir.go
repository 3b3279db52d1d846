package lint

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/plinth-db/plinth/migrate"
)

// dirPass is what a rule about the directory sees.
type dirPass struct {
	dir      *migrate.Dir
	chosen   []*migrate.File // in the order in which they are applied
	rule     *Rule
	findings []Finding
}

// report adds a finding about a file, or about the directory if file is "".
func (p *dirPass) report(file, message, fix string) {
	p.findings = append(p.findings, Finding{Rule: p.rule, Severity: p.rule.Severity, File: file, Message: message, Fix: fix})
}

// sentence begins a text with a capital.
func sentence(text string) string {
	for i, r := range text {
		if i == 0 {
			return string(unicode.ToUpper(r)) + text[len(string(r)):]
		}
	}
	return text
}

// Dir looks at a directory as a whole: its sums and lineage, and whether the chosen migrations (by version) can be reverted.
func Dir(dir *migrate.Dir, chosen func(version string) bool) []Finding {
	p := &dirPass{dir: dir}
	for _, f := range dir.Ordered() {
		if chosen(f.Version) {
			p.chosen = append(p.chosen, f)
		}
	}
	for _, rule := range rules {
		if rule.checkDir != nil {
			p.rule = rule
			rule.checkDir(p)
		}
	}
	return p.findings
}

// Sources are the up files of a directory in the order in which they are applied.
func Sources(dir *migrate.Dir, chosen func(version string) bool) []Source {
	var list []Source
	for _, f := range dir.Ordered() {
		list = append(list, Source{Name: f.UpFile(), Text: f.Up, Chosen: chosen(f.Version)})
	}
	return list
}

// faults are the errors of which Validate's one is made.
func faults(err error) []error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var list []error
		for _, e := range several.Unwrap() {
			list = append(list, faults(e)...)
		}
		return list
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

var sums = &Rule{
	Code: "DI103", Name: "sums", Group: Directory, Severity: Error, Atlas: "CS",
	Summary: "The directory is not what its sum files say.",
	Why:     "A file was added, edited, removed or renamed without plinth hash, or one branch's files were merged with another's. plinth up refuses the directory.",
	Fix:     "`plinth hash`, once the files are as they should be; `plinth merge` after a merge of branches.",
	checkDir: func(p *dirPass) {
		for _, fault := range faults(p.dir.Validate()) {
			if sum, ok := errors.AsType[*migrate.ChecksumError](fault); ok {
				for _, c := range sum.Changes {
					p.report(c.File, c.String()+".", "Run plinth hash once the files are as they should be; after a merge of branches, plinth merge.")
				}
			} else if file, ok := errors.AsType[*migrate.DirError](fault); ok {
				p.report(file.File, file.File+": "+file.Reason+".", "")
			}
		}
	},
}

var heads = &Rule{
	Code: "DI104", Name: "heads", Group: Directory, Severity: Error,
	Summary: "The directory has several heads.",
	Why:     "Two branches each added migrations after the same one; plinth up refuses until they are joined.",
	Fix:     "`plinth merge -m NAME`",
	checkDir: func(p *dirPass) {
		if _, err := p.dir.Head(); err != nil && len(p.dir.Heads()) > 1 {
			p.report("", sentence(strings.TrimPrefix(err.Error(), "migrate: "))+".", "Run plinth merge -m NAME, which proves that both orders end in the same schema.")
		}
	},
}

var outOfOrder = &Rule{
	Code: "DI105", Name: "out-of-order", Group: Directory, Severity: Warning,
	Summary: "A migration follows one with a later version.",
	Why:     "Tools that go by the version alone, as golang-migrate does, apply it before the one that it follows, or never where that one is applied already.",
	Fix:     "Give it a version after those that it follows.",
	checkDir: func(p *dirPass) {
		files := p.dir.Files() // by version
		place := func(version string) int {
			return slices.IndexFunc(files, func(f *migrate.File) bool { return f.Version == version })
		}
		for _, f := range p.chosen {
			for _, parent := range f.Parents {
				if place(parent) > place(f.Version) {
					p.report(f.UpFile(), "It follows "+parent+", whose version is later: golang-migrate applies it in the other order, or never.", "Give it a version after "+parent+" and run plinth hash.")
				}
			}
		}
	},
}

var noDown = &Rule{
	Code: "DI106", Name: "no-down", Group: Directory, Severity: Notice,
	Summary: "A migration has no down file.",
	Why:     "plinth down stops at it.",
	Fix:     "Write one; where data cannot come back, declare that there with `-- plinth:irreversible REASON`.",
	checkDir: func(p *dirPass) {
		for _, f := range p.chosen {
			if !f.HasDown {
				p.report(f.UpFile(), "It has no down file, so that plinth down stops at it.", "Write "+f.DownFile()+"; what it cannot bring back is declared there with -- plinth:irreversible REASON.")
			}
		}
	},
}

var irreversible = &Rule{
	Code: "DI107", Name: "irreversible", Group: Directory, Severity: Notice,
	Summary: "A down file does not bring back all data.",
	Why:     "It says so by `-- plinth:irreversible`; plinth down needs --allow-irreversible.",
	Fix:     "Nothing, if that is meant.",
	checkDir: func(p *dirPass) {
		for _, f := range p.chosen {
			if reason, ok := f.Irreversible(); ok {
				p.report(f.DownFile(), "It does not bring back all data: "+reason+".", "")
			}
		}
	},
}

// Edited makes the findings for migrations that were changed or removed although others may have applied them.
func Edited(edited, removed []string) (findings []Finding) {
	p := &dirPass{rule: editedOldFile}
	for _, name := range edited {
		p.report(name, "It was edited although databases may have it applied: those keep what it was.", "Undo the change, and make it in a new migration.")
	}
	for _, name := range removed {
		p.report(name, "It was removed although databases may have it applied.", "Bring it back, and undo what it does in a new migration.")
	}
	return p.findings
}

var editedOldFile = &Rule{
	Code: "DI108", Name: "edited-old-file", Group: Directory, Severity: Error,
	Summary: "A migration of the base branch was edited or removed.",
	Why:     "Databases that have it applied do not get the change; plinth status calls them diverged.",
	Fix:     "A new migration.",
}
