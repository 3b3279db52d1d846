package pgserver

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ory/dockertest/v3"
	dc "github.com/ory/dockertest/v3/docker"
)

// docker is a server in a container.
type docker struct {
	opts            Options
	repository, tag string
	automatic       bool // nobody asked for it by name: give up sooner
}

const (
	// containerLabel marks our containers; its value is the registry entry's id.
	containerLabel = "io.github.plinth-db.pgserver"
	// pingTimeout is how long a daemon that works may take to say so.
	pingTimeout = 2 * time.Second
	// requestTimeout bounds each request but a pull. Making a container takes seconds on a busy machine.
	requestTimeout = time.Minute
	serverPort     = "5432/tcp"
	// dataMount is a file system in memory, beside the image's volume, whose place differs between versions.
	dataMount = "/plinth"
)

func (c *docker) image() string { return c.repository + ":" + c.tag }
func (c *docker) label() string { return "docker://" + c.repository + "/" + c.tag }

func (c *docker) key() (string, error) {
	sum := sha256.Sum256([]byte("docker " + dockerEndpoint() + " " + c.image()))
	return fmt.Sprintf("docker-%x", sum[:6]), nil
}

func (c *docker) start(ctx context.Context, shared bool) (*Server, error) {
	pool, err := dockerPool(ctx, dockerEndpoint())
	if err != nil {
		return nil, err
	}
	r, err := openRegistry()
	if err != nil {
		return nil, err
	}
	if err := c.ensureImage(ctx, pool, r); err != nil {
		return nil, err
	}
	if err := r.sweep(ctx, c.opts.logf); err != nil {
		return nil, err
	}
	e, err := r.add(ctx)
	if err != nil {
		return nil, err
	}
	s, err := c.startIn(ctx, pool, e)
	if err != nil {
		return nil, errors.Join(err, e.discard())
	}
	s.where, s.owned, s.entry, s.stop = "in Docker ("+c.image()+")", true, e, e.discard
	s.whole = !shared
	return s, nil
}

// dockerPool connects to the daemon and makes sure that it answers.
func dockerPool(ctx context.Context, endpoint string) (*dockertest.Pool, error) {
	pool, err := dockertest.NewPool(endpoint)
	if err != nil {
		return nil, fmt.Errorf("no Docker: %w", err)
	}
	pool.Client.SetTimeout(requestTimeout)
	ping, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	if err := pool.Client.PingWithContext(ping); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("the Docker daemon does not answer (start it, or set DOCKER_HOST): %w", err)
	}
	return pool, nil
}

// dockerEndpoint is "", dockertest's own choice, unless that is a socket that is not there and one of the places where
// rootless Docker, Docker Desktop and Colima put theirs is.
func dockerEndpoint() string {
	if os.Getenv("DOCKER_HOST") != "" || os.Getenv("DOCKER_URL") != "" || os.Getenv("DOCKER_MACHINE_NAME") != "" || exists("/var/run/docker.sock") {
		return ""
	}
	home, _ := os.UserHomeDir()
	for _, socket := range []string{
		filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "docker.sock"),
		filepath.Join(home, ".docker", "run", "docker.sock"),
		filepath.Join(home, ".colima", "default", "docker.sock"),
	} {
		if filepath.IsAbs(socket) && exists(socket) {
			return "unix://" + socket
		}
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (c *docker) startIn(ctx context.Context, pool *dockertest.Pool, e *entry) (*Server, error) {
	if err := e.record(dockerFile, &dockerLeftover{Endpoint: pool.Client.Endpoint(), Label: e.id}); err != nil {
		return nil, err
	}
	password := randomHex(16)
	// RunWithOptions takes no context, and that is as well: a request to make a container that is abandoned may be carried
	// out after we looked for what to remove. It is bounded by requestTimeout.
	res, err := pool.RunWithOptions(c.runOptions(e.id, password, bindAddress(pool)), hostConfig)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", c.image(), err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("no answer within %v", startTimeout))
	defer cancel()
	at := net.JoinHostPort(daemonHost(pool), res.GetPort(serverPort))
	watch := &containerWatch{ctx: ctx, pool: pool, id: res.Container.ID}
	s, err := connect(ctx, ourURL(at, password), watch.gone)
	if err != nil {
		return nil, fmt.Errorf("%s does not come up: %w\nthe end of its log:\n%s", c.image(), err, watch.log())
	}
	return s, nil
}

func (c *docker) runOptions(id, password, bind string) *dockertest.RunOptions {
	cmd := []string{"postgres"}
	for _, s := range serverSettings {
		cmd = append(cmd, "-c", s)
	}
	return &dockertest.RunOptions{
		Repository: c.repository,
		Tag:        c.tag,
		Name:       "plinth-pg-" + id,
		Labels:     map[string]string{containerLabel: id},
		Cmd:        cmd,
		Env: []string{
			"POSTGRES_USER=" + superuser, "POSTGRES_PASSWORD=" + password, "POSTGRES_DB=postgres",
			"POSTGRES_INITDB_ARGS=--encoding=UTF8 --locale=C.UTF-8 --no-sync", "PGDATA=" + dataMount + "/data",
		},
		ExposedPorts: []string{serverPort},
		PortBindings: map[dc.Port][]dc.PortBinding{serverPort: {{HostIP: bind, HostPort: "0"}}},
	}
}

func hostConfig(h *dc.HostConfig) {
	h.PublishAllPorts = false // only the binding above, not what else the image exposes
	h.Tmpfs = map[string]string{dataMount: "rw"}
}

// daemonHost is the machine that the daemon publishes ports on: ours, unless the endpoint is a TCP address, as with a
// docker:dind service in CI.
func daemonHost(pool *dockertest.Pool) string {
	u, err := url.Parse(pool.Client.Endpoint())
	if err != nil || u.Scheme == "unix" || u.Scheme == "npipe" || u.Hostname() == "" {
		return "127.0.0.1"
	}
	return u.Hostname()
}

// bindAddress is the loopback unless the daemon's loopback is not ours.
func bindAddress(pool *dockertest.Pool) string {
	switch host := daemonHost(pool); host {
	case "127.0.0.1", "localhost", "::1":
		return "127.0.0.1"
	default:
		return "0.0.0.0"
	}
}

// containerWatch tells whether a container that is awaited still runs.
type containerWatch struct {
	ctx  context.Context
	pool *dockertest.Pool
	id   string
	last time.Time
}

// watchInterval is how often the daemon is asked; the server itself is tried more often.
const watchInterval = 250 * time.Millisecond

func (w *containerWatch) gone(error) error {
	if time.Since(w.last) < watchInterval {
		return nil
	}
	w.last = time.Now()
	c, err := w.pool.Client.InspectContainerWithContext(w.id, w.ctx)
	if err != nil || c.State.Running {
		return err
	}
	return fmt.Errorf("the container exited with status %d", c.State.ExitCode)
}

// log returns the last lines that the container wrote. It is for an error message, so it does not depend on ctx.
func (w *containerWatch) log() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), pingTimeout)
	defer cancel()
	var out bytes.Buffer
	err := w.pool.Client.Logs(dc.LogsOptions{
		Context: ctx, Container: w.id, OutputStream: &out, ErrorStream: &out, Stdout: true, Stderr: true, Tail: "10",
	})
	if err != nil {
		return "(not to be had: " + err.Error() + ")"
	}
	return strings.TrimSpace(out.String())
}

// dockerLeftover is a container of a daemon, found by its label: its id is not known before it exists.
type dockerLeftover struct {
	Endpoint string `json:"endpoint"`
	Label    string `json:"label"`
}

func (l *dockerLeftover) remove(ctx context.Context) error {
	if l.Label == "" {
		return errors.New("the entry names no container")
	}
	pool, err := dockerPool(ctx, l.Endpoint)
	if err != nil {
		return err
	}
	list, err := pool.Client.ListContainers(dc.ListContainersOptions{
		All: true, Context: ctx, Filters: map[string][]string{"label": {containerLabel + "=" + l.Label}},
	})
	if err != nil {
		return err
	}
	for _, c := range list {
		err := pool.Client.RemoveContainer(dc.RemoveContainerOptions{ID: c.ID, Force: true, RemoveVolumes: true, Context: ctx})
		if _, absent := errors.AsType[*dc.NoSuchContainer](err); err != nil && !absent {
			return err
		}
	}
	return nil
}
