package migrate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Offline writes what a run would send as a script for psql, without a database: for a database that only somebody else
// may touch, or for a review.
type Offline struct {
	Dir               *Dir
	RevisionSchema    string // "" means DefaultRevisionSchema
	Operator          string // as in WithOperator; "" means "Plinth"
	AllowIrreversible bool
}

// Up returns the script that applies what to follows and from does not. from and to are versions or unique prefixes;
// from may be [Base], and "" means that; to may be [Head], and "" means that. The database must be at from: where it is
// not, the script stops at the first row that is there already. Errors are *ChecksumError, *TargetError and *DirError.
func (o Offline) Up(from, to string) (string, error) {
	done, err := o.reach(cmp.Or(from, Base))
	if err != nil {
		return "", err
	}
	wanted, err := o.reach(cmp.Or(to, Head))
	if err != nil {
		return "", err
	}
	files := o.only(wanted, done)
	if len(o.only(done, wanted)) > 0 {
		return "", &TargetError{Target: to, Reason: fmt.Sprintf("does not follow %s; use down", from)}
	}
	return o.script("up", files, false)
}

// Down returns the script that reverts what from follows and to does not, newest first by lineage. from may be [Head],
// and "" means that; to may be [Base], and "" means the version before from. Errors are [Offline.Up]'s and
// *IrreversibleError.
func (o Offline) Down(from, to string) (string, error) {
	done, err := o.reach(cmp.Or(from, Head))
	if err != nil {
		return "", err
	}
	files := o.only(done, nil)
	if to != "" {
		stays, err := o.reach(to)
		if err != nil {
			return "", err
		}
		if len(o.only(stays, done)) > 0 {
			return "", &TargetError{Target: to, Reason: fmt.Sprintf("is not behind %s; use up", cmp.Or(from, Head))}
		}
		files = o.only(done, stays)
	} else if len(files) > 0 {
		files = files[len(files)-1:]
	}
	slices.Reverse(files)
	for _, f := range files {
		if !f.HasDown {
			return "", &DirError{File: f.DownFile(), Reason: "is missing, so " + f.Version + " cannot be reverted"}
		}
	}
	if err := (&Migrator{allowIrreversible: o.AllowIrreversible}).checkReversible(files); err != nil {
		return "", err
	}
	return o.script("down", files, true)
}

// reach returns the versionKeys that are applied when a database is at target.
func (o Offline) reach(target string) (map[string]bool, error) {
	if err := o.Dir.Validate(); err != nil {
		return nil, err
	}
	switch target {
	case Base:
		return nil, nil
	case Head:
		head, err := o.Dir.Head()
		return o.Dir.graph.ancestors(head), err
	}
	version, err := o.Dir.resolve(target)
	return o.Dir.graph.ancestors(version), err
}

// only returns the files of a that are not in b, parents first.
func (o Offline) only(a, b map[string]bool) (files []*File) {
	for _, f := range o.Dir.graph.order {
		if key := versionKey(f.Version); a[key] && !b[key] {
			files = append(files, f)
		}
	}
	return files
}

func (o Offline) script(verb string, files []*File, down bool) (string, error) {
	m := &Migrator{revisions: revisions{schema: cmp.Or(o.RevisionSchema, DefaultRevisionSchema), by: cmp.Or(o.Operator, "Plinth")}, txMode: TxPerFile, lockTimeout: DefaultLockTimeout}
	steps, err := m.steps(files, down)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "-- plinth %s, %d file(s), for psql\n\\set ON_ERROR_STOP on\nSELECT pg_advisory_lock(%d);\n", verb, len(files), lockID(lockName))
	for _, definition := range m.revisions.definitions("IF NOT EXISTS ") {
		b.WriteString(definition + ";\n")
	}
	for _, st := range steps {
		text, err := m.offline(st.script)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n-- %s\n%s;\n%s", st.script.path, strings.Join(resets, ";\n"), text)
	}
	fmt.Fprintf(&b, "\nSELECT pg_advisory_unlock(%d);\n", lockID(lockName))
	return b.String(), nil
}

// offline is one file. What cannot share a transaction with its note stands before it.
func (m *Migrator) offline(s *script) (string, error) {
	var msg message
	if !s.noTx {
		msg.add("BEGIN")
		if err := m.addFile(&msg, s, false, false); err != nil {
			return "", err
		}
		msg.add("COMMIT")
		return msg.text.String(), nil
	}
	if !s.down {
		insert, err := m.revisions.insert(s, typeExecuted, 0)
		if err != nil {
			return "", err
		}
		msg.add(insert)
	}
	for i, stmt := range s.statements {
		note, err := m.noteText(s, i+1)
		if err != nil {
			return "", err
		}
		if needsNoTransaction(stmt) || isProcedural(stmt) {
			msg.add(stmt.Text)
			msg.add("BEGIN;\n" + note + ";\nCOMMIT")
			continue
		}
		msg.add("BEGIN;\n" + stmt.Text + ";\n" + note + ";\nCOMMIT")
	}
	if len(s.statements) == 0 {
		note, err := m.noteText(s, 0)
		if err != nil {
			return "", err
		}
		msg.add("BEGIN;\n" + note + ";\nCOMMIT")
	}
	return msg.text.String(), nil
}
