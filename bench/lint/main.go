// Command lint measures plinth lint as whole processes: the statements alone of a large directory and of one file, and one new file that is
// run on a copy of the database that was kept from the run before. The new file is another one in each run, as it is while somebody
// writes it; the first run, which fills the database, is told apart.
//
//	go run ./lint            # in bench/; local server binaries; some seconds
//	go run ./lint -files 100 -rounds 3
//	go run ./lint -statements 100000 -whole 1000   # also what is larger than a deployment ever is, once each; minutes
package main

import (
	"bytes"
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

	"github.com/plinth-db/plinth/bench/command"
)

// The targets of medians, for as many files.
const (
	targetFiles  = 1000
	manyTarget   = 1500 * time.Millisecond
	oneTarget    = 60 * time.Millisecond
	tracedTarget = 2 * time.Second
)

func main() { command.Main(run) }

func run(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("lint", flag.ContinueOnError)
	files := f.Int("files", targetFiles, "how many files the large directory has")
	base := f.Int("base", 100, "how many files are before the new one that is run")
	rounds := f.Int("rounds", 9, "of each")
	statements := f.Int("statements", 0, "how many statements a large file has, which is looked at with a tenth of them beside it; 0 leaves that out")
	whole := f.Int("whole", 0, "how many files a directory has all of which are run; 0 leaves that out")
	dev := f.String("dev-url", "local://", "where plinth lint runs the new file; see its --dev-url")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *files < 1 || *base < 1 || *rounds < 1 {
		return errors.New("-files, -base and -rounds are at least 1")
	}
	return command.In(ctx, func(p command.Plinth, folder string) error {
		b := &bench{folder: folder, dev: *dev, plinth: p.Path, rounds: *rounds}
		fmt.Printf("plinth lint, whole processes; medians of %d rounds.\n\n| | median | longest | target |\n| --- | ---: | ---: | --- |\n", *rounds)
		if err := b.static(ctx, *files); err != nil {
			return err
		}
		if err := b.static(ctx, 1); err != nil {
			return err
		}
		if err := b.traced(ctx, *base); err != nil {
			return err
		}
		for _, n := range []int{*statements / 10, *statements} {
			if err := b.large(ctx, n); err != nil {
				return err
			}
		}
		return b.whole(ctx, *whole)
	})
}

type bench struct {
	folder, dev, plinth string
	rounds              int
}

// static is for the statements alone, of every file.
func (b *bench) static(ctx context.Context, files int) error {
	dir, err := b.directory(fmt.Sprintf("static%d", files), files)
	if err != nil {
		return err
	}
	if err := b.hash(ctx, dir); err != nil {
		return err
	}
	var took []time.Duration
	for range b.rounds {
		d, err := b.lint(ctx, dir, "--static")
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	target := ""
	switch files {
	case targetFiles:
		target = "at most " + manyTarget.String()
	case 1:
		target = "at most " + oneTarget.String()
	}
	row(fmt.Sprintf("`--static`, %d file(s)", files), took, target)
	return nil
}

// traced is for one new file after base others.
func (b *bench) traced(ctx context.Context, base int) error {
	dir, err := b.directory("traced", base)
	if err != nil {
		return err
	}
	var took []time.Duration
	for i := range b.rounds + 1 {
		text := fmt.Sprintf("ALTER TABLE t0000 ADD COLUMN new_%d text;\nCREATE INDEX new_index ON t0000 (size);\nALTER TABLE t0000 ADD CONSTRAINT large CHECK (size >= %d);\n", i, -i)
		if err := os.WriteFile(filepath.Join(dir, "20270101000000_new.up.sql"), []byte(text), 0o600); err != nil {
			return err
		}
		if err := b.hash(ctx, dir); err != nil {
			return err
		}
		d, err := b.lint(ctx, dir, "--latest", "1", "--dev-url", b.dev)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	row(fmt.Sprintf("`--latest 1`, after %d files, the first time", base), took[:1], "")
	row(fmt.Sprintf("`--latest 1`, after %d files, those kept", base), took[1:], "at most "+tracedTarget.String())
	return nil
}

// large is for the statements alone of one file that has that many.
func (b *bench) large(ctx context.Context, statements int) error {
	if statements == 0 {
		return nil
	}
	dir, err := b.directory(fmt.Sprintf("large%d", statements), 1)
	if err != nil {
		return err
	}
	var text strings.Builder
	for i := range statements {
		fmt.Fprintf(&text, largeFile[i%len(largeFile)]+";\n", i/len(largeFile))
	}
	if err := os.WriteFile(filepath.Join(dir, "20270101000000_large.up.sql"), []byte(text.String()), 0o600); err != nil {
		return err
	}
	if err := b.hash(ctx, dir); err != nil {
		return err
	}
	took, err := b.lint(ctx, dir, "--static")
	if err != nil {
		return err
	}
	row(fmt.Sprintf("`--static`, one file with %d statements", statements), []time.Duration{took}, "")
	return nil
}

// largeFile are the statements of a large file, again and again with another number: on tables of its own, and on one that was there.
var largeFile = []string{
	"CREATE TABLE n%[1]d (id bigint PRIMARY KEY, name text, t bigint REFERENCES t0000)",
	"CREATE INDEX n%[1]d_name ON n%[1]d (name)",
	"ALTER TABLE n%[1]d ADD COLUMN more text",
	"INSERT INTO n%[1]d (id, name) VALUES (1, 'x')",
	"COMMENT ON TABLE n%[1]d IS 'x'",
	"UPDATE t0000 SET size = 1 WHERE id = %[1]d",
	"ALTER TABLE t0000 ALTER COLUMN name SET DEFAULT 'x%[1]d'",
	"CREATE INDEX t0000_%[1]d ON t0000 (size)",
	"DO $$BEGIN UPDATE t0000 SET size = 1 WHERE id = %[1]d; END$$",
	"DROP VIEW IF EXISTS v%[1]d",
	"REVOKE ALL ON t0000 FROM r%[1]d",
	"GRANT SELECT ON t0000 TO r%[1]d",
	"DROP TRIGGER IF EXISTS g%[1]d ON t0000",
	"CREATE TRIGGER g%[1]d BEFORE UPDATE ON t0000 FOR EACH ROW EXECUTE FUNCTION f()",
	"ALTER TABLE t0000 DISABLE TRIGGER g%[1]d",
	"DROP POLICY IF EXISTS p%[1]d ON t0000",
	"CREATE POLICY p%[1]d ON t0000 USING (id = %[1]d)",
	"SELECT setval('t0000_id_seq', %[1]d)",
	"DROP SEQUENCE IF EXISTS s%[1]d",
	"DROP FUNCTION IF EXISTS f%[1]d(int)",
}

// wholeFiles are the files of a directory that is run, again and again with another number: a table, and what becomes of it.
var wholeFiles = []string{
	"CREATE TABLE t%[1]d (id bigint PRIMARY KEY, name text NOT NULL, size int)",
	"CREATE INDEX t%[1]d_name ON t%[1]d (name)",
	"ALTER TABLE t%[1]d ADD COLUMN more text",
	"ALTER TABLE t%[1]d ADD CONSTRAINT t%[1]d_size CHECK (size > 0) NOT VALID",
	"-- atlas:txmode none\nCREATE INDEX CONCURRENTLY t%[1]d_size ON t%[1]d (size)",
}

// whole is for a directory all of which is run.
func (b *bench) whole(ctx context.Context, files int) error {
	if files == 0 {
		return nil
	}
	dir, err := b.directory(fmt.Sprintf("whole%d", files), 0)
	if err != nil {
		return err
	}
	for i := range files {
		text := fmt.Sprintf(wholeFiles[i%len(wholeFiles)], i/len(wholeFiles))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d_m.up.sql", i+1)), []byte(text), 0o600); err != nil {
			return err
		}
	}
	if err := b.hash(ctx, dir); err != nil {
		return err
	}
	took, err := b.lint(ctx, dir, "--dev-url", b.dev)
	if err != nil {
		return err
	}
	row(fmt.Sprintf("every file run, %d files", files), []time.Duration{took}, "")
	return nil
}

func row(what string, took []time.Duration, target string) {
	slices.Sort(took)
	shown := func(d time.Duration) string {
		if d < time.Second {
			return fmt.Sprintf("%d ms", d.Milliseconds())
		}
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	fmt.Printf("| %s | %s | %s | %s |\n", what, shown(took[len(took)/2]), shown(took[len(took)-1]), target)
}

// directory writes migrations that make a table each, and change the table of the one before.
func (b *bench) directory(name string, files int) (string, error) {
	dir := filepath.Join(b.folder, name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range files {
		version := start.Add(time.Duration(i) * time.Minute).Format("20060102150405")
		if err := os.WriteFile(filepath.Join(dir, version+"_m.up.sql"), []byte(migration(i)), 0o600); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func migration(i int) string {
	text := fmt.Sprintf(`CREATE TABLE t%04[1]d (
  id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  name text NOT NULL, body text, size int NOT NULL DEFAULT 0, price numeric(10, 2), gone boolean NOT NULL DEFAULT false,
  made_at timestamptz NOT NULL DEFAULT now(), data jsonb
);
CREATE INDEX t%04[1]d_size ON t%04[1]d (size, made_at);
COMMENT ON TABLE t%04[1]d IS 'made; for a measurement';
`, i)
	if i > 0 {
		text += fmt.Sprintf(`ALTER TABLE t%04[1]d ADD COLUMN previous bigint, ADD CONSTRAINT t%04[1]d_previous FOREIGN KEY (previous) REFERENCES t%04[2]d (id);
ALTER TABLE t%04[2]d ADD COLUMN note varchar(200), ADD CONSTRAINT t%04[2]d_note CHECK (length(note) > 0) NOT VALID;
CREATE INDEX t%04[2]d_name ON t%04[2]d (lower(name)) WHERE NOT gone;
`, i, i-1)
	}
	return text
}

func (b *bench) hash(ctx context.Context, dir string) error {
	if out, err := exec.CommandContext(ctx, b.plinth, "hash", "--dir", dir).CombinedOutput(); err != nil {
		return fmt.Errorf("plinth hash: %w: %s", err, out)
	}
	return nil
}

// found is the exit code of lint when there is an error in its report.
const found = 3

func (b *bench) lint(ctx context.Context, dir string, args ...string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, b.plinth, append([]string{"lint", "--dir", dir, "--no-color"}, args...)...)
	cmd.Dir = b.folder
	var out, talk bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &talk
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() != found) {
		return 0, fmt.Errorf("plinth lint %s: %w: %s", strings.Join(args, " "), err, talk.String())
	}
	if out.Len() == 0 || strings.Contains(talk.String(), "nothing is measured") {
		return 0, fmt.Errorf("plinth lint %s did not look: %s", strings.Join(args, " "), talk.String())
	}
	return took, nil
}
