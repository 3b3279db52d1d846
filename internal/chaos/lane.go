package chaos

import (
	"bufio"
	"net"
	"sync"
	"time"
)

// lane is one direction of a connection: it gathers what is sent until flush, and lets it arrive after a latency. The first
// failed write ends it quietly; who reads from that connection learns of its end. It is safe for concurrent use.
type lane struct {
	latency time.Duration

	mu       sync.Mutex
	out      *bufio.Writer
	pending  []byte      // gathered for the queue
	queue    chan parcel // nil without latency
	arrived  chan struct{}
	finished bool
}

// parcel is what was sent at once.
type parcel struct {
	due  time.Time
	data []byte
}

// parcels bounds what is under way; beyond that the sender waits, like with a full socket buffer.
const parcels = 1024

func newLane(c net.Conn, latency time.Duration) *lane {
	l := &lane{latency: latency, out: bufio.NewWriterSize(c, 32<<10)}
	if latency > 0 {
		l.queue, l.arrived = make(chan parcel, parcels), make(chan struct{})
		go l.travel()
	}
	return l
}

func (l *lane) send(b []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.finished:
	case l.queue == nil:
		_, _ = l.out.Write(b)
	default:
		l.pending = append(l.pending, b...)
	}
}

func (l *lane) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flushLocked()
}

func (l *lane) flushLocked() {
	switch {
	case l.finished:
	case l.queue == nil:
		_ = l.out.Flush()
	case len(l.pending) > 0:
		l.queue <- parcel{time.Now().Add(l.latency), l.pending}
		l.pending = nil
	}
}

// finish flushes and waits until all has arrived. Nothing can be sent afterwards.
func (l *lane) finish() {
	l.mu.Lock()
	l.flushLocked()
	if !l.finished && l.queue != nil {
		close(l.queue)
	}
	l.finished = true
	l.mu.Unlock()
	if l.arrived != nil {
		<-l.arrived
	}
}

func (l *lane) travel() {
	defer close(l.arrived)
	for p := range l.queue {
		time.Sleep(time.Until(p.due))
		_, _ = l.out.Write(p.data)
		_ = l.out.Flush()
	}
}
