package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate"
)

// runFlags are what up and down share.
type runFlags struct {
	dryRun            bool
	txMode            string
	lockWait          time.Duration
	lockTimeout       time.Duration
	maxLockAttempts   int
	statementTimeout  time.Duration // negative where it was not given
	allowIrreversible bool
	sql               string // "" for a real run, else FROM:TO
	webhook           string
}

// unset is the value of a duration that was not given.
const unset = time.Duration(math.MinInt64)

// wholeRange is what --sql alone stands for.
const wholeRange = ":"

func (a *app) registerRun(f *runFlags, cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "say what would run, change nothing")
	cmd.Flags().StringVar(&f.txMode, "tx-mode", "file", "what shares a transaction: `file|all|none`")
	cmd.Flags().StringVar(&f.sql, "sql", "", "print the SQL of `FROM:TO` for psql instead of running it, without a server")
	cmd.Flags().Lookup("sql").NoOptDefVal = wholeRange
	cmd.Flags().DurationVar(&f.lockTimeout, "lock-timeout", migrate.DefaultLockTimeout, "how long each statement may wait for a lock; 0 is without a bound")
	cmd.Flags().DurationVar(&f.statementTimeout, "statement-timeout", unset, "how long each statement may take; 0 is without a bound (default: the server's setting)")
	cmd.Flags().Lookup("statement-timeout").DefValue = ""
	cmd.Flags().StringVar(&a.progress, "progress", "auto", "on stderr: `auto|bar|plain|json`; auto is a bar on a terminal")
	cmd.Flags().IntVar(&f.maxLockAttempts, "max-lock-attempts", 10, "how often to run a file whose statements do not get their locks")
	cmd.Flags().StringVar(&f.webhook, "webhook", "", "post a JSON event to this `URL` at start and end (default $PLINTH_WEBHOOK)")
	cmd.Flags().DurationVar(&f.lockWait, "lock-wait", time.Minute, "how long to wait for another run to end")
}

func (f *runFlags) options() []migrate.Option {
	opts := []migrate.Option{migrate.WithTxMode(migrate.TxMode(f.txMode)), migrate.WithLockWait(f.lockWait), migrate.WithLockTimeout(f.lockTimeout, f.maxLockAttempts)}
	if f.statementTimeout != unset {
		opts = append(opts, migrate.WithStatementTimeout(f.statementTimeout))
	}
	if f.dryRun {
		opts = append(opts, migrate.WithDryRun())
	}
	if f.allowIrreversible {
		opts = append(opts, migrate.WithAllowIrreversible())
	}
	return opts
}

func (a *app) upCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "up [TARGET]",
		Short: "Apply pending migrations",
		Long: `Apply what is pending up to TARGET: head (everything, the default), +N (the next N), a version, or a unique prefix of
one. Each file and its record are one transaction.`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.sql != "" {
				return a.printSQL(cmd.Context(), f, args, migrate.Offline.Up)
			}
			if err := a.checkProgress(); err != nil {
				return err
			}
			return a.announced(cmd.Context(), f, cmd.Flags(), migrate.DirectionUp, func() (run *migrate.Run, err error) {
				err = a.withMigrator(cmd.Context(), func(m *migrate.Migrator) error {
					run, err = m.UpTo(cmd.Context(), first(args, migrate.Head))
					return a.finish(run, err, f.dryRun)
				}, f.options()...)
				return run, err
			})
		},
	}
	a.registerRun(&f, cmd)
	return cmd
}

func (a *app) downCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "down [TARGET]",
		Short: "Revert applied migrations, newest first",
		Long: `Revert: -1 (the last one, the default), -N, everything above a version (which stays), or base (everything). On a
terminal it asks first; elsewhere --yes is needed.`,
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.pinsDown()
			if f.sql != "" {
				return a.printSQL(cmd.Context(), f, args, migrate.Offline.Down)
			}
			target := first(args, "-1")
			if !f.dryRun {
				if err := a.confirmDown(cmd.Context(), target, f); err != nil {
					return err
				}
			}
			if err := a.checkProgress(); err != nil {
				return err
			}
			return a.announced(cmd.Context(), f, cmd.Flags(), migrate.DirectionDown, func() (run *migrate.Run, err error) {
				err = a.withMigrator(cmd.Context(), func(m *migrate.Migrator) error {
					run, err = m.DownTo(cmd.Context(), target)
					return a.finish(run, err, f.dryRun)
				}, f.options()...)
				return run, err
			})
		},
	}
	a.registerRun(&f, cmd)
	cmd.Flags().BoolVar(&f.allowIrreversible, "allow-irreversible", false, "also revert what loses data for good")
	return cmd
}

// printSQL writes the script of a range, given as --sql=FROM:TO, --sql FROM:TO or, for its end alone, TARGET.
func (a *app) printSQL(ctx context.Context, f runFlags, args []string, script func(o migrate.Offline, from, to string) (string, error)) error {
	dir, err := a.readDir(ctx)
	if err != nil {
		return err
	}
	from, to, _ := strings.Cut(f.sql, ":")
	if target := first(args, ""); f.sql == wholeRange && target != "" {
		var isRange bool
		if from, to, isRange = strings.Cut(target, ":"); !isRange {
			from, to = "", target
		}
	}
	text, err := script(migrate.Offline{
		Dir: dir, RevisionSchema: a.revisionSchema, Operator: "Plinth " + version(), AllowIrreversible: f.allowIrreversible,
	}, from, to)
	if err != nil {
		return a.inDir(err)
	}
	if a.format == "json" {
		return a.json(map[string]any{"sql": text})
	}
	fmt.Fprint(a.out, text)
	return nil
}

func first(args []string, otherwise string) string {
	if len(args) > 0 {
		return args[0]
	}
	return otherwise
}

// confirmDown shows what would be reverted and asks, unless --yes was given or there is nothing to revert. Whatever
// is wrong with the plan shows here, before the question.
func (a *app) confirmDown(ctx context.Context, target string, f runFlags) error {
	if a.yes {
		return nil
	}
	f.dryRun = true
	return a.withMigrator(ctx, func(m *migrate.Migrator) error {
		plan, err := m.DownTo(ctx, target)
		if err != nil {
			return a.finish(plan, err, true)
		}
		if len(plan.Migrations) == 0 {
			return nil
		}
		if !a.canAsk() {
			return fmt.Errorf("down would revert %s; without a terminal to ask on, it needs --yes", count(len(plan.Migrations), "migration"))
		}
		for _, d := range plan.Migrations {
			fmt.Fprintf(a.err, "revert %s %s\n", d.Version, d.Name)
		}
		if a.ask(ctx, "Go on?") {
			return nil
		}
		return errors.New("nothing was reverted")
	}, f.options()...)
}

// count is "1 statement", "2 statements".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// finish shows what a run did, also when it failed.
func (a *app) finish(run *migrate.Run, failure error, dryRun bool) error {
	a.bar.clear()
	if run == nil && a.format == "text" {
		return failure
	}
	if run == nil {
		run = &migrate.Run{}
	}
	if a.format == "json" {
		if err := a.json(runJSON(run, failure)); err != nil {
			return err
		}
		if failure != nil {
			return printed{failure}
		}
		return nil
	}
	for _, d := range run.Migrations {
		verb := map[migrate.Direction]string{migrate.DirectionUp: "applied ", migrate.DirectionDown: "reverted"}[d.Direction]
		if dryRun {
			a.print("would be %s  %s  %s  (%s)", verb, d.Version, d.Name, count(d.Statements, "statement"))
			continue
		}
		a.print("%s  %s  %s  (%s, %v)", verb, d.Version, d.Name, count(d.Statements, "statement"), d.Duration.Round(time.Millisecond))
	}
	if failure != nil {
		return failure
	}
	switch {
	case len(run.Migrations) == 0:
		a.print("nothing to do, the database is at %s", orBase(run.To))
	case dryRun:
		a.print("nothing was changed; the database would be at %s", orBase(run.To))
	default:
		a.print("the database is at %s", orBase(run.To))
	}
	return nil
}

// orBase names a version as the targets of down do.
func orBase(version string) string {
	if version == "" {
		return "base, with nothing applied"
	}
	return version
}

func runJSON(run *migrate.Run, failure error) any {
	return map[string]any{"from": orNull(run.From), "to": orNull(run.To), "migrations": migrationsJSON(run), "error": faultJSON(failure)}
}

func migrationsJSON(run *migrate.Run) []any {
	migrations := []any{}
	for _, d := range run.Migrations {
		migrations = append(migrations, map[string]any{
			"version": d.Version, "name": d.Name, "direction": d.Direction, "statements": d.Statements, "execution_ms": milliseconds(d.Duration),
		})
	}
	return migrations
}

// faultJSON is nil without a failure.
func faultJSON(failure error) any {
	if failure == nil {
		return nil
	}
	detail := map[string]any{"version": nil, "statement": nil, "line": nil, "column": nil, "sqlstate": nil, "message": failure.Error()}
	if e, ok := errors.AsType[*migrate.ExecError](failure); ok {
		detail["version"], detail["sqlstate"] = e.Version, orNull(e.SQLState)
		if e.Statement > 0 {
			detail["statement"], detail["line"], detail["column"] = e.Statement, e.Line, e.Column
		}
	}
	return detail
}
