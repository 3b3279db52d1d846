package pgserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
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
	image, err := c.ensureImage(ctx, pool, r)
	if err != nil {
		return nil, err
	}
	if err := r.sweep(ctx, c.opts.logf); err != nil {
		return nil, err
	}
	e, err := r.add(ctx)
	if err != nil {
		return nil, err
	}
	s, err := c.startIn(ctx, pool, r, e, image, c.opts.Templates && !shared && rootsOwn(image))
	if err != nil {
		return nil, errors.Join(err, e.discard())
	}
	s.where, s.owned, s.entry = "in Docker ("+c.image()+")", true, e
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

// startIn starts a container. One with templates that does not come up is replaced: by one that begins without what is kept, and where
// it did not begin with that, by one without templates.
func (c *docker) startIn(ctx context.Context, pool *dockertest.Pool, r *registry, e *entry, image *dc.Image, templates bool) (*Server, error) {
	left := &dockerLeftover{Endpoint: pool.Client.Endpoint(), Label: e.id}
	if err := e.record(dockerFile, left); err != nil {
		return nil, err
	}
	for templates { // twice at most, but for what other processes keep meanwhile
		kept := r.keptCluster(image)
		s, err := c.launchWith(ctx, pool, e, image, kept)
		if err == nil || ctx.Err() != nil {
			return s, err
		}
		c.opts.logf("pgserver: starting another container, which does not begin with what earlier commands filled: %v", err)
		if err := left.remove(ctx); err != nil {
			return nil, err
		}
		if !kept.used {
			break
		}
		if err := kept.forget(); err != nil {
			return nil, err
		}
	}
	return c.launch(ctx, pool, e)
}

// launch starts a container and connects.
func (c *docker) launch(ctx context.Context, pool *dockertest.Pool, e *entry) (*Server, error) {
	password := randomHex(16)
	box, err := c.run(pool, e.id, password)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", c.image(), err)
	}
	s, err := c.connect(ctx, box, password, password)
	if err != nil {
		return nil, err
	}
	s.stop = e.discard
	return s, nil
}

// launchWith is launch for a server that begins with the cluster that is kept, if there is one, and stores its own.
func (c *docker) launchWith(ctx context.Context, pool *dockertest.Pool, e *entry, image *dc.Image, kept *keptCluster) (*Server, error) {
	password := randomHex(16)
	box, err := c.runIdle(pool, e.id, password, image)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", c.image(), err)
	}
	first, err := kept.upload(ctx, box)
	if errors.Is(err, fs.ErrNotExist) {
		first, err = password, nil
	}
	if err != nil {
		return nil, fmt.Errorf("copy a cluster into the container: %w", err)
	}
	if err := box.serve(image); err != nil {
		return nil, fmt.Errorf("run %s: %w", c.image(), err)
	}
	s, err := c.connect(ctx, box, first, password)
	if err != nil {
		return nil, err
	}
	s.keepCluster = func(ctx context.Context) error { return kept.keep(ctx, box, e, password) }
	s.stop = func() error {
		if s.kept.Load() {
			ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
			defer cancel()
			if err := s.keepCluster(ctx); err != nil { // it is filled again the next time
				c.opts.logf("pgserver: what was filled in %s is not kept: %v", c.image(), err)
			}
		}
		return e.discard()
	}
	return s, nil
}

// connect waits for the server, see the container's connect.
func (c *docker) connect(ctx context.Context, box *container, first, password string) (*Server, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("no answer within %v", startTimeout))
	defer cancel()
	s, err := box.connect(ctx, first, password)
	if err != nil {
		return nil, fmt.Errorf("%s does not come up: %w\nthe end of its log:\n%s", c.image(), err, box.log(ctx))
	}
	return s, nil
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
