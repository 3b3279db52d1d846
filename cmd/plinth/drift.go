package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate/diff"
	"github.com/plinth-db/plinth/migrate/verify"
)

func (a *app) driftCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "drift",
		Short: "Verify that the database holds what its migration files made",
		Long: `Compare the database with what the files that it has applied make on a throwaway PostgreSQL, object by object, and show the
SQL that would make it so. Pending files do not count. The database is only read. Exit code 3 on a difference.`,
		Args: arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			report, err := a.drift(cmd.Context())
			if err != nil {
				return err
			}
			changes := make([]diff.Change, len(report.Changes))
			for i, c := range report.Changes {
				changes[i] = diff.Change(c)
			}
			if report.Database/10_000 != report.Server/10_000 {
				a.say("warning: the database is PostgreSQL %d, the throwaway server %d: views and functions may be printed differently; "+
					"use --dev-url docker://postgres/%[1]d", report.Database/10_000, report.Server/10_000)
			}
			err = a.showChanges(changes, "the database holds what its applied migration files make",
				"the database is not what its files say: the SQL would make it so; what shall stay belongs into a new migration", true)
			if err == nil && len(changes) > 0 {
				return errFound
			}
			return err
		},
	}
}

func (a *app) drift(ctx context.Context) (report *verify.Report, err error) {
	dir, err := a.readDir(ctx) // before the network
	if err != nil {
		return nil, err
	}
	if err := dir.Validate(); err != nil {
		return nil, a.inDir(err)
	}
	in := verify.DriftInput{Files: a.fsys}
	pool, err := a.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer closePool(pool)
	in.DB = pool.SQL()
	if in.RevisionSchema, err = a.revisionsIn(); err != nil {
		return nil, err
	}
	if in.SearchPath, err = a.searchPath(); err != nil {
		return nil, err
	}
	err = a.withFiles(ctx, func(scratch verify.Scratch) error {
		in.Scratch = scratch
		report, err = verify.Drift(ctx, in)
		return err
	})
	return report, err
}
