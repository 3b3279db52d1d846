package pgconn

import (
	"context"
	"net"

	"github.com/lib/pq"
)

// What the tests of dialling, TLS and peeking need.
type (
	Endpoint      = endpoint
	Encryption    = encryption
	Security      = security
	SocketOptions = socketOptions
	SocketState   = socketState
)

const (
	Plain         = plain
	Opportunistic = opportunistic
	Encrypted     = encrypted

	SocketUnknown = socketUnknown
	SocketQuiet   = socketQuiet
	SocketData    = socketData
	SocketClosed  = socketClosed
)

var (
	Endpoints          = endpoints
	NewSecurity        = newSecurity
	ParseSocketOptions = parseSocketOptions
	FallsBack          = fallsBack
	Peek               = peek
)

func (e endpoint) Parts() [3]string { return [3]string{e.network, e.address, e.host} }

func (s *security) Attempts(e endpoint) []encryption { return s.attempts(e) }

func (s *security) Dial(ctx context.Context, e endpoint, enc encryption, o socketOptions) (conn, raw net.Conn, err error) {
	return s.dial(ctx, e, enc, o)
}

func (o socketOptions) Connect(ctx context.Context, e endpoint) (net.Conn, error) {
	return o.dial(ctx, e)
}

func (o socketOptions) Values() (userTimeoutMS int64, keepAlive net.KeepAliveConfig) {
	return o.userTimeout.Milliseconds(), o.keepAlive
}

// EndpointAt is the server that listens at address.
func EndpointAt(address, host string) Endpoint {
	return endpoint{network: "tcp", address: address, host: host}
}

// MustConfig parses a connection string as Connector does.
func MustConfig(dsn string) *pq.Config {
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		panic(err)
	}
	return &cfg
}

// ModeOf is the sslmode that a connector for the connection string goes by.
func ModeOf(dsn string) (string, error) {
	d, err := Parse(dsn)
	if err != nil {
		return "", err
	}
	c, err := NewConnector(d, Options{})
	if err != nil {
		return "", err
	}
	return string(c.security.mode), nil
}
