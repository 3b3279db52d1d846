package remote

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
)

// FetchError says why there is no archive.
type FetchError struct {
	URL    string // without user, password and query
	Status int    // what the server answered; 0 if it did not
	Reason string // what is wrong, and what to do
	Err    error  // the cause; nil for an answer, and for a URL that is refused
}

func (e *FetchError) Error() string { return fmt.Sprintf("remote: %s: %s", e.URL, e.Reason) }

// Unwrap returns the cause.
func (e *FetchError) Unwrap() error { return e.Err }

// ArchiveError says what is wrong with an archive.
type ArchiveError struct {
	URL    string // "" from [Unpack]
	Entry  string // the name in the archive; "" when it is about the archive
	Reason string
}

func (e *ArchiveError) Error() string {
	where := e.URL
	if where == "" {
		where = "the archive"
	}
	if e.Entry == "" {
		return fmt.Sprintf("remote: %s: %s", where, e.Reason)
	}
	return fmt.Sprintf("remote: %s: entry %s: %s", where, shorten(e.Entry), e.Reason)
}

// shorten quotes a name of somebody else's choice for a message.
func shorten(name string) string {
	const most = 120
	if len(name) > most {
		return fmt.Sprintf("%q...", name[:most])
	}
	return fmt.Sprintf("%q", name)
}

// SumError says that a directory is not the one that was pinned. Nothing of it was used.
type SumError struct {
	File       string // the sum file, or the SQL file that no sum covers
	Want, Have string // "" where Reason says it all
	Reason     string
}

func (e *SumError) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("remote: pinned directory: %s: %s", e.File, e.Reason)
	}
	return fmt.Sprintf("remote: pinned directory: %s begins with %s, not with the pinned %s: these are other files than those that were pinned", e.File, e.Have, e.Want)
}

var (
	inURL   = regexp.MustCompile(`//[^/\s"']*@`)
	inQuery = regexp.MustCompile(`\?[^\s"']*`)
)

// hidden is an error of net/http whose text may hold a secret. It shows none, and is still found by errors.Is and errors.As.
type hidden struct{ err error }

// hide leaves out the URL that net/http puts before its errors.
func hide(err error) hidden {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	return hidden{err}
}

func (h hidden) Error() string {
	return inQuery.ReplaceAllString(inURL.ReplaceAllString(h.err.Error(), "//***@"), "?***")
}

func (h hidden) Is(target error) bool { return errors.Is(h.err, target) }
func (h hidden) As(target any) bool   { return errors.As(h.err, target) }
