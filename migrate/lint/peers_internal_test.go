package lint

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate/lint/trace"
)

// peerRule is a rule of another linter, and an example of what it finds.
type peerRule struct {
	peer, name string
	ours       string // the rule here that finds the example, "-" for none
	reason     string // for none
	files      []string
}

// peers are the linters that Plinth's has to match, in the order of the page.
var peers = []struct{ file, title string }{
	{"squawk", "squawk"}, {"strong_migrations", "strong_migrations"}, {"atlas", "Atlas"}, {"eugene", "eugene"}, {"gitlab", "GitLab's guides"},
}

// peerRules reads testdata/peers/PEER.txtar: a comment that says where the peer's rules are from, and for each a file "RULE: OURS" that
// holds what is there before, a line "-- migration", and the migration; or "RULE: -" and the reason.
func peerRules(t testing.TB, peer string) (comment string, list []peerRule) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", "peers", peer+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		i := strings.LastIndex(f.Name, ": ")
		if i < 0 {
			t.Fatalf("%s: %q: want RULE: OURS", peer, f.Name)
		}
		r := peerRule{peer: peer, name: f.Name[:i], ours: f.Name[i+2:]}
		before, migration, both := strings.Cut("\n"+string(f.Data), "\n-- migration\n")
		switch {
		case r.ours == "-" && !both:
			r.reason = strings.TrimSpace(before)
		case both && len(Find(r.ours)) == 1:
			r.files = []string{before, migration}
		default:
			t.Fatalf("%s: %s: want a rule and an example with a line \"-- migration\", or - and a reason", peer, f.Name)
		}
		list = append(list, r)
	}
	return strings.TrimSpace(string(archive.Comment)), list
}

// leftToPeers is how many rules of all peers together may have nothing here.
const leftToPeers = 12

// What squawk, strong_migrations, Atlas, eugene and GitLab's guides find, lint finds: each rule of theirs is shown as a migration, which a
// rule here has to find, first without a server and then on one.
func TestFindsWhatPeersFind(t *testing.T) {
	left := 0
	for _, peer := range peers {
		_, list := peerRules(t, peer.file)
		for _, r := range list {
			if r.ours == "-" {
				left++
				t.Logf("%s: %s is left out: %s", peer.title, r.name, r.reason)
				continue
			}
			t.Run(r.peer+"/"+r.name+"/"+r.ours, func(t *testing.T) {
				t.Parallel()
				c := ruleCase{rule: r.ours, name: r.name, bad: true, files: r.files}
				static, dir := c.lint(t, nil)
				if !c.found(static) && !Find(r.ours)[0].measured() {
					t.Errorf("without a server: %s does not find it:\n%s", r.ours, told(static))
				}
				files, err := trace.Run(t.Context(), pgtest.Scratch(t), dir, trace.Options{Versions: c.versions()})
				if err != nil {
					t.Fatal(err)
				}
				if full, _ := c.lint(t, files); !c.found(full) {
					t.Errorf("with a server: %s does not find it:\n%s", r.ours, told(full))
				}
			})
		}
	}
	if left > leftToPeers {
		t.Errorf("%d rules of others have nothing here, %d are allowed", left, leftToPeers)
	}
}

// docs/lint-peers.md is made from the examples.
func TestDocsOfPeers(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Lint beside others\n\nWhat other linters and guides find, and the rule of `plinth lint` that finds it. Each line is an example that is run, without a server and on one,\n" +
		"by `TestFindsWhatPeersFind` from `migrate/lint/testdata/peers`. A rule that is marked \"off\" finds it once settings name it.\n")
	for _, peer := range peers {
		comment, list := peerRules(t, peer.file)
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| theirs | here |\n| --- | --- |\n", peer.title, comment)
		for i, r := range list {
			name := r.name
			if i > 0 && list[i-1].name == name {
				name = ""
			}
			fmt.Fprintf(&b, "| %s | %s |\n", cell(name), cell(peerCell(r)))
		}
	}
	path := filepath.Join(docs, "lint-peers.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(path); err != nil || !bytes.Equal(have, []byte(b.String())) {
		t.Errorf("%s is not what testdata/peers says (%v): go test ./migrate/lint -run TestDocs -update", path, err)
	}
}

func peerCell(r peerRule) string {
	if r.ours == "-" {
		return "nothing: " + strings.Join(strings.Fields(r.reason), " ")
	}
	rule := Find(r.ours)[0]
	text := fmt.Sprintf("[%s %s](lint/%s.md)", rule.Code, rule.Name, rule.Name)
	if rule.Severity == Off {
		text += ", off"
	}
	return text
}
