package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate"
)

func (a *app) stampCommand() *cobra.Command {
	var lockWait time.Duration
	cmd := &cobra.Command{
		Use:   "stamp TARGET",
		Short: "Record TARGET and what it follows as applied, without running anything",
		Long: `Record exactly TARGET and what it follows as applied, and remove every other record; nothing runs. TARGET is head, a
version, a unique prefix of one, or base, which clears the record.`,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withMigrator(cmd.Context(), func(m *migrate.Migrator) error {
				st, err := m.Stamp(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				if a.format == "json" {
					return a.json(statusJSON(st))
				}
				a.print("the record says %s; nothing was run", orNone(st.Current))
				return nil
			}, migrate.WithLockWait(lockWait))
		},
	}
	cmd.Flags().DurationVar(&lockWait, "lock-wait", time.Minute, "how long to wait for another run to end")
	return cmd
}
