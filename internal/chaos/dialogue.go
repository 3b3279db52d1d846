package chaos

import (
	"cmp"
	"strings"
)

// dialogue follows what one connection's two sides say, so that every message has a [Kind] and it is known which requests are
// still to be answered. Its user guards it.
type dialogue struct {
	statements map[string]Verb // by name; the unnamed one too
	portals    map[string]Verb
	waiting    []request // oldest first
	last       Verb      // of the last Execute since the last Sync
	state      byte      // of the last ReadyForQuery; 0 during start-up
	opened     bool      // a unit has begun and not ended
	sent       int       // units that have ended: start-up, each Query, each Sync
	answered   int       // ReadyForQuery messages that have come
}

// request is a client's message that is answered.
type request struct {
	kind byte // 0 is the startup packet
	verb Verb
}

func newDialogue() *dialogue {
	return &dialogue{statements: map[string]Verb{}, portals: map[string]Verb{}}
}

// startup notes the startup packet.
func (d *dialogue) startup() Kind {
	d.waiting = append(d.waiting, request{})
	d.sent++
	return Kind{From: Client, Name: "Startup"}
}

// client notes a message of the client's.
func (d *dialogue) client(m []byte) Kind {
	kind, body := m[0], m[headerSize:]
	verb := d.verb(kind, body)
	switch kind {
	case 'P', 'B', 'D', 'E', 'C':
		d.waiting = append(d.waiting, request{kind, verb})
		d.opened = true
	case 'Q', 'S', 'F':
		d.waiting = append(d.waiting, request{kind, verb})
		d.sent++
		d.opened = false
	}
	return Kind{From: Client, Name: name(clientNames, kind), Verb: verb}
}

func (d *dialogue) verb(kind byte, body []byte) Verb {
	switch kind {
	case 'Q':
		query, _ := text(body)
		return verbOf(query)
	case 'P':
		statement, rest := text(body)
		query, _ := text(rest)
		d.statements[statement] = verbOf(query)
		return d.statements[statement]
	case 'B':
		portal, rest := text(body)
		statement, _ := text(rest)
		d.portals[portal] = d.statements[statement]
		return d.portals[portal]
	case 'E':
		portal, _ := text(body)
		d.last = d.portals[portal]
		return d.last
	case 'D', 'C':
		return d.named(body)
	case 'S':
		verb := cmp.Or(d.last, Other) // a Parse by itself has no Execute
		d.last = None
		return verb
	}
	return None
}

func (d *dialogue) named(body []byte) Verb {
	if len(body) == 0 {
		return Other
	}
	of, _ := text(body[1:])
	if body[0] == 'P' {
		return d.portals[of]
	}
	return d.statements[of]
}

// server notes a message of the server's.
func (d *dialogue) server(m []byte) Kind {
	kind, body := m[0], m[headerSize:]
	k := Kind{From: Server, Name: name(serverNames, kind)}
	switch kind {
	case 'R':
		if len(body) >= 4 && body[0]|body[1]|body[2]|body[3] == 0 {
			k.Name = "AuthenticationOk"
		}
		return k
	case 'S', 'K', 'A', 'N', 'v':
		return k
	}
	if len(d.waiting) == 0 {
		return k // a FATAL at any time
	}
	front := d.waiting[0]
	k.Verb = front.verb
	switch {
	case kind == 'Z':
		d.ready(body)
	case kind == 'E':
		d.failed()
	case kind == 'C' && front.kind == 'Q':
		k.Verb = verbOfTag(body, front.verb)
	case front.kind == 'Q' || front.kind == 0:
	case kind == 't' || kind == 'D' || kind == 'G' || kind == 'H' || kind == 'W' || kind == 'd' || kind == 'c':
	default: // ParseComplete, BindComplete, RowDescription or NoData, CommandComplete, ...: the request has been answered
		d.waiting = d.waiting[1:]
	}
	return k
}

// ready ends the oldest unit.
func (d *dialogue) ready(body []byte) {
	if len(body) == 1 {
		d.state = body[0]
	}
	d.answered++
	for i, r := range d.waiting {
		if r.endsUnit() {
			d.waiting = d.waiting[i+1:]
			return
		}
	}
}

func (r request) endsUnit() bool {
	return r.kind == 'S' || r.kind == 'Q' || r.kind == 'F' || r.kind == 0
}

// failed drops what the server skips up to the Sync.
func (d *dialogue) failed() {
	for len(d.waiting) > 0 && !d.waiting[0].endsUnit() {
		d.waiting = d.waiting[1:]
	}
}

// unit is the number of the unit to which a message belongs that was noted last.
func (d *dialogue) unit() int {
	if d.opened {
		return d.sent + 1
	}
	return d.sent
}

// idle reports that nothing is under way and no transaction open.
func (d *dialogue) idle() bool { return d.state == 'I' && !d.opened && d.answered == d.sent }

// verbOfTag serves a Query with several statements.
func verbOfTag(body []byte, verb Verb) Verb {
	tag, _ := text(body)
	word, _, _ := strings.Cut(tag, " ")
	switch known, ok := verbs[word]; {
	case verb == Savepoint || verb == Settle:
		return verb
	case ok:
		return known
	}
	return Other
}

func name(names map[byte]string, kind byte) string {
	if n, ok := names[kind]; ok {
		return n
	}
	return "message " + string(rune(kind))
}
