package remote_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/plinth-db/plinth/migrate"
)

// entry is one of an archive that a test makes.
type entry struct {
	name string
	body string
	kind byte // of tar; 0 for a file
}

func packTar(tb testing.TB, entries ...entry) []byte {
	tb.Helper()
	var plain bytes.Buffer
	w := tar.NewWriter(&plain)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o644, Size: int64(len(e.body))}
		switch e.kind {
		case 0:
			h.Typeflag = tar.TypeReg
		case tar.TypeSymlink, tar.TypeLink:
			h.Linkname = "/etc/passwd"
		case tar.TypeXGlobalHeader:
			h = &tar.Header{Typeflag: e.kind, PAXRecords: map[string]string{"comment": "a commit"}}
		}
		must(tb, w.WriteHeader(h))
		_, err := w.Write([]byte(e.body))
		must(tb, err)
	}
	must(tb, w.Close())
	return zipped(tb, plain.Bytes())
}

func zipped(tb testing.TB, plain []byte) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(plain)
	must(tb, err)
	must(tb, w.Close())
	return out.Bytes()
}

func unzipped(tb testing.TB, archive []byte) []byte {
	tb.Helper()
	r, err := gzip.NewReader(bytes.NewReader(archive))
	must(tb, err)
	var out bytes.Buffer
	_, err = out.ReadFrom(r)
	must(tb, err)
	return out.Bytes()
}

func packZip(tb testing.TB, entries ...entry) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		switch e.kind {
		case tar.TypeSymlink:
			h.SetMode(fs.ModeSymlink | 0o777)
		case tar.TypeFifo:
			h.SetMode(fs.ModeNamedPipe | 0o644)
		case tar.TypeDir:
			h.SetMode(fs.ModeDir | 0o755)
		}
		f, err := w.CreateHeader(h)
		must(tb, err)
		_, err = f.Write([]byte(e.body))
		must(tb, err)
	}
	must(tb, w.Close())
	return out.Bytes()
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// directory is a migration directory with its sums, as entries under prefix.
func directory(tb testing.TB, prefix string, more ...entry) []entry {
	tb.Helper()
	dir := tb.TempDir()
	for name, body := range map[string]string{
		"1_users.up.sql": "CREATE TABLE users ();\n", "1_users.down.sql": "DROP TABLE users;\n", "2_posts.up.sql": "CREATE TABLE posts ();\n",
		"2_posts.down.sql": "DROP TABLE posts;\n",
	} {
		must(tb, os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600))
	}
	must(tb, migrate.Hash(dir))
	files, err := os.ReadDir(dir)
	must(tb, err)
	var entries []entry
	for _, f := range files {
		body, err := os.ReadFile(filepath.Join(dir, f.Name()))
		must(tb, err)
		entries = append(entries, entry{name: prefix + f.Name(), body: string(body)})
	}
	return append(entries, more...)
}
