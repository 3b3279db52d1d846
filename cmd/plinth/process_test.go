package main_test

import (
	"errors"
	"os/exec"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

type process = *exec.Cmd

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENT...")
	}
	want := number(ts, args[0])
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		code = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, not %d", code, want)
	}
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

func started(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: started")
	}
	of(ts).background = ts.BackgroundCmds()
}

func exited(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: exited CODE")
	}
	if len(of(ts).background) == 0 {
		ts.Fatalf("started noted no program")
	}
	for _, cmd := range of(ts).background {
		if cmd.ProcessState == nil {
			ts.Fatalf("%v has not ended: wait for it first", cmd)
		}
		if code := cmd.ProcessState.ExitCode(); code != number(ts, args[0]) {
			ts.Fatalf("%v ended with %d, not %s", cmd, code, args[0])
		}
	}
}
