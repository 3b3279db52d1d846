package database

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"
)

// HealthOption changes what [Pool.HealthHandler] answers.
type HealthOption func(*healthHandler)

// RequirePrimary makes a service that writes ready only while its server is the primary.
func RequirePrimary() HealthOption { return func(h *healthHandler) { h.primary = true } }

// HealthTimeout bounds the question that /readyz asks the database; without it, or if d is not positive, one second. Keep it
// below the prober's own timeout, or the prober never reads why.
func HealthTimeout(d time.Duration) HealthOption {
	return func(h *healthHandler) {
		if d > 0 {
			h.timeout = d
		}
	}
}

// HealthDetails puts the whole error into the answer, with host, port, user and database names, though never a password. Use it
// where only operators can ask.
func HealthDetails() HealthOption { return func(h *healthHandler) { h.details = true } }

// HealthHandler answers GET and HEAD for two paths:
//
//   - /healthz: 200 unless the pool is closed. It does not ask the database: a restart of the service, which is what a
//     failing liveness probe leads to, does not mend a database that is away.
//   - /readyz: 200 if [Pool.Health] has an answer within a second, else 503.
//
// Requests that come together share one question, and its answer serves for half a second more, so that many probes
// use one connection at most. A change of readiness goes to the pool's logger, with the whole error.
//
// The body is JSON: status ("ok" or "unavailable"), role, timeline, server_version, latency_ms, pool, and error if there is
// one. The error is a short reason, because a probe's port is often open to more than operators; see [HealthDetails].
//
//	mux.Handle("/", db.HealthHandler())
//	mux.Handle("/internal/", http.StripPrefix("/internal", db.HealthHandler()))
func (p *Pool) HealthHandler(opts ...HealthOption) http.Handler {
	h := &healthHandler{pool: p, timeout: time.Second}
	for _, opt := range opts {
		opt(h)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.live)
	mux.HandleFunc("GET /readyz", h.ready)
	return mux
}

// healthReuse is how long an answer serves; half of the shortest period that a prober can have (1 s in Kubernetes).
const healthReuse = 500 * time.Millisecond

// healthHandler is the handler's state. It is safe for concurrent use.
type healthHandler struct {
	pool    *Pool
	primary bool
	timeout time.Duration
	details bool

	mu       sync.Mutex // guards what follows; the question is not asked under it
	asking   *question  // under way, or nil
	last     *question  // answered, or nil before the first
	failing  bool       // as it was logged last
	answered time.Time
}

// question is one use of Pool.Health; what it holds may be read once done is closed.
type question struct {
	done   chan struct{}
	health Health
	err    error
}

func (h *healthHandler) live(w http.ResponseWriter, _ *http.Request) {
	h.write(w, healthBody{Pool: poolBodyOf(h.pool.Stats())}, h.pool.open())
}

func (h *healthHandler) ready(w http.ResponseWriter, r *http.Request) {
	health, err := h.ask(r.Context())
	h.write(w, healthBody{
		Role: health.Role, Timeline: health.Timeline, ServerVersion: health.ServerVersion,
		Latency: float64(health.Latency.Microseconds()) / 1000, Pool: poolBodyOf(health.Pool),
	}, err)
}

// ask returns a fresh answer, asking the database in this goroutine if no other request does already.
func (h *healthHandler) ask(ctx context.Context) (Health, error) {
	if err := h.pool.open(); err != nil {
		return Health{Pool: h.pool.Stats()}, err
	}
	h.mu.Lock()
	if h.last != nil && time.Since(h.answered) < healthReuse {
		defer h.mu.Unlock()
		return h.last.health, h.last.err
	}
	if q := h.asking; q != nil {
		h.mu.Unlock()
		select {
		case <-q.done:
			return q.health, q.err
		case <-ctx.Done():
			return Health{Pool: h.pool.Stats()}, ctx.Err()
		}
	}
	q := &question{done: make(chan struct{}), err: errProbePanicked}
	h.asking = q
	h.mu.Unlock()
	defer h.publish(ctx, q)
	// Others wait for this answer, so it does not end when this request's client goes away.
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.timeout)
	defer cancel()
	q.health, q.err = h.pool.Health(bounded)
	if q.err == nil && h.primary && q.health.Role != Primary {
		q.err = errNotPrimary
	}
	return q.health, q.err
}

func (h *healthHandler) publish(ctx context.Context, q *question) {
	close(q.done)
	h.mu.Lock()
	h.asking, h.last, h.answered = nil, q, time.Now()
	changed := h.failing != (q.err != nil)
	h.failing = q.err != nil
	h.mu.Unlock()
	switch {
	case changed && q.err != nil:
		h.pool.logger.WarnContext(ctx, "the database is not ready", "error", q.err)
	case changed:
		h.pool.logger.InfoContext(ctx, "the database is ready again", "role", string(q.health.Role), "timeline", q.health.Timeline)
	}
}

var (
	errNotPrimary    = errors.New("the server is a standby, and a primary is required")
	errProbePanicked = errors.New("the driver panicked while it was asked")
)

type healthBody struct {
	Status        string     `json:"status"`
	Role          ServerRole `json:"role,omitempty"`
	Timeline      uint32     `json:"timeline,omitempty"`
	ServerVersion string     `json:"server_version,omitempty"`
	Latency       float64    `json:"latency_ms,omitempty"`
	Pool          poolBody   `json:"pool"`
	Error         string     `json:"error,omitempty"`
}

// poolBody is of the figures those that a person looks at when a probe fails; the rest is for metrics.
type poolBody struct {
	MaxOpen  int   `json:"max_open"`
	Open     int   `json:"open"`
	InUse    int   `json:"in_use"`
	Idle     int   `json:"idle"`
	Waiting  int   `json:"waiting"`
	Timeouts int64 `json:"timeouts"`
}

func poolBodyOf(s Stats) poolBody {
	return poolBody{MaxOpen: s.MaxOpen, Open: s.Open, InUse: s.InUse, Idle: s.Idle, Waiting: s.Waiting, Timeouts: s.Timeouts}
}

func (h *healthHandler) write(w http.ResponseWriter, body healthBody, err error) {
	status := http.StatusOK
	body.Status = "ok"
	if err != nil {
		status, body.Status, body.Error = http.StatusServiceUnavailable, "unavailable", h.reason(err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a prober that has gone needs no answer
}

// reason is an error without names of hosts, users and databases.
func (h *healthHandler) reason(err error) string {
	switch {
	case h.details, errors.Is(err, ErrClosed), errors.Is(err, errNotPrimary), errors.Is(err, errProbePanicked):
		return err.Error()
	case is[*PoolTimeoutError](err):
		return "no connection came free"
	case SQLState(err) != "":
		return "the server refuses: SQLSTATE " + SQLState(err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "no answer in time"
	default:
		return "no connection to the server"
	}
}
