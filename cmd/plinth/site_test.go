package main_test

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// site is a story's web server: it gives out what lies in the story's folder site, and keeps what is posted to it.
type site struct {
	mu     sync.Mutex // guards what follows
	posted []post
}

type post struct{ path, signature, body string }

// Some paths of the site behave in their own way.
const (
	private = "/private/" // needs the token or the password "secretpw"
	slow    = "/slow"     // answers a post only when the client has gone
	broken  = "/broken"   // answers a post with 500
	closed  = "/closed"   // answers a post with 404
)

func (s *site) handler(folder string) http.Handler {
	files := http.FileServer(http.Dir(folder))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			s.post(w, r)
			return
		}
		_, password, _ := r.BasicAuth()
		if strings.HasPrefix(r.URL.Path, private) && password != "secretpw" && r.Header.Get("Authorization") != "Bearer secretpw" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		files.ServeHTTP(w, r)
	})
}

func (s *site) post(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.posted = append(s.posted, post{r.URL.Path, r.Header.Get("X-Plinth-Signature"), string(body)})
	s.mu.Unlock()
	switch r.URL.Path {
	case slow:
		<-r.Context().Done()
	case broken:
		w.WriteHeader(http.StatusInternalServerError)
	case closed:
		w.WriteHeader(http.StatusNotFound)
	}
}

func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: serve")
	}
	s := &site{}
	of(ts).site = s
	server := httptest.NewTLSServer(s.handler(ts.MkAbs("site")))
	ts.Defer(server.Close)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	ts.Check(os.WriteFile(ts.MkAbs("ca.pem"), certificate, 0o600))
	u, err := url.Parse(server.URL)
	ts.Check(err)
	ts.Setenv("SITE", u.Host)
	ts.Setenv("SSL_CERT_FILE", ts.MkAbs("ca.pem"))
}

func posted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: posted NUMBER OF")
	}
	n, all := number(ts, args[0]), number(ts, args[1])
	s := of(ts).site
	deadline := time.Now().Add(patience)
	for {
		s.mu.Lock()
		list := s.posted
		s.mu.Unlock()
		if len(list) >= all {
			if len(list) > all {
				ts.Fatalf("%d posts, not %d: %v", len(list), all, list)
			}
			fmt.Fprintln(ts.Stdout(), list[n-1].body)
			ts.Setenv("SIGNATURE", list[n-1].signature)
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("%d posts, not %d: %v", len(list), all, list)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func pack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pack ARCHIVE FOLDER")
	}
	target := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(target), 0o777))
	out, err := os.Create(target)
	ts.Check(err)
	defer out.Close()
	folder := os.DirFS(ts.MkAbs(args[1]))
	if strings.HasSuffix(target, ".zip") {
		w := zip.NewWriter(out)
		ts.Check(errors.Join(w.AddFS(folder), w.Close()))
		return
	}
	compressed := gzip.NewWriter(out)
	w := tar.NewWriter(compressed)
	ts.Check(errors.Join(w.AddFS(folder), w.Close(), compressed.Close()))
}

// sums sets UPSUM and DOWNSUM to the first lines of a folder's sum files.
func sums(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sums FOLDER")
	}
	for name, file := range map[string]string{"UPSUM": "atlas.sum", "DOWNSUM": "down.sum"} {
		first, _, _ := strings.Cut(ts.ReadFile(filepath.Join(args[0], file)), "\n")
		ts.Setenv(name, first)
	}
}
