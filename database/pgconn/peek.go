package pgconn

// socketState is what peek found on the socket of an idle connection.
type socketState int

const (
	// socketUnknown says nothing, so a ping has to find out: the system or the connection cannot be peeked at.
	socketUnknown socketState = iota
	// socketQuiet: nothing has come. As far as this end knows, the connection is alive.
	socketQuiet
	// socketData: bytes wait. A server that ends a session says why before it closes, so this may be its last word
	// (57P01), a notice, or TLS's notice of closing.
	socketData
	// socketClosed: the other end closed or reset the connection and nothing is left to read, or this end closed it.
	socketClosed
)
