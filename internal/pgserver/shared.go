package pgserver

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Shared gives a server that every process of the same user shares which asks for the same one, such as the test binaries
// of one `go test ./...`. The first starts it and the last to Close stops it; in between, packages that run one after the
// other without overlap start it anew. If a user ends without Close and was the last, the next Start or Shared removes it.
// A given URL is shared as it is. Errors are those of Start.
func Shared(ctx context.Context, o Options) (*Server, error) {
	return first(ctx, o, func(c candidate) (*Server, error) {
		if g, ok := c.(*given); ok {
			return g.start(ctx, true)
		}
		return share(ctx, c, o)
	})
}

// sharedServer is how a process reaches the server that another one started. The file holds the password, is readable by the
// user only, and goes with the server.
type sharedServer struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Where string `json:"where"`
}

// joinTimeout bounds the check that a server which is said to run does answer.
const joinTimeout = 5 * time.Second

// share joins the running server of c's key or starts one. The key's lock is held all along, so that one process starts and
// the others wait for it, and so that nobody joins a server that is being stopped.
func share(ctx context.Context, c candidate, o Options) (*Server, error) {
	key, err := c.key()
	if err != nil {
		return nil, err
	}
	r, err := openRegistry()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(r.shared(), key+".json")
	l, err := lock(ctx, keyLock(file), true)
	if err != nil {
		return nil, err
	}
	defer l.release()
	s, err := joinShared(ctx, r, file, o)
	if err != nil {
		return nil, err
	}
	if s == nil {
		if s, err = startShared(ctx, c, file); err != nil {
			return nil, err
		}
	}
	s.stop = func() error { return leaveShared(s.entry, file) }
	return s, nil
}

func keyLock(file string) string { return file + ".lock" }

// joinShared returns nil when no server runs. One that no longer answers is left to the sweep, which spares it for as long as
// somebody uses it.
func joinShared(ctx context.Context, r *registry, file string, o Options) (*Server, error) {
	var running sharedServer
	if err := readJSON(file, &running); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			o.logf("pgserver: starting another server: %v", err)
		}
		return nil, nil
	}
	e, err := r.join(running.ID)
	if e == nil {
		return nil, err
	}
	limited, cancel := context.WithTimeoutCause(ctx, joinTimeout, fmt.Errorf("no answer within %v", joinTimeout))
	defer cancel()
	s, err := connect(limited, running.URL, func(err error) error { return err })
	if err != nil {
		e.owner.release()
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		o.logf("pgserver: starting another server: the shared one does not answer: %v", err)
		return nil, nil
	}
	s.where, s.owned, s.entry = running.Where, true, e
	return s, nil
}

func startShared(ctx context.Context, c candidate, file string) (*Server, error) {
	s, err := c.start(ctx, true)
	if err != nil {
		return nil, err
	}
	s.where += ", shared"
	if err := writeJSON(file, sharedServer{ID: s.entry.id, URL: s.url, Where: s.where}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// leaveShared stops the server if this process was its last user.
func leaveShared(e *entry, file string) error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	l, err := lock(ctx, keyLock(file), true)
	if err != nil {
		e.owner.release()
		return err
	}
	defer l.release()
	last, err := e.leave()
	if err != nil || !last {
		return err
	}
	return errors.Join(e.discard(), forgetShared(file, e.id))
}

// forgetShared removes the file unless it speaks of a newer server.
func forgetShared(file, id string) error {
	var s sharedServer
	if err := readJSON(file, &s); err != nil || s.ID != id {
		return nil
	}
	return os.Remove(file)
}
