package chaos

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Subject is what is tested: a way to write to PostgreSQL. Its methods are called by many goroutines at once.
type Subject interface {
	// Insert adds the rows (token, 1), (token, 2), ... to the table, as many as the Runner's Rows, in one transaction.
	Insert(ctx context.Context, token string) error
	// Unknown reports whether an error says that the rows may be there or not. Every other error says that they are not.
	Unknown(err error) bool
}

// Aborter is a Subject that can also begin to insert and then undo it, by a rollback or a failing statement; the error is never
// nil. Then the plan reaches the messages for that, too.
type Aborter interface {
	Abort(ctx context.Context, token string) error
}

// Lane is a way to the server with one fault at a time. Its subject connects through its proxy and through nothing else.
type Lane struct {
	Proxy   *Proxy
	Subject Subject
}

// Runner lets workers insert tokens. Set the fields before its first use.
type Runner struct {
	Lanes   []Lane
	Workers int // in each lane
	Rows    int // of each token
	Ledger  Ledger

	// Timeout bounds each operation's context; Short does where a chain swallows, as nothing else ends the operation then.
	Timeout, Short time.Duration
	// Grace is by how much an operation may outlive its context.
	Grace time.Duration
	// Patience is how long after its context an operation is given up: it counts as hung, and the lane's connections are cut.
	Patience time.Duration
	// Least and Most are how many operations each worker makes in a round: at least so many, and at most so many when the
	// fault does not strike.
	Least, Most int
	// Rest is how long a lane rests after each burst of operations; 0 is not at all. What happens only to connections that lie
	// idle for a while needs it.
	Rest time.Duration

	// Excused tells acknowledged operations whose loss is not the client's: a primary that nobody copied had acknowledged them
	// before it went. Nil excuses nothing.
	Excused func(Entry) bool

	mu      sync.Mutex // guards what follows
	chains  int
	missed  []string
	counter atomic.Int64
}

// burst is how many operations each worker makes before all of a lane have to end: then a pool closes the connections
// that it has beyond those it keeps, and opens others when they go on.
const burst = 4

// abortEvery is the share of operations that are aborts.
const abortEvery = 8

// Record runs n operations on every worker without a fault and returns the kinds of messages that have passed meanwhile, with how
// often.
func (r *Runner) Record(ctx context.Context, n int) map[Kind]int {
	before := r.seen()
	var all sync.WaitGroup
	for _, lane := range r.Lanes {
		all.Go(func() { r.round(ctx, lane, nil, n, n) })
	}
	all.Wait()
	seen := r.seen()
	for k, n := range before {
		seen[k] -= n
	}
	return seen
}

func (r *Runner) seen() map[Kind]int {
	seen := map[Kind]int{}
	for _, lane := range r.Lanes {
		for k, c := range lane.Proxy.Kinds() {
			seen[k] += c
		}
	}
	return seen
}

// Walk arms the chains of a plan in their order, each in the next lane that is free, and lets that lane's workers work until
// it has struck and every one of them has finished.
func (r *Runner) Walk(ctx context.Context, plan []Chain) {
	next := make(chan Chain)
	var all sync.WaitGroup
	for _, lane := range r.Lanes {
		all.Go(func() {
			for chain := range next {
				r.round(ctx, lane, chain, r.Least, r.Most)
			}
		})
	}
	for _, chain := range plan {
		if ctx.Err() != nil {
			break
		}
		next <- chain
	}
	close(next)
	all.Wait()
}

// round is one chain in one lane.
func (r *Runner) round(ctx context.Context, lane Lane, chain Chain, least, most int) {
	fired := make(<-chan struct{})
	now := armament{timeout: r.Timeout}
	if len(chain) > 0 {
		now = armament{chain.String(), chain[len(chain)-1].Harm, r.Timeout}
		if chain.Has(Swallow) {
			now.timeout = r.Short
		}
		armed := lane.Proxy.Arm(chain...)
		fired = armed.Fired()
		defer func() { r.planned(chain, armed.Disarm()) }()
	}
	for done := 0; done < most && (done < least || !closed(fired)); done += burst {
		var workers sync.WaitGroup
		for range r.Workers {
			workers.Go(func() {
				for n := done; n < min(done+burst, most) && (n < least || !closed(fired)); n++ {
					r.operate(ctx, lane, now)
				}
			})
		}
		workers.Wait()
		lane.Proxy.pause(r.Rest)
	}
	if chain.Has(Swallow) {
		lane.Proxy.Heal() // or an idle connection that is dead would hurt a later round
	}
}

func (r *Runner) planned(chain Chain, struck int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.chains++
	if struck < len(chain) {
		r.missed = append(r.missed, fmt.Sprintf("%v (%d of %d)", chain, struck, len(chain)))
	}
}

// armament is what an operation is up against.
type armament struct {
	faults  string
	harm    Harm
	timeout time.Duration
}

// operate inserts one token, or aborts doing so, and notes what was said.
func (r *Runner) operate(ctx context.Context, lane Lane, now armament) Entry {
	n := r.counter.Add(1)
	e := Entry{Token: fmt.Sprintf("token %d", n), Rows: r.Rows, Faults: now.faults, Harm: now.harm}
	do := lane.Subject.Insert
	if a, ok := lane.Subject.(Aborter); ok && n%abortEvery == 0 {
		do, e.Rows = a.Abort, 0
	}
	ctx, cancel := context.WithTimeout(ctx, now.timeout)
	defer cancel()
	err, hung := r.watched(lane, now.timeout, func() error { return do(ctx, e.Token) })
	e.Hung, e.Ended = hung, time.Now()
	if deadline, _ := ctx.Deadline(); time.Since(deadline) > r.Grace {
		e.Late = time.Since(deadline)
	}
	switch {
	case err == nil:
		e.Outcome = Acknowledged
	case lane.Subject.Unknown(err):
		e.Outcome, e.Said = Unknown, err.Error()
	default:
		e.Outcome, e.Said = Failed, err.Error()
	}
	r.Ledger.Note(e)
	return e
}

// watched runs do, and cuts its connections when it does not come back.
func (r *Runner) watched(lane Lane, timeout time.Duration, do func() error) (result error, hung bool) {
	var cut atomic.Bool
	watch := time.AfterFunc(timeout+r.Patience, func() {
		cut.Store(true)
		lane.Proxy.Cut()
	})
	defer watch.Stop()
	result = do()
	return result, cut.Load()
}

// During runs harm while the workers of all lanes work, and lets them work on until each has had an acknowledgement after it.
// The error is harm's, or says that no acknowledgement came within the time given for that.
func (r *Runner) During(ctx context.Context, label Harm, harm func(ctx context.Context) error, recovery time.Duration) error {
	var all sync.WaitGroup
	var begun sync.WaitGroup
	done := make(chan struct{})
	deadline := make(chan struct{})
	var stuck atomic.Int64
	for _, lane := range r.Lanes {
		for range r.Workers {
			begun.Add(1)
			all.Go(func() {
				if !r.keepOn(ctx, lane, label, begun.Done, done, deadline) {
					stuck.Add(1)
				}
			})
		}
	}
	begun.Wait()
	err := harm(ctx)
	close(done)
	timer := time.AfterFunc(recovery, func() { close(deadline) })
	all.Wait()
	timer.Stop()
	if err == nil && stuck.Load() > 0 {
		err = fmt.Errorf("chaos: %d workers had nothing acknowledged within %v of the end of: %s", stuck.Load(), recovery, label)
	}
	return err
}

// keepOn works until something that began after done was closed is acknowledged; begun is called after the first operation.
func (r *Runner) keepOn(ctx context.Context, lane Lane, label Harm, begun func(), done, deadline <-chan struct{}) bool {
	first := true
	for ctx.Err() == nil {
		after, expired := closed(done), closed(deadline)
		e := r.operate(ctx, lane, armament{string(label), label, r.Timeout})
		if first {
			begun()
			first = false
		}
		if after && e.Outcome == Acknowledged {
			return true
		}
		if expired {
			return false
		}
	}
	return false
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
