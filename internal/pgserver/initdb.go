package pgserver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/plinth-db/plinth/internal/pgserver/account"
)

// initdbArgs give every server of ours the same sort order wherever it runs: by code point. The local socket needs no
// password because its directory is the server account's own; that is how the random password gets set.
func initdbArgs() []string {
	args := []string{"--username=" + superuser, "--encoding=UTF8", "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync", "--no-instructions"}
	if runtime.GOOS == "darwin" {
		return append(args, "--locale=C", "--lc-ctype=UTF-8") // macOS has no C.UTF-8
	}
	return append(args, "--locale=C.UTF-8")
}

// dataDir fills data with a fresh cluster for the binaries in bin: a copy of the cached one, or initdb's, which is then cached.
// initdb takes 0.6 s, a copy 0.1 s. With templates it is the one that keep has stored, if there is one. It returns the path of the
// cached cluster.
func (r *registry) dataDir(ctx context.Context, bin, data string, acc account.Account, templates bool) (cached string, err error) {
	if cached, err = r.cachePath(ctx, bin); err != nil {
		return "", err
	}
	l, err := lock(ctx, r.initdbLock(), true)
	if err != nil {
		return "", err
	}
	defer l.release()
	from := []string{cached}
	if templates {
		from = []string{cached + keptSuffix, cached}
	}
	for _, cluster := range from {
		if _, err := os.Stat(cluster); err == nil {
			now := time.Now()
			_ = os.Chtimes(cluster, now, now) // prune spares what is in use
			return cached, copyTree(ctx, cluster, data, acc)
		}
	}
	if err := runInitdb(ctx, bin, data, acc); err != nil {
		return "", err
	}
	r.prune()
	return cached, store(ctx, data, cached)
}

// keptSuffix marks the name of a cached cluster that holds templates.
const keptSuffix = "-templates"

func (r *registry) initdbLock() string { return filepath.Join(r.initdb(), "lock") }

// keep stores a stopped server's data, templates and all. When two processes do, the last one's stay.
func (r *registry) keep(ctx context.Context, cached, data string) error {
	l, err := lock(ctx, r.initdbLock(), true)
	if err != nil {
		return err
	}
	defer l.release()
	_ = os.Remove(filepath.Join(data, "postmaster.opts"))
	return store(ctx, data, cached+keptSuffix)
}

// forget removes what is cached for a server that does not start: a computer that lost its power may have left files of it without their
// content.
func (r *registry) forget(ctx context.Context, cached string) error {
	l, err := lock(ctx, r.initdbLock(), true)
	if err != nil {
		return err
	}
	defer l.release()
	return errors.Join(os.RemoveAll(cached), os.RemoveAll(cached+keptSuffix))
}

// cachePath names the cached cluster by everything that its content depends on.
func (r *registry) cachePath(ctx context.Context, bin string) (string, error) {
	version, err := serverVersion(ctx, bin)
	if err != nil {
		return "", err
	}
	st, err := os.Stat(filepath.Join(bin, "initdb"))
	if err != nil {
		return "", err
	}
	of := fmt.Sprintln(bin, version, st.Size(), st.ModTime().UnixNano(), initdbArgs())
	sum := sha256.Sum256([]byte(of))
	return filepath.Join(r.initdb(), hex.EncodeToString(sum[:8])), nil
}

func runInitdb(ctx context.Context, bin, data string, acc account.Account) error {
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), append(initdbArgs(), "--pgdata="+data)...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = filepath.Dir(data), serverEnv(), acc.Attributes()
	// When ctx ends initdb, this still waits until its children, which write to data, have closed its output and gone.
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s/initdb: %w: %s", bin, err, lastLines(string(out), 8))
	}
	return nil
}

// serverEnv is nearly empty, so that no PG* variable or language of the user's reaches the server.
func serverEnv() []string {
	return []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
}

// store keeps a copy of data as cached, in place of what was there. It is built beside its place and renamed, so a crash leaves only
// a part that the next store removes; the lock on the folder is held.
func store(ctx context.Context, data, cached string) error {
	part := filepath.Join(filepath.Dir(cached), "part")
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	if err := copyTree(ctx, data, part, account.Account{}); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	if err := os.RemoveAll(cached); err != nil {
		return errors.Join(err, os.RemoveAll(part))
	}
	return os.Rename(part, cached)
}

// cacheAge is how long the cluster of a server version that nobody starts any more is kept.
const cacheAge = 30 * 24 * time.Hour

// prune is housekeeping, under the lock; what fails is tried again the next time.
func (r *registry) prune() {
	names, _ := os.ReadDir(r.initdb())
	for _, n := range names {
		info, err := n.Info()
		path := filepath.Join(r.initdb(), n.Name())
		if err == nil && path != r.initdbLock() && time.Since(info.ModTime()) > cacheAge {
			_ = os.RemoveAll(path)
		}
	}
}

// copyTree copies directories and plain files, all that a cluster without tablespaces has, keeps their modes, and gives them to acc.
func copyTree(ctx context.Context, from, to string, acc account.Account) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if d.IsDir() {
			if err := os.Mkdir(target, 0o700); err != nil {
				return err
			}
		} else if err := copyFile(path, target); err != nil {
			return err
		}
		return acc.Own(target)
	})
}

// copyFile lets io.Copy use the kernel's own copying where there is one (copy_file_range).
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}

// lastLines returns the last n lines of a log, without blank ends.
func lastLines(log string, n int) string {
	lines := strings.Split(strings.TrimSpace(log), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
