package webhook_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/internal/webhook"
)

// receiver keeps what verify lets through.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex // guards what follows
	events []webhook.Event
	faults []error
	posts  int
}

const secret = "hush"

func receive(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, post int)) *receiver {
	t.Helper()
	rec := &receiver{}
	rec.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := verify(r, secret)
		var e webhook.Event
		if err == nil {
			err = json.Unmarshal(body, &e)
		}
		rec.mu.Lock()
		rec.posts++
		post := rec.posts
		if err != nil {
			rec.faults = append(rec.faults, err)
		} else {
			rec.events = append(rec.events, e)
		}
		rec.mu.Unlock()
		answer(w, r, post)
	}))
	t.Cleanup(rec.Close)
	return rec
}

func accept(http.ResponseWriter, *http.Request, int) {}

// sender collects the warnings. The URL holds secrets.
func (rec *receiver) sender(t *testing.T, secret string) (*webhook.Sender, *strings.Builder) {
	t.Helper()
	var mu sync.Mutex
	warnings := &strings.Builder{}
	s, err := webhook.New(strings.Replace(rec.URL, "//", "//me:secretpw@", 1)+"/secretpath?k=secretquery", secret, rec.Client().Transport, func(w string) {
		mu.Lock()
		defer mu.Unlock()
		warnings.WriteString(w + "\n")
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if strings.Contains(warnings.String(), "secret") {
			t.Errorf("a secret shows in %s", warnings)
		}
	})
	return s, warnings
}

func TestEventsArriveSigned(t *testing.T) {
	t.Parallel()
	rec := receive(t, accept)
	s, warnings := rec.sender(t, secret)
	ctx, cancel := context.WithCancel(t.Context())
	s.Start(ctx, webhook.Event{Event: webhook.Start, ID: "1", At: time.Now()})
	cancel() // as Ctrl-C does
	s.End(ctx, webhook.Event{Event: webhook.Failed, ID: "1", Error: map[string]any{"message": "<&>"}})
	rec.Close() // waits for its handlers
	if len(rec.events) != 2 || rec.events[0].Event != webhook.Start || rec.events[1].Event != webhook.Failed || rec.events[1].ID != "1" {
		t.Errorf("events %v, faults %v", rec.events, rec.faults)
	}
	if warnings.Len() > 0 {
		t.Error(warnings)
	}
}

func TestAnotherSecretIsNoticed(t *testing.T) {
	t.Parallel()
	for _, other := range []string{"", "other"} {
		rec := receive(t, accept)
		s, _ := rec.sender(t, other)
		s.End(t.Context(), webhook.Event{})
		rec.Close() // waits for its handlers
		if len(rec.faults) != 1 {
			t.Errorf("secret %q: %d faults", other, len(rec.faults))
		}
	}
}

func TestSign(t *testing.T) {
	t.Parallel()
	// printf '1700000000.{}' | openssl dgst -sha256 -hmac hush
	const want = "t=1700000000,v1=763081ea12e3b1f903f958994c023cde07f1224b02a538ad6f959112a2f780ba"
	if got := webhook.Sign([]byte(secret), time.Unix(1700000000, 0), []byte("{}")); got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func TestPostIsTriedAgain(t *testing.T) {
	t.Parallel()
	rec := receive(t, func(w http.ResponseWriter, _ *http.Request, post int) {
		if post < 3 {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	s, warnings := rec.sender(t, secret)
	s.End(t.Context(), webhook.Event{})
	rec.Close() // waits for its handlers
	if rec.posts != 3 || len(rec.faults) > 0 || warnings.Len() > 0 {
		t.Errorf("%d posts, faults %v, %s", rec.posts, rec.faults, warnings)
	}
}

func TestDeadWebhookWarns(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request, int)
		want   string
		posts  int
	}{
		"500": {func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(500) }, "answered 500 Internal Server Error", webhook.MaxTries},
		"404": {func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(404) }, "answered 404 Not Found", 1},
		"redirect": {func(w http.ResponseWriter, r *http.Request, _ int) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, "answered 307", 1},
		"silent": {func(_ http.ResponseWriter, r *http.Request, _ int) { <-r.Context().Done() }, "no success within 3s", 1},
		"Retry-After": {func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
		}, "no success within 3s", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := receive(t, c.answer)
			s, warnings := rec.sender(t, secret)
			start := time.Now()
			s.Start(t.Context(), webhook.Event{Event: webhook.Start})
			if took := time.Since(start); took > webhook.Patience/10 {
				t.Errorf("the run waited %v for the start's post", took)
			}
			s.End(t.Context(), webhook.Event{Event: webhook.Done})
			rec.Close() // waits for its handlers
			if took := time.Since(start); took > 2*webhook.Patience+time.Second {
				t.Errorf("the run was delayed by %v", took)
			}
			for _, kind := range []string{"start", "done"} {
				if line := `did not take the event "` + kind + `": `; !strings.Contains(warnings.String(), line) || strings.Count(warnings.String(), c.want) != 2 {
					t.Errorf("warnings %s", warnings)
				}
			}
			if rec.posts != 2*c.posts {
				t.Errorf("%d posts, not %d", rec.posts, 2*c.posts)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	rec := receive(t, accept)
	s, warnings := rec.sender(t, secret)
	rec.Close()
	s.End(t.Context(), webhook.Event{})
	rec.Close() // waits for its handlers
	if !strings.Contains(warnings.String(), "refused") {
		t.Error(warnings)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "hooks", "ftp://secret@x/", "https://", "https://me:se/cret@x/", "https:secret"} {
		if _, err := webhook.New(raw, "", nil, nil); err == nil || strings.Contains(err.Error(), "cret") {
			t.Errorf("%q: %v", raw, err)
		}
	}
	var none *webhook.Sender
	none.Start(t.Context(), webhook.Event{})
	none.End(t.Context(), webhook.Event{})
}
