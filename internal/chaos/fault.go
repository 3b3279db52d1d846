package chaos

import (
	"fmt"
	"time"
)

// Harm is what happens to a connection.
type Harm string

// The harms.
const (
	FIN     Harm = "FIN"     // both sides are closed in an orderly way
	RST     Harm = "RST"     // the client gets a reset (a Unix socket is closed), the server is closed
	Swallow Harm = "swallow" // nothing passes any more in either direction, and nothing is closed
	Delay   Harm = "delay"   // the message, or the answer to it, comes late
	Error   Harm = "ERROR"   // an ErrorResponse of severity ERROR, then FIN: PgBouncer's "server conn crashed?"
	Fatal   Harm = "FATAL"   // an ErrorResponse of severity FATAL, then FIN
	Refuse  Harm = "refuse"  // the whole request is answered with an ErrorResponse and never reaches the server; all stays open
	Half    Harm = "half"    // half of the message is passed on, then FIN
)

// When is the moment of a harm.
type When string

// The moments. A client's message: Before it is passed on, so that the server never sees it; After the server has carried out
// the request to which it belongs, up to the next ReadyForQuery, none of whose answer is passed on. A server's message:
// Before or After it is passed on to the client.
const (
	Before When = "before"
	After  When = "after"
)

// Fault is one harm at one place.
type Fault struct {
	// At is the kind of message. Without a Name it is every message of that side.
	At Kind
	// Nth counts the messages of that kind on one connection from the arming on; 0 and 1 are the first. Without a Name in At
	// it counts from the connection's start, so that connections older than that are passed over.
	Nth   int
	When  When
	Harm  Harm
	Delay time.Duration // of the harm Delay
	State string        // SQLSTATE of the harms Error, Fatal and Refuse
}

func (f Fault) String() string {
	s := fmt.Sprintf("%s %s %s", f.Harm, f.When, f.At)
	if f.At.Name == "" {
		s = fmt.Sprintf("%s %s %s message %d", f.Harm, f.When, f.At.From, f.Nth)
	}
	switch f.Harm {
	case Delay:
		s += fmt.Sprintf(" by %v", f.Delay)
	case Error, Fatal, Refuse:
		s += " with " + f.State
	}
	return s
}

// Armed is a chain of faults that wait for their messages; each is armed when the one before has struck. Its methods are safe
// for concurrent use.
type Armed struct {
	proxy *Proxy
	chain []Fault
	done  chan struct{}

	// The proxy's mutex guards what follows.
	next   int
	counts map[*link]int
}

// Fired is closed once the last fault of the chain has struck, or begun to: After waits for the server.
func (a *Armed) Fired() <-chan struct{} { return a.done }

// Disarm returns how many faults of the chain have struck; the others will not.
func (a *Armed) Disarm() int {
	a.proxy.mu.Lock()
	defer a.proxy.mu.Unlock()
	delete(a.proxy.armed, a)
	return a.next
}

// strike tells whether the message of kind k on l is the one that is waited for. The proxy's mutex is held.
func (a *Armed) strike(l *link, k Kind) (Fault, bool) {
	f := a.chain[a.next]
	switch {
	case f.At.From != k.From, f.At.Name != "" && f.At != k:
		return f, false
	case f.Harm == Refuse && !l.refusable:
		return f, false
	}
	seen := l.counts.Messages
	if k.From == Server {
		seen = l.counts.Answers
	}
	if f.At.Name != "" {
		a.counts[l]++
		seen = a.counts[l]
	}
	if seen != max(1, f.Nth) {
		return f, false
	}
	a.next++
	a.counts = map[*link]int{}
	if a.next == len(a.chain) {
		delete(a.proxy.armed, a)
		close(a.done)
	}
	return f, true
}
