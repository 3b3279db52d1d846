package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// processArgs makes this program the parent of one process that is measured. Linux counts to a process's peak memory what its
// parent had when it was started, so that parent must be small.
const processArgs = "PLINTH_BENCH_PROCESS"

// usage is what a process took.
type usage struct {
	Seconds float64
	Memory  float64 // its peak, in MiB
	Output  string  // of a process that failed
}

// serveProcess is that parent, if this is it.
func serveProcess() bool {
	var args []string
	if json.Unmarshal([]byte(os.Getenv(processArgs)), &args) != nil || len(args) == 0 {
		return false
	}
	cmd := exec.Command(args[0], args[1:]...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	u := usage{Seconds: time.Since(start).Seconds()}
	if err != nil {
		u.Output = fmt.Sprintf("%v: %s", err, out)
	} else if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.Memory = float64(r.Maxrss) / 1024
	}
	_ = json.NewEncoder(os.Stdout).Encode(u)
	return true
}

// measure runs a program on a database, in an empty folder.
func (b *bench) measure(ctx context.Context, raw string, args ...string) (usage, error) {
	var u usage
	self, err := os.Executable()
	if err != nil {
		return u, err
	}
	list, err := json.Marshal(args)
	if err != nil {
		return u, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Dir = filepath.Join(b.folder, "empty")
	cmd.Env = append(os.Environ(), processArgs+"="+string(list), "DATABASE_URL="+raw)
	if parsed, err := url.Parse(raw); err == nil && parsed.User != nil {
		password, _ := parsed.User.Password()
		cmd.Env = append(cmd.Env, "PGPASSWORD="+password)
	}
	out, err := cmd.Output()
	if err != nil {
		return u, err
	}
	if err := json.Unmarshal(out, &u); err != nil {
		return u, err
	}
	if u.Output != "" {
		return u, errors.New(args[0] + ": " + u.Output)
	}
	return u, nil
}

// processes measures what a whole process takes, from its start to its end.
func (b *bench) processes(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(b.folder, "empty"), 0o777); err != nil {
		return err
	}
	plinth := filepath.Join(b.folder, "plinth-command")
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/plinth-db/plinth").Output()
	if err != nil {
		return fmt.Errorf("run this in bench/: %w", err)
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", plinth, "./cmd/plinth")
	build.Dir = strings.TrimSpace(string(root)) // this module has not all that the command needs
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build plinth: %w: %s", err, out)
	}
	if err := b.together(ctx, plinth); err != nil {
		return err
	}
	for _, files := range b.o.growth {
		if err := b.nothingToDo(ctx, plinth, files); err != nil {
			return fmt.Errorf("%d files: %w", files, err)
		}
	}
	return nil
}

// together compares a run in one transaction with psql.
func (b *bench) together(ctx context.Context, plinth string) error {
	d, err := write(b.folder, b.o.files)
	if err != nil {
		return err
	}
	programs := map[string]func(raw string) []string{
		"plinth up --tx-mode all": func(string) []string { return []string{plinth, "up", "--quiet", "--tx-mode", "all", "--dir", d.plinth} },
		"plinth up":               func(string) []string { return []string{plinth, "up", "--quiet", "--dir", d.plinth} },
		"psql -1 -f": func(raw string) []string {
			return []string{"psql", "-Xq1", "-v", "ON_ERROR_STOP=1", "-f", d.psql, bare(raw)}
		},
	}
	names := []string{"plinth up --tx-mode all", "plinth up", "psql -1 -f"}
	samples := map[string][]usage{}
	for range b.o.rounds {
		for _, i := range rand.Perm(len(names)) {
			u, err := b.fresh(ctx, programs[names[i]])
			if err != nil {
				return err
			}
			samples[names[i]] = append(samples[names[i]], u)
		}
	}
	fmt.Print(togetherTable(b.o.files, names, samples))
	return nil
}

func (b *bench) fresh(ctx context.Context, program func(string) []string) (usage, error) {
	database, err := b.server.CreateDatabase(ctx)
	if err != nil {
		return usage{}, err
	}
	defer func() { _ = database.Drop(context.WithoutCancel(ctx)) }()
	return b.measure(ctx, database.URL(), program(database.URL())...)
}

// bare is a URL without its password: everybody can see a program's arguments.
func bare(raw string) string {
	u, err := url.Parse(raw)
	if err == nil && u.User != nil {
		u.User = url.User(u.User.Username())
		return u.String()
	}
	return raw
}

// nothingToDo measures a directory whose files are all recorded as applied, by stamp: nothing looks at the tables.
func (b *bench) nothingToDo(ctx context.Context, plinth string, files int) error {
	d, err := write(b.folder, files)
	if err != nil {
		return err
	}
	database, err := b.server.CreateDatabase(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = database.Drop(context.WithoutCancel(ctx)) }()
	if _, err := b.measure(ctx, database.URL(), plinth, "stamp", "head", "--quiet", "--dir", d.plinth); err != nil {
		return err
	}
	commands := []string{"version", "validate", "up", "status"}
	samples := map[string][]usage{}
	for range b.o.rounds + 1 { // the first one warms up
		for _, i := range rand.Perm(len(commands)) {
			u, err := b.measure(ctx, database.URL(), plinth, commands[i], "--quiet", "--dir", d.plinth)
			if err != nil {
				return err
			}
			samples[commands[i]] = append(samples[commands[i]], u)
		}
	}
	for command := range samples {
		samples[command] = samples[command][1:]
	}
	fmt.Print(growthTable(files, commands, samples))
	return nil
}

func seconds(list []usage) []float64 {
	values := make([]float64, len(list))
	for i, u := range list {
		values[i] = u.Seconds
	}
	return values
}

func memory(list []usage) string {
	most := 0.0
	for _, u := range list {
		most = max(most, u.Memory)
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", most), ".0")
}
