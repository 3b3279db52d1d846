package database_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/chaos"
)

// TestRestartUnderLoad: the first success comes at most a second after the server accepts connections again, and until then
// it is dialled a few times a second, however many wait.
func TestRestartUnderLoad(t *testing.T) {
	bin, err := chaos.Binaries()
	if err != nil {
		t.Skip(err)
	}
	server, err := chaos.NewCluster(t.Context(), bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	p, url, err := chaos.Through(server.URL(), chaos.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	cfg := database.DefaultConfig() // with the default retries
	cfg.URL = url
	db := withTokens(t, cfg)

	const workers = 30
	var last atomic.Int64 // the moment of the last success
	var failures atomic.Int64
	stop := make(chan struct{})
	var running sync.WaitGroup
	for w := range workers {
		running.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				err := db.WithTx(context.Background(), func(ctx context.Context, tx *ent.Tx) error {
					return insert(ctx, tx, fmt.Sprintf("%d-%d", w, i))
				})
				if _, unknown := errors.AsType[*database.CommitUnknownError](err); unknown {
					continue
				} else if err != nil {
					failures.Add(1)
					continue
				}
				last.Store(time.Now().UnixNano())
			}
		})
	}
	for last.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	const down = 2 * time.Second
	if err := server.Kill(t.Context()); err != nil { // and start it: a crash of the whole server
		t.Fatal(err)
	}
	accepted := time.Now()
	for last.Load() < accepted.UnixNano() {
		if time.Since(accepted) > 10*time.Second {
			t.Fatal("no success within ten seconds")
		}
		time.Sleep(time.Millisecond)
	}
	first := time.Duration(last.Load() - accepted.UnixNano())

	// The same with a server that stays away for a while: who dials it is counted and sent away.
	var dials atomic.Int64
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer closed.Close()
	go func() {
		for {
			conn, err := closed.Accept()
			if err != nil {
				return
			}
			dials.Add(1)
			conn.Close()
		}
	}()
	network, address, err := chaos.Address(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	p.Switch("tcp", closed.Addr().String())
	p.Cut()
	time.Sleep(down)
	p.Switch(network, address)
	accepted = time.Now()
	for last.Load() < accepted.UnixNano() {
		if time.Since(accepted) > 10*time.Second {
			t.Fatal("no success within ten seconds")
		}
		time.Sleep(time.Millisecond)
	}
	second := time.Duration(last.Load() - accepted.UnixNano())
	close(stop)
	running.Wait()
	t.Logf("first success %v after the crash's recovery and %v after the outage; %d dials in %v of outage by %d workers; %d failures", first, second, dials.Load(), down, workers, failures.Load())
	if first > time.Second || second > time.Second {
		t.Error("the first success took more than a second")
	}
	if perSecond := float64(dials.Load()) / down.Seconds(); perSecond > 40 {
		t.Errorf("%.0f dials a second", perSecond)
	}
}
