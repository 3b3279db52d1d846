package chaos

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Terminate ends n sessions of other clients, chosen at random, with pg_terminate_backend, and returns how many it found. It
// works on every server on which db's role may.
func Terminate(ctx context.Context, db *sql.DB, n int) (ended int, err error) {
	err = db.QueryRowContext(ctx, `SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
		ORDER BY random() LIMIT $1) s`, n).Scan(&ended)
	return ended, err
}

var errNoBackend = errors.New("chaos: no backend runs")

// backends are the server's processes for clients that connected over TCP. The proxies do; so does the test, whose process may be
// hit too.
func (c *Cluster) backends() ([]int, error) {
	pids, err := c.children(" 127.0.0.1(")
	if err == nil && len(pids) == 0 {
		err = errNoBackend
	}
	return pids, err
}

func (c *Cluster) signalBackend(sig syscall.Signal) (pid int, err error) {
	for {
		pids, err := c.backends()
		if err != nil {
			return 0, err
		}
		pid = pids[rand.IntN(len(pids))]
		if err = signal(pid, sig); !errors.Is(err, syscall.ESRCH) { // else it has ended meanwhile
			return pid, err
		}
	}
}

// KillBackend kills a random backend with SIGKILL, which makes the server end all others, recover from the crash and go on, and
// waits for that.
func (c *Cluster) KillBackend(ctx context.Context) error {
	crashes := c.Crashes()
	for c.Crashes() == crashes { // the one that was chosen may have ended by itself
		_, err := c.signalBackend(syscall.SIGKILL)
		if err != nil && !errors.Is(err, syscall.ESRCH) && !errors.Is(err, errNoBackend) {
			return err
		}
		for n := 0; n < 50 && c.Crashes() == crashes; n++ {
			if err := pause(ctx, alonePoll); err != nil {
				return err
			}
		}
	}
	return c.await(ctx)
}

// Kill kills the postmaster with SIGKILL, waits until its children have noticed, and starts the server again.
func (c *Cluster) Kill(ctx context.Context) error {
	_ = signal(c.process.Process.Pid, hold) // so that it forks no child that is not among these
	if err := pause(ctx, alonePoll); err != nil {
		return err
	}
	orphans, err := c.children("")
	if err != nil {
		return err
	}
	_ = c.process.Process.Kill()
	<-c.ended
	for _, pid := range orphans { // they notice by themselves, but one that is busy does so late, and blocks the start
		for serverProcess(pid) {
			_ = signal(pid, immediateShutdown)
			if err := pause(ctx, alonePoll); err != nil {
				return err
			}
		}
	}
	return c.Start(ctx)
}

// Restart is a fast shutdown, which ends all sessions and rolls their transactions back, and a start.
func (c *Cluster) Restart(ctx context.Context) error {
	c.end(fastShutdown)
	return c.Start(ctx)
}

// StopBackend holds a random backend with SIGSTOP until Continue.
func (c *Cluster) StopBackend() error {
	pid, err := c.signalBackend(hold)
	if err == nil {
		c.stopped = append(c.stopped, pid)
	}
	return err
}

// StopPostmaster holds the postmaster with SIGSTOP until Continue: connections are taken by the kernel and not answered.
func (c *Cluster) StopPostmaster() error {
	pid := c.process.Process.Pid
	c.stopped = append(c.stopped, pid)
	return signal(pid, hold)
}

// Continue lets go on whatever is held.
func (c *Cluster) Continue() {
	for _, pid := range c.stopped {
		_ = signal(pid, goOn)
	}
	c.stopped = nil
}

// Standby makes a streaming standby of the server and starts it. The caller closes it.
func (c *Cluster) Standby(ctx context.Context) (*Cluster, error) {
	s, err := newCluster(c.bin)
	if err != nil {
		return nil, err
	}
	err = s.run(ctx, "pg_basebackup", "-h", "127.0.0.1", "-p", fmt.Sprint(c.port), "-U", "postgres",
		"-D", s.data(), "-R", "-X", "stream", "-c", "fast", "--no-sync")
	if err == nil {
		err = s.Start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Disconnect makes a standby receive nothing more, so that it lags behind from then on: what the primary acknowledges later is
// lost when the standby is promoted, as with every asynchronous standby.
func (c *Cluster) Disconnect(ctx context.Context) error {
	if err := c.admin(ctx, "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()"); err != nil {
		return err
	}
	db, err := c.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	for { // the receiver is told to end, and takes its time
		var receivers int
		if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pg_stat_wal_receiver").Scan(&receivers); err != nil || receivers == 0 {
			return err
		}
		if err := pause(ctx, alonePoll); err != nil {
			return err
		}
	}
}

// Caught waits until a standby has applied everything that the primary has written by now.
func (c *Cluster) Caught(ctx context.Context, primary *sql.DB) error {
	db, err := c.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	var at string
	if err := primary.QueryRowContext(ctx, "SELECT pg_current_wal_flush_lsn()").Scan(&at); err != nil {
		return err
	}
	for {
		var there bool
		if err := db.QueryRowContext(ctx, "SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false)", at).Scan(&there); err != nil || there {
			return err
		}
		if err := pause(ctx, alonePoll); err != nil {
			return err
		}
	}
}

// Promote makes a standby the primary and waits until it takes writes. The caller switches the proxies over.
func (c *Cluster) Promote(ctx context.Context) error {
	return c.admin(ctx, "SELECT pg_promote(true, 60)")
}

func (c *Cluster) admin(ctx context.Context, statements ...string) error {
	db, err := c.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("chaos: %s: %w", s, err)
		}
	}
	return nil
}

// Crashes counts how often the server has recovered from a crash since it was made, by its log.
func (c *Cluster) Crashes() int {
	log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
	return strings.Count(string(log), "all server processes terminated; reinitializing")
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
