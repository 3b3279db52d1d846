package examples_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestProgramOfAnotherModule runs a program with a go.mod, an Ent schema and embedded migrations of its own, twice.
func TestProgramOfAnotherModule(t *testing.T) {
	url := pgtest.TestDatabase(t).URL()
	for _, want := range []string{"applied: 1\nlent: 1\n", "applied: 0\nlent: 2\n"} {
		cmd := exec.CommandContext(t.Context(), "go", "run", ".")
		cmd.Dir = "library"
		cmd.Env = append(os.Environ(), "DATABASE_URL="+url)
		out, err := cmd.CombinedOutput()
		if err != nil || string(out) != want {
			t.Fatalf("%v, printed %q, want %q", err, out, want)
		}
	}
}

// TestAnotherModuleLinksNoTool holds the rule for what a service links. HCL comes in by Ent's own generated code.
func TestAnotherModuleLinksNoTool(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", ".")
	cmd.Dir = "library"
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		for _, tool := range []string{"entgo.io/ent/entc", "github.com/docker", "github.com/ory", "github.com/spf13", "github.com/pganalyze", "github.com/plinth-db/plinth/internal", "github.com/plinth-db/plinth/ent"} {
			if pkg == tool || strings.HasPrefix(pkg, tool+"/") {
				t.Errorf("links %s", pkg)
			}
		}
	}
}
