package remote

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/tools/txtar"
)

// The bounds of an archive.
const (
	MaxArchive = 32 << 20  // bytes as downloaded
	MaxTotal   = 128 << 20 // bytes of everything that is decompressed
	MaxFile    = 16 << 20  // bytes of one migration file
	MaxEntries = 50_000    // files and folders
	MaxName    = 500       // bytes of an entry's name with its folders
)

const (
	upSumFile   = "atlas.sum"
	downSumFile = "down.sum"
)

// Unpack returns the migration directory in a .tar.gz or .zip archive, told apart by their first bytes. With folder "" it is the
// archive's top, or, if no migration file is there and everything lies in one folder, that folder. Another folder is named as in
// the archive, with or without that only top folder. The error is an *ArchiveError.
//
// An archive is refused as a whole if any entry has a name that is absolute, not UTF-8 or not in its shortest form (..), holds a
// backslash or a control character, or differs from another by case only; or is anything but a file or a folder.
func Unpack(archive []byte, folder string) (fs.FS, error) {
	c := &collector{folder: folder, files: map[string][]txtar.File{}, seen: map[string]seen{}}
	var err error
	switch {
	case len(archive) > MaxArchive:
		err = &ArchiveError{Reason: fmt.Sprintf("the archive is larger than %s", size(MaxArchive))}
	case bytes.HasPrefix(archive, []byte{0x1f, 0x8b}):
		err = readTar(archive, c)
	case bytes.HasPrefix(archive, []byte("PK")):
		err = readZip(archive, c)
	case bytes.HasPrefix(bytes.TrimSpace(archive[:min(len(archive), 64)]), []byte("<")):
		err = &ArchiveError{Reason: "is a web page, not a .tar.gz or .zip archive; is a token needed (PLINTH_DIR_TOKEN)?"}
	default:
		err = &ArchiveError{Reason: "is not a .tar.gz or .zip archive"}
	}
	if err != nil {
		return nil, err
	}
	files, err := c.directory()
	if err != nil {
		return nil, err
	}
	return txtar.FS(&txtar.Archive{Files: files})
}

// collector takes an archive's entries, whatever its format.
type collector struct {
	folder string                  // that is asked for; "" for the top
	files  map[string][]txtar.File // by folder; of the folders that may be the one
	seen   map[string]seen         // every entry, by its name in lower case
	top    string                  // the first entry's top folder
	level  bool                    // something does not lie in it
	total  int64                   // bytes read
}

type seen struct {
	name   string
	folder bool
}

// entry notes an entry and reports whether its content is wanted. name is cleaned.
func (c *collector) entry(raw string, folder bool) (name string, wanted bool, err error) {
	if len(c.seen) >= MaxEntries {
		return "", false, &ArchiveError{Reason: fmt.Sprintf("has more than %d entries", MaxEntries)}
	}
	name = strings.TrimPrefix(raw, "./")
	if folder {
		name = strings.TrimSuffix(name, "/")
		if name == "" || name == "." {
			return ".", false, nil
		}
	}
	if why := refuseName(name); why != "" {
		return "", false, &ArchiveError{Entry: raw, Reason: why}
	}
	key := strings.ToLower(strings.ToUpper(name))
	if other, there := c.seen[key]; there && !(folder && other.folder && other.name == name) {
		if other.name == name {
			return "", false, &ArchiveError{Entry: raw, Reason: "is there twice"}
		}
		return "", false, &ArchiveError{Entry: raw, Reason: fmt.Sprintf("differs from %s by case only", shorten(other.name))}
	}
	c.seen[key] = seen{name, folder}
	top, _, below := strings.Cut(name, "/")
	if c.top == "" {
		c.top = top
	}
	c.level = c.level || top != c.top || !below && !folder
	return name, !folder && c.wants(name), nil
}

func refuseName(name string) string {
	switch {
	case len(name) > MaxName:
		return fmt.Sprintf("its name is longer than %d bytes", MaxName)
	case !utf8.ValidString(name):
		return "its name is not UTF-8"
	case strings.HasPrefix(name, "/"):
		return "its name is an absolute path"
	case strings.Contains(name, `\`):
		return `its name holds a backslash; folders are told by /`
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "its name holds a control character"
	case !fs.ValidPath(name):
		return "its name leads elsewhere: it holds .., . or // as a part"
	}
	return ""
}

// wants reports whether a file may be of the directory, as far as can be told before the last entry was seen.
func (c *collector) wants(name string) bool {
	folder, file := path.Split(name)
	if !strings.HasSuffix(file, ".sql") && file != upSumFile && file != downSumFile {
		return false
	}
	folder = strings.TrimSuffix(folder, "/")
	_, below, _ := strings.Cut(folder, "/")
	if c.folder == "" {
		return below == ""
	}
	return folder == c.folder || below == c.folder
}

// keep reads a wanted file.
func (c *collector) keep(name string, r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return unreadable(name, err)
	}
	if len(data) > MaxFile {
		return &ArchiveError{Entry: name, Reason: fmt.Sprintf("is larger than %s", size(MaxFile))}
	}
	folder := strings.TrimSuffix(name[:len(name)-len(path.Base(name))], "/")
	c.files[folder] = append(c.files[folder], txtar.File{Name: path.Base(name), Data: data})
	return nil
}

// directory chooses the folder.
func (c *collector) directory() ([]txtar.File, error) {
	if files := c.files[c.folder]; files != nil {
		return files, nil
	}
	if !c.level && c.top != "" {
		if files := c.files[path.Join(c.top, c.folder)]; files != nil {
			return files, nil
		}
	}
	if c.folder != "" {
		return nil, &ArchiveError{Reason: fmt.Sprintf("the archive has no migration files in a folder %s", shorten(c.folder))}
	}
	return nil, &ArchiveError{Reason: "the archive has no migration files at its top, or in its only folder; name another folder behind the URL: #migrate/migrations"}
}

// unreadable keeps what is refused already, and names the entry for everything else.
func unreadable(entry string, err error) error {
	if bad, ok := err.(*ArchiveError); ok { //nolint:errorlint // ours come unwrapped
		return bad
	}
	return &ArchiveError{Entry: entry, Reason: fmt.Sprintf("the archive is damaged or cut off: %v", err)}
}

// bounded counts what is decompressed and refuses to go on beyond [MaxTotal].
type bounded struct {
	r     io.Reader
	c     *collector
	zeros int // of the last bytes read
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.c.total += int64(n); b.c.total > MaxTotal {
		return 0, &ArchiveError{Reason: fmt.Sprintf("decompresses to more than %s", size(MaxTotal))}
	}
	if rest := bytes.TrimRight(p[:n], "\x00"); len(rest) > 0 {
		b.zeros = n - len(rest)
	} else {
		b.zeros += n
	}
	return n, err
}
