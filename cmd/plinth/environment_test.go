package main_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

func setVariables(env *testscript.Env, server, database string) error {
	u, err := url.Parse(database)
	if err != nil {
		return err
	}
	password, _ := u.User.Password()
	for name, value := range map[string]string{
		"DATABASE_URL":   database,
		"PLINTH_DEV_URL": server,
		"HOST":           u.Host,
		"DATABASE":       strings.TrimPrefix(u.Path, "/"),
		"PASSWORD":       password,
		"NOWHERE":        "127.0.0.1:1",       // tcpmux, which nobody runs
		"GORACE":         "atexit_sleep_ms=0", // a race is told by exit code 66; the second at each exit is not needed for it
	} {
		env.Setenv(name, value)
	}
	return nil
}

func migrations(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: migrations")
	}
	copyFolder(ts, filepath.Join(repository(ts), "cmd", "plinth", "testdata", "migrations"), "migrate/migrations")
}

// project builds offline: every module that the schema code needs is one that this test binary was built from.
func project(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: project")
	}
	root := repository(ts)
	module, err := os.ReadFile(filepath.Join(root, "go.mod"))
	ts.Check(err)
	text := strings.Replace(string(module), "module github.com/plinth-db/plinth\n", "module example.com/shop\n", 1)
	text += "\nrequire github.com/plinth-db/plinth v0.0.0\n\nreplace github.com/plinth-db/plinth => " + root + "\n"
	ts.Check(os.WriteFile(ts.MkAbs("go.mod"), []byte(text), 0o600))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("go.sum"), sums, 0o600))
	copyFolder(ts, filepath.Join(root, "schema"), "schema")
	copyFolder(ts, filepath.Join(root, "migrate", "migrations"), "migrate/migrations")
	ts.Check(os.Remove(ts.MkAbs("migrate/migrations/embed.go")))
	variables, err := goVariables()
	ts.Check(err)
	for name, value := range variables {
		ts.Setenv(name, value)
	}
	ts.Setenv("GOFLAGS", "-mod=mod")
	ts.Setenv("GOPROXY", "off")
	ts.Setenv("GOTOOLCHAIN", "local")
}

// goVariables are the caches, which the go command derives from a home folder that a story does not have.
var goVariables = sync.OnceValues(func() (map[string]string, error) {
	out, err := exec.Command("go", "env", "-json", "GOCACHE", "GOMODCACHE", "GOPATH").Output()
	if err != nil {
		return nil, err
	}
	var variables map[string]string
	return variables, json.NewDecoder(bytes.NewReader(out)).Decode(&variables)
})

// repository is the root of this module; go test runs in the package's folder.
func repository(ts *testscript.TestScript) string {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	ts.Check(err)
	return root
}

func copyFolder(ts *testscript.TestScript, from, to string) {
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(to)), 0o777))
	ts.Check(os.CopyFS(ts.MkAbs(to), os.DirFS(from)))
}

func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	file, old, replacement := args[0], args[1], args[2]
	content := ts.ReadFile(file)
	if n := strings.Count(content, old); n != 1 {
		ts.Fatalf("%s holds %q %d times, not once", file, old, n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(file), []byte(strings.Replace(content, old, replacement, 1)), 0o600))
}
