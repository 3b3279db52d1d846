package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ory/dockertest/v3"
	dc "github.com/ory/dockertest/v3/docker"
)

const (
	// pullTimeout bounds the pull of an image that was asked for by name; postgres:17 is some 150 MB.
	pullTimeout = 5 * time.Minute
	// automaticPullTimeout bounds it when local binaries are to be tried next.
	automaticPullTimeout = time.Minute
	// pullMemory is for how long a failed automatic pull is not repeated, so that a machine without a registry does not
	// wait at every start.
	pullMemory = 10 * time.Minute
)

// ensureImage pulls the image if it is absent, and returns it.
func (c *docker) ensureImage(ctx context.Context, pool *dockertest.Pool, r *registry) (*dc.Image, error) {
	image, err := pool.Client.InspectImage(c.image())
	if err == nil || !errors.Is(err, dc.ErrNoSuchImage) {
		return image, err
	}
	failed := filepath.Join(r.dir, "pull-failed")
	if c.automatic && recent(failed) {
		return nil, fmt.Errorf("the image %s is absent, and pulling it failed less than %v ago; docker pull %s", c.image(), pullMemory, c.image())
	}
	c.opts.logf("pgserver: pulling %s", c.image())
	if err := c.pull(ctx); err != nil {
		if c.automatic && ctx.Err() == nil {
			_ = os.WriteFile(failed, nil, 0o600)
		}
		return nil, fmt.Errorf("the image %s is absent and cannot be pulled: %w", c.image(), err)
	}
	_ = os.Remove(failed)
	return pool.Client.InspectImage(c.image())
}

// rootsOwn tells whether containers of the image begin as root and with an entrypoint of its own. Only root may write to the log of another
// process.
func rootsOwn(image *dc.Image) bool {
	if image.Config == nil || len(image.Config.Entrypoint) == 0 {
		return false
	}
	user, _, _ := strings.Cut(image.Config.User, ":")
	return user == "" || user == "root" || user == "0"
}

func recent(path string) bool {
	st, err := os.Stat(path)
	return err == nil && time.Since(st.ModTime()) < pullMemory
}

// pull has a client of its own, because a client's time limit holds for the whole of a request.
func (c *docker) pull(ctx context.Context) error {
	limit := pullTimeout
	if c.automatic {
		limit = automaticPullTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not finished within %v", limit))
	defer cancel()
	pool, err := dockertest.NewPool(dockerEndpoint())
	if err != nil {
		return err
	}
	err = pool.Client.PullImage(dc.PullImageOptions{Repository: c.repository, Tag: c.tag, Context: ctx}, credentials(c.repository))
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// credentials are what `docker login` stored for the image's registry, which is the first part of its name if that looks
// like a host; nothing otherwise.
func credentials(repository string) dc.AuthConfiguration {
	host, _, _ := strings.Cut(repository, "/")
	if !strings.ContainsAny(host, ".:") {
		return dc.AuthConfiguration{}
	}
	stored, err := dc.NewAuthConfigurationsFromDockerCfg()
	if err != nil {
		return dc.AuthConfiguration{}
	}
	return stored.Configs[host]
}
