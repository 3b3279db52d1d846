// Command stall measures how long writers of a large table wait for locks while plinth up applies the files of a plan: those of
// plinth diff, and the one file of plinth diff --online=false, which holds the statements that other planners write.
//
//	go run ./stall                               # in bench/; local server binaries; some ten minutes
//	go run ./stall -rows 300000 -rounds 1 -only index
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "github.com/lib/pq"

	"github.com/plinth-db/plinth/bench/command"
	"github.com/plinth-db/plinth/internal/pgserver"
)

// target is for the longest wait of a write, in the median of the rounds.
const target = 60 * time.Millisecond

func main() { command.Main(run) }

func run(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("stall", flag.ContinueOnError)
	rows := f.Int("rows", 3_000_000, "of the table")
	writers := f.Int("writers", 4, "connections that update rows of it")
	rounds := f.Int("rounds", 5, "of the online plan; the one file is applied once")
	only := f.String("only", "", "only changes whose name contains this")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *rows < 1000 || *writers < 1 || *rounds < 1 {
		return errors.New("-rows is at least 1000, -writers and -rounds are at least 1")
	}
	return command.In(ctx, func(p command.Plinth, folder string) (err error) {
		server, err := pgserver.Start(ctx, pgserver.Options{URL: "local://"})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, server.Close()) }()
		b := &bench{plinth: p, module: filepath.Join(folder, "module"), server: server, rows: *rows, writers: *writers, rounds: *rounds}
		return b.all(ctx, *only)
	})
}

func (b *bench) all(ctx context.Context, only string) error {
	if err := b.prepare(ctx); err != nil {
		return err
	}
	fmt.Printf("%d rows, %d writers, %s; the longest that a write waited for a lock, and the whole run of plinth up; online: medians of %d rounds.\n\n", b.rows, b.writers, b.server, b.rounds)
	fmt.Println("| change | files | online | target | run | one file | run |\n| --- | ---: | ---: | --- | ---: | ---: | ---: |")
	for _, c := range changes {
		if !strings.Contains(c.name, only) {
			continue
		}
		if err := b.measure(ctx, c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// change is an edit of the schema code.
type change struct{ name, field, number, mood, token, index, edge, annotation string }

// before is what stands there without a change.
var before = change{
	field: `field.Int("size").Optional()`, number: `field.Int32("number")`, mood: `"sad", "glad", "calm"`, edge: `nil`,
}

var changes = []change{
	{name: "add an index", index: `index.Fields("name")`},
	{name: "add a unique index", index: `index.Fields("code").Unique()`},
	{name: "add a unique constraint", index: `index.Fields("code").Unique().Annotations(plinth.Deferrable(false))`},
	{name: "add a foreign key", edge: `[]ent.Edge{edge.To("owner", Owner.Type).Unique().Field("owner_id")}`},
	{name: "SET NOT NULL", field: `field.Int("size").Default(0).Annotations(entsql.Default("0"))`},
	{name: "add a check", annotation: `entsql.Checks(map[string]string{"items_number": "number >= 0"})`},
	{name: "int to bigint", number: `field.Int64("number")`},
	{name: "remove an enum value", mood: `"sad", "glad"`},
	{name: "add a column with a volatile default", token: `field.String("token").Annotations(entsql.DefaultExpr("gen_random_uuid()"))`},
}

func (c change) schema() string {
	or := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return text
	}
	return fmt.Sprintf(`package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

var (
	_ = edge.To
	_ = index.Fields
	_ entsql.Annotation
)

type Owner struct{ ent.Schema }

type Item struct{ ent.Schema }

func (Item) Fields() []ent.Field {
	return []ent.Field{
		field.Int("code"), field.String("name"), field.Int("owner_id").Optional(), %s, %s,
		field.Enum("mood").Values(%s).Default("glad").Annotations(plinth.NativeEnum()),
		%s
	}
}

func (Item) Edges() []ent.Edge { return %s }

func (Item) Indexes() []ent.Index { return []ent.Index{%s} }

func (Item) Annotations() []schema.Annotation { return []schema.Annotation{%s} }
`, or(c.field, before.field), or(c.number, before.number), or(c.mood, before.mood), strings.TrimPrefix(c.token+",", ","), or(c.edge, before.edge), c.index, c.annotation)
}

type bench struct {
	plinth                command.Plinth
	module                string // a folder
	server                *pgserver.Server
	rows, writers, rounds int
	filled                *pgserver.Database
}

// prepare plans the schema before, and fills a database with it.
func (b *bench) prepare(ctx context.Context) (err error) {
	if err := b.plinth.WriteModule(b.module, map[string]string{"schema/schema.go": change{}.schema()}); err != nil {
		return err
	}
	if _, err := b.run(ctx, "diff", "before", "--dev-url", "local://", "--dir", "before"); err != nil {
		return err
	}
	if b.filled, err = b.server.CreateDatabase(ctx); err != nil {
		return err
	}
	if _, err := b.run(ctx, "up", "--dir", "before", "--url", b.filled.URL()); err != nil {
		return err
	}
	db, err := b.filled.SQL(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, fill := range []string{
		"INSERT INTO owners SELECT i FROM generate_series(1, 1000) i",
		fmt.Sprintf(`INSERT INTO items (id, number, code, name, owner_id, size)
			SELECT i, i %% 1000, i, 'name ' || i, i %% 1000 + 1, CASE WHEN i %% 3 > 0 THEN i END FROM generate_series(1, %d) i`, b.rows),
		"VACUUM ANALYZE items",
	} {
		if _, err := db.ExecContext(ctx, fill); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, b.plinth.Path, append(args, "--no-color")...)
	cmd.Dir = b.module
	cmd.Env = append(os.Environ(), "DATABASE_URL=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("plinth %s: %w: %s", args[0], err, out)
	}
	return string(out), nil
}

// measure plans a change both ways and applies both.
func (b *bench) measure(ctx context.Context, c change) error {
	if err := os.WriteFile(filepath.Join(b.module, "schema", "schema.go"), []byte(c.schema()), 0o600); err != nil {
		return err
	}
	plan := func(dir string, flags ...string) (files int, err error) {
		if err := os.CopyFS(filepath.Join(b.module, dir), os.DirFS(filepath.Join(b.module, "before"))); err != nil {
			return 0, err
		}
		if _, err := b.run(ctx, append([]string{"diff", "change", "--dev-url", "local://", "--dir", dir}, flags...)...); err != nil {
			return 0, err
		}
		names, err := filepath.Glob(filepath.Join(b.module, dir, "*_change*.up.sql"))
		return len(names), err
	}
	name := strings.ReplaceAll(c.name, " ", "_")
	files, err := plan(name)
	if err != nil {
		return err
	}
	if _, err := plan(name+"_compact", "--online=false"); err != nil {
		return err
	}
	var waits, runs []time.Duration
	for range b.rounds {
		w, r, err := b.apply(ctx, name)
		if err != nil {
			return err
		}
		waits, runs = append(waits, w), append(runs, r)
	}
	wait, took, err := b.apply(ctx, name+"_compact")
	if err != nil {
		return err
	}
	fmt.Printf("| %s | %d | %s | at most %v | %s | %s | %s |\n", c.name, files, ms(median(waits)), target, ms(median(runs)), ms(wait), ms(took))
	return nil
}

// apply runs plinth up on a copy of the filled database while writers are at work.
func (b *bench) apply(ctx context.Context, dir string) (wait, took time.Duration, err error) {
	database, err := b.server.CreateDatabaseFrom(ctx, b.filled)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, database.Drop(context.WithoutCancel(ctx))) }()
	load, err := startLoad(ctx, database, b.writers, b.rows)
	if err != nil {
		return 0, 0, err
	}
	time.Sleep(500 * time.Millisecond) // until the writers are at their pace
	start := time.Now()
	_, runErr := b.run(ctx, "up", "--dir", dir, "--url", database.URL())
	took = time.Since(start)
	wait, err = load.stop()
	return wait, took, errors.Join(runErr, err)
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2]
}

func ms(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }
