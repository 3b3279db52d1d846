package pgserver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// registry is the directory in which everything that this package makes on the machine is listed; see the package comment.
type registry struct{ dir string }

// openRegistry makes the directory. Without a cache directory (a service account has none) it is one in the temporary
// directory, whose owner is checked because anybody could have made it first.
func openRegistry() (*registry, error) {
	if cache, err := os.UserCacheDir(); err == nil {
		r := &registry{dir: filepath.Join(cache, "plinth", "pgserver")}
		if err := r.make(); err == nil {
			return r, nil
		}
	}
	r := &registry{dir: filepath.Join(os.TempDir(), "plinth-"+strconv.Itoa(os.Getuid()), "pgserver")}
	if err := r.make(); err != nil {
		return nil, fmt.Errorf("no directory to keep track of servers in: %w; set XDG_CACHE_HOME or TMPDIR to a writable one", err)
	}
	if err := ownedByUs(filepath.Dir(r.dir)); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *registry) make() error {
	for _, d := range []string{r.dir, r.servers(), r.shared(), r.initdb()} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
	}
	// MkdirAll is content with a directory that cannot be written.
	probe, err := os.CreateTemp(r.dir, "probe-*")
	if err != nil {
		return err
	}
	_ = probe.Close()
	return os.Remove(probe.Name())
}

func (r *registry) servers() string  { return filepath.Join(r.dir, "servers") }
func (r *registry) shared() string   { return filepath.Join(r.dir, "shared") }
func (r *registry) initdb() string   { return filepath.Join(r.dir, "initdb") }
func (r *registry) lockPath() string { return filepath.Join(r.dir, "registry.lock") }

// entry is one server's place in the registry, and this process's share in the lock on it.
type entry struct {
	id    string
	dir   string
	owner *fileLock
}

func (e *entry) ownerPath() string { return filepath.Join(e.dir, "owner") }

// add makes an entry that this process owns. The registry's lock keeps sweeps away until the owner file is locked.
func (r *registry) add(ctx context.Context) (*entry, error) {
	l, err := lock(ctx, r.lockPath(), true)
	if err != nil {
		return nil, err
	}
	defer l.release()
	e := r.entry(randomHex(8))
	if err := os.Mkdir(e.dir, 0o700); err != nil {
		return nil, err
	}
	if e.owner, err = lock(ctx, e.ownerPath(), false); err != nil {
		return nil, errors.Join(err, os.RemoveAll(e.dir))
	}
	return e, nil
}

func (r *registry) entry(id string) *entry {
	return &entry{id: id, dir: filepath.Join(r.servers(), id)}
}

// join takes a share in the entry of a running server. It returns nil when the entry is gone or about to be removed.
func (r *registry) join(id string) (*entry, error) {
	e := r.entry(id)
	l, err := tryLock(e.ownerPath(), false)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if l == nil {
		return nil, err
	}
	e.owner = l
	return e, nil
}

// leave gives up this process's share. It reports true, with the entry locked against everybody, when nobody else has one:
// then the caller removes what the entry lists. The caller of a shared entry holds its key's lock, so that nobody joins between.
func (e *entry) leave() (last bool, err error) {
	return e.owner.upgrade()
}

// remove forgets the entry; what it listed is gone.
func (e *entry) remove() error {
	err := os.RemoveAll(e.dir)
	e.owner.release()
	return err
}

// leftover is a thing on this machine that has to be removed after its users are gone. It is written before the thing is
// made, so remove must be content when there is nothing.
type leftover interface {
	remove(ctx context.Context) error
}

const (
	localFile  = "local.json"
	dockerFile = "docker.json"
)

// record notes what is going to be made.
func (e *entry) record(name string, l leftover) error {
	return writeJSON(filepath.Join(e.dir, name), l)
}

// clean removes everything that the entry lists.
func (e *entry) clean(ctx context.Context) error {
	var errs []error
	for name, l := range map[string]leftover{localFile: &localLeftover{}, dockerFile: &dockerLeftover{}} {
		switch err := readJSON(filepath.Join(e.dir, name), l); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			errs = append(errs, err)
		default:
			errs = append(errs, l.remove(ctx))
		}
	}
	return errors.Join(errs...)
}

// discard removes everything that the entry lists, and the entry. What could not be removed stays listed, without an owner,
// for the next sweep. It does not depend on the caller's context, which may be why it is called.
func (e *entry) discard() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := e.clean(ctx); err != nil {
		e.owner.release()
		return err
	}
	return e.remove()
}

// sweep removes what has no living user and spares everything else. What cannot be removed now, because the Docker daemon
// is down, say, stays listed for the next sweep; it is told to logf and is no reason not to start.
func (r *registry) sweep(ctx context.Context, logf func(string, ...any)) error {
	dead, err := r.dead(ctx)
	if err != nil {
		return err
	}
	for _, e := range dead {
		if err := e.clean(ctx); err != nil {
			logf("pgserver: the remains of server %s stay for now: %v", e.id, err)
			e.owner.release()
			continue
		}
		logf("pgserver: removed the remains of server %s, whose process is gone", e.id)
		if err := e.remove(); err != nil {
			return err
		}
	}
	return nil
}

// dead locks and returns every entry without a living user.
func (r *registry) dead(ctx context.Context) ([]*entry, error) {
	l, err := lock(ctx, r.lockPath(), true)
	if err != nil {
		return nil, err
	}
	defer l.release()
	names, err := os.ReadDir(r.servers())
	if err != nil {
		return nil, err
	}
	var dead []*entry
	var errs []error
	for _, n := range names {
		e := r.entry(n.Name())
		switch e.owner, err = tryLock(e.ownerPath(), true); {
		case errors.Is(err, fs.ErrNotExist):
			// add makes the owner file under the lock that we hold, and remove comes after what is listed is gone: this one
			// is being removed, or was when its process ended.
			_ = os.RemoveAll(e.dir)
		case err != nil:
			errs = append(errs, err)
		case e.owner != nil:
			dead = append(dead, e)
		}
	}
	return dead, errors.Join(errs...)
}

// writeJSON replaces path in one step, so that a reader after a crash finds the old text or the new.
func writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	tmp := path + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s is damaged: %w", path, err)
	}
	return nil
}

// randomHex returns 2n hexadecimal digits. crypto/rand.Read never fails.
func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}
