package pgconn

import (
	"context"
	"errors"
	"net"
)

// GuardOn returns the guard of a connection over n.
func GuardOn(n net.Conn) func(context.Context) (release func()) {
	conn := &Conn{wire: newWire(n, n), owner: &Connector{security: &security{}}, server: &server{}}
	return conn.guard
}

// Wire is the framing reader over a connection.
type Wire struct{ w *wire }

// NewWire returns the reader over n.
func NewWire(n net.Conn) *Wire { return &Wire{newWire(n, n)} }

// Read is what lib/pq reads.
func (w *Wire) Read(p []byte) (int, error) { return w.w.Read(p) }

// Expect makes the reader swallow answers of these kinds, as after a prefix.
func (w *Wire) Expect(kinds string) { w.w.expect = []byte(kinds) }

// State is the transaction's state as the server last told it, and whether a request has been answered to its end.
func (w *Wire) State() (byte, bool) { return w.w.state, w.w.ready.Load() }

// Rows are the rows swallowed.
func (w *Wire) Rows() [][]string { return w.w.rows }

// Evidence is what the server says of a transaction that began with id 100 in incarnation "i" on timeline "t" of system "s".
type Evidence struct {
	System, Timeline, Incarnation, NextXID, Status string
	Recovering, Fresh, After                       bool
}

// Judge returns "committed", "aborted", "undecidable" or "ask again".
func Judge(e Evidence) string {
	ref := commitRef{xid: "100", timeline: "t", pid: "1", incarnation: "i", since: "2026-01-01", system: "s"}
	out, err := judge(ref, evidence{
		system: e.System, timeline: e.Timeline, incarnation: e.Incarnation, nextXID: e.NextXID, status: e.Status,
		recovering: e.Recovering, fresh: e.Fresh, after: e.After,
	})
	switch {
	case out == happened:
		return "committed"
	case out == aborted:
		return "aborted"
	case errors.Is(err, errUndecidable):
		return "undecidable"
	}
	return "ask again"
}

// Facts is what the text of a statement tells, as letters: c cacheable, r reads, b begins, m may end, e ends, p copies, a alters, f forgets.
func Facts(text string) string {
	f := inspect(text)
	var s string
	for _, fact := range []struct {
		holds  bool
		letter string
	}{{f.cacheable, "c"}, {f.reads, "r"}, {f.begins, "b"}, {f.mayEnd, "m"}, {f.ends, "e"}, {f.copies, "p"}, {f.alters, "a"}, {f.forgets, "f"}} {
		if fact.holds {
			s += fact.letter
		}
	}
	return s
}

// ParseMessages reads one body as each kind of message that is read here.
func ParseMessages(body []byte) {
	if e, err := parseError(body); err == nil && e.Code == "" && e.Message == "" {
		panic("an error without a code and a text")
	}
	if row, err := parseRow(body); err == nil && len(row) > len(body) {
		panic("more columns than bytes")
	}
	_, _, _ = parseParameter(body)
}
