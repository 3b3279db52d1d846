package chaos

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	headerSize = 5       // kind and length
	maxMessage = 1 << 30 // what the server itself takes
)

// Codes in the place of a startup packet's protocol version (src/include/libpq/pqcomm.h).
const (
	codeCancel = 80877102
	codeSSL    = 80877103
	codeGSS    = 80877104
)

// tlsHandshake is the first byte of a TLS connection (RFC 8446, section 5.1), which a client sends at once with sslnegotiation=direct.
const tlsHandshake = 0x16

var errFraming = errors.New("chaos: a message with an impossible length; this is not PostgreSQL's protocol, version 3")

// readMessage returns the next message with its header. The result is the caller's.
func readMessage(r *bufio.Reader) ([]byte, error) {
	header, err := r.Peek(headerSize)
	if err != nil {
		return nil, err
	}
	return readWhole(r, int64(binary.BigEndian.Uint32(header[1:]))+1, headerSize)
}

// readStartup returns the next packet of the kind that starts a connection, which has no first byte of its own.
func readStartup(r *bufio.Reader) (packet []byte, code uint32, err error) {
	header, err := r.Peek(8)
	if err != nil {
		return nil, 0, err
	}
	code = binary.BigEndian.Uint32(header[4:])
	packet, err = readWhole(r, int64(binary.BigEndian.Uint32(header)), 8)
	return packet, code, err
}

func readWhole(r *bufio.Reader, size, least int64) ([]byte, error) {
	if size < least || size > maxMessage {
		return nil, errFraming
	}
	whole := make([]byte, size)
	if _, err := io.ReadFull(r, whole); err != nil {
		return nil, err
	}
	return whole, nil
}

// text reads a string that ends with a zero byte and returns the rest.
func text(b []byte) (s string, rest []byte) {
	head, rest, _ := bytes.Cut(b, []byte{0})
	return string(head), rest
}

// errorResponse is what the proxy says in the server's place.
func errorResponse(severity, state, said string) []byte {
	body := fmt.Sprintf("S%s\x00V%s\x00C%s\x00M%s\x00\x00", severity, severity, state, said)
	return tagged('E', []byte(body))
}

func readyForQuery(state byte) []byte { return tagged('Z', []byte{state}) }

func tagged(kind byte, body []byte) []byte {
	m := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)+4))
	return append(m, body...)
}
