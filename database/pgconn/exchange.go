package pgconn

import (
	"bytes"
	"errors"

	"github.com/lib/pq"
)

// reply is what an exchange brought.
type reply struct {
	rows [][]string // of all statements
	tag  string     // of the last
	err  *pq.Error  // the first
}

// exchange sends messages of our own, which end with a Sync or are a Query, and reads the answers to the end. The
// error is the network's or the protocol's; the server's own is in the reply. Nothing of lib/pq's may be under way.
func (w *wire) exchange(messages []byte) (reply, error) {
	defer func(watch bool) { w.watch = watch }(w.watch)
	w.ready.Store(false)
	w.watch = false
	var r reply
	if _, err := w.send(messages); err != nil {
		return r, err
	}
	return w.collect()
}

// flush sends the prefix as a request of its own.
func (w *wire) flush() (reply, error) {
	messages := appendSync(w.prefix.messages)
	w.takePrefix()
	r, err := w.exchange(messages)
	w.rows = r.rows
	return r, err
}

func (w *wire) collect() (r reply, err error) {
	for {
		kind, size, err := w.header()
		if err != nil {
			return r, err
		}
		if w.plain {
			return r, w.keep(errors.New("the server stopped speaking its protocol"))
		}
		body, err := w.body(size)
		if err == nil {
			err = w.note(kind, body)
		}
		if err != nil {
			return r, w.keep(err)
		}
		switch kind {
		case msgErrorResponse:
			if r.err == nil {
				r.err = w.lastError
			}
		case msgDataRow:
			row, err := parseRow(body)
			if err != nil {
				return r, w.keep(err)
			}
			r.rows = append(r.rows, row)
		case msgCommandComplete:
			r.tag = string(bytes.TrimSuffix(body, []byte{0}))
		case msgParseComplete:
			w.parsed++
		}
		w.pos += size
		if kind == msgReadyForQuery {
			w.boundary = false
			return r, nil
		}
	}
}
