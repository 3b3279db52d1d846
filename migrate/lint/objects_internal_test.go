package lint

import (
	"slices"
	"strings"
	"testing"
)

// What one file of a deployment makes, another may drop: nobody relies on it yet.
func TestWhatADeploymentMadeItMayDrop(t *testing.T) {
	const before = "CREATE TABLE users (id bigint PRIMARY KEY); CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
	for rule, c := range map[*Rule]struct{ made, dropped string }{
		dropTrigger:     {"CREATE TRIGGER x BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep()", "DROP TRIGGER x ON users"},
		dropPolicy:      {"CREATE POLICY x ON users USING (true)", "DROP POLICY x ON users"},
		dropFunction:    {"CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION x()"},
		dropExtension:   {"CREATE EXTENSION x", "DROP EXTENSION x"},
		dropSequence:    {"CREATE SEQUENCE x", "DROP SEQUENCE x"},
		dropPublication: {"CREATE PUBLICATION x FOR TABLE users", "DROP PUBLICATION x"},
		disableTrigger:  {"CREATE TRIGGER x BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep()", "ALTER TABLE users DISABLE TRIGGER x"},
		revoke:          {"CREATE ROLE x; GRANT SELECT ON users TO x", "REVOKE SELECT ON users FROM x"},
		sequenceRestart: {"CREATE SEQUENCE x", "ALTER SEQUENCE x RESTART"},
		replicaIdentity: {"CREATE TABLE x (id int)", "CREATE PUBLICATION p FOR TABLE x"},
	} {
		for _, oneRun := range []bool{true, false} {
			report := Run(Input{OneRun: oneRun, Sources: []Source{
				{Name: "1", Text: before}, {Name: "2", Text: c.made, Chosen: true}, {Name: "3", Text: c.dropped, Chosen: true},
			}})
			found := slices.ContainsFunc(report.Findings, func(f Finding) bool { return f.Rule == rule })
			if found == oneRun {
				t.Errorf("%s, one run %v: found is %v:\n%s", rule.Name, oneRun, found, told(report))
			}
		}
	}
}

// A restrictive policy keeps rows from a role, so that access opens where it goes; a permissive one shows them.
func TestARestrictivePolicyThatGoesIsAnError(t *testing.T) {
	for kind, want := range map[string]Severity{"RESTRICTIVE": Error, "PERMISSIVE": Warning} {
		report := Run(Input{Sources: []Source{
			{Name: "1", Text: "CREATE TABLE users (id bigint PRIMARY KEY); CREATE POLICY p ON users AS " + kind + " USING (id = 1)"},
			{Name: "2", Text: "DROP POLICY p ON users", Chosen: true},
		}})
		if len(report.Findings) != 1 || report.Findings[0].Rule != dropPolicy || report.Findings[0].Severity != want {
			t.Errorf("%s: got %s, want drop-policy as %s", kind, told(report), want)
		}
	}
}

func TestARequiredColumnIsToldOnce(t *testing.T) {
	report := Run(Input{Sources: []Source{
		{Name: "1", Text: "CREATE TABLE users (id bigint PRIMARY KEY, size int DEFAULT 1)"},
		{Name: "2", Text: "ALTER TABLE users ALTER size SET NOT NULL; ALTER TABLE users ALTER size DROP DEFAULT", Chosen: true},
	}})
	n := 0
	for _, f := range report.Findings {
		if f.Rule == requiredColumn {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d findings, want 1:\n%s", n, told(report))
	}
}

// What a finding says is told from what the file gives back.
func TestTheMessageSaysWhatIsLost(t *testing.T) {
	for _, c := range []struct {
		rule             *Rule
		change, says, no string
	}{
		{dropExtension, "DROP EXTENSION x", "takes its functions", "although"},
		{dropExtension, "DROP EXTENSION x; CREATE EXTENSION x", "although the file makes it again", "takes its functions"},
		{revoke, "REVOKE ALL ON users FROM app", "needs any privilege on users", "other than"},
		{revoke, "REVOKE ALL ON users FROM app; GRANT SELECT, INSERT ON public.users TO app", "a privilege other than INSERT, SELECT on users", "any"},
	} {
		report := Run(Input{Sources: []Source{
			{Name: "1", Text: "CREATE TABLE users (id bigint PRIMARY KEY); CREATE EXTENSION x"}, {Name: "2", Text: c.change, Chosen: true},
		}})
		i := slices.IndexFunc(report.Findings, func(f Finding) bool { return f.Rule == c.rule })
		if i < 0 || !strings.Contains(report.Findings[i].Message, c.says) || strings.Contains(report.Findings[i].Message, c.no) {
			t.Errorf("%s: got %q, want %q without %q", c.change, told(report), c.says, c.no)
		}
	}
}
