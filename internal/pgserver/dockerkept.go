package pgserver

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	dc "github.com/ory/dockertest/v3/docker"
)

// keptCluster is the place of the stopped cluster that containers of an image begin with: the daemon's archive of the data directory,
// owners and all, in this user's cache. The daemon may be on another machine, and nothing of ours stays with it. gzip's checksum is over
// the whole archive. The superuser's password of that time, which only the user can read as well, is gzip's comment; the next server is
// given another one as soon as it answers.
type keptCluster struct {
	r    *registry
	path string
	used bool // upload found it
}

// keptCluster names the place by everything that decides whether the data fits; the id of an image says what is in it, down to the
// server's last digit.
func (r *registry) keptCluster(image *dc.Image) *keptCluster {
	sum := sha256.Sum256(fmt.Appendf(nil, "docker %s %q", image.ID, initialization()))
	return &keptCluster{r: r, path: filepath.Join(r.initdb(), hex.EncodeToString(sum[:8])+keptSuffix+".tar.gz")}
}

// upload puts the cluster into the container, where no server runs yet, and returns the superuser's password. The error is fs.ErrNotExist
// when nothing is kept. Nobody is locked out meanwhile: a file that is replaced or removed stays for who has it open.
func (k *keptCluster) upload(ctx context.Context, box *container) (password string, err error) {
	f, err := os.Open(k.path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	k.used = true
	now := time.Now()
	_ = os.Chtimes(k.path, now, now) // prune spares what is in use
	plain, err := gzip.NewReader(f)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("not finished within %v", startTimeout))
	defer cancel()
	return plain.Comment, box.extract(ctx, plain)
}

// keep stops the server and stores its cluster. Until it is whole it lies in the entry and goes with that. When two processes keep one,
// the last one's stays.
func (k *keptCluster) keep(ctx context.Context, box *container, e *entry, password string) error {
	if err := box.shutDown(ctx); err != nil {
		return err
	}
	part := filepath.Join(e.dir, "cluster.tar.gz")
	if err := download(ctx, box, part, password); err != nil {
		return err
	}
	l, err := lock(ctx, k.r.initdbLock(), true)
	if err != nil {
		return err
	}
	defer l.release()
	k.r.prune()
	return os.Rename(part, k.path)
}

func download(ctx context.Context, box *container, path, password string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	packed, err := gzip.NewWriterLevel(f, gzip.BestSpeed) // most of it is empty pages, which are small at any level
	if err != nil {
		return err
	}
	packed.Comment = password
	if err := box.archive(ctx, packed); err != nil {
		return err
	}
	return packed.Close()
}

// forget removes what is kept.
func (k *keptCluster) forget() error {
	if err := os.Remove(k.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
