package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate"
)

func (a *app) resolveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "resolve [VERSION done|again|applied|reverted]",
		Short: "Settle a migration that stopped midway and that the catalog cannot tell about",
		Long: `Without arguments: show what stopped midway. Most of it, plinth up (or down, for a revert) settles by itself, by what
the catalog shows; of the rest, somebody has to look and say:

  done      the statement in doubt has happened; the next run goes on after it
  again     it has not, or can be run again; the next run begins with it
  applied   the whole file has been applied, by hand
  reverted  nothing of the migration is left

Nothing of the file runs.`,
		Args: arguments(func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return errors.New("resolve needs the version and what became of it: done, again, applied or reverted; or neither")
			}
			return cobra.MaximumNArgs(2)(cmd, args)
		}),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withMigrator(cmd.Context(), func(m *migrate.Migrator) error {
				if len(args) == 0 {
					st, err := m.Status(cmd.Context())
					if err != nil {
						return err
					}
					return a.showUnresolved(st)
				}
				st, err := m.Resolve(cmd.Context(), args[0], migrate.Resolution(args[1]))
				if err != nil {
					return err
				}
				if a.format == "json" {
					return a.json(statusJSON(st))
				}
				a.print("resolved %s as %s; the state is %s", args[0], args[1], st.State)
				return nil
			})
		},
	}
}

func (a *app) showUnresolved(st *migrate.Status) error {
	if a.format == "json" {
		return a.json(statusJSON(st))
	}
	p := st.Partial
	if p == nil {
		a.print("nothing stopped midway, the state is %s", st.State)
		return nil
	}
	next := "plinth up"
	if p.Reverting() {
		next = "plinth down"
	}
	a.print("%s %s stopped after %s of %d: %s", p.Version, p.Name, count(p.Applied, "statement"), p.Total, orNone(p.Error))
	if p.Statement != "" {
		a.print("    %s", p.Statement)
	}
	a.print("Run %s: it goes on where the catalog can tell what has happened, and says so where it cannot. Then:", next)
	for _, as := range []migrate.Resolution{migrate.ResolveDone, migrate.ResolveAgain, migrate.ResolveApplied, migrate.ResolveReverted} {
		a.print("  %s", fmt.Sprintf("plinth resolve %s %s", p.Version, as))
	}
	return nil
}
