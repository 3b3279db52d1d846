package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/lint/fix"
	"github.com/plinth-db/plinth/migrate/verify"
)

// fixFlags refuses flags with which --fix could not write, or not prove what it writes.
func (l *linter) fixFlags(ctx context.Context) error {
	switch {
	case !l.fix && l.dryRun:
		return errors.New("--dry-run is for --fix; without that, lint writes nothing")
	case !l.fix:
		return nil
	case l.static:
		return errors.New("--fix proves what it writes on a throwaway server: leave --static out")
	case l.dirSum != "":
		return errors.New("--fix writes the sums that --dir-sum would check; leave --dir-sum out")
	}
	return l.writableDir(ctx, "lint --fix")
}

// mayFix refuses what is no directory in order, before anything is measured.
func (l *linter) mayFix() error {
	if !l.fix {
		return nil
	}
	if l.extra != nil {
		return fmt.Errorf("--fix rewrites migrations of the directory, and %s is none", l.extra.Name)
	}
	if err := l.dir.Validate(); err != nil {
		return l.inDir(err)
	}
	if _, err := l.dir.Head(); err != nil {
		return l.inDir(err)
	}
	return nil
}

// rewrite does what --fix says, and shows what is left.
func (l *linter) rewrite(ctx context.Context, report *lint.Report) error {
	chosen := func(version string) bool { return slices.Contains(l.chosen, version) }
	result, err := fix.Plan(fix.Input{Dir: l.dir, Findings: report.Findings, Settings: l.settings, Chosen: chosen})
	if err != nil {
		return l.inDir(err)
	}
	for _, s := range result.Skipped {
		l.say("%s", s)
	}
	files := result.Files()
	if len(files) == 0 {
		l.say("nothing was rewritten")
		if l.dryRun {
			return l.showDifference(nil)
		}
		return l.show(report)
	}
	if err := l.showDifference(files); err != nil {
		return err
	}
	if err := l.prove(ctx, result, files); err != nil {
		return err
	}
	if l.dryRun {
		return nil
	}
	if err := l.confirmFix(ctx, len(files)); err != nil {
		return err
	}
	if err := migrate.Replace(l.app.dir, l.dir, files); err != nil {
		return l.inDir(err)
	}
	l.say("wrote %s, atlas.sum and down.sum in %s", count(len(files), "file"), l.app.dir)
	return l.again(ctx, result)
}

// showDifference shows the files as they are and as they will be: on stdout where that is for people or it is all there is, else beside it.
func (l *linter) showDifference(files map[string]string) error {
	var text strings.Builder
	names := slices.Sorted(maps.Keys(files))
	old := map[string]string{}
	for _, f := range l.dir.Files() {
		old[f.UpFile()] = f.Up
		if f.HasDown {
			old[f.DownFile()] = f.Down
		}
	}
	for _, name := range names {
		before, there := old[name]
		from := name
		if !there {
			from = os.DevNull
		}
		text.Write(diff.Diff(from, []byte(before), name, []byte(files[name])))
	}
	if l.dryRun && l.format == "json" {
		return l.json(map[string]any{"files": append([]string{}, names...), "diff": text.String()})
	}
	out := l.out
	if l.format != "text" {
		out = l.err
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// prove runs the files as they are and as they will be.
func (l *linter) prove(ctx context.Context, result *fix.Result, files map[string]string) (err error) {
	folder, err := os.MkdirTemp("", "plinth-fix-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := copyMigrations(folder, l.fsys); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	if err := migrate.Hash(folder); err != nil {
		return err
	}
	l.say("trying them: up, compared with the files as they are, then up, down and up with rows")
	var proof *fix.Proof
	err = l.onFiles(ctx, l.dir, func(scratch verify.Scratch) (err error) {
		proof, err = fix.Prove(ctx, scratch, result, l.fsys, os.DirFS(folder))
		return err
	})
	if err != nil {
		return l.inDir(err)
	}
	for _, note := range proof.Notes {
		l.say("note: %s", note)
	}
	if len(proof.Faults) > 0 {
		return fmt.Errorf("the files were tried on a throwaway PostgreSQL and do not do what they should:\n  %s\n  Nothing was written. Rewrite them by hand (plinth lint shows the steps), or choose fewer",
			strings.Join(proof.Faults, "\n  "))
	}
	return nil
}

func (l *linter) confirmFix(ctx context.Context, files int) error {
	switch {
	case l.yes:
		return nil
	case !l.canAsk():
		return errors.New("nothing was written: --fix needs --yes where there is nobody to ask")
	case l.ask(ctx, fmt.Sprintf("Write %s? Only if no database has applied these migrations.", count(files, "file"))):
		return nil
	}
	return errors.New("nothing was written")
}

// again looks at what was written.
func (l *linter) again(ctx context.Context, result *fix.Result) (err error) {
	for _, w := range result.Rewrites {
		l.chosen = slices.DeleteFunc(l.chosen, func(v string) bool { return v == w.Old.Version })
		for _, f := range w.New {
			l.chosen = append(l.chosen, f.Version)
		}
	}
	l.fsys = nil
	if l.dir, err = l.readDir(ctx); err != nil {
		return err
	}
	report, err := l.report(ctx)
	if err != nil {
		return err
	}
	return l.show(report)
}
