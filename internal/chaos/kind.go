package chaos

import (
	"cmp"
	"slices"
	"strings"
)

// Side is who sends a message.
type Side string

// The sides.
const (
	Client Side = "client"
	Server Side = "server"
)

// Verb is what the statement does to which a message belongs. An answer has the verb of its request; a ReadyForQuery and a
// Sync have the verb of the last Execute before them.
type Verb string

// The verbs.
const (
	Begin     Verb = "BEGIN"
	Commit    Verb = "COMMIT"
	Rollback  Verb = "ROLLBACK"
	Savepoint Verb = "SAVEPOINT" // RELEASE and ROLLBACK TO, too
	Write     Verb = "write"     // INSERT, UPDATE, DELETE, MERGE
	Settle    Verb = "settle"    // asks for the outcome of an earlier transaction
	Ping      Verb = "ping"      // a statement without a word, which asks only whether the server answers
	Other     Verb = "other"
	None      Verb = "" // the message belongs to no statement
)

// Kind tells messages apart.
type Kind struct {
	From Side
	Name string // as in the manual, chapter "Message Formats": "Parse", "CommandComplete"; "Startup"
	Verb Verb
}

func (k Kind) String() string {
	s := string(k.From) + " " + k.Name
	if k.Verb != None {
		s += " " + string(k.Verb)
	}
	return s
}

// StartUp reports whether messages of the kind come before the first ReadyForQuery of a connection, or are that one.
func (k Kind) StartUp() bool {
	switch k.Name {
	case "SSLRequest", "SSLAnswer", "Startup", "Password", "AuthenticationOk", "Authentication", "ParameterStatus", "BackendKeyData":
		return true
	}
	return k.Name == "ReadyForQuery" && k.Verb == None
}

func compareKinds(a, b Kind) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Verb, b.Verb))
}

// clientNames and serverNames are the messages' first bytes (PostgreSQL 18 manual, chapter 54.7).
var (
	clientNames = map[byte]string{
		'P': "Parse", 'B': "Bind", 'D': "Describe", 'E': "Execute", 'S': "Sync", 'Q': "Query", 'X': "Terminate",
		'C': "Close", 'H': "Flush", 'p': "Password", 'd': "CopyData", 'c': "CopyDone", 'f': "CopyFail", 'F': "FunctionCall",
	}
	serverNames = map[byte]string{
		'R': "Authentication", 'S': "ParameterStatus", 'K': "BackendKeyData", '1': "ParseComplete", '2': "BindComplete",
		'3': "CloseComplete", 't': "ParameterDescription", 'T': "RowDescription", 'n': "NoData", 'D': "DataRow",
		'C': "CommandComplete", 'I': "EmptyQueryResponse", 's': "PortalSuspended", 'E': "ErrorResponse", 'N': "NoticeResponse",
		'A': "NotificationResponse", 'Z': "ReadyForQuery", 'G': "CopyInResponse", 'H': "CopyOutResponse", 'W': "CopyBothResponse",
		'd': "CopyData", 'c': "CopyDone", 'v': "NegotiateProtocolVersion",
	}
)

var verbs = map[string]Verb{
	"BEGIN": Begin, "START": Begin, "COMMIT": Commit, "END": Commit, "ROLLBACK": Rollback, "ABORT": Rollback,
	"SAVEPOINT": Savepoint, "RELEASE": Savepoint,
	"INSERT": Write, "UPDATE": Write, "DELETE": Write, "MERGE": Write,
}

// verbOf goes by a statement's first word; of several statements in one message the first counts.
func verbOf(text string) Verb {
	if strings.Contains(text, "pg_xact_status") || strings.Contains(text, "txid_status") {
		return Settle
	}
	words := strings.FieldsFunc(withoutComments(text), func(r rune) bool { return strings.ContainsRune(" \t\r\n\f;(", r) })
	if len(words) == 0 {
		return Ping
	}
	verb, ok := verbs[strings.ToUpper(words[0])]
	switch {
	case !ok:
		return Other
	case verb == Rollback && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, "TO") }):
		return Savepoint
	}
	return verb
}

// withoutComments drops the comments before the first word; they are not nested there in any client that is tested here.
func withoutComments(text string) string {
	for {
		text = strings.TrimLeft(text, " \t\r\n\f;")
		switch {
		case strings.HasPrefix(text, "--"):
			_, text, _ = strings.Cut(text, "\n")
		case strings.HasPrefix(text, "/*"):
			_, text, _ = strings.Cut(text, "*/")
		default:
			return text
		}
	}
}
