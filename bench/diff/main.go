// Command diff measures plinth diff on schemas of many entities, as whole processes: the first plan, and, without a change, the first
// time, when the directory is replayed, and later, when that was kept. The part that Ent takes to load the schema code is told apart.
//
//	go run ./diff                    # in bench/; local server binaries; some minutes
//	go run ./diff -entities 100 -rounds 1
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plinth-db/plinth/bench/command"
)

// target is for diff without a change on so many entities, the loading left in.
const (
	targetEntities = 500
	target         = 8 * time.Second
)

func main() { command.Main(run) }

func run(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("diff", flag.ContinueOnError)
	sizes := f.String("entities", "100,500,1000", "how many entities, with ten fields each")
	rounds := f.Int("rounds", 3, "of the diff without a change")
	dev := f.String("dev-url", "local://", "where plinth diff compares; see its --dev-url")
	if err := f.Parse(args); err != nil {
		return err
	}
	return command.In(ctx, func(p command.Plinth, folder string) error {
		b := &bench{folder: folder, dev: *dev, plinth: p, rounds: *rounds}
		fmt.Printf("plinth diff, whole processes, --dev-url %s; medians of %d rounds. \"Ent\" is the loading of the schema code, a part of the time beside it.\n\n", *dev, *rounds)
		fmt.Println("| entities | first plan | Ent, cold | no change, replayed | no change, kept | Ent, warm | target |\n| ---: | ---: | ---: | ---: | ---: | ---: | --- |")
		for text := range strings.SplitSeq(*sizes, ",") {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return fmt.Errorf("-entities: %q is not a number of entities", text)
			}
			if err := b.measure(ctx, n); err != nil {
				return fmt.Errorf("%d entities: %w", n, err)
			}
		}
		return nil
	})
}

type bench struct {
	folder, dev string
	plinth      command.Plinth
	rounds      int
}

func (b *bench) measure(ctx context.Context, entities int) error {
	module := filepath.Join(b.folder, strconv.Itoa(entities))
	if err := b.write(module, entities); err != nil {
		return err
	}
	first, cold, err := b.diff(ctx, module, "all")
	if err != nil {
		return err
	}
	replayed, _, err := b.diff(ctx, module, "none")
	if err != nil {
		return err
	}
	var kept, loads []time.Duration
	for range b.rounds {
		took, load, err := b.diff(ctx, module, "none")
		if err != nil {
			return err
		}
		kept, loads = append(kept, took), append(loads, load)
	}
	asked := ""
	if entities == targetEntities {
		asked = "at most " + target.String()
	}
	fmt.Printf("| %d | %.1f s | %.1f s | %.1f s | %.1f s | %.1f s | %s |\n", entities, first.Seconds(), cold.Seconds(), replayed.Seconds(), median(kept).Seconds(), median(loads).Seconds(), asked)
	return nil
}

// write makes a module with a schema package in it. Each entity has ten fields, an index and an edge to the one before.
func (b *bench) write(module string, entities int) error {
	files := map[string]string{}
	for i := range entities {
		files[fmt.Sprintf("schema/e%04d.go", i)] = entity(i)
	}
	return b.plinth.WriteModule(module, files)
}

func entity(i int) string {
	edges, status := "nil", ""
	if i > 0 {
		edges = fmt.Sprintf("[]ent.Edge{edge.To(%q, E%04d.Type).Unique()}", "previous", i-1)
	}
	if i%10 == 0 {
		status = ".Annotations(plinth.NativeEnum())"
	}
	return fmt.Sprintf(`package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

var _, _ = edge.To, plinth.NativeEnum

type E%04[1]d struct{ ent.Schema }

func (E%04[1]d) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique(), field.Text("body").Optional(), field.Int("size").Default(0), field.Float("price").Optional(),
		field.Bool("gone").Default(false), field.Time("made_at").Optional(), field.JSON("data", map[string]any{}).Optional(),
		field.Bytes("raw").Optional(), field.Int64("number").Optional(), field.Enum("status").Values("a", "b", "c").Default("a")%[2]s,
	}
}

func (E%04[1]d) Edges() []ent.Edge { return %[3]s }

func (E%04[1]d) Indexes() []ent.Index { return []ent.Index{index.Fields("size", "number")} }
`, i, status, edges)
}

var loaded = regexp.MustCompile(`Ent loaded .* in (\S+)`)

func (b *bench) diff(ctx context.Context, module, name string) (took, load time.Duration, err error) {
	cmd := exec.CommandContext(ctx, b.plinth.Path, "diff", name, "--dev-url", b.dev, "--dir", "migrations", "--no-color")
	cmd.Dir = module
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, fmt.Errorf("plinth diff: %w: %s", err, out.String())
	}
	took = time.Since(start)
	if found := loaded.FindSubmatch(out.Bytes()); found != nil {
		load, err = time.ParseDuration(string(found[1]))
	}
	if name == "none" && !strings.Contains(out.String(), "nothing to do") {
		return 0, 0, fmt.Errorf("plinth diff found something: %s", out.String())
	}
	return took, load, err
}

func median(values []time.Duration) time.Duration {
	slices.Sort(values)
	return values[len(values)/2]
}
