// Package command is what benchmarks of the plinth command share.
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

// Main is the main function of a benchmark: an interrupt ends run's context.
func Main(run func(ctx context.Context, args []string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Plinth is a built command.
type Plinth struct {
	Path string
	root string // of the project
}

// In makes a folder for the benchmark's files, builds the command in it, calls f, and removes the folder.
func In(ctx context.Context, f func(p Plinth, folder string) error) (err error) {
	folder, err := os.MkdirTemp("", "plinth-bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/plinth-db/plinth").Output()
	if err != nil {
		return fmt.Errorf("run this in bench/: %w", err)
	}
	p := Plinth{Path: filepath.Join(folder, "plinth"), root: strings.TrimSpace(string(root))}
	build := exec.CommandContext(ctx, "go", "build", "-o", p.Path, "./cmd/plinth")
	build.Dir = p.root
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build plinth: %w: %s", err, out)
	}
	return f(p, folder)
}

// WriteModule makes a module that uses the project, with files, whose names may have folders.
func (p Plinth) WriteModule(folder string, files map[string]string) error {
	mod, err := os.ReadFile(filepath.Join(p.root, "go.mod"))
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(p.root, "go.sum"))
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(string(mod), "\n")
	all := map[string]string{
		"go.mod": "module example.org/bench\n" + rest + "\nrequire github.com/plinth-db/plinth v0.0.0\n\nreplace github.com/plinth-db/plinth => " + p.root + "\n",
		"go.sum": string(sums),
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
