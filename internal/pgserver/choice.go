package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
)

// EnvURL is the environment variable that chooses the server when Options.URL is empty.
const EnvURL = "PLINTH_DEV_URL"

const (
	defaultImage = "docker://postgres/17"
	defaultLocal = "local://"
)

// Options choose a server. The zero value chooses automatically.
type Options struct {
	// URL is one of
	//
	//	docker://postgres/17            an image and its tag; more path segments are parts of the image's name,
	//	                                e.g. docker://ghcr.io/org/postgis/17. Atlas's form docker://postgres/17/dev works;
	//	                                the database's name in it has no effect, every use gets a database of its own
	//	local://                        the newest server binaries on PATH, in /usr/lib/postgresql, /usr/pgsql-*, Homebrew
	//	local:///usr/lib/postgresql/15/bin  the binaries in this directory
	//	postgres://user:pw@host/db      a server that somebody else runs; its role needs CREATEDB
	//
	// Empty means the environment variable PLINTH_DEV_URL, and if that is empty too, Docker, then local binaries: the first
	// that works. A choice made by name that fails is an error; nothing else is tried.
	URL string

	// Templates begins a server of ours with what [Server.CreateFilled] of an earlier process has kept for the same binaries or the same
	// image. It has no effect on Shared, nor on an image that does not begin as root.
	Templates bool

	// Logf is told which server was chosen and why others were passed over. Nil is silent.
	Logf func(format string, args ...any)
}

func (o Options) logf(format string, args ...any) {
	if o.Logf != nil {
		o.Logf(format, args...)
	}
}

// candidate is one way to get a server.
type candidate interface {
	// label names the choice in messages; it never holds a password.
	label() string
	// key is the same for every process that would get the same server; it is fit for a file name.
	key() (string, error)
	// start makes a server. A shared one does not die with this process.
	start(ctx context.Context, shared bool) (*Server, error)
}

// candidates lists what to try, in order. chosen says that the first was asked for by name, so that it is the only one.
func (o Options) candidates() (list []candidate, chosen bool, err error) {
	url, from := o.URL, "the URL"
	if url == "" {
		url, from = os.Getenv(EnvURL), EnvURL
	}
	if url != "" {
		c, err := o.parse(url)
		if err != nil {
			return nil, true, fmt.Errorf("%s cannot be used: %w", from, err)
		}
		return []candidate{c}, true, nil
	}
	docker, err := parseDocker(strings.TrimPrefix(defaultImage, "docker://"), o, true)
	if err != nil {
		return nil, false, err
	}
	return []candidate{docker, &local{opts: o}}, false, nil
}

var errForms = errors.New("write docker://postgres/17, local://, local:///DIRECTORY/OF/BINARIES, or postgres://USER@HOST/DATABASE")

func (o Options) parse(url string) (candidate, error) {
	scheme, rest, ok := strings.Cut(url, "://")
	if !ok {
		// The text may be a connection string with a password in it, so it is not repeated.
		return nil, fmt.Errorf("it has no scheme: %w", errForms)
	}
	switch scheme {
	case "docker":
		return parseDocker(rest, o, false)
	case "local":
		return parseLocal(rest, o)
	case "postgres", "postgresql":
		return parseGiven(url, o)
	default:
		return nil, fmt.Errorf("the scheme %q is unknown: %w", scheme, errForms)
	}
}

// parseDocker reads IMAGE/TAG. The last segment is the tag, unless there is but one or it holds a colon itself.
func parseDocker(rest string, o Options, automatic bool) (*docker, error) {
	ref, _, _ := strings.Cut(rest, "?")
	ref = strings.Trim(ref, "/")
	if ref == "" {
		return nil, errors.New("docker:// names no image: write docker://postgres/17")
	}
	if seg := strings.Split(ref, "/"); seg[0] == "postgres" && len(seg) == 3 {
		ref = path.Join(seg[0], seg[1]) // Atlas's form, with a database
	}
	repository, tag := path.Split(ref)
	repository = strings.TrimSuffix(repository, "/")
	switch image, colonTag, ok := strings.Cut(tag, ":"); {
	case ok && colonTag != "" && image != "":
		repository, tag = path.Join(repository, image), colonTag
	case ok:
		return nil, errors.New("docker:// is followed by no image and tag: write docker://postgres/17")
	case repository == "":
		repository, tag = tag, "latest"
	}
	return &docker{opts: o, repository: repository, tag: tag, automatic: automatic}, nil
}

func parseLocal(rest string, o Options) (*local, error) {
	if rest == "" {
		return &local{opts: o}, nil
	}
	if !strings.HasPrefix(rest, "/") {
		return nil, fmt.Errorf("local://%s is not an absolute directory: write local:///%s", rest, rest)
	}
	return &local{opts: o, bin: path.Clean(rest)}, nil
}
