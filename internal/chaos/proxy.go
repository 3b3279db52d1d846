package chaos

import (
	"maps"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Options change what a proxy does.
type Options struct {
	// Latency is added each way. What is under way keeps its distance: a hundred messages sent at once arrive at once.
	Latency time.Duration
	// Raw passes bytes on without looking at them, for measurements. No fault strikes, and round trips are counted by the
	// direction of the bytes alone.
	Raw bool
	// Dir, if not empty, makes the proxy listen on a Unix socket in that directory instead of on 127.0.0.1.
	Dir string
}

// Count is what has passed.
type Count struct {
	// RoundTrips counts how often the client sent something after the server had; a connection's first message is one, a
	// Terminate is none. With clients that wait for the whole answer, as all here do, these are the waits for the network.
	RoundTrips int
	Messages   int // of the client; 0 where the proxy does not look at them
	Answers    int // messages of the server
}

// Counts are a proxy's figures since its start.
type Counts struct {
	Count
	Dials   int // connections accepted, but for cancel requests
	Open    int // of these, still open on the client's side
	Cancels int // cancel requests
	Struck  int // faults
}

// Proxy is a TCP or Unix socket server that passes everything on to a PostgreSQL server, but for the faults that are armed.
// Where client and server agree on TLS it can only count round trips from then on. It is safe for concurrent use.
type Proxy struct {
	opts     Options
	listener net.Listener
	running  sync.WaitGroup
	quit     chan struct{}

	mu        sync.Mutex // guards what follows; no network use under it
	network   string
	address   string
	links     map[*link]struct{}
	abandoned []net.Conn // to servers whose clients have gone from a swallowed connection, oldest first
	armed     map[*Armed]struct{}
	seen      map[Kind]int
	counts    Counts
	closed    bool
}

// abandonedMost bounds the connections to the server that nobody uses any more and that the server does not know to be dead.
const abandonedMost = 4

// NewProxy listens. network and address are the server's: "tcp" or "unix".
func NewProxy(network, address string, opts Options) (*Proxy, error) {
	listen, at := "tcp", "127.0.0.1:0"
	if opts.Dir != "" {
		listen, at = "unix", filepath.Join(opts.Dir, ".s.PGSQL.5432")
	}
	l, err := net.Listen(listen, at)
	if err != nil {
		return nil, err
	}
	p := &Proxy{
		opts: opts, listener: l, network: network, address: address,
		links: map[*link]struct{}{}, armed: map[*Armed]struct{}{}, seen: map[Kind]int{},
		quit: make(chan struct{}),
	}
	p.running.Add(1)
	go p.accept()
	return p, nil
}

// Through makes a proxy in front of the server that a URL names, and the URL that goes through it.
func Through(raw string, opts Options) (*Proxy, string, error) {
	network, address, err := Address(raw)
	if err != nil {
		return nil, "", err
	}
	p, err := NewProxy(network, address, opts)
	if err != nil {
		return nil, "", err
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, "", err
	}
	q := u.Query()
	q.Del("host")
	q.Del("port")
	u.Host = p.listener.Addr().String()
	if opts.Dir != "" {
		q.Set("host", opts.Dir)
		u.Host = ""
	}
	u.RawQuery = q.Encode()
	return p, u.String(), nil
}

// Address tells where the server of a URL listens.
func Address(raw string) (network, address string, err error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", "", err
	}
	host, port := u.Hostname(), u.Port()
	if h := u.Query().Get("host"); h != "" {
		host = h
	}
	if p := u.Query().Get("port"); p != "" {
		port = p
	}
	if port == "" {
		port = "5432"
	}
	if filepath.IsAbs(host) {
		return "unix", filepath.Join(host, ".s.PGSQL."+port), nil
	}
	return "tcp", net.JoinHostPort(host, port), nil
}

// Port is where the proxy listens; 5432 on a Unix socket.
func (p *Proxy) Port() string {
	if a, ok := p.listener.Addr().(*net.TCPAddr); ok {
		return strconv.Itoa(a.Port)
	}
	return "5432"
}

// Switch sends new connections to another server. Those that are open stay; see Cut.
func (p *Proxy) Switch(network, address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.network, p.address = network, address
}

// Arm makes a chain of faults wait, each for its message, the first one at once. Every fault strikes once. Several chains
// can be armed at a time; a message is struck by one of them.
func (p *Proxy) Arm(chain ...Fault) *Armed {
	a := &Armed{proxy: p, chain: chain, done: make(chan struct{}), counts: map[*link]int{}}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.armed[a] = struct{}{}
	return a
}

// Cut closes every connection there is, swallowed ones too, and forgets what is armed.
func (p *Proxy) Cut() {
	p.mu.Lock()
	clear(p.armed)
	doomed := p.abandoned
	p.abandoned = nil
	for l := range p.links {
		doomed = append(doomed, l.client, l.server)
	}
	p.mu.Unlock()
	for _, c := range doomed {
		_ = c.Close()
	}
}

// Heal ends every swallowed connection, as a network that comes back does: its client sees the end, and so does the server, even
// where the client has gone already.
func (p *Proxy) Heal() {
	p.mu.Lock()
	doomed := p.abandoned
	p.abandoned = nil
	open := slices.Collect(maps.Keys(p.links))
	p.mu.Unlock()
	for _, l := range open {
		if l.swallowed() {
			doomed = append(doomed, l.client, l.server)
		}
	}
	for _, c := range doomed {
		_ = c.Close()
	}
}

// Kinds are the kinds of messages that have passed, with how often.
func (p *Proxy) Kinds() map[Kind]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.seen)
}

// Counts returns the figures.
func (p *Proxy) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.counts
	c.Open = len(p.links)
	return c
}

// Connections returns the figures of the connections that are open, oldest first.
func (p *Proxy) Connections() []Count {
	p.mu.Lock()
	defer p.mu.Unlock()
	open := slices.SortedFunc(maps.Keys(p.links), func(a, b *link) int { return a.number - b.number })
	counts := make([]Count, len(open))
	for i, l := range open {
		counts[i] = l.counts
	}
	return counts
}

// Close ends everything and waits for it. A second call is harmless.
func (p *Proxy) Close() error {
	p.mu.Lock()
	again := p.closed
	p.closed = true
	p.mu.Unlock()
	var err error
	if !again {
		close(p.quit)
		err = p.listener.Close()
	}
	p.Cut()
	p.running.Wait()
	return err
}

func (p *Proxy) accept() {
	defer p.running.Done()
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.running.Add(1)
		go p.connect(client)
	}
}

// connect serves one client until both sides are closed.
func (p *Proxy) connect(client net.Conn) {
	defer p.running.Done()
	p.mu.Lock()
	network, address := p.network, p.address
	p.mu.Unlock()
	server, err := net.Dial(network, address)
	if err != nil {
		reset(client) // like a port that nobody listens on
		return
	}
	l := newLink(p, client, server)
	if !p.add(l) {
		_, _ = client.Close(), server.Close()
		return
	}
	l.serve()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.links, l)
	for a := range p.armed {
		delete(a.counts, l)
	}
}

func (p *Proxy) add(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.counts.Dials++
	l.number = p.counts.Dials
	p.links[l] = struct{}{}
	return true
}

// abandon keeps a connection to the server open whose client has gone, as a network does that loses everything.
func (p *Proxy) abandon(l *link) {
	p.mu.Lock()
	delete(p.links, l)
	var oldest net.Conn
	if p.abandoned = append(p.abandoned, l.server); len(p.abandoned) > abandonedMost {
		oldest, p.abandoned = p.abandoned[0], p.abandoned[1:]
	}
	closed := p.closed
	p.mu.Unlock()
	if oldest != nil {
		_ = oldest.Close()
	}
	if closed {
		_ = l.server.Close()
	}
}

// judge counts a message and tells which fault strikes there, if one does.
func (p *Proxy) judge(l *link, k Kind) (Fault, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[k]++
	if k.From == Client {
		l.counts.Messages++
		p.counts.Messages++
	} else {
		l.counts.Answers++
		p.counts.Answers++
	}
	for a := range p.armed {
		if f, ok := a.strike(l, k); ok {
			p.counts.Struck++
			return f, true
		}
	}
	return Fault{}, false
}

// sent notes that the client has sent something that is answered.
func (p *Proxy) sent(l *link) {
	if !l.listening.Swap(false) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	l.counts.RoundTrips++
	p.counts.RoundTrips++
}

func (p *Proxy) cancelled() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts.Cancels++
	p.counts.Dials--
}

// pause waits for d, or until the proxy is closed.
func (p *Proxy) pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-p.quit:
	}
}

// reset makes the other side see a reset instead of an end, where the network knows resets.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}
