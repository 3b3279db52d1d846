package migrate_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate"
)

func TestEnsureCurrentTellsWhyNot(t *testing.T) {
	one := []string{"1_a.up.sql", "CREATE TABLE a (id int);"}
	two := append(slices.Clone(one), "2_b.up.sql", "CREATE TABLE b (id int);")
	halfway := append(slices.Clone(one), "2_b.up.sql", loose+"CREATE TABLE b (id int); SELECT 1/0;")
	for name, c := range map[string]struct {
		applied, program []string
		opts             []migrate.CurrentOption
		want             migrate.Standing
		versions         string
	}{
		"current":             {two, two, nil, "", ""},
		"empty":               {nil, nil, nil, "", ""},
		"nothing applied":     {nil, two, nil, migrate.Behind, "1 2"},
		"behind":              {one, two, nil, migrate.Behind, "2"},
		"behind, and applies": {one, two, []migrate.CurrentOption{migrate.ApplyPending()}, "", ""},
		"ahead":               {two, one, nil, migrate.Ahead, "2"},
		"ahead, tolerated":    {two, one, []migrate.CurrentOption{migrate.TolerateAhead()}, "", ""},
		"edited":              {two, append(slices.Clone(one), "2_b.up.sql", "CREATE TABLE c (id int);"), []migrate.CurrentOption{migrate.ApplyPending()}, migrate.Diverged, "2"},
		"missing below":       {two, append([]string{"0_z.up.sql", "SELECT 1"}, two...), nil, migrate.Diverged, "0"},
		"both":                {two, append(slices.Clone(one), "3_c.up.sql", "SELECT 1"), nil, migrate.Diverged, "3 2"},
		"halfway, ahead":      {halfway, one, []migrate.CurrentOption{migrate.TolerateAhead()}, "", ""},
		"halfway":             {halfway, halfway, nil, migrate.Halfway, "2"},
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			if c.applied != nil {
				_, _ = migrator(t, db, directory(t, c.applied...)).Up(t.Context())
			}
			err := migrate.EnsureCurrent(t.Context(), db, os.DirFS(directory(t, c.program...)), c.opts...)
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e, ok := errors.AsType[*migrate.NotCurrentError](err)
			if !ok || e.Standing != c.want || strings.Join(e.Versions, " ") != c.versions || !strings.Contains(err.Error(), string(c.want)) {
				t.Fatalf("got %v, want %s %s", err, c.want, c.versions)
			}
		})
	}
}

func TestEnsureCurrentWaitsForOthers(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);")
	start := time.Now()
	err := migrate.EnsureCurrent(t.Context(), db, os.DirFS(dir), migrate.WaitForOthers(300*time.Millisecond))
	if e, ok := errors.AsType[*migrate.NotCurrentError](err); !ok || e.Waited < 300*time.Millisecond || time.Since(start) > 5*time.Second {
		t.Fatalf("got %v after %v", err, time.Since(start))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := migrate.EnsureCurrent(ctx, db, os.DirFS(dir), migrate.WaitForOthers(time.Minute)); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if err := migrate.EnsureCurrent(t.Context(), db, os.DirFS(dir), migrate.WaitForOthers(time.Minute)); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	all.Wait()
}

func TestEnsureCurrentOfManyProcessesAppliesOnce(t *testing.T) {
	db := database(t)
	dir := three(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := migrate.EnsureCurrent(t.Context(), db, os.DirFS(dir), migrate.ApplyPending()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if recorded(t, db) != "1 2 3" {
		t.Fatal(recorded(t, db))
	}
}

func TestEnsureCurrentRefusesABadDirectory(t *testing.T) {
	dir := three(t)
	if err := os.Remove(filepath.Join(dir, "atlas.sum")); err != nil {
		t.Fatal(err)
	}
	err := migrate.EnsureCurrent(t.Context(), database(t), os.DirFS(dir))
	if _, ok := errors.AsType[*migrate.ChecksumError](err); !ok {
		t.Fatalf("got %v", err)
	}
}
