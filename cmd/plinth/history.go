package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate"
)

func (a *app) historyCommand() *cobra.Command {
	var verbose bool
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List every migration with the time it was applied",
		Args:  arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withMigrator(cmd.Context(), func(m *migrate.Migrator) error {
				history, err := m.History(cmd.Context())
				if err != nil {
					return err
				}
				if a.format == "json" {
					return a.json(historyJSON(history))
				}
				for _, line := range history {
					a.print("%s", historyLine(line, verbose))
				}
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&verbose, "verbose", false, "also show parents, statements and duration")
	return cmd
}

func historyLine(m migrate.Migration, verbose bool) string {
	var version, name, parents string
	if m.File != nil {
		version, name, parents = m.File.Version, m.File.Name, strings.Join(m.File.Parents, " ")
	}
	when := "not applied"
	if r := m.Revision; r != nil {
		version, name = r.Version, r.Name
		when = r.AppliedAt.Local().Format(time.DateTime)
	}
	line := fmt.Sprintf("%s  %-19s  %s", version, when, name)
	if m.File == nil {
		line += "  (no file)"
	}
	if !verbose {
		return line
	}
	if r := m.Revision; r != nil {
		line += fmt.Sprintf("  %d/%d statements in %v", r.Applied, r.Total, r.Execution.Round(time.Millisecond))
	}
	return line + "  follows " + orNone(parents)
}

func historyJSON(history []migrate.Migration) any {
	list := []any{}
	for _, m := range history {
		item := map[string]any{"parents": []string{}, "applied_at": nil}
		if r := m.Revision; r != nil {
			item["version"], item["name"], item["applied_at"] = r.Version, r.Name, r.AppliedAt.UTC()
		}
		if f := m.File; f != nil {
			item["version"], item["name"] = f.Version, f.Name
			if len(f.Parents) > 0 {
				item["parents"] = f.Parents
			}
		}
		list = append(list, item)
	}
	return map[string]any{"migrations": list}
}

func (a *app) headsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "heads",
		Short: "List the versions that no other follows: one, unless two branches met",
		Args:  arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := a.readDir(cmd.Context())
			if err != nil {
				return err
			}
			if err := dir.Validate(); err != nil {
				a.say("warning: %v", err)
			}
			heads := dir.Heads()
			if a.format == "json" {
				return a.json(map[string]any{"heads": append([]string{}, heads...)})
			}
			for _, head := range heads {
				a.print("%s  %s", head, dir.Find(head).Name)
			}
			return nil
		},
	}
}
