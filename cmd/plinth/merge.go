package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/verify"
)

func (a *app) mergeCommand() *cobra.Command {
	var message string
	cmd := &cobra.Command{
		Use:   "merge -m NAME [V...]",
		Short: "Join the heads of two branches, if they commute",
		Long: `Prove that the branches which end at the heads V (default: all heads) give the same database in each order, and write an
empty migration NAME that joins them. The proof runs on a throwaway PostgreSQL with rows in every table, up and down.
If the branches do not commute, nothing is written. Sum files in which git left conflict markers are written anew, if
each side of the conflict fits the files.`,
		Args: arguments(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			if message != "" {
				if err := migrate.CheckName(message); err != nil {
					return err
				}
			}
			if err := a.writableDir(cmd.Context(), "merge"); err != nil {
				return err
			}
			return a.merge(cmd.Context(), message, args)
		},
	}
	cmd.Flags().StringVarP(&message, "message", "m", "", "`NAME` of the migration")
	return cmd
}

func (a *app) merge(ctx context.Context, message string, heads []string) error {
	dir, err := migrate.ReadDir(os.DirFS(a.dir))
	if err != nil {
		return a.inDir(err)
	}
	if len(dir.Heads()) < 2 { // with conflict markers this needs plinth hash
		if err := dir.Validate(); err != nil {
			return a.inDir(err)
		}
		if len(heads) > 0 && (len(heads) > 1 || dir.Find(heads[0]) == nil) {
			return a.inDir(&migrate.DirError{Reason: "there are no two heads to join; the only one is " + orNone(strings.Join(dir.Heads(), ""))})
		}
		return a.showMerge(nil, dir.Heads())
	}
	if message == "" {
		return errors.New("merge needs a name for the migration that joins the heads: plinth merge -m NAME")
	}
	if err := dir.ValidateMerged(); err != nil {
		return a.inDir(err)
	}
	var merged *verify.Merged
	err = a.onFiles(ctx, dir, func(scratch verify.Scratch) (err error) {
		merged, err = verify.Merge(ctx, scratch, os.DirFS(a.dir), heads...)
		return err
	})
	if err != nil {
		return a.inDir(err)
	}
	for _, note := range merged.Notes {
		a.say("note: %s", note)
	}
	written, err := migrate.Join(a.dir, time.Now(), message, merged.Dir, merged.Heads...)
	if err != nil {
		return a.inDir(err)
	}
	after, err := migrate.ReadDir(os.DirFS(a.dir))
	if err != nil {
		return a.inDir(err)
	}
	return a.showMerge(written, after.Heads())
}

// onFiles starts the throwaway server on which f may run the directory's files, up and down.
func (a *app) onFiles(ctx context.Context, dir *migrate.Dir, f func(verify.Scratch) error) error {
	return a.withScratch(ctx, func(server *pgserver.Server) error {
		if !server.Owned() {
			if err := refuseClusterWide(dir); err != nil {
				return err
			}
		}
		return f(verify.Scratch(scratchOn(server)))
	})
}

func (a *app) showMerge(written *migrate.File, heads []string) error {
	files := []string{}
	if written != nil {
		files = append(files, filepath.Join(a.dir, written.UpFile()), filepath.Join(a.dir, written.DownFile()))
	}
	if a.format == "json" {
		return a.json(map[string]any{"files": files, "heads": append([]string{}, heads...)})
	}
	if written == nil {
		a.print("nothing to merge, the head is %s", orNone(strings.Join(heads, "")))
		return nil
	}
	for _, file := range files {
		a.print("%s", file)
	}
	a.say("%s commute", strings.Join(written.Parents, " and "))
	if len(heads) > 1 {
		a.say("there are still %d heads: %s", len(heads), strings.Join(heads, ", "))
	}
	return nil
}
