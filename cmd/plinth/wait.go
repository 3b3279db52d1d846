package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/database"
)

func (a *app) waitCommand() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "wait",
		Short: "Wait until the database answers",
		Args:  arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if timeout <= 0 {
				return fmt.Errorf("--timeout %v must be positive", timeout)
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			start := time.Now()
			health, err := a.waitFor(ctx)
			if err != nil {
				return err
			}
			if a.format == "json" {
				return a.json(map[string]any{"server_version": health.ServerVersion, "waited_ms": milliseconds(time.Since(start))})
			}
			a.print("PostgreSQL %s answers", health.ServerVersion)
			return nil
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", time.Minute, "when to give up")
	return cmd
}

// waitFor tries until the database answers, ctx ends, or the fault is one that time does not mend.
func (a *app) waitFor(ctx context.Context) (database.Health, error) {
	cfg, err := a.databaseConfig()
	if err != nil {
		return database.Health{}, err
	}
	cfg.MaxRetries = 0
	for told := false; ; told = true {
		pool, err := database.OpenPool(ctx, cfg)
		if err == nil {
			defer closePool(pool)
			return pool.Health(ctx)
		}
		lost, ok := errors.AsType[*database.ConnectionError](err)
		if !ok || lost.Permanent() && ctx.Err() == nil {
			return database.Health{}, err
		}
		if !told {
			a.say("waiting for %s: %v", lost.Address, lost.Err)
		}
		select {
		case <-ctx.Done():
			return database.Health{}, fmt.Errorf("gave up waiting: %w", err)
		case <-time.After(500 * time.Millisecond):
		}
	}
}
