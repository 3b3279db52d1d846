package pgserver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/ory/dockertest/v3"
	dc "github.com/ory/dockertest/v3/docker"
)

const (
	serverPort = "5432/tcp"
	// dataMount is a place of our own, beside the image's volume, whose place differs between versions.
	dataMount     = "/plinth"
	dataDirectory = dataMount + "/data"
)

// container is one that was made to run a server: as its first process, or, where the daemon shall read and write the data while no
// server runs, beside a first process that does nothing.
type container struct {
	pool  *dockertest.Pool
	id    string
	exec  string    // of a server that is not the first process
	asked time.Time // when gone last asked the daemon
}

// initialization is what an image's entrypoint makes a cluster by.
func initialization() []string {
	return []string{
		"POSTGRES_USER=" + superuser, "POSTGRES_DB=postgres",
		"POSTGRES_INITDB_ARGS=--encoding=UTF8 --locale=C.UTF-8 --no-sync", "PGDATA=" + dataDirectory,
	}
}

func serverCommand() []string {
	cmd := []string{"postgres"}
	for _, s := range serverSettings {
		cmd = append(cmd, "-c", s)
	}
	return cmd
}

// run makes a container and starts it; the server is its first process. It takes no context: a request that is abandoned may be carried
// out after we looked for what to remove. It is bounded by requestTimeout.
func (c *docker) run(pool *dockertest.Pool, id, password string) (*container, error) {
	return c.runWith(pool, id, password, func(config *dc.Config, host *dc.HostConfig) {
		config.Image, config.Cmd = c.image(), serverCommand()
		host.Tmpfs = map[string]string{dataMount: "rw"}
	})
}

// runIdle is run without a server, which serve starts. The data is in memory here too, but as a volume, which archives can be copied into
// and out of. It has no name and goes with its container.
func (c *docker) runIdle(pool *dockertest.Pool, id, password string, image *dc.Image) (*container, error) {
	return c.runWith(pool, id, password, func(config *dc.Config, host *dc.HostConfig) {
		config.Image, config.Entrypoint = image.ID, []string{"tail", "-f", "/dev/null"}
		memory := dc.VolumeDriverConfig{Name: "local", Options: map[string]string{"type": "tmpfs", "device": "tmpfs"}}
		host.Mounts = []dc.HostMount{{Type: "volume", Target: dataMount, VolumeOptions: &dc.VolumeOptions{DriverConfig: memory}}}
	})
}

func (c *docker) runWith(pool *dockertest.Pool, id, password string, set func(*dc.Config, *dc.HostConfig)) (*container, error) {
	config := &dc.Config{
		Labels:       map[string]string{containerLabel: id},
		Env:          append(initialization(), "POSTGRES_PASSWORD="+password),
		ExposedPorts: map[dc.Port]struct{}{serverPort: {}},
	}
	host := &dc.HostConfig{PortBindings: map[dc.Port][]dc.PortBinding{serverPort: {{HostIP: bindAddress(pool), HostPort: "0"}}}}
	set(config, host)
	made, err := pool.Client.CreateContainer(dc.CreateContainerOptions{Name: "plinth-pg-" + id, Config: config, HostConfig: host})
	if err != nil {
		return nil, err
	}
	return &container{pool: pool, id: made.ID}, pool.Client.StartContainer(made.ID, nil)
}

// serve starts the server of an idle container as the image would. Its log goes where the first process's goes.
func (b *container) serve(image *dc.Image) error {
	cmd := slices.Concat([]string{"sh", "-c", `exec "$@" >/proc/1/fd/1 2>&1`, "sh"}, image.Config.Entrypoint, serverCommand())
	exec, err := b.pool.Client.CreateExec(dc.CreateExecOptions{Container: b.id, Cmd: cmd})
	if err != nil {
		return err
	}
	b.exec = exec.ID
	return b.pool.Client.StartExec(b.exec, dc.StartExecOptions{Detach: true})
}

// connect waits for the server, whose superuser has the password first, and gives it another one where they differ.
func (b *container) connect(ctx context.Context, first, password string) (*Server, error) {
	port, err := b.port(ctx)
	if err != nil {
		return nil, err
	}
	at := net.JoinHostPort(daemonHost(b.pool), port)
	gone := func(error) error { return b.gone(ctx) }
	if first != password {
		err := setPassword(ctx, ourURL(at, first), password, func(err error) error {
			if hasState(err, stateInvalidPassword) {
				return err
			}
			return b.gone(ctx)
		})
		if err != nil {
			return nil, err
		}
	}
	return connect(ctx, ourURL(at, password), gone)
}

// port returns where the daemon publishes the server's port, which it may tell a moment after the start.
func (b *container) port(ctx context.Context) (string, error) {
	for {
		c, err := b.pool.Client.InspectContainerWithContext(b.id, ctx)
		if err != nil {
			return "", err
		}
		if port := (&dockertest.Resource{Container: c}).GetPort(serverPort); port != "" {
			return port, nil
		}
		if !c.State.Running {
			return "", exited(c.State.ExitCode)
		}
		select {
		case <-ctx.Done():
			return "", context.Cause(ctx)
		case <-time.After(connectPoll):
		}
	}
}

// watchInterval is how often the daemon is asked; the server itself is tried more often.
const watchInterval = 250 * time.Millisecond

// gone returns an error when the server does not run any more.
func (b *container) gone(ctx context.Context) error {
	if time.Since(b.asked) < watchInterval {
		return nil
	}
	b.asked = time.Now()
	if b.exec != "" {
		e, err := b.pool.Client.InspectExec(b.exec)
		if err != nil || e.Running {
			return err
		}
		return exited(e.ExitCode)
	}
	c, err := b.pool.Client.InspectContainerWithContext(b.id, ctx)
	if err != nil || c.State.Running {
		return err
	}
	return exited(c.State.ExitCode)
}

func exited(status int) error { return fmt.Errorf("the container exited with status %d", status) }

// shutDown ends the server of an idle container so that its files are whole.
func (b *container) shutDown(ctx context.Context) error {
	// "Fast" (PostgreSQL manual, section 19.5). The server's account or root is who runs this, as in serve.
	cmd := []string{"sh", "-c", "kill -INT $(head -n 1 " + dataDirectory + "/postmaster.pid)"}
	exec, err := b.pool.Client.CreateExec(dc.CreateExecOptions{Container: b.id, Cmd: cmd, Context: ctx})
	if err != nil {
		return err
	}
	if err := b.pool.Client.StartExec(exec.ID, dc.StartExecOptions{Detach: true, Context: ctx}); err != nil {
		return err
	}
	for {
		e, err := b.pool.Client.InspectExec(b.exec)
		switch {
		case err != nil:
			return err
		case !e.Running && e.ExitCode != 0:
			return exited(e.ExitCode)
		case !e.Running:
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(connectPoll):
		}
	}
}

// archive writes the data directory as a tar; no server may run.
func (b *container) archive(ctx context.Context, to io.Writer) error {
	return b.pool.Client.DownloadFromContainer(b.id, dc.DownloadFromContainerOptions{OutputStream: to, Path: dataDirectory, Context: ctx})
}

// extract is the reverse of archive. A daemon may answer at the end of the tar, before from has come to its own end and has said whether all
// of it was sound, so that what is left is read here.
func (b *container) extract(ctx context.Context, from io.Reader) error {
	in, out := io.Pipe()
	go func() {
		_, err := io.Copy(out, from)
		_ = out.CloseWithError(err)
	}()
	err := b.pool.Client.UploadToContainer(b.id, dc.UploadToContainerOptions{
		InputStream: struct{ io.Reader }{in}, // without Close, which an HTTP client calls
		Path:        dataMount, Context: ctx,
	})
	if err != nil {
		_ = in.CloseWithError(err)
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return err
}

// log returns the last lines that the container wrote. It is for an error message, so it does not end with ctx.
func (b *container) log(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTimeout)
	defer cancel()
	var out bytes.Buffer
	err := b.pool.Client.Logs(dc.LogsOptions{
		Context: ctx, Container: b.id, OutputStream: &out, ErrorStream: &out, Stdout: true, Stderr: true, Tail: "10",
	})
	if err != nil {
		return "(not to be had: " + err.Error() + ")"
	}
	return strings.TrimSpace(out.String())
}
