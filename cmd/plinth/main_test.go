package main_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	_ "github.com/lib/pq"
	"github.com/rogpeppe/go-internal/testscript"

	plinth "github.com/plinth-db/plinth/cmd/plinth"
)

// TestMain makes this test binary the command plinth too: a story that says plinth runs it again under that name, which goes
// straight to Main, past tests and server.
func TestMain(m *testing.M) {
	testscript.Main(withServer{m}, map[string]func(){"plinth": func() { os.Exit(plinth.Main()) }})
}

// withServer stops the stories' server after the last one.
type withServer struct{ m *testing.M }

func (w withServer) Run() int {
	code := w.m.Run()
	if err := stopServer(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// TestStories runs testdata/script. Each story is a file to read: what a user types, and what he sees.
//
// A story starts in an empty folder, with DATABASE_URL naming an empty database of its own and PLINTH_DEV_URL naming the server
// that it is on; HOST (with the port), DATABASE and PASSWORD are parts of that URL, and NOWHERE is a host and port where nobody
// listens. Beside testscript's own commands it has those of commands.
func TestStories(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		Setup:               setUp,
		Cmds:                commands,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

var commands = map[string]func(*testscript.TestScript, bool, []string){
	"exits":      exits,      // exits CODE PROGRAM ARGUMENT...: run it, and it must end with this code
	"started":    started,    // note which programs run in the background,
	"exited":     exited,     // exited CODE: each of those has ended with this code
	"json":       jsonValue,  // json PATH WANT: the value in the JSON on stdout; len is a list's length
	"jsonkeys":   jsonKeys,   // jsonkeys PATH KEY...: the object there has exactly these keys
	"oneobject":  oneObject,  // stdout is one JSON object and nothing else
	"sql":        runSQL,     // sql STATEMENT: run it and print its rows on stdout, columns joined by |
	"until":      until,      // until QUERY: ask again and again until its answer is true
	"dump":       dump,       // dump FILE: write what the database holds, but for Plinth's own schema
	"hold-lock":  holdLock,   // be another migration run, which holds the lock
	"free-lock":  freeLock,   // and ends
	"edit":       edit,       // edit FILE OLD NEW: replace the only OLD in the file
	"migrations": migrations, // copy testdata/migrations to migrate/migrations
	"serve":      serve,      // start a web server for the folder site: SITE is its host and port
	"posted":     posted,     // posted NUMBER OF: print the body of a post to it, once there are so many; SIGNATURE is its header
	"pack":       pack,       // pack ARCHIVE FOLDER: make a .tar.gz or .zip of the folder's content
	"sums":       sums,       // sums FOLDER: UPSUM and DOWNSUM are the first lines of its sum files
	"project":    project,    // make the folder a module with a copy of this project's schema code and migrations
}

// story is what the commands of one story share.
type story struct {
	url        string // of its database
	lock       func() // frees the lock that hold-lock took; nil when it is free
	background []process
	site       *site // nil without serve
}

type storyKey struct{}

func setUp(env *testscript.Env) error {
	tb, ok := env.T().(testing.TB)
	if !ok {
		return errors.New("the stories run under go test only")
	}
	server, err := storyServer(tb)
	if err != nil {
		return err
	}
	database, err := server.CreateDatabase(context.Background())
	if err != nil {
		return err
	}
	env.Defer(func() {
		if err := database.Drop(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	env.Values[storyKey{}] = &story{url: database.URL()}
	return setVariables(env, server.URL(), database.URL())
}

func of(ts *testscript.TestScript) *story { return ts.Value(storyKey{}).(*story) }
