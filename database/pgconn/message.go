package pgconn

import (
	"bytes"
	"encoding/binary"
	"errors"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// The messages of the frontend/backend protocol that this package writes and reads itself (PostgreSQL manual, section
// 54.7); all others pass through to lib/pq and from it.
const (
	msgParse    = 'P'
	msgBind     = 'B'
	msgExecute  = 'E'
	msgClose    = 'C'
	msgDescribe = 'D'
	msgSync     = 'S'
	msgQuery    = 'Q'

	msgParseComplete    = '1'
	msgBindComplete     = '2'
	msgCloseComplete    = '3'
	msgDataRow          = 'D'
	msgCommandComplete  = 'C'
	msgErrorResponse    = 'E'
	msgReadyForQuery    = 'Z'
	msgBackendKeyData   = 'K'
	msgParameterStatus  = 'S'
	msgParameterTypes   = 't'
	msgNoticeResponse   = 'N'
	msgNotification     = 'A'
	msgRowDescription   = 'T'
	headerSize          = 5        // type and length
	maxMessage          = 1 << 30  // PostgreSQL's own limit is 1 GB: MaxAllocSize, src/include/utils/memutils.h
	maxInspectedMessage = 64 << 20 // of the kinds that are read whole here; libpq's MAX_ERRLEN is 30,000
)

// The transaction states that ReadyForQuery tells.
const (
	stateIdle   = 'I'
	stateOpen   = 'T'
	stateFailed = 'E'
)

func appendMessage(b []byte, kind byte, body func([]byte) []byte) []byte {
	start := len(b)
	b = append(b, kind, 0, 0, 0, 0)
	b = body(b)
	binary.BigEndian.PutUint32(b[start+1:], uint32(len(b)-start-1)) //nolint:gosec // a message of ours is small
	return b
}

func appendText(b []byte, s string) []byte { return append(append(b, s...), 0) }

func appendQuery(b []byte, text string) []byte {
	return appendMessage(b, msgQuery, func(b []byte) []byte { return appendText(b, text) })
}

func appendSync(b []byte) []byte { return append(b, msgSync, 0, 0, 0, 4) }

func appendParse(b []byte, name, text string) []byte {
	return appendMessage(b, msgParse, func(b []byte) []byte {
		return append(appendText(appendText(b, name), text), 0, 0)
	})
}

// appendBindExecute binds the statement to the unnamed portal, with text parameters and text results, and runs it.
func appendBindExecute(b []byte, name string, args ...string) []byte {
	b = appendMessage(b, msgBind, func(b []byte) []byte {
		b = appendText(append(b, 0), name)
		b = append(b, 0, 0, 0, byte(len(args)))
		for _, arg := range args {
			b = binary.BigEndian.AppendUint32(b, uint32(len(arg))) //nolint:gosec // checked where it comes in
			b = append(b, arg...)
		}
		return append(b, 0, 0)
	})
	return append(b, msgExecute, 0, 0, 0, 9, 0, 0, 0, 0, 0)
}

func appendCloseStatement(b []byte, name string) []byte {
	return appendMessage(b, msgClose, func(b []byte) []byte { return appendText(append(b, 'S'), name) })
}

var errMalformed = errors.New("the server sent a malformed message")

// parseError reads the body of an ErrorResponse or NoticeResponse (manual, section 54.8).
func parseError(body []byte) (*pq.Error, error) {
	e := &pq.Error{}
	for len(body) > 0 && body[0] != 0 {
		field := body[0]
		end := bytes.IndexByte(body[1:], 0)
		if end < 0 {
			return nil, errMalformed
		}
		value := string(body[1 : 1+end])
		body = body[end+2:]
		switch field {
		case 'S':
			if e.Severity == "" {
				e.Severity = value
			}
		case 'V': // the severity that is never translated
			e.Severity = value
		case 'C':
			e.Code = pqerror.Code(value)
		case 'M':
			e.Message = value
		case 'D':
			e.Detail = value
		case 'H':
			e.Hint = value
		case 'P':
			e.Position = value
		case 'p':
			e.InternalPosition = value
		case 'q':
			e.InternalQuery = value
		case 'W':
			e.Where = value
		case 's':
			e.Schema = value
		case 't':
			e.Table = value
		case 'c':
			e.Column = value
		case 'd':
			e.DataTypeName = value
		case 'n':
			e.Constraint = value
		case 'F':
			e.File = value
		case 'L':
			e.Line = value
		case 'R':
			e.Routine = value
		}
	}
	if e.Code == "" && e.Message == "" {
		return nil, errMalformed
	}
	return e, nil
}

// parseRow reads the body of a DataRow whose columns are all in text format; NULL becomes the empty string.
func parseRow(body []byte) ([]string, error) {
	if len(body) < 2 {
		return nil, errMalformed
	}
	count := int(binary.BigEndian.Uint16(body))
	body = body[2:]
	row := make([]string, 0, min(count, 64))
	for range count {
		if len(body) < 4 {
			return nil, errMalformed
		}
		size := int(int32(binary.BigEndian.Uint32(body))) //nolint:gosec // -1 is NULL
		body = body[4:]
		if size < 0 {
			row = append(row, "")
			continue
		}
		if size > len(body) {
			return nil, errMalformed
		}
		row = append(row, string(body[:size]))
		body = body[size:]
	}
	return row, nil
}

// parseParameter reads the body of a ParameterStatus.
func parseParameter(body []byte) (name, value string, err error) {
	n := bytes.IndexByte(body, 0)
	if n < 0 || len(body) < n+2 || body[len(body)-1] != 0 {
		return "", "", errMalformed
	}
	return string(body[:n]), string(body[n+1 : len(body)-1]), nil
}
