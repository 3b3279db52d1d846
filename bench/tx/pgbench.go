package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const script = `\set id random(1, 9000000000000000000)
\set name random(1, 9000000000000000000)
BEGIN;
INSERT INTO "tags" ("name", "id") VALUES (:name, :id);
COMMIT;
`

// pgbenchFirst is how many transactions each client makes in the first turn, from which the later ones' number follows: pgbench
// takes whole seconds only.
const pgbenchFirst = 200

// pgbench runs the server's own pgbench for one turn. Its figures come from its log of every transaction, so that connecting
// does not count; allocations are not known. It has one client for each connection: beyond those it cannot queue.
func (s *server) pgbench(ctx context.Context, t *turn, o options) (sample, error) {
	dir, err := os.MkdirTemp("", "plinth-bench")
	if err != nil {
		return sample{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.WriteFile(filepath.Join(dir, "script"), []byte(script), 0o600); err != nil {
		return sample{}, err
	}
	bare, password, err := withoutPassword(t.url)
	if err != nil {
		return sample{}, err
	}
	each := pgbenchFirst
	if n := len(t.samples); n > 0 {
		each = max(10, int(t.samples[n-1].perSecond*o.turn.Seconds())/t.connections)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(s.bin, "pgbench"), "-M", "prepared", "-n", "-f", filepath.Join(dir, "script"),
		"-c", strconv.Itoa(t.connections), "-j", strconv.Itoa(min(2, t.connections)), "-t", strconv.Itoa(each+warmUp),
		"--log", "--log-prefix="+filepath.Join(dir, "log"), bare)
	cmd.Env = append(os.Environ(), "PGPASSWORD="+password)
	if out, err := cmd.CombinedOutput(); err != nil {
		return sample{}, fmt.Errorf("pgbench: %w: %s", err, out)
	}
	return readLogs(dir)
}

// readLogs leaves out each client's first transactions, in which statements are prepared.
func readLogs(dir string) (sample, error) {
	logs, err := filepath.Glob(filepath.Join(dir, "log.*"))
	if err != nil {
		return sample{}, err
	}
	var times []time.Duration
	var first, last int64
	for _, path := range logs {
		b, err := os.Open(path)
		if err != nil {
			return sample{}, err
		}
		lines := bufio.NewScanner(b)
		for lines.Scan() {
			var client, number, latency, file, seconds, micros int64
			if _, err := fmt.Sscan(lines.Text(), &client, &number, &latency, &file, &seconds, &micros); err != nil {
				return sample{}, fmt.Errorf("pgbench's log: %q: %w", strings.TrimSpace(lines.Text()), err)
			}
			end := seconds*1e6 + micros
			if number < warmUp {
				continue
			}
			if begin := end - latency; first == 0 || begin < first {
				first = begin
			}
			last = max(last, end)
			times = append(times, time.Duration(latency)*time.Microsecond)
		}
		_ = b.Close()
	}
	return newSample(times, time.Duration(last-first)*time.Microsecond), nil
}
