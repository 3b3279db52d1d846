package pgconn

import (
	"bytes"
	"container/list"
)

// maxCachedText is the longest statement that is kept: longer ones hold data rather than a shape that comes again.
const maxCachedText = 16 << 10

// statementCache holds the prepared statements of one connection, least recently used last out.
type statementCache struct {
	capacity int
	byText   map[string]*list.Element // of *cachedStatement
	recent   list.List                // most recently used first
}

// cachedStatement is a text that has been seen, and the statement prepared for it, if any.
type cachedStatement struct {
	text       string
	facts      textFacts
	seen       bool
	prepared   pqStmt
	name       string // on the server
	paramTypes []byte // body of the ParameterDescription
	worked     bool   // it has run without an error since it was prepared
}

func newStatementCache(capacity int) *statementCache {
	return &statementCache{capacity: capacity, byText: map[string]*list.Element{}}
}

// lookup returns what is known of a text. The evicted statement, if there is one, is to be closed on the server.
func (c *statementCache) lookup(text string) (s *cachedStatement, evicted *cachedStatement) {
	if e, ok := c.byText[text]; ok {
		c.recent.MoveToFront(e)
		return e.Value.(*cachedStatement), nil
	}
	s = &cachedStatement{text: text, facts: inspect(text)}
	if !s.facts.cacheable || c.capacity == 0 || len(text) > maxCachedText {
		s.facts.cacheable = false
		return s, nil
	}
	if len(c.byText) >= c.capacity {
		evicted = c.recent.Remove(c.recent.Back()).(*cachedStatement)
		delete(c.byText, evicted.text)
	}
	c.byText[text] = c.recent.PushFront(s)
	return s, evicted
}

// forget makes every statement be prepared anew.
func (c *statementCache) forget() {
	for e := c.recent.Front(); e != nil; e = e.Next() {
		e.Value.(*cachedStatement).drop()
	}
}

func (s *cachedStatement) drop() { s.prepared, s.worked = nil, false }

func (s *cachedStatement) took(types []byte) bool { return bytes.Equal(s.paramTypes, types) }
