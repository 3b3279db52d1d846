// Package remote opens a migration directory that lies in an archive behind a URL: a .tar.gz (.tgz) or .zip file. The archive is
// kept in memory and never unpacked to the disk.
//
// What is behind a URL can change without anybody here having reviewed it, so a run should name the sum that it expects: see
// [Sum]. Everything about the archive is bounded by the constants of this package and refused while it is read, not afterwards.
//
// Nothing here runs SQL. The result goes to migrate.New or migrate.ReadDir, which compare every file with the sum files as always.
package remote

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// Option changes how [Open] reaches the archive.
type Option func(*fetcher) error

// WithToken sends "Authorization: Bearer token", to the URL's own host only. A user and password in the URL win over it. An empty
// token is none.
func WithToken(token string) Option {
	return func(f *fetcher) error {
		if token = strings.TrimSpace(token); token != "" && f.authorization == "" {
			f.authorization = "Bearer " + token
		}
		return nil
	}
}

// WithTransport takes the place of a clone of http.DefaultTransport, which takes the proxy from the environment. Open closes its
// idle connections.
func WithTransport(t *http.Transport) Option {
	return func(f *fetcher) error {
		if t == nil {
			return errors.New("remote: the transport is nil")
		}
		f.transport = t.Clone()
		return nil
	}
}

// WithNotice calls note before each wait for another try, with the reason and the number of the try that failed, from 1 on.
func WithNotice(note func(reason string, try int)) Option {
	return func(f *fetcher) error {
		if note == nil {
			return errors.New("remote: the notice is nil")
		}
		f.note = note
		return nil
	}
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// Is reports whether dir is a URL and not the path of a directory on the disk. That does not say that [Open] takes it.
func Is(dir string) bool { return scheme.MatchString(dir) }

// Name is a URL for messages: without user, password and query, each of which may be a secret.
func Name(dir string) string {
	u, err := url.Parse(dir)
	if err != nil {
		begin := scheme.FindString(dir)
		return begin + "..."
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, Fragment: u.Fragment}
	return shown.String()
}

// Open downloads the archive at dir, an https URL (or http on localhost, 127.0.0.1 or ::1), and returns the migration directory in
// it: the archive's top, or its only folder, as GitHub's archives have one. A fragment names another folder:
// https://host/app.tar.gz#migrate/migrations. Only .sql files and the two sum files are in it; nothing below the folder is.
//
// A download that fails is tried again, [MaxTries] times in all, and ends with ctx, or after [MaxTime]. The error is a *FetchError if
// there is no archive, or an *ArchiveError if it is not acceptable. No message holds the URL's user, password or query.
func Open(ctx context.Context, dir string, opts ...Option) (fs.FS, error) {
	f, folder, err := newFetcher(dir)
	if err != nil {
		return nil, err
	}
	for _, opt := range opts {
		if err := opt(f); err != nil {
			return nil, err
		}
	}
	data, err := f.get(ctx)
	if err != nil {
		return nil, err
	}
	fsys, err := Unpack(data, folder)
	if bad, ok := errors.AsType[*ArchiveError](err); ok {
		bad.URL = f.name
	}
	return fsys, err
}

func newFetcher(dir string) (f *fetcher, folder string, err error) {
	u, err := url.Parse(dir)
	if err != nil || u.Opaque != "" {
		return nil, "", &FetchError{URL: Name(dir), Reason: "the URL cannot be read; in user and password, write / as %2F, @ as %40 and : as %3A"}
	}
	f = &fetcher{name: Name(dir), note: func(string, int) {}}
	if reason := refuseURL(u); reason != "" {
		return nil, "", &FetchError{URL: f.name, Reason: reason}
	}
	if folder = strings.Trim(u.Fragment, "/"); folder != "" && (!fs.ValidPath(folder) || path.Clean(folder) != folder || folder == ".") {
		return nil, "", &FetchError{URL: f.name, Reason: fmt.Sprintf("%q behind # is not a folder in the archive", u.Fragment)}
	}
	if u.User != nil {
		password, _ := u.User.Password()
		f.authorization = "Basic " + base64.StdEncoding.EncodeToString([]byte(u.User.Username()+":"+password))
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	f.url = u
	return f, folder, nil
}

// refuseURL says why nothing is asked of a URL, "" if it is in order.
func refuseURL(u *url.URL) string {
	switch host := u.Hostname(); {
	case host == "":
		return "the URL names no host"
	case u.Scheme == "https":
		return ""
	case u.Scheme != "http":
		return fmt.Sprintf("the scheme %s is not known; use https, or a directory on the disk", u.Scheme)
	case host != "localhost" && host != "127.0.0.1" && host != "::1":
		return "plain http can be changed on the way; use https"
	}
	return ""
}
