package pgconn

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"

	"github.com/lib/pq"
)

// wire is the network connection that lib/pq reads from and writes to. It follows the messages that pass, so that
// Conn knows what lib/pq does not tell: whether anything was sent, the server's last error, the state of the
// transaction. And it can put messages of our own before lib/pq's next ones, in the same Sync unit, and keep their
// answers from lib/pq: that is how BEGIN travels without a round trip.
//
// It hands over nothing beyond a ReadyForQuery before it is asked again, so that between two requests every byte
// that has come is still here, and [wire.exchange] can speak for itself.
//
// One goroutine uses a wire at a time; only deadlines may be set from another. In a COPY lib/pq reads in a goroutine of its
// own, so what both directions touch is guarded.
type wire struct {
	net.Conn          // what the protocol is spoken on: the socket, or TLS on it
	raw      net.Conn // the socket

	in       []byte // in[pos:] has been received and not yet been handed over
	pos      int
	left     int  // bytes of the message being handed to lib/pq that it has not got yet
	boundary bool // lib/pq has just got a ReadyForQuery
	plain    bool // the server speaks no protocol any more: everything goes to lib/pq as it is
	out      []byte

	prefix prefix // to be sent before lib/pq's next message of the extended protocol
	expect []byte // kinds of the answers to a prefix that was sent, which lib/pq does not get
	failed bool   // an error came while answers to a prefix were expected
	rows   [][]string
	parsed int // ParseCompletes among the answers

	ready      atomic.Bool // the last request has been answered to its end
	wrote      atomic.Bool // something has been sent since the flag was last cleared
	errMu      sync.Mutex  // guards err
	err        error       // the first of the network or the protocol; the wire is of no use after it
	state      byte        // of the transaction, by the last ReadyForQuery; 0 during start-up
	lastError  *pq.Error   // the last ErrorResponse since the flag was last cleared
	parsing    string      // the name in lib/pq's last Parse
	begun      bool        // the prefix has been sent
	ended      bool        // a transaction began or ended by a statement, see watch
	watch      bool        // a transaction is open that only Commit and Rollback may end
	paramTypes []byte      // body of the last ParameterDescription
	pid        uint32
	secret     []byte            // the cancellation key
	parameters map[string]string // what the server reports by itself: server_version, in_hot_standby, ...
}

// prefix is what goes before the next message, and the kinds of the answers to it in their order.
type prefix struct {
	messages []byte
	expect   []byte
}

const readSize = 8 << 10

func newWire(conn, raw net.Conn) *wire {
	return &wire{Conn: conn, raw: raw, in: make([]byte, 0, readSize), parameters: map[string]string{}}
}

// begin clears what is known of the request before.
func (w *wire) begin() {
	w.wrote.Store(false)
	w.lastError, w.failed = nil, false
}

// Write implements [net.Conn]. lib/pq writes whole messages.
func (w *wire) Write(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	w.ready.Store(false)
	if b[0] == msgParse && len(b) > headerSize {
		name, _, _ := bytes.Cut(b[headerSize:], []byte{0})
		w.parsing = string(name)
	}
	if len(w.prefix.messages) == 0 || b[0] != msgParse && b[0] != msgBind {
		n, err := w.send(b)
		return n, err
	}
	before := len(w.prefix.messages)
	w.out = append(append(w.out[:0], w.prefix.messages...), b...)
	w.expect = append(w.expect[:0], w.prefix.expect...)
	w.takePrefix()
	n, err := w.send(w.out)
	return max(0, n-before), err
}

func (w *wire) takePrefix() {
	w.rows, w.parsed, w.begun = nil, 0, true
	w.prefix.messages, w.prefix.expect = w.prefix.messages[:0], w.prefix.expect[:0]
}

func (w *wire) send(b []byte) (int, error) {
	n, err := w.Conn.Write(b)
	if n > 0 {
		w.wrote.Store(true)
	}
	return n, w.keep(err)
}

func (w *wire) keep(err error) error {
	if err != nil {
		w.errMu.Lock()
		defer w.errMu.Unlock()
		if w.err == nil {
			w.err = err
		}
	}
	return err
}

// broken returns the first error of the network or the protocol.
func (w *wire) broken() error {
	w.errMu.Lock()
	defer w.errMu.Unlock()
	return w.err
}

// Read implements [net.Conn]: it hands over what the server sent, without the answers to a prefix.
func (w *wire) Read(p []byte) (n int, err error) {
	if w.plain {
		return w.readPlain(p, 0)
	}
	for n < len(p) {
		if w.left == 0 {
			if n > 0 && (w.boundary || !w.complete()) {
				return n, nil
			}
			w.boundary = false
			if err := w.advance(); err != nil {
				return n, err
			}
			if w.plain {
				return w.readPlain(p, n)
			}
			continue
		}
		if w.pos == len(w.in) {
			if n > 0 {
				return n, nil
			}
			if w.left >= readSize && len(p) >= readSize { // a long message into a long buffer
				n, err = w.Conn.Read(p[:min(len(p), w.left)])
				w.left -= n
				return n, w.keep(err)
			}
			if err := w.fill(); err != nil {
				return 0, err
			}
		}
		k := copy(p[n:], w.in[w.pos:min(len(w.in), w.pos+w.left)])
		n, w.pos, w.left = n+k, w.pos+k, w.left-k
	}
	return n, nil
}

func (w *wire) readPlain(p []byte, n int) (int, error) {
	if w.pos < len(w.in) {
		k := copy(p[n:], w.in[w.pos:])
		w.pos += k
		return n + k, nil
	}
	k, err := w.Conn.Read(p[n:])
	return n + k, w.keep(err)
}

// advance goes on to the next message that lib/pq is to get.
func (w *wire) advance() error {
	for {
		kind, size, err := w.header()
		if err != nil || w.plain {
			return err
		}
		swallow := len(w.expect) > 0 && !asynchronous(kind)
		if swallow || inspected(kind) {
			body, err := w.body(size)
			if err != nil {
				return err
			}
			if err := w.note(kind, body); err != nil {
				return w.keep(err)
			}
			swallow, err = w.answersPrefix(kind, body)
			if err != nil {
				return w.keep(err)
			}
		}
		if !swallow {
			w.left = size
			return nil
		}
		w.pos += size
	}
}

// answersPrefix tells whether a message answers the prefix, and keeps what it says.
func (w *wire) answersPrefix(kind byte, body []byte) (bool, error) {
	if len(w.expect) == 0 || asynchronous(kind) {
		return false, nil
	}
	if kind == msgErrorResponse { // the server skips everything up to the Sync, lib/pq's messages with it
		w.expect, w.failed = w.expect[:0], true
		return false, nil
	}
	if kind != w.expect[0] {
		return false, errMalformed
	}
	w.expect = w.expect[1:]
	switch kind {
	case msgParseComplete:
		w.parsed++
	case msgDataRow:
		row, err := parseRow(body)
		if err != nil {
			return false, err
		}
		w.rows = append(w.rows, row)
	}
	return true, nil
}

// asynchronous messages can come at any time.
func asynchronous(kind byte) bool {
	return kind == msgNoticeResponse || kind == msgNotification || kind == msgParameterStatus
}

// inspected are the kinds of which the wire reads the body.
func inspected(kind byte) bool {
	switch kind {
	case msgErrorResponse, msgReadyForQuery, msgCommandComplete, msgBackendKeyData, msgParameterStatus, msgParameterTypes:
		return true
	}
	return false
}

// note learns from a message, whoever is to get it.
func (w *wire) note(kind byte, body []byte) error {
	switch kind {
	case msgReadyForQuery:
		if len(body) != 1 {
			return errMalformed
		}
		w.state, w.boundary = body[0], true
		w.ready.Store(true)
	case msgErrorResponse:
		e, err := parseError(body)
		if err != nil {
			return err
		}
		w.lastError = e
	case msgCommandComplete:
		if w.watch && len(w.expect) == 0 && endsTransaction(body) {
			w.ended = true
		}
	case msgParameterTypes:
		w.paramTypes = append(w.paramTypes[:0], body...)
	case msgBackendKeyData:
		if len(body) < 8 {
			return errMalformed
		}
		w.pid, w.secret = binary.BigEndian.Uint32(body), bytes.Clone(body[4:])
	case msgParameterStatus:
		name, value, err := parseParameter(body)
		if err != nil {
			return err
		}
		w.parameters[name] = value
	}
	return nil
}

// endsTransaction tells whether a command tag is of a statement that begins or ends a transaction. ROLLBACK is not
// among them, as ROLLBACK TO SAVEPOINT has the same tag; the state that follows tells.
func endsTransaction(tag []byte) bool {
	switch string(bytes.TrimSuffix(tag, []byte{0})) {
	case "COMMIT", "BEGIN", "START TRANSACTION", "PREPARE TRANSACTION":
		return true
	}
	return false
}

// complete reports whether the next message can be looked at without waiting for the network.
func (w *wire) complete() bool {
	b := w.in[w.pos:]
	if len(b) < headerSize {
		return false
	}
	if len(w.expect) == 0 && !inspected(b[0]) {
		return true
	}
	return len(b) > int(binary.BigEndian.Uint32(b[1:]))
}

// header waits for the next message's kind and its whole length, which counts the header.
func (w *wire) header() (kind byte, size int, err error) {
	if err := w.need(headerSize); err != nil {
		return 0, 0, err
	}
	b := w.in[w.pos:]
	length := binary.BigEndian.Uint32(b[1:])
	if b[0] == msgErrorResponse && (length < 8 || length > maxInspectedMessage) {
		// A server that cannot start a process says so in plain text (src/backend/postmaster/postmaster.c,
		// report_fork_failure_to_client); lib/pq knows this case.
		w.plain = true
		return b[0], 0, nil
	}
	if length < 4 || length > maxMessage {
		return 0, 0, w.keep(errMalformed)
	}
	return b[0], int(length) + 1, nil
}

// body waits for the rest of a message of which the header is here.
func (w *wire) body(size int) ([]byte, error) {
	if size > maxInspectedMessage {
		return nil, w.keep(errMalformed)
	}
	if err := w.need(size); err != nil {
		return nil, err
	}
	return w.in[w.pos+headerSize : w.pos+size], nil
}

// need waits until n bytes are here.
func (w *wire) need(n int) error {
	for len(w.in)-w.pos < n {
		if w.pos+n > cap(w.in) { // move, or grow
			into := w.in[:0]
			if n > cap(w.in) {
				into = make([]byte, 0, n+readSize)
			}
			w.in, w.pos = append(into, w.in[w.pos:]...), 0
		}
		if err := w.fill(); err != nil {
			return err
		}
	}
	return nil
}

// fill reads once from the network.
func (w *wire) fill() error {
	if w.pos == len(w.in) {
		w.in, w.pos = w.in[:0], 0
	}
	n, err := w.Conn.Read(w.in[len(w.in):cap(w.in)])
	w.in = w.in[:len(w.in)+n]
	if n > 0 {
		return nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return w.keep(err)
}
