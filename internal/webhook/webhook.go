// Package webhook tells a URL about a migration run: that it has started, and how it ended. Whoever listens there never decides
// anything: a post that fails is a warning, and all of them together delay a run by a bounded time. docs/remote.md is the contract.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// The bounds of a post.
const (
	// Patience is how long one post may take, all its tries included. [Sender.End] waits at most twice as long: for the start's
	// post, and for its own.
	Patience  = 3 * time.Second
	MaxTries  = 4
	firstWait = 100 * time.Millisecond // doubling
)

// SignatureHeader is "t=<Unix time>,v1=<HMAC-SHA256 in hex of t, a dot and the body>".
const SignatureHeader = "X-Plinth-Signature"

// Kind says at which moment of a run an event was made.
type Kind string

// The kinds. Every run has a Start and one of the others.
const (
	Start  Kind = "start"
	Done   Kind = "done"
	Failed Kind = "failed"
)

// Event is the body of a post. What is not known is null.
type Event struct {
	Event      Kind      `json:"event"`
	ID         string    `json:"id"` // of the run: the same in all its events
	At         time.Time `json:"at"`
	Command    string    `json:"command"`
	Direction  string    `json:"direction"`
	Database   any       `json:"database"` // host:port/name
	From       any       `json:"from"`
	To         any       `json:"to"`
	Migrations []any     `json:"migrations"` // that ran; as in the command's own JSON, like Error
	Error      any       `json:"error"`
	Operator   any       `json:"operator"` // the user of the operating system
	Host       any       `json:"host"`     // where the command ran
}

// Sender posts the events of one run. A nil Sender posts nothing.
type Sender struct {
	url     *url.URL
	secret  []byte
	warn    func(string)
	client  *http.Client
	started chan struct{} // closed when the start's post has ended; nil before Start
}

// New checks the URL. With an empty secret posts are not signed. warn gets a line for every post that failed, possibly from
// another goroutine, before End returns. transport may be nil for http.DefaultTransport.
func New(raw, secret string, transport http.RoundTripper, warn func(string)) (*Sender, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("webhook: the URL cannot be read; in user and password, write / as %2F, @ as %40 and : as %3A")
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return nil, errors.New("webhook: the URL must begin with https:// or http:// and name a host")
	}
	return &Sender{url: u, secret: []byte(secret), warn: warn, client: &http.Client{
		Transport: transport,
		// The body and its signature are for this host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Name is the webhook in messages: its path may be a secret as well as its password.
func (s *Sender) Name() string { return s.url.Scheme + "://" + s.url.Host }

// Start posts e while the caller goes on. It is called once, before End.
func (s *Sender) Start(ctx context.Context, e Event) {
	if s == nil {
		return
	}
	s.started = make(chan struct{})
	go func() {
		defer close(s.started)
		s.post(ctx, e)
	}()
}

// End posts e, also after ctx was cancelled, and returns when it is known to have arrived or was given up. The start's event comes
// first if it comes at all.
func (s *Sender) End(ctx context.Context, e Event) {
	if s == nil {
		return
	}
	if s.started != nil {
		<-s.started // within Patience
	}
	s.post(ctx, e)
	s.client.CloseIdleConnections()
}

func (s *Sender) post(ctx context.Context, e Event) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Patience)
	defer cancel()
	if err := s.deliver(ctx, e); err != nil {
		s.warn(fmt.Sprintf("the webhook at %s did not take the event %q: %v", s.Name(), e.Event, err))
	}
}

func (s *Sender) deliver(ctx context.Context, e Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, s.url.String(), body)
	if err != nil {
		return reason(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "plinth")
	if len(s.secret) > 0 {
		req.Header.Set(SignatureHeader, Sign(s.secret, time.Now(), body))
	}
	client := &retryablehttp.Client{
		HTTPClient: s.client, RetryMax: MaxTries - 1, RetryWaitMin: firstWait, RetryWaitMax: Patience,
		CheckRetry: retryablehttp.DefaultRetryPolicy, Backoff: retryablehttp.DefaultBackoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
		// No Logger: it would show the URL's path.
	}
	resp, err := client.Do(req)
	if ctx.Err() != nil {
		return fmt.Errorf("no success within %v", Patience)
	}
	if err != nil {
		return reason(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("it answered %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	return nil
}

// Sign is the value of [SignatureHeader].
func Sign(secret []byte, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

var password = regexp.MustCompile(`//[^/\s"']*@`)

// reason is an error of net/http without the URL, and without the password of a proxy.
func reason(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return errors.New(password.ReplaceAllString(err.Error(), "//***@"))
}
