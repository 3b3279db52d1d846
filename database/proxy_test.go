package database_test

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/plinth-db/plinth/database"
)

// proxy stands between the pool and the server and can hurt a connection when the client sends a given text.
type proxy struct {
	listener net.Listener
	target   string

	mu       sync.Mutex
	text     string // in a client's message
	harm     harm
	seen     int // how often the text came, harmed or not
	conns    []net.Conn
	handlers sync.WaitGroup
}

type harm int

const (
	none       harm = iota
	cut             // forward the message, wait for the server's answer, drop the answer, close
	cutForGood      // cut, and refuse every new connection
	drop            // forward nothing, close
	silence         // forward nothing more in either direction
)

// throughProxy sends cfg's connections through a new proxy.
func throughProxy(t testing.TB, cfg database.Config) (database.Config, *proxy) {
	t.Helper()
	u, err := url.Parse(cfg.URL)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, target: u.Host}
	u.Host = l.Addr().String()
	cfg.URL = u.String()
	p.handlers.Add(1)
	go p.accept()
	t.Cleanup(p.close)
	return cfg, p
}

// on arms the proxy: the next client message that holds text is harmed, once.
func (p *proxy) on(text string, h harm) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text, p.harm, p.seen = text, h, 0
}

func (p *proxy) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

func (p *proxy) accept() {
	defer p.handlers.Done()
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		p.handlers.Add(2)
		cutting := make(chan struct{})
		go p.upstream(client, server, cutting)
		go p.downstream(client, server, cutting)
	}
}

func (p *proxy) upstream(client, server net.Conn, cutting chan struct{}) {
	defer p.handlers.Done()
	defer server.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		h := none
		if p.text != "" && bytes.Contains(buf[:n], []byte(p.text)) {
			p.seen++
			h, p.harm = p.harm, none
		}
		p.mu.Unlock()
		switch h {
		case cutForGood:
			p.refuse()
			close(cutting)
		case cut:
			close(cutting)
		case drop:
			client.Close()
			return
		case silence:
			_, _ = io.Copy(io.Discard, client)
			return
		}
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) downstream(client, server net.Conn, cutting chan struct{}) {
	defer p.handlers.Done()
	defer client.Close()
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if err != nil {
			return
		}
		select {
		case <-cutting:
			return // the server has answered, so it has done the work
		default:
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}

// refuse lets no new connection through; the ones that are open go on.
func (p *proxy) refuse() { p.listener.Close() }

func (p *proxy) close() {
	p.listener.Close()
	p.mu.Lock()
	for _, c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.handlers.Wait()
}
