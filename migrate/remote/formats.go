package remote

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// endOfTar is the length in bytes of the zeros that end a tar file.
const endOfTar = 1024

// readTar reads one gzip stream with one tar file in it, both to their ends: what is missing there or follows there is refused.
func readTar(archive []byte, c *collector) error {
	source := bytes.NewReader(archive) // an io.ByteReader: gzip reads nothing beyond its end
	stream, err := gzip.NewReader(source)
	if err != nil {
		return unreadable("", err)
	}
	stream.Multistream(false)
	in := &bounded{r: stream, c: c}
	files := tar.NewReader(in)
	for {
		in.zeros = 0 // so that no entry's own are taken for the end
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unreadable("", err)
		}
		if err := c.tarEntry(h, files); err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, files); err != nil {
			return unreadable(h.Name, err)
		}
	}
	if in.zeros < endOfTar {
		return &ArchiveError{Reason: "the archive is cut off: the tar file has no end"}
	}
	before, end := c.total, in.zeros
	if _, err := io.Copy(io.Discard, in); err != nil {
		return unreadable("", err)
	}
	if in.zeros-end != int(c.total-before) || source.Len() > 0 {
		return &ArchiveError{Reason: "something follows the archive's end"}
	}
	return nil
}

func (c *collector) tarEntry(h *tar.Header, r io.Reader) error {
	switch h.Typeflag {
	case tar.TypeReg, tar.TypeDir:
	case tar.TypeXGlobalHeader: // git's name of the commit
		return nil
	case tar.TypeSymlink, tar.TypeLink:
		return &ArchiveError{Entry: h.Name, Reason: "is a link; only files and folders are taken"}
	default:
		return &ArchiveError{Entry: h.Name, Reason: "is neither a file nor a folder"}
	}
	name, wanted, err := c.entry(h.Name, h.Typeflag == tar.TypeDir)
	if err != nil || !wanted {
		return err
	}
	return c.keep(name, r)
}

// readZip believes the central directory alone, and decompresses nothing but what is wanted.
func readZip(archive []byte, c *collector) error {
	// Each entry begins with this mark, so that their number is known before memory is taken for them.
	if bytes.Count(archive, []byte("PK\x01\x02")) > MaxEntries {
		return &ArchiveError{Reason: fmt.Sprintf("has more than %d entries", MaxEntries)}
	}
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // entry names the path
		return unreadable("", err)
	}
	for _, f := range files.File {
		if err := c.zipEntry(f); err != nil {
			return err
		}
	}
	return nil
}

const encrypted = 1 // of a zip entry's flags

func (c *collector) zipEntry(f *zip.File) error {
	switch kind := f.Mode().Type(); {
	case kind&fs.ModeSymlink != 0:
		return &ArchiveError{Entry: f.Name, Reason: "is a link; only files and folders are taken"}
	case kind&^fs.ModeDir != 0:
		return &ArchiveError{Entry: f.Name, Reason: "is neither a file nor a folder"}
	}
	name, wanted, err := c.entry(f.Name, f.Mode().IsDir())
	if err != nil || !wanted {
		return err
	}
	if f.Flags&encrypted != 0 {
		return &ArchiveError{Entry: f.Name, Reason: "is encrypted"}
	}
	r, err := f.Open()
	if err != nil {
		return unreadable(f.Name, err)
	}
	defer r.Close()
	return c.keep(name, &bounded{r: r, c: c})
}
