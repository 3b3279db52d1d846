package main

import (
	"errors"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/migrate"
)

func (a *app) newCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new NAME",
		Short: "Write an empty pair of files for SQL by hand",
		Args:  arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := migrate.CheckName(args[0]); err != nil {
				return err
			}
			if err := a.writableDir(cmd.Context(), "new"); err != nil {
				return err
			}
			written, err := migrate.Add(a.dir, time.Now(), migrate.NewFile{
				Name: args[0],
				Up:   "-- Write the change here, then run: plinth hash\n",
				Down: "-- Write what takes it back here, then run: plinth hash\n",
			})
			if err != nil {
				return a.inDir(err)
			}
			return a.showFiles(written, len(written))
		},
	}
}

// showFiles lists what was written.
func (a *app) showFiles(written []*migrate.File, changes int) error {
	files := []string{}
	for _, f := range written {
		files = append(files, filepath.Join(a.dir, f.UpFile()), filepath.Join(a.dir, f.DownFile()))
	}
	if a.format == "json" {
		return a.json(map[string]any{"files": files, "changes": changes})
	}
	for _, file := range files {
		a.print("%s", file)
	}
	return nil
}

func (a *app) hashCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "hash",
		Short: "Write the sum files after a change by hand",
		Args:  arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.dirSum != "" {
				return errors.New("hash writes the sums that --dir-sum would check; leave --dir-sum out")
			}
			if err := a.writableDir(cmd.Context(), "hash"); err != nil {
				return err
			}
			if err := migrate.Hash(a.dir); err != nil {
				return a.inDir(err)
			}
			if a.format == "json" {
				return a.json(map[string]any{"files": []string{filepath.Join(a.dir, "atlas.sum"), filepath.Join(a.dir, "down.sum")}})
			}
			a.print("wrote atlas.sum and down.sum in %s", a.dir)
			return nil
		},
	}
}

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate",
		Short: "Verify the sum files, the names and the SQL's form, without a database",
		Args:  arguments(cobra.ExactArgs(0)),
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := a.readDir(cmd.Context())
			if err != nil {
				return err
			}
			if err = dir.Validate(); err == nil {
				err = dir.Check()
			}
			if err != nil {
				return a.inDir(err)
			}
			if a.format == "json" {
				return a.json(map[string]any{"ok": true, "files": len(dir.Files())})
			}
			a.print("%d migrations, as their sum files say", len(dir.Files()))
			return nil
		},
	}
}
