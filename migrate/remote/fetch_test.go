package remote_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate/remote"
)

// host is an archive's server.
func host(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	return s
}

// trust is the transport that knows the test servers' certificate.
func trust(s *httptest.Server) remote.Option {
	return remote.WithTransport(s.Client().Transport.(*http.Transport))
}

func send(archive []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive) }
}

func opens(t *testing.T, dir string, opts ...remote.Option) {
	t.Helper()
	fsys, err := remote.Open(t.Context(), dir, opts...)
	must(t, err)
	if names, _ := contents(t, fsys); len(names) != 6 {
		t.Errorf("the directory holds %q", names)
	}
}

// fails checks the error, and that it holds no secret: tests put the word secret into every one.
func fails(t *testing.T, dir, want string, opts ...remote.Option) error {
	t.Helper()
	_, err := remote.Open(t.Context(), dir, opts...)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("error %v, not one with %q", err, want)
	}
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		if strings.Contains(cause.Error(), "secret") {
			t.Errorf("a secret shows in %q", cause)
		}
	}
	return err
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for format, pack := range packers {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			s := host(t, send(pack(t, directory(t, "app-1/db/")...)))
			opens(t, s.URL+"/app?x=1#db", trust(s))
			opens(t, s.URL+"/app#app-1/db/", trust(s))
		})
	}
	plain := httptest.NewServer(send(packTar(t, directory(t, "")...)))
	defer plain.Close()
	opens(t, plain.URL) // 127.0.0.1
}

func TestOpenRefusesURLs(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string]string{
		"http://example.org/a.zip":             "plain http can be changed on the way",
		"http://localhost.example.org/a.zip":   "plain http",
		"http://127.0.0.1.example.org/a.zip":   "plain http",
		"ftp://me:secret@example.org/a.zip":    "scheme ftp is not known",
		"file:///etc":                          "names no host",
		"https://":                             "names no host",
		"https://me:secret@/a.zip":             "names no host",
		"https://me:se/cret@example.org/a.zip": "cannot be read",
		"https://me:secret%zz@example.org/":    "cannot be read",
		"https://example.org/a.zip#../x":       "is not a folder",
		"https://example.org/a.zip#a//b":       "is not a folder",
	} {
		fails(t, dir, want)
	}
}

func TestOpenTriesAgain(t *testing.T) {
	t.Parallel()
	archive := packTar(t, directory(t, "")...)
	for name, bad := range map[string]http.HandlerFunc{
		"503": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
		"Retry-After": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		"no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"broken off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(archive)))
			_, _ = w.Write(archive[:100])
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			s := host(t, func(w http.ResponseWriter, r *http.Request) {
				if requests.Add(1) == 1 {
					bad(w, r)
					return
				}
				send(archive)(w, r)
			})
			start, noted := time.Now(), ""
			opens(t, s.URL, trust(s), remote.WithNotice(func(reason string, try int) { noted += fmt.Sprint(try, reason) }))
			if !strings.HasPrefix(noted, "1") || requests.Load() != 2 {
				t.Errorf("%d requests, noted %q", requests.Load(), noted)
			}
			if name == "Retry-After" && time.Since(start) < time.Second {
				t.Error("did not wait as long as the server asked for")
			}
		})
	}
}

func TestOpenGivesUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		want     string
		requests int32
	}{
		"always 500": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "answered 500 Internal Server Error (4 tries)", remote.MaxTries},
		"404":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "404 Not Found; an archive that is not public", 1},
		"204":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "204", 1},
		"206":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(206); _, _ = w.Write([]byte{0x1f, 0x8b}) }, "206", 1},
		"much later": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "31")
			w.WriteHeader(503)
		}, "left alone for 31s", 1},
		"said to be too large": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(remote.MaxArchive+1))
			_, _ = w.Write([]byte{0x1f, 0x8b})
		}, "larger than 32 MiB", 1},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			for block := make([]byte, 1<<20); ; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, "larger than 32 MiB", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			s := host(t, func(w http.ResponseWriter, r *http.Request) { requests.Add(1); c.answer(w, r) })
			fails(t, s.URL+"/a.zip?token=secret", c.want, trust(s))
			if requests.Load() != c.requests {
				t.Errorf("%d requests, not %d", requests.Load(), c.requests)
			}
		})
	}
}

// An unknown certificate is refused at once.
func TestOpenVerifiesTheCertificate(t *testing.T) {
	t.Parallel()
	s := host(t, send(nil))
	start := time.Now()
	fails(t, s.URL, "certificate")
	if time.Since(start) > 5*time.Second {
		t.Error("it was tried again")
	}
}

func TestOpenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	began, release := make(chan struct{}), make(chan struct{})
	s := host(t, func(http.ResponseWriter, *http.Request) { close(began); <-release })
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-began; cancel() }()
	_, err := remote.Open(ctx, s.URL, trust(s))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Credentials go to the URL's own host and port, and to nobody else; the query goes nowhere as a referrer.
func TestOpenKeepsCredentials(t *testing.T) {
	t.Parallel()
	archive := packTar(t, directory(t, "")...)
	var other *httptest.Server
	seen := make(chan http.Header, 10)
	other = host(t, func(w http.ResponseWriter, r *http.Request) { seen <- r.Header.Clone(); send(archive)(w, r) })
	s := host(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/here" {
			seen <- r.Header.Clone()
			send(archive)(w, r)
			return
		}
		to := map[string]string{"/other": other.URL + "/x", "/same": "/here"}[r.URL.Path]
		http.Redirect(w, r, to, http.StatusFound)
	})
	withUser := strings.Replace(s.URL, "//", "//me:secret%2F@", 1)
	for _, c := range []struct {
		dir, want string
		token     string
	}{
		{s.URL + "/here", "", " "},
		{s.URL + "/here", "Bearer secret", "secret\n"},
		{withUser + "/here", "Basic bWU6c2VjcmV0Lw==", ""},
		{withUser + "/here", "Basic bWU6c2VjcmV0Lw==", "secret"},
		{withUser + "/same?key=secret", "Basic bWU6c2VjcmV0Lw==", ""},
		{withUser + "/other?key=secret", "", ""},
		{s.URL + "/other", "", "secret"},
	} {
		opens(t, c.dir, remote.WithToken(c.token), trust(s))
		h := <-seen
		if got := h.Get("Authorization"); got != c.want || h.Get("Referer") != "" {
			t.Errorf("%s: Authorization %q, not %q; Referer %q", c.dir, got, c.want, h.Get("Referer"))
		}
	}
}

func TestOpenRefusesRedirects(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(send(packTar(t, directory(t, "")...)))
	defer plain.Close()
	s := host(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		switch {
		case r.URL.Path == "/plain":
			http.Redirect(w, r, plain.URL+"/?secret", http.StatusFound)
		case r.URL.Path == "/nowhere":
			w.Header().Set("Location", "https://me:secret@%zz/?secret")
			w.WriteHeader(http.StatusFound)
		case n > 0:
			http.Redirect(w, r, fmt.Sprintf("/?n=%d", n-1), http.StatusFound)
		default:
			send(packTar(t, directory(t, "")...))(w, r)
		}
	})
	fails(t, s.URL+"/plain", "redirected from https to http", trust(s))
	fails(t, s.URL+"/?n=6", "more than 5 redirects", trust(s))
	opens(t, s.URL+"/?n=5", trust(s))
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/far" {
			http.Redirect(w, r, "http://example.org/a.zip?secret", http.StatusFound)
			return
		}
		http.Redirect(w, r, s.URL, http.StatusFound)
	}))
	defer up.Close()
	fails(t, up.URL, "redirected from http to https", trust(s))
	fails(t, up.URL+"/far", "plain http", trust(s))
	fails(t, s.URL+"/nowhere", "Location", trust(s))
}

// The proxy's password does not show either.
func TestOpenThroughAProxyThatIsDown(t *testing.T) {
	t.Parallel()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = func(*http.Request) (*url.URL, error) {
		return nil, errors.New(`invalid proxy address "http://me:secret@proxy"`)
	}
	err := fails(t, "https://me:secret@example.org/a.zip?secret", "https://example.org/a.zip: invalid proxy address", remote.WithTransport(transport))
	if e, ok := errors.AsType[*remote.FetchError](err); !ok || e.Status != 0 {
		t.Errorf("%#v", err)
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string]string{
		"https://me:pw@h.example:8443/a b.zip?sig=x#db": "https://h.example:8443/a%20b.zip#db",
		"https://me:p/w@h.example/a.zip":                "https://...",
	} {
		if got := remote.Name(dir); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	if remote.Is("migrate/migrations") || remote.Is("/a://b") || remote.Is("./https://x") || !remote.Is("HTTPS://x") {
		t.Error("a path is taken for a URL, or a URL for a path")
	}
	if !bytes.Contains([]byte(remote.Name("ftp://x/y?z")), []byte("ftp://x/y")) {
		t.Error("the name lacks what is no secret")
	}
}
