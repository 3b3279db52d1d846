package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// The bounds of a download.
const (
	MaxTime      = 5 * time.Minute // with all tries and waits
	MaxTries     = 4
	MaxRedirects = 5
	// MaxWait is the longest pause between two tries. A server that asks for a longer one (Retry-After) is not asked again.
	MaxWait = 30 * time.Second

	firstWait   = 500 * time.Millisecond // doubling
	timeOfTry   = 2 * time.Minute
	timeToBegin = 30 * time.Second // from the request to the answer's first byte
)

// fetcher downloads one archive.
type fetcher struct {
	name          string   // of url, for messages
	url           *url.URL // without user and fragment
	authorization string   // the header's value; "" for none
	transport     *http.Transport
	note          func(reason string, try int)
	tries         int
}

// refused is an error that another try would not mend.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

func (f *fetcher) get(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, MaxTime, fmt.Errorf("the download took longer than %v", MaxTime))
	defer cancel()
	req, err := retryablehttp.NewRequestWithContext(ctx, http.MethodGet, f.url.String(), nil)
	if err != nil {
		return nil, &FetchError{URL: f.name, Reason: hide(err).Error(), Err: hide(err)}
	}
	req.Header.Set("User-Agent", "plinth")
	if f.authorization != "" {
		req.Header.Set("Authorization", f.authorization)
	}
	client := f.client()
	defer client.HTTPClient.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return nil, f.failed(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, f.answered(resp)
	}
	data, err := io.ReadAll(resp.Body) // of memory, see whole
	if err != nil {
		return nil, f.failed(ctx, err)
	}
	return data, nil
}

func (f *fetcher) client() *retryablehttp.Client {
	if f.transport == nil {
		f.transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	f.transport.ResponseHeaderTimeout = timeToBegin
	f.transport.DisableCompression = true // the archive's own gzip is ours to read
	return &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: whole{f.transport}, Timeout: timeOfTry, CheckRedirect: f.redirect},
		RetryMax:     MaxTries - 1,
		RetryWaitMin: firstWait,
		RetryWaitMax: MaxWait,
		CheckRetry:   f.again,
		Backoff:      retryablehttp.DefaultBackoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
		// No Logger: it would show URLs with their queries.
	}
}

// again decides whether to try once more.
func (f *fetcher) again(ctx context.Context, resp *http.Response, err error) (bool, error) {
	f.tries++
	if _, ok := errors.AsType[refused](err); ok {
		return false, err
	}
	if err == nil && retryAfter(resp) > MaxWait {
		return false, nil
	}
	again, stop := retryablehttp.DefaultRetryPolicy(ctx, resp, err)
	if again && f.tries < MaxTries {
		why := ""
		if err != nil {
			why = hide(err).Error()
		} else {
			why = status(resp)
		}
		f.note(why, f.tries)
	}
	return again, stop
}

// retryAfter is the pause that the server asks for, 0 if it does not.
func retryAfter(resp *http.Response) time.Duration {
	return retryablehttp.DefaultBackoff(0, 0, 0, resp)
}

// redirect follows as long as nothing is lost by it: same scheme, and credentials for the first host only.
func (f *fetcher) redirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer") // it holds the query
	switch {
	case len(via) > MaxRedirects:
		return refused{fmt.Errorf("more than %d redirects", MaxRedirects)}
	case req.URL.Scheme != f.url.Scheme:
		return refused{fmt.Errorf("redirected from %s to %s on %s, which is refused; give the URL that it leads to", f.url.Scheme, req.URL.Scheme, req.URL.Host)}
	}
	if why := refuseURL(req.URL); why != "" {
		return refused{fmt.Errorf("redirected to %s: %s", Name(req.URL.String()), why)}
	}
	if address(req.URL) != address(f.url) {
		req.Header.Del("Authorization")
	}
	return nil
}

// address is host and port of a URL, the default port included.
func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

func (f *fetcher) failed(ctx context.Context, err error) error {
	if bad, ok := errors.AsType[*ArchiveError](err); ok {
		bad.URL = f.name
		return bad
	}
	why := hide(err).Error()
	if ctx.Err() != nil {
		why = hide(context.Cause(ctx)).Error()
	}
	if f.tries > 1 {
		why += fmt.Sprintf(" (%d tries)", f.tries)
	}
	return &FetchError{URL: f.name, Reason: why, Err: hide(err)}
}

func (f *fetcher) answered(resp *http.Response) error {
	e := &FetchError{URL: f.name, Status: resp.StatusCode, Reason: status(resp)}
	switch {
	case retryAfter(resp) > MaxWait:
		e.Reason += fmt.Sprintf(" and wants to be left alone for %v; try again then", retryAfter(resp))
	case resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden || resp.StatusCode == http.StatusNotFound:
		e.Reason += "; an archive that is not public needs user:password in the URL or a token (PLINTH_DIR_TOKEN)"
	case f.tries > 1:
		e.Reason += fmt.Sprintf(" (%d tries)", f.tries)
	}
	return e
}

// status leaves out the server's own words.
func status(resp *http.Response) string {
	return strings.TrimSpace(fmt.Sprintf("the server answered %d %s", resp.StatusCode, http.StatusText(resp.StatusCode)))
}

// whole reads an answer to its end before it hands it on, so that a download that breaks off is tried again like a request that
// failed, and nothing above [MaxArchive] is taken in.
type whole struct{ *http.Transport }

func (w whole) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := w.Transport.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		return resp, err
	}
	defer resp.Body.Close()
	tooLarge := refused{&ArchiveError{Reason: fmt.Sprintf("the archive is larger than %s", size(MaxArchive))}}
	if resp.ContentLength > MaxArchive {
		return nil, tooLarge
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, MaxArchive+1))
	if len(data) > MaxArchive {
		return nil, tooLarge
	}
	if err != nil {
		return nil, fmt.Errorf("the download broke off after %d bytes: %w", len(data), err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(data))
	return resp, nil
}

func size(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }
