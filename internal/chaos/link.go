package chaos

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
)

// link is one client's connection and the one to the server behind it.
type link struct {
	proxy          *Proxy
	number         int
	client, server net.Conn
	fromClient     *bufio.Reader
	fromServer     *bufio.Reader
	toClient       *lane
	toServer       *lane
	counts         Count       // guarded by the proxy's mutex
	listening      atomic.Bool // the client's next message begins a round trip
	refusable      bool        // used by up alone: nothing of the message's unit has been passed on and no transaction is open

	mu       sync.Mutex // guards what follows; taken before the proxy's, no network use under it
	dialogue *dialogue
	fate     *Fault // strikes when the server has answered the unit; until then its answers are held back
	unit     int
	over     bool // the harm has been done: nothing is passed on
	kept     bool // the connection to the server outlives the client's
}

func newLink(p *Proxy, client, server net.Conn) *link {
	l := &link{
		proxy: p, client: client, server: server, dialogue: newDialogue(),
		fromClient: bufio.NewReaderSize(client, 32<<10), fromServer: bufio.NewReaderSize(server, 32<<10),
		toClient: newLane(client, p.opts.Latency), toServer: newLane(server, p.opts.Latency),
	}
	l.listening.Store(true)
	return l
}

// serve runs until both directions have ended.
func (l *link) serve() {
	framed := !l.proxy.opts.Raw && l.open()
	down := make(chan struct{})
	go func() {
		defer close(down)
		l.down(framed)
		l.toClient.finish()
		closeWrite(l.client)
	}()
	l.up(framed)
	l.toServer.finish()
	l.clientGone()
	<-down
	_, _ = l.client.Close(), l.server.Close()
}

// clientGone lets the server see that the client has gone, unless the network between them is dead.
func (l *link) clientGone() {
	_ = l.client.Close()
	if l.swallowed() {
		l.proxy.abandon(l)
		return
	}
	_ = l.server.Close()
}

// open passes on what comes before the protocol proper. The result tells whether messages can be followed from here on.
func (l *link) open() bool {
	for {
		first, err := l.fromClient.Peek(1)
		if err != nil || first[0] == tlsHandshake {
			return false
		}
		packet, code, err := readStartup(l.fromClient)
		if err != nil {
			return false
		}
		if code == codeCancel {
			l.proxy.cancelled()
			l.toServer.send(packet)
			l.toServer.flush()
			return false
		}
		if code != codeSSL && code != codeGSS {
			return l.begin(packet)
		}
		if encrypted := l.negotiate(packet); encrypted {
			return false
		}
	}
}

// begin passes the startup packet on.
func (l *link) begin(packet []byte) bool {
	l.mu.Lock()
	kind := l.dialogue.startup()
	l.mu.Unlock()
	l.proxy.sent(l)
	l.passClient(packet, kind)
	l.toServer.flush()
	return true
}

// negotiate passes on the question for TLS and its answer of one byte.
func (l *link) negotiate(packet []byte) (encrypted bool) {
	l.proxy.sent(l)
	fault, struck := l.proxy.judge(l, Kind{From: Client, Name: "SSLRequest"})
	if struck && fault.When == Before && !l.harm(fault, packet, l.toServer) {
		return false
	}
	l.toServer.send(packet)
	l.toServer.flush()
	answer, err := l.fromServer.ReadByte()
	if err != nil || struck && fault.When == After && !l.harm(fault, []byte{answer}, l.toClient) {
		return false
	}
	fault, struck = l.proxy.judge(l, Kind{From: Server, Name: "SSLAnswer"})
	if struck && fault.When == Before && !l.harm(fault, []byte{answer}, l.toClient) {
		return false
	}
	l.listening.Store(true)
	l.toClient.send([]byte{answer})
	l.toClient.flush()
	if struck && fault.When == After {
		l.harm(fault, nil, l.toClient)
	}
	return answer == 'S' || answer == 'G'
}

// up serves the client's direction until the client closes, or the server is gone and the client has noticed.
func (l *link) up(framed bool) {
	if !framed {
		l.pour(l.toServer, l.fromClient, func() { l.proxy.sent(l) })
		return
	}
	for {
		m, err := readMessage(l.fromClient)
		if err != nil {
			return
		}
		l.mu.Lock()
		l.refusable = l.dialogue.idle()
		kind := l.dialogue.client(m)
		l.mu.Unlock()
		if m[0] != 'X' {
			l.proxy.sent(l)
		}
		if !l.passClient(m, kind) {
			_, _ = io.Copy(io.Discard, l.client)
			return
		}
		if l.fromClient.Buffered() == 0 {
			l.toServer.flush()
		}
	}
}

// passClient passes a message on, or lets a fault strike; the result is false when no more is to be passed on.
func (l *link) passClient(m []byte, kind Kind) bool {
	if l.isOver() {
		return false
	}
	fault, struck := l.proxy.judge(l, kind)
	switch {
	case !struck:
	case fault.Harm == Refuse:
		return l.refuse(fault, m)
	case fault.When == Before:
		l.toServer.flush()
		if !l.harm(fault, m, l.toServer) {
			return false
		}
	default:
		l.mu.Lock()
		l.fate, l.unit = &fault, l.dialogue.unit()
		l.mu.Unlock()
	}
	l.toServer.send(m)
	return true
}

// refuse answers the unit that begins with m in the server's place. The server never hears of it.
func (l *link) refuse(f Fault, m []byte) bool {
	for m[0] != 'Q' && m[0] != 'S' {
		var err error
		if m, err = readMessage(l.fromClient); err != nil {
			return false
		}
	}
	l.mu.Lock()
	l.dialogue.waiting = l.dialogue.waiting[:0]
	l.dialogue.opened, l.dialogue.last = false, None
	l.dialogue.answered = l.dialogue.sent
	l.mu.Unlock()
	l.listening.Store(true)
	l.toClient.send(append(errorResponse("ERROR", f.State, "refused by the fault proxy"), readyForQuery('I')...))
	l.toClient.flush()
	return true
}

// down serves the server's direction until the server closes.
func (l *link) down(framed bool) {
	if !framed {
		l.pour(l.toClient, l.fromServer, func() { l.listening.Store(true) })
		return
	}
	for {
		m, err := readMessage(l.fromServer)
		if err != nil {
			l.serverGone()
			return
		}
		if l.passServer(m); l.fromServer.Buffered() == 0 {
			l.toClient.flush()
		}
	}
}

// passServer passes a message on, holds it back, or lets a fault strike.
func (l *link) passServer(m []byte) {
	l.mu.Lock()
	kind := l.dialogue.server(m)
	fate, over := l.fate, l.over
	due := fate != nil && (l.dialogue.answered >= l.unit || fate.At.StartUp() || fate.Harm == Delay)
	if due {
		l.fate = nil
	}
	l.mu.Unlock()
	if over || fate != nil && !due {
		return
	}
	if due && !l.harm(*fate, m, l.toClient) {
		return
	}
	fault, struck := l.proxy.judge(l, kind)
	if struck && fault.When == Before {
		l.toClient.flush()
		if !l.harm(fault, m, l.toClient) {
			return
		}
	}
	l.listening.Store(true)
	l.toClient.send(m)
	if struck && fault.When == After {
		l.toClient.flush()
		l.harm(fault, m, l.toClient)
	}
}

// serverGone lets a fault strike that waited for an answer which will not come any more.
func (l *link) serverGone() {
	l.mu.Lock()
	fate := l.fate
	l.fate = nil
	l.mu.Unlock()
	if fate != nil {
		l.harm(*fate, nil, l.toClient)
	}
	if l.swallowed() { // the client must not see the end
		_, _ = io.Copy(io.Discard, l.client)
	}
}

// harm does what f says to the connection; m is the message that is struck, on its way through way. The result is true if the
// message goes on, late.
func (l *link) harm(f Fault, m []byte, way *lane) bool {
	if f.Harm == Delay {
		l.proxy.pause(f.Delay)
		return true
	}
	l.mu.Lock()
	l.over = true
	l.kept = f.Harm == Swallow
	l.mu.Unlock()
	switch f.Harm {
	case Swallow:
		return false
	case RST:
		reset(l.client)
	case Half:
		way.send(m[:len(m)/2])
	case Error, Fatal:
		l.toClient.send(errorResponse(string(f.Harm), f.State, "made by the fault proxy"))
	}
	l.toServer.finish()
	l.toClient.finish()
	closeWrite(l.client)
	_ = l.server.Close()
	return false
}

func (l *link) isOver() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

func (l *link) swallowed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept
}

// pour copies bytes until their source ends.
func (l *link) pour(to *lane, from *bufio.Reader, passing func()) {
	if l.isOver() {
		_, _ = io.Copy(io.Discard, from)
		return
	}
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			passing()
			to.send(buf[:n])
			to.flush()
		}
		if err != nil {
			return
		}
	}
}

// closeWrite sends a FIN and leaves the other direction open, so that data that is still coming does not turn it into a reset.
func closeWrite(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		if err := half.CloseWrite(); err == nil || errors.Is(err, net.ErrClosed) {
			return
		}
	}
	_ = c.Close()
}
