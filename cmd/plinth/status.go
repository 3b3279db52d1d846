package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate"
)

func (a *app) statusCommand() *cobra.Command {
	var exitCode bool
	cmd := &cobra.Command{
		Use:     "status",
		Aliases: []string{"current"},
		Short:   "Show what is applied and what is pending",
		Long: `Show how the database stands to the directory: partial (a file without a transaction stopped midway), diverged (a
version is applied that has no file or another content), pending, or clean.`,
		Args: arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withMigrator(cmd.Context(), func(m *migrate.Migrator) error {
				st, err := m.Status(cmd.Context())
				if err != nil {
					return err
				}
				if a.format == "json" {
					err = a.json(statusJSON(st))
				} else {
					a.printStatus(st)
				}
				if err == nil && exitCode && (st.State != migrate.StateClean || st.SumError != nil) {
					return errFound
				}
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 3 unless the state is clean")
	return cmd
}

func (a *app) printStatus(st *migrate.Status) {
	a.print("state    %s", st.State)
	a.print("current  %s", orNone(st.Current))
	for _, r := range st.Applied {
		mark := "applied"
		if r.Partial() {
			mark = "partial"
		}
		a.print("%s  %s  %s  %s  %v", mark, r.Version, r.Name, r.AppliedAt.Local().Format(time.DateTime), r.Execution.Round(time.Millisecond))
	}
	for _, f := range st.Pending {
		a.print("pending  %s  %s", f.Version, f.Name)
	}
	if p := st.Partial; p != nil {
		a.print("problem  %s stopped after statement %d of %d: %s", p.Version, p.Applied, p.Total, orNone(p.Error))
	}
	for _, d := range st.Diverged {
		a.print("problem  %s", d)
	}
	if len(st.Heads) > 1 {
		a.print("problem  %v", &migrate.HeadsError{Heads: st.Heads})
	}
	if st.SumError != nil {
		a.print("problem  %v", st.SumError)
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// orNull is s, or null in JSON when there is none.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func statusJSON(st *migrate.Status) any {
	applied, pending := []any{}, []any{}
	for _, r := range st.Applied {
		applied = append(applied, map[string]any{
			"version": r.Version, "name": r.Name, "applied_at": r.AppliedAt.UTC(), "execution_ms": milliseconds(r.Execution),
		})
	}
	for _, f := range st.Pending {
		pending = append(pending, map[string]any{"version": f.Version, "name": f.Name})
	}
	head := ""
	if len(st.Heads) > 0 {
		head = st.Heads[len(st.Heads)-1]
	}
	var partial any
	if p := st.Partial; p != nil {
		partial = map[string]any{"version": p.Version, "applied": p.Applied, "total": p.Total, "error": orNull(p.Error)}
	}
	problems := append([]string{}, st.Diverged...)
	if st.SumError != nil {
		problems = append(problems, st.SumError.Error())
	}
	if len(st.Heads) > 1 {
		problems = append(problems, fmt.Sprint(&migrate.HeadsError{Heads: st.Heads}))
	}
	return map[string]any{
		"current": orNull(st.Current), "heads_applied": st.HeadsApplied, "head": orNull(head), "state": st.State,
		"applied": applied, "pending": pending, "partial": partial, "problems": problems,
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
