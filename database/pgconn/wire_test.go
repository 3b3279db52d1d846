package pgconn_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/plinth-db/plinth/database/pgconn"
)

// script is a network connection from which comes what is written in it, in pieces of a given size.
type script struct {
	net.Conn
	text  []byte
	piece int
}

func (s *script) Read(p []byte) (int, error) {
	if len(s.text) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), s.piece)], s.text)
	s.text = s.text[n:]
	return n, nil
}

func message(kind byte, body string) []byte {
	b := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)+4))
	return append(b, body...)
}

// drain reads to the end as lib/pq's buffer does, and notes where each Read ended.
func drain(w *pgconn.Wire, size int) (all []byte, ends []int, err error) {
	p := make([]byte, size)
	for range 1 << 20 {
		n, err := w.Read(p)
		all = append(all, p[:n]...)
		ends = append(ends, len(all))
		if err != nil {
			return all, ends, err
		}
	}
	return all, ends, errors.New("no end")
}

func TestWireHandsOverWhatTheServerSentWithoutTheAnswersToThePrefix(t *testing.T) {
	row := message('D', "\x00\x02\x00\x00\x00\x03777\xff\xff\xff\xff")
	notice := message('N', "SNOTICE\x00C00000\x00Mhi\x00\x00")
	answer := bytes.Join([][]byte{message('2', ""), message('D', "\x00\x00"), message('C', "INSERT 0 1\x00"), message('Z', "T")}, nil)
	prefix := bytes.Join([][]byte{message('1', ""), message('2', ""), message('C', "BEGIN\x00"), message('2', ""), row, message('C', "SELECT 1\x00")}, nil)
	sent := bytes.Join([][]byte{prefix[:5], notice, prefix[5:], answer}, nil)
	for piece := 1; piece < 40; piece += 3 {
		for _, size := range []int{1, 5, 7, 4096} {
			w := pgconn.NewWire(&script{text: sent, piece: piece})
			w.Expect("12C2DC")
			got, _, err := drain(w, size)
			if want := append(bytes.Clone(notice), answer...); !bytes.Equal(got, want) || !errors.Is(err, io.EOF) {
				t.Fatalf("pieces of %d, buffer of %d: %v, got %q, want %q", piece, size, err, got, want)
			}
			if rows := w.Rows(); len(rows) != 1 || rows[0][0] != "777" || rows[0][1] != "" {
				t.Fatalf("rows %q", rows)
			}
			if state, ready := w.State(); state != 'T' || !ready {
				t.Fatalf("state %c, ready %v", state, ready)
			}
		}
	}
}

func TestErrorOfThePrefixReachesLibPq(t *testing.T) {
	refusal := append(message('E', "SERROR\x00C42704\x00Mrole\x00\x00"), message('Z', "I")...)
	w := pgconn.NewWire(&script{text: append(message('2', ""), refusal...), piece: 3})
	w.Expect("2C2DC")
	got, _, _ := drain(w, 64)
	if !bytes.Equal(got, refusal) {
		t.Fatalf("got %q, want %q", got, refusal)
	}
}

// TestNothingIsHandedOverBeyondReadyForQuery: what lib/pq had buffered, an exchange of our own would miss.
func TestNothingIsHandedOverBeyondReadyForQuery(t *testing.T) {
	first := append(message('C', "SELECT 1\x00"), message('Z', "I")...)
	fatal := message('E', "SFATAL\x00C57P01\x00Mbye\x00\x00")
	w := pgconn.NewWire(&script{text: append(bytes.Clone(first), fatal...), piece: 1000})
	p := make([]byte, 4096)
	if n, err := w.Read(p); err != nil || !bytes.Equal(p[:n], first) {
		t.Fatalf("%v, got %q", err, p[:n])
	}
	if n, err := w.Read(p); err != nil || !bytes.Equal(p[:n], fatal) {
		t.Fatalf("%v, got %q", err, p[:n])
	}
}

func TestPlainTextErrorPassesThrough(t *testing.T) {
	text := []byte("Ecould not fork new process for connection: too many\n\x00")
	got, _, err := drain(pgconn.NewWire(&script{text: text, piece: 4}), 16)
	if !bytes.Equal(got, text) || !errors.Is(err, io.EOF) {
		t.Fatalf("%v, got %q", err, got)
	}
}

// FuzzWire: whatever a server sends, in whatever pieces, the reader does not panic, hands over what came in its order, and
// ends each Read at a ReadyForQuery.
func FuzzWire(f *testing.F) {
	f.Add([]byte("Z\x00\x00\x00\x05I"), 3, 8, "")
	f.Add(bytes.Join([][]byte{message('2', ""), message('D', "\x00\x01\x00\x00\x00\x019"), message('C', "SELECT 1\x00"), message('Z', "T")}, nil), 1, 100, "2DC")
	f.Add(message('E', "SERROR\x00C42601\x00Msyntax\x00\x00"), 7, 5, "12C")
	f.Add(message('K', "\x00\x00\x00\x01\x00\x00\x00\x02"), 2, 6, "")
	f.Add(message('S', "server_version\x0017.2\x00"), 9, 9, "")
	f.Add([]byte("Ecould not fork\x00"), 4, 4, "")
	f.Add([]byte("D\xff\xff\xff\xff"), 5, 5, "D")
	f.Add(message('t', "\x00\x01\x00\x00\x00\x17"), 1, 1, "")
	f.Fuzz(func(t *testing.T, sent []byte, piece, size int, expect string) {
		if piece < 1 || size < 1 || size > 1<<16 {
			t.Skip()
		}
		w := pgconn.NewWire(&script{text: bytes.Clone(sent), piece: piece})
		w.Expect(expect)
		got, _, err := drain(w, size)
		if err == nil {
			t.Fatal("the end is an error")
		}
		if expect == "" && !bytes.HasPrefix(sent, got) {
			t.Fatalf("handed over %q of %q", got, sent)
		}
		again := pgconn.NewWire(&script{text: bytes.Clone(sent), piece: 1})
		again.Expect(expect)
		if other, _, _ := drain(again, 1); !bytes.HasPrefix(other, got) && !bytes.HasPrefix(got, other) {
			t.Fatalf("%q in pieces of %d, %q in single bytes", got, piece, other)
		}
	})
}

// FuzzMessages: a body that is cut short or lies about its lengths is refused.
func FuzzMessages(f *testing.F) {
	f.Add([]byte("SERROR\x00VERROR\x00C42601\x00Msyntax error\x00P8\x00Fscan.l\x00L1\x00Rscanner_yyerror\x00\x00"))
	f.Add([]byte("\x00\x02\x00\x00\x00\x03777\xff\xff\xff\xff"))
	f.Add([]byte("\xff\xff\x00\x00"))
	f.Add([]byte("server_version\x0017.2\x00"))
	f.Add([]byte("C"))
	f.Fuzz(func(_ *testing.T, body []byte) { pgconn.ParseMessages(body) })
}
