package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/diff"
	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/lint/output"
	"github.com/plinth-db/plinth/migrate/lint/trace"
	"github.com/plinth-db/plinth/migrate/remote"
)

// linter is one run of plinth lint.
type linter struct {
	*app
	latest    int
	gitBase   string
	pgVersion int
	static    bool
	settings  lint.Settings
	fix       bool
	dryRun    bool

	changes *gitChanges // nil without --git-base

	dir    *migrate.Dir // nil where there is none and a text is looked at by itself
	chosen []string     // versions
	oneRun bool
	extra  *lint.Source   // a text that is not in the directory
	failed []lint.Finding // of migrations before the chosen ones
}

func (a *app) lintCommand() *cobra.Command {
	l := &linter{app: a}
	cmd := &cobra.Command{
		Use:   "lint [FILE | -]",
		Short: "Tell what the migrations will do to a running system",
		Long: `Look at the migrations before they are merged: which locks they take on what exists, and for how long, what they lose,
what breaks. Each statement is parsed by PostgreSQL's own grammar, and run on a throwaway PostgreSQL with rows in the tables
to see what it does; --static leaves that out. FILE is one migration of the directory, or any other text of SQL; - reads
standard input. Such a text is run as if it were the directory's next migration. Exit code 3 when there is an error.

Formats: text, json, github (annotations of a workflow), sarif, markdown (a comment on a pull request).
--fix rewrites what has a mechanical safe form: indexes are built CONCURRENTLY, constraints added NOT VALID and validated
later, and migrations split where that needs it. The difference is shown, and proven on the throwaway server, before
anything is written. It cannot know what databases have applied: choose, best by --git-base, only what none has.

The rules, with what to do: docs/lint.md. An exception is a comment in the file:  -- atlas:nolint RULE reason`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			report, err := l.run(cmd.Context(), cmd, args)
			if err != nil {
				return err
			}
			if l.fix {
				return l.rewrite(cmd.Context(), report)
			}
			return l.show(report)
		},
	}
	cmd.Flags().IntVar(&l.latest, "latest", 0, "look only at the last `N` migrations")
	cmd.Flags().StringVar(&l.gitBase, "git-base", "", "look only at the migrations that the commit or branch `REF` does not have, as one deployment")
	cmd.Flags().IntVar(&l.pgVersion, "pg-version", 0, "major `version` of the PostgreSQL that will run them (default: the throwaway server's)")
	cmd.Flags().BoolVar(&l.fix, "fix", false, "rewrite the migrations that have a mechanical safe form; only those that no database has applied")
	cmd.Flags().BoolVar(&l.dryRun, "dry-run", false, "with --fix, show what would be written, write nothing")
	cmd.Flags().BoolVar(&l.static, "static", false, "look at the statements alone, start no server")
	return cmd
}

func (l *linter) run(ctx context.Context, cmd *cobra.Command, args []string) (*lint.Report, error) {
	debug.SetGCPercent(400) // trees of thousands of statements are garbage at once
	if err := l.configure(cmd); err != nil {
		return nil, err
	}
	err := l.fixFlags(ctx)
	if err != nil {
		return nil, err
	}
	if l.dir, err = l.readDirOrNone(ctx); err != nil {
		return nil, err
	}
	changes, err := l.choose(args)
	if err != nil {
		return nil, err
	}
	if l.dir == nil && l.extra == nil {
		return nil, l.inDir(migrate.ErrNoDir)
	}
	if err := l.mayFix(); err != nil {
		return nil, err
	}
	l.changes = changes
	return l.report(ctx)
}

// report looks at what is chosen.
func (l *linter) report(ctx context.Context) (*lint.Report, error) {
	traces, entities, err := l.measure(ctx)
	if err != nil {
		return nil, err
	}
	return l.look(traces, entities, l.changes), nil
}

// configure reads the settings; a flag beats the file.
func (l *linter) configure(cmd *cobra.Command) (err error) {
	if l.settings, err = l.lintSettings(cmd.Flags().Changed("config"), lintRules{find: lint.Find, names: ruleNames()}); err != nil {
		return err
	}
	for _, ignored := range l.settings.Ignored {
		l.say("%s", ignored)
	}
	flags := cmd.Flags()
	if flags.Changed("latest") && flags.Changed("git-base") {
		return errors.New("--latest and --git-base choose in two ways: give one of them")
	}
	if flags.Changed("latest") && l.latest < 1 {
		return fmt.Errorf("--latest %d: give a number of migrations, 1 or more", l.latest)
	}
	if flags.Changed("pg-version") && (l.pgVersion < 12 || l.pgVersion > 99) {
		return fmt.Errorf("--pg-version %d: give a major version, such as 15 or 17", l.pgVersion)
	}
	switch {
	case flags.Changed("latest"):
		l.settings.Latest, l.settings.GitBase = l.latest, ""
	case flags.Changed("git-base"):
		l.settings.Latest, l.settings.GitBase = 0, l.gitBase
	}
	if flags.Changed("pg-version") {
		l.settings.PGVersion = l.pgVersion
	}
	return nil
}

// look makes the report.
func (l *linter) look(traces map[string]*trace.File, entities map[string]diff.Table, changes *gitChanges) *lint.Report {
	chosen := func(version string) bool { return slices.Contains(l.chosen, version) }
	in := lint.Input{OneRun: l.oneRun, Settings: l.settings}
	if l.dir != nil {
		for i, f := range l.dir.Ordered() {
			if i == 0 {
				in.Sources = lint.Sources(l.dir, chosen)
			}
			in.Sources[i].Trace = traces[f.Version]
		}
		in.Findings = lint.Dir(l.dir, chosen)
	}
	in.Findings = append(in.Findings, l.failed...)
	if changes != nil {
		in.Findings = append(in.Findings, lint.Edited(changes.Edited, changes.Removed)...)
	}
	if l.extra != nil {
		in.Sources = append(in.Sources, *l.extra)
	}
	in.Entity = func(table, column string) string { return entityOf(entities, table, column) }
	return lint.Run(in)
}

// show writes the report; an error in it is exit code 3.
func (l *linter) show(report *lint.Report) error {
	o := output.Options{Dir: l.app.dir, Color: !l.noColor && isTerminal(l.out), Version: version(), Hint: l.hint()}
	local := l.format == "text" || l.format == "json" || remote.Is(l.app.dir)
	if !local {
		o.Dir = fromRoot(l.app.dir)
	}
	if l.extra != nil {
		name := l.extra.Name
		o.Outside = map[string]string{name: name}
		if !local && name != stdin {
			o.Outside[name] = fromRoot(name)
		}
	}
	if err := output.Write(l.out, l.format, report, o); err != nil {
		return err
	}
	if report.Worst() >= lint.Error {
		return errFound
	}
	return nil
}

// hint says what to do where nothing was measured.
func (l *linter) hint() string {
	switch {
	case l.static:
		return "Leave out --static to measure them."
	case l.failed != nil:
		return "The migration that fails has to be mended first."
	case l.dir == nil:
		return "There is no migration directory after which it could be run."
	}
	return ""
}

// stdin is the name of the text that comes from there.
const stdin = "stdin"

// ruleNames are the names that settings can use.
func ruleNames() (names []string) {
	for _, r := range lint.Rules() {
		names = append(names, r.Name)
	}
	return names
}
