package main_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// servers is the stories' server and a second handle on it.
//
// The stories hand the server's URL to the command, which drops every scratch database there that no owner's lock protects.
// The server that other tests share (pgtest) is therefore out of bounds: its databases have no such lock, and the command would
// drop those of tests that are running. So the server is this process's own, and the stories' databases are made through a
// handle on its URL, which takes the lock.
var servers struct {
	mu      sync.Mutex // guards what follows, and makes one story start the server while the others wait
	own     *pgserver.Server
	guarded *pgserver.Server
}

const startTimeout = 6 * time.Minute

func storyServer(tb testing.TB) (*pgserver.Server, error) {
	servers.mu.Lock()
	defer servers.mu.Unlock()
	if servers.guarded != nil {
		return servers.guarded, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	own, err := pgserver.Start(ctx, pgserver.Options{Logf: tb.Logf})
	if err != nil {
		return nil, err
	}
	if !own.Owned() {
		return nil, errors.Join(errors.New("the stories need a server of their own: set PLINTH_DEV_URL to docker:// or local://, or unset it"), own.Close())
	}
	guarded, err := pgserver.Start(ctx, pgserver.Options{URL: own.URL()})
	if err != nil {
		return nil, errors.Join(err, own.Close())
	}
	servers.own, servers.guarded = own, guarded
	return guarded, nil
}

// stopServer closes the handle before the server that it is on.
func stopServer() error {
	servers.mu.Lock()
	defer servers.mu.Unlock()
	if servers.own == nil {
		return nil
	}
	return errors.Join(servers.guarded.Close(), servers.own.Close())
}
