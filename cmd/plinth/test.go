package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate/verify"
)

func (a *app) testCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test",
		Short: "Prove the down files: up, down and up with rows in every table",
		Long: `Run each migration on a throwaway PostgreSQL: up, rows into every table, down, up. The down must bring back the schema and
the data that were there before the up, unless it is declared with -- plinth:irreversible; the second up must make what
the first one made. At the end everything is reverted and applied once more. Exit code 3 when a migration fails.`,
		Args: arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var outcomes []verify.Outcome
			err := a.withFiles(cmd.Context(), func(scratch verify.Scratch) (err error) {
				outcomes, err = verify.Test(cmd.Context(), scratch, a.fsys)
				return err
			})
			if err != nil {
				return err
			}
			return a.showOutcomes(outcomes)
		},
	}
}

// withFiles checks the directory, and then starts the throwaway server on which f may run its files, up and down.
func (a *app) withFiles(ctx context.Context, f func(verify.Scratch) error) error {
	dir, err := a.readDir(ctx)
	if err != nil {
		return err
	}
	if err := dir.Validate(); err != nil {
		return a.inDir(err)
	}
	return a.onFiles(ctx, dir, f)
}

func (a *app) showOutcomes(outcomes []verify.Outcome) error {
	failed := 0
	list := []any{}
	for _, o := range outcomes {
		if !o.OK() {
			failed++
		}
		list = append(list, map[string]any{"version": o.Version, "ok": o.OK(), "detail": orNull(o.Detail())})
	}
	if a.format == "json" {
		if err := a.json(map[string]any{"ok": failed == 0, "migrations": list}); err != nil {
			return err
		}
	} else {
		a.printOutcomes(outcomes, failed)
	}
	if failed > 0 {
		return errFound
	}
	return nil
}

func (a *app) printOutcomes(outcomes []verify.Outcome, failed int) {
	for _, o := range outcomes {
		mark := "ok"
		if !o.OK() {
			mark = "FAIL"
		}
		a.print("%-4s  %s  %s", mark, o.Version, o.Name)
		for _, f := range o.Failures {
			a.print("      %s", f)
		}
		for _, n := range o.Notes {
			a.print("      note: %s", n)
		}
	}
	if failed > 0 {
		a.print("%d of %d migrations fail", failed, len(outcomes))
		return
	}
	a.print("%d migrations, each up, down and up", len(outcomes))
}
