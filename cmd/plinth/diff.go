package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/diff"
	"github.com/plinth-db/plinth/migrate/verify"
)

func (a *app) diffCommand() *cobra.Command {
	var dryRun, allowDrop, noVerify, online bool
	var batch diff.Batch
	cmd := &cobra.Command{
		Use:   "diff NAME",
		Short: "Plan the migration files that a change of the schema code needs",
		Long: `Compare the schema code, and the SQL in its folder sql, with what the directory's files make, both on a throwaway
PostgreSQL, and write the up and down files for the difference. The plan is run there first: up, down and up again, on empty
tables and on tables with rows. Without a difference nothing is written. With --url, the files say how large the tables are there
now; the plan is the same.`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := args[0]
			if err := migrate.CheckName(name); err != nil {
				return err
			}
			if batch.Rows < 1 || batch.Pause < 0 {
				return fmt.Errorf("--batch-rows is at least 1 and --batch-pause not negative, got %d and %v", batch.Rows, batch.Pause)
			}
			if err := a.writableDir(cmd.Context(), "diff"); err != nil {
				return err
			}
			var sizes map[string]string
			if cmd.Flags().Changed("url") {
				var err error
				if sizes, err = a.tableSizes(cmd.Context()); err != nil {
					return err
				}
			}
			return a.withDifference(cmd.Context(), func(in diff.Input, head string) error {
				in.Sizes = sizes
				in.AllowDrop, in.Verify, in.Online, in.Batch = allowDrop, !noVerify, online, batch
				result, err := a.plan(cmd.Context(), in)
				if err != nil {
					return err
				}
				files := filesOf(name, result)
				if !noVerify && len(files) > 0 {
					if err := a.proveOnRows(cmd.Context(), in, head, files); err != nil {
						return err
					}
				}
				return a.writePlan(result, files, dryRun, head)
			})
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print the plan, write nothing")
	cmd.Flags().BoolVar(&allowDrop, "allow-drop", false, "allow the plan to drop tables and columns")
	cmd.Flags().BoolVar(&online, "online", true, "more files, none of which keeps readers or writers waiting for long: indexes, constraints, required columns, types; false: one file")
	cmd.Flags().IntVar(&batch.Rows, "batch-rows", 1000, "rows that an online plan fills in one transaction")
	cmd.Flags().DurationVar(&batch.Pause, "batch-pause", 0, "pause between two such transactions, 50ms for one")
	cmd.Flags().BoolVar(&noVerify, "no-verify", false, "do not prove the down files")
	return cmd
}

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Verify that the migration files make what the schema code says",
		Long:  "Compare the schema code with what the directory's files make, on a throwaway PostgreSQL. Exit code 3 on a difference.",
		Args:  arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withDifference(cmd.Context(), func(in diff.Input, _ string) error {
				changes, err := diff.Check(cmd.Context(), in)
				if err != nil {
					return err
				}
				if err := a.showChanges(changes, "the migration files make what the schema code says",
					"the schema code and the migration files differ; run plinth diff NAME", false); err != nil {
					return err
				}
				if len(changes) > 0 {
					return errFound
				}
				return nil
			})
		},
	}
}

// showChanges prints what a comparison found: agree is said of nothing, advice of something.
func (a *app) showChanges(changes []diff.Change, agree, advice string, withSQL bool) error {
	if a.format == "json" {
		list := []any{}
		for _, c := range changes {
			list = append(list, map[string]any{"object": c.Object, "change": c.Change, "sql": orNull(c.SQL)})
		}
		return a.json(map[string]any{"in_sync": len(changes) == 0, "changes": list})
	}
	for _, c := range changes {
		a.print("%s", c)
		if withSQL && c.SQL != "" {
			a.print("    %s", strings.ReplaceAll(c.SQL, "\n", "\n    "))
		}
	}
	if len(changes) == 0 {
		a.print("%s", agree)
		return nil
	}
	a.say("%s", advice)
	return nil
}

// withDifference reads schema and directory and starts the throwaway server for comparing them.
// f also gets the directory's head.
func (a *app) withDifference(ctx context.Context, f func(in diff.Input, head string) error) error {
	dir, err := a.readDirOrNone(ctx)
	if err != nil {
		return err
	}
	var (
		head string
		ups  []string
	)
	if dir != nil {
		if err := dir.Validate(); err != nil {
			return err
		}
		if head, err = dir.Head(); err != nil {
			return err
		}
		for _, f := range dir.Ordered() {
			ups = append(ups, f.Up)
		}
	}
	start := time.Now()
	model, err := diff.LoadModel(a.schema)
	if err != nil {
		return err
	}
	a.say("Ent loaded %d entities from %s in %v", len(model.Entities()), a.schema, time.Since(start).Round(10*time.Millisecond))
	return a.withTemplates(ctx, dir, func(server *pgserver.Server) error {
		return f(diff.Input{
			Model: model, Scratch: scratchOn(server), Filled: filledOn(server), Replay: a.replay(server, dir), ReplayKey: replayKey(dir),
			IgnoreSchemas: []string{migrate.DefaultRevisionSchema}, Managed: diff.Managed(ups...),
		}, head)
	})
}

// plan asks, on a terminal, whether what would be dropped was renamed, and plans again if so.
func (a *app) plan(ctx context.Context, in diff.Input) (*diff.Result, error) {
	var renamed []diff.Alike
	asked := map[string]bool{}
	for {
		with := in
		with.Model = in.Model.Renamed(renamed...)
		result, err := diff.Plan(ctx, with)
		drop, ok := errors.AsType[*diff.DropError](err)
		if !ok || a.yes || !a.canAsk() {
			return result, err
		}
		found := false
		for _, alike := range drop.Alike {
			question := fmt.Sprintf("Is %s what %s was? Its rows stay then.", alike.New, alike.What())
			if asked[question] {
				continue
			}
			asked[question] = true
			if found = a.ask(ctx, question); found {
				renamed = append(renamed, alike)
				break
			}
		}
		if !found {
			return result, err
		}
	}
}

// filesOf are the plan's files under the names that they are written with.
func filesOf(name string, result *diff.Result) (files []migrate.NewFile) {
	for _, f := range result.Files {
		file := migrate.NewFile{Name: name, Up: f.Up, Down: f.Down}
		if f.Name != "" {
			file.Name += "_" + f.Name
			file.Name = file.Name[:min(len(file.Name), migrate.LongestName)] // ASCII, as CheckName has it
		}
		files = append(files, file)
	}
	return files
}

// proveOnRows runs planned files up, down and up with rows in every table, as plinth test does, on databases that have the directory
// applied up to its head. Downs that turn out to lose data declare it from then on, if losing data is allowed.
func (a *app) proveOnRows(ctx context.Context, in diff.Input, head string, files []migrate.NewFile) (err error) {
	folder, err := os.MkdirTemp("", "plinth-proof-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if head != "" {
		if err := copyMigrations(folder, a.fsys); err != nil {
			return err
		}
	}
	if _, err := migrate.AddAfter(folder, time.Now(), head, files...); err != nil {
		return err
	}
	outcomes, err := verify.TestAfter(ctx, verify.Scratch(in.Replayed), os.DirFS(folder), cmp.Or(head, migrate.Base))
	if err != nil {
		return err
	}
	var faults []string
	for i, o := range outcomes {
		for _, n := range o.Notes {
			a.say("note: %s: %s", o.Name, n)
		}
		if len(o.Lost) > 0 && len(o.Lost) == len(o.Failures) {
			lost := strings.Join(o.Lost, "; ")
			if !in.AllowDrop {
				return fmt.Errorf("%s: tried on tables with rows, the plan loses %s, which its down does not bring back: run again with --allow-drop if that is meant", o.Name, lost)
			}
			a.say("note: %s: its down does not bring back %s, and says so", o.Name, lost)
			files[i].Down = "-- plinth:irreversible not brought back: " + lost + "\n\n" + files[i].Down
			continue
		}
		for _, f := range o.Failures {
			faults = append(faults, o.Name+": "+f)
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("the plan was tried on tables with rows and fails:\n  %s\n  Nothing was written. Write this change by hand (plinth new) and please report it",
			strings.Join(faults, "\n  "))
	}
	return nil
}

func copyMigrations(folder string, fsys fs.FS) error {
	for _, pattern := range []string{"*.sql", "*.sum"} {
		names, err := fs.Glob(fsys, pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			content, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *app) writePlan(result *diff.Result, files []migrate.NewFile, dryRun bool, head string) error {
	for _, kept := range result.Kept {
		a.say("kept, though the schema code does not know it: %s", kept)
	}
	for _, line := range result.Reorders {
		a.say("%s", line)
	}
	if len(result.Files) == 0 && a.format == "text" {
		a.print("nothing to do, the migration files make what the schema code says")
		return nil
	}
	for _, c := range result.Changes {
		a.say("%s", c)
	}
	if dryRun {
		return a.showPlan(files, len(result.Changes))
	}
	if len(files) == 0 {
		return a.showFiles(nil, 0)
	}
	written, err := migrate.AddAfter(a.dir, time.Now(), head, files...)
	if err != nil {
		return err
	}
	if err := a.showFiles(written, len(result.Changes)); err != nil {
		return err
	}
	a.say("review them, then run plinth up")
	return nil
}

func (a *app) showPlan(files []migrate.NewFile, changes int) error {
	if a.format == "json" {
		list := []any{}
		for _, f := range files {
			list = append(list, map[string]any{"name": f.Name, "up": f.Up, "down": f.Down})
		}
		return a.json(map[string]any{"files": []string{}, "changes": changes, "plan": list})
	}
	for _, f := range files {
		fmt.Fprintf(a.out, "-- %s.up.sql\n%s\n-- %s.down.sql\n%s\n", f.Name, strings.TrimSpace(f.Up), f.Name, strings.TrimSpace(f.Down))
	}
	return nil
}
