package pgconn_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

// slowCut is a network connection on which setting a deadline takes until the test allows it.
type slowCut struct {
	net.Conn
	entered, allowed chan struct{}
}

func (c *slowCut) SetDeadline(time.Time) error {
	close(c.entered)
	<-c.allowed
	return nil
}

// TestReleaseWaitsForACutThatHasBegun: a cut that went on after its statement would hit the connection's next user.
func TestReleaseWaitsForACutThatHasBegun(t *testing.T) {
	network := &slowCut{entered: make(chan struct{}), allowed: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	release := pgconn.GuardOn(network)(ctx)
	cancel()
	<-network.entered
	released := make(chan struct{})
	go func() {
		release()
		close(released)
	}()
	select {
	case <-released:
		t.Error("the connection was given back while it was being cut")
	case <-time.After(50 * time.Millisecond):
	}
	close(network.allowed)
	<-released
}

func TestReleaseInTimeCutsNothing(t *testing.T) {
	network := &slowCut{entered: make(chan struct{}), allowed: make(chan struct{})}
	ctx, cancel := context.WithCancel(t.Context())
	pgconn.GuardOn(network)(ctx)()
	cancel()
	select {
	case <-network.entered:
		t.Error("the connection was cut after its statement had ended")
	case <-time.After(50 * time.Millisecond):
	}
}
