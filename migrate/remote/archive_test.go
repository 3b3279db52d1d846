package remote_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/remote"
)

var packers = map[string]func(testing.TB, ...entry) []byte{"tar": packTar, "zip": packZip}

// An archive gives the directory that was packed, whose sums then fit.
func TestUnpack(t *testing.T) {
	t.Parallel()
	other := []entry{{name: "README.md", body: "text"}, {name: "embed.go", body: "package x"}}
	for name, c := range map[string]struct {
		entries func(tb testing.TB) []entry
		folder  string
	}{
		"at the top":           {func(tb testing.TB) []entry { return directory(tb, "", other...) }, ""},
		"with ./":              {func(tb testing.TB) []entry { return directory(tb, "./", entry{name: "./", kind: tar.TypeDir}) }, ""},
		"in the only folder":   {func(tb testing.TB) []entry { return directory(tb, "app-1/", entry{name: "app-1/README.md"}) }, ""},
		"the folder is listed": {func(tb testing.TB) []entry { return directory(tb, "app-1/", entry{name: "app-1/", kind: tar.TypeDir}) }, ""},
		"deeper files are not": {func(tb testing.TB) []entry {
			return directory(tb, "", entry{name: "old/9_old.up.sql"}, entry{name: "a/b/8_x.up.sql"})
		}, ""},
		"a named folder":        {func(tb testing.TB) []entry { return directory(tb, "db/sql/", other...) }, "db/sql"},
		"a named one in GitHub": {func(tb testing.TB) []entry { return directory(tb, "app-1/db/sql/", entry{name: "app-1/x.sql"}) }, "db/sql"},
	} {
		for format, pack := range packers {
			t.Run(name+" "+format, func(t *testing.T) {
				t.Parallel()
				fsys, err := remote.Unpack(pack(t, c.entries(t)...), c.folder)
				must(t, err)
				dir, err := migrate.ReadDir(fsys)
				must(t, err)
				must(t, dir.Validate())
				if n := len(dir.Files()); n != 2 {
					t.Errorf("%d migrations, not 2", n)
				}
			})
		}
	}
}

// What git adds to its archives is passed over.
func TestUnpackTakesGitsGlobalHeader(t *testing.T) {
	t.Parallel()
	entries := append([]entry{{kind: tar.TypeXGlobalHeader}}, directory(t, "app/")...)
	if _, err := remote.Unpack(packTar(t, entries...), ""); err != nil {
		t.Error(err)
	}
}

func TestUnpackRefusesPathTricks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		more []entry
		want string
		only string // the format; "" for both
	}{
		"absolute":           {[]entry{{name: "/etc/9_x.up.sql"}}, "absolute", ""},
		"parent":             {[]entry{{name: "../9_x.up.sql"}}, "leads elsewhere", ""},
		"parent within":      {[]entry{{name: "a/../9_x.up.sql"}}, "leads elsewhere", ""},
		"parent of no use":   {[]entry{{name: "a/../../README"}}, "leads elsewhere", ""},
		"dot within":         {[]entry{{name: "a/./9_x.up.sql"}}, "leads elsewhere", ""},
		"twice ./":           {[]entry{{name: "././9_x.up.sql"}}, "leads elsewhere", ""},
		"backslash":          {[]entry{{name: `a\9_x.up.sql`}}, "backslash", ""},
		"backslash parent":   {[]entry{{name: `..\9_x.up.sql`}}, "backslash", ""},
		"symbolic link":      {[]entry{{name: "9_x.up.sql", kind: tar.TypeSymlink}}, "is a link", ""},
		"hard link":          {[]entry{{name: "9_x.up.sql", kind: tar.TypeLink}}, "is a link", "tar"},
		"device":             {[]entry{{name: "9_x.up.sql", kind: tar.TypeChar}}, "neither a file nor a folder", "tar"},
		"pipe":               {[]entry{{name: "9_x.up.sql", kind: tar.TypeFifo}}, "neither a file nor a folder", ""},
		"NUL":                {[]entry{{name: "9_x.up.sql\x00.md"}}, "control character", "zip"},
		"line break":         {[]entry{{name: "9_x\n.up.sql"}}, "control character", ""},
		"not UTF-8":          {[]entry{{name: "9_\xff.up.sql"}}, "UTF-8", ""},
		"empty":              {[]entry{{name: ""}}, "leads elsewhere", ""},
		"twice":              {[]entry{{name: "1_users.up.sql"}}, "is there twice", ""},
		"twice, other form":  {[]entry{{name: "./1_users.up.sql"}}, "is there twice", ""},
		"by case only":       {[]entry{{name: "1_USERS.up.sql"}}, "by case only", ""},
		"by case, elsewhere": {[]entry{{name: "x/readme"}, {name: "x/README"}}, "by case only", ""},
		"file and folder":    {[]entry{{name: "1_users.up.sql/", kind: tar.TypeDir}}, "is there twice", ""},
		"long name":          {[]entry{{name: strings.Repeat("a/", remote.MaxName/2) + "x"}}, "longer than", ""},
	} {
		for format, pack := range packers {
			if c.only != "" && c.only != format {
				continue
			}
			t.Run(name+" "+format, func(t *testing.T) {
				t.Parallel()
				refuses(t, pack(t, directory(t, "", c.more...)...), "", c.want)
			})
		}
	}
}

func refuses(t *testing.T, archive []byte, folder, want string) {
	t.Helper()
	fsys, err := remote.Unpack(archive, folder)
	bad, ok := errors.AsType[*remote.ArchiveError](err)
	if !ok || fsys != nil || !strings.Contains(bad.Error(), want) {
		t.Errorf("%v, not an ArchiveError with %q", err, want)
	}
}

func TestUnpackRefusesOtherThings(t *testing.T) {
	t.Parallel()
	archive := packTar(t, directory(t, "")...)
	plain := unzipped(t, archive)
	for name, c := range map[string]struct {
		archive      []byte
		folder, want string
	}{
		"nothing":              {nil, "", "is not a .tar.gz or .zip"},
		"a page":               {[]byte("\n<!DOCTYPE html><p>Sign in"), "", "web page"},
		"plain tar":            {plain, "", "is not a .tar.gz or .zip"},
		"no migrations":        {packTar(t, entry{name: "README.md", body: "x"}), "", "no migration files"},
		"two folders":          {packTar(t, directory(t, "a/", entry{name: "b/README.md"})...), "", "no migration files"},
		"beside the folder":    {packTar(t, directory(t, "a/", entry{name: "README.md"})...), "", "no migration files"},
		"another folder":       {archive, "db", `folder "db"`},
		"empty zip":            {packZip(t), "", "no migration files"},
		"empty tar":            {packTar(t), "", "no migration files"},
		"gzip of nothing":      {zipped(t, nil), "", "cut off"},
		"bytes after the gzip": {append(slices.Clone(archive), 0), "", "follows"},
		"a second gzip":        {append(slices.Clone(archive), archive...), "", "follows"},
		"bytes after the tar":  {zipped(t, append(slices.Clone(plain), 'x')), "", "follows"},
		"a second tar":         {zipped(t, append(slices.Clone(plain), plain...)), "", "follows"},
		"tar without its end":  {zipped(t, bytes.TrimRight(plain, "\x00")), "", "cut off"},
		"tar cut at a file":    {zipped(t, plain[:1024]), "", "cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refuses(t, c.archive, c.folder, c.want)
		})
	}
	if _, err := remote.Unpack(zipped(t, append(slices.Clone(plain), make([]byte, 4096)...)), ""); err != nil {
		t.Errorf("tar pads with zeros: %v", err)
	}
}

// However an archive is cut, it is refused; so is one with a byte changed in what is read.
func TestUnpackRefusesEveryTruncation(t *testing.T) {
	t.Parallel()
	for format, pack := range packers {
		archive := pack(t, directory(t, "")...)
		for n := range archive {
			if _, err := remote.Unpack(archive[:n], ""); err == nil {
				t.Errorf("%s: the first %d of %d bytes are accepted", format, n, len(archive))
			}
		}
	}
	plain := unzipped(t, packTar(t, directory(t, "")...))
	end := len(bytes.TrimRight(plain, "\x00"))
	for n := 0; n < end; n += 64 {
		if _, err := remote.Unpack(zipped(t, plain[:n]), ""); err == nil {
			t.Errorf("the first %d bytes of a tar file are accepted", n)
		}
	}
}

// Bounds hold while reading: an archive that says less than it holds is stopped at the bound, and n is still accepted.
func TestUnpackBounds(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("\x00", remote.MaxFile+1)
	many := make([]entry, remote.MaxEntries+1)
	for i := range many {
		many[i] = entry{name: fmt.Sprintf("%d_x.md", i)}
	}
	for format, pack := range packers {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			refuses(t, pack(t, directory(t, "", entry{name: "9_big.up.sql", body: zeros})...), "", "larger than 16 MiB")
			if _, err := remote.Unpack(pack(t, directory(t, "", entry{name: "9_big.up.sql", body: zeros[1:]})...), ""); err != nil {
				t.Errorf("a file of the largest size: %v", err)
			}
			refuses(t, pack(t, many...), "", "more than 50000 entries")
			var big []entry
			for i := range remote.MaxTotal/remote.MaxFile + 1 {
				big = append(big, entry{name: fmt.Sprintf("%d_x.up.sql", i), body: zeros[1:]})
			}
			refuses(t, pack(t, big...), "", "more than 128 MiB")
		})
	}
	var bomb []entry // of what nobody asked for
	for i := range 9 {
		bomb = append(bomb, entry{name: fmt.Sprintf("%d.bin", i), body: zeros})
	}
	refuses(t, packTar(t, directory(t, "", bomb...)...), "", "more than 128 MiB")
	refuses(t, make([]byte, remote.MaxArchive+1), "", "larger than 32 MiB")
}

// A zip that is said to be small is not believed.
func TestUnpackReadsNoFurtherThanItIsTold(t *testing.T) {
	t.Parallel()
	archive := packZip(t, directory(t, "", entry{name: "9_lie.up.sql", body: strings.Repeat("\x00", remote.MaxFile*2)})...)
	size := []byte{0, 0, 0, 2} // 32 MiB, little endian
	if bytes.Count(archive, size) < 1 {
		t.Fatal("the size is not where it was thought to be")
	}
	for _, lie := range [][]byte{{1, 0, 0, 0}, {0, 0, 0, 0}} {
		if _, err := remote.Unpack(bytes.ReplaceAll(archive, size, lie), ""); err == nil {
			t.Error("a wrong size was accepted")
		}
	}
}

func FuzzUnpack(f *testing.F) {
	good := directory(f, "")
	deep := directory(f, "app-1/", entry{name: "app-1/db/3_x.up.sql", body: "SELECT 1;"})
	for _, pack := range []func(testing.TB, ...entry) []byte{packTar, packZip} {
		f.Add(pack(f, good...), "")
		f.Add(pack(f, deep...), "db")
		f.Add(pack(f, entry{name: "../x.sql"}, entry{name: "y.sql", kind: tar.TypeSymlink}), "")
	}
	f.Add(unzipped(f, packTar(f, deep...)), "") // tar without gzip, so that the fuzzer gets at its headers
	f.Add([]byte("PK\x05\x06"), "")
	f.Fuzz(func(t *testing.T, archive []byte, folder string) {
		holds(t, archive, folder)
		if len(archive) < 1<<16 && !bytes.HasPrefix(archive, []byte("PK")) {
			holds(t, zipped(t, archive), folder)
		}
	})
}

// holds is what is true of every archive that is accepted.
func holds(t *testing.T, archive []byte, folder string) {
	fsys, err := remote.Unpack(archive, folder)
	if err != nil {
		if _, ok := errors.AsType[*remote.ArchiveError](err); !ok || fsys != nil {
			t.Fatalf("not an ArchiveError: %v", err)
		}
		return
	}
	names, total := contents(t, fsys)
	if len(names) == 0 || total > remote.MaxTotal {
		t.Fatalf("%d files with %d bytes", len(names), total)
	}
	for _, name := range names {
		if strings.ContainsAny(name, "/\\\x00\n") || !strings.HasSuffix(name, ".sql") && name != "atlas.sum" && name != "down.sum" {
			t.Fatalf("a file %q", name)
		}
	}
	if _, err := migrate.ReadDir(fsys); err != nil {
		return
	}
	if sum, err := remote.SumOf(fsys); err == nil {
		if again, err := remote.ParseSum(sum.String()); err != nil || again != sum {
			t.Fatalf("the sum %v reads as %v, %v", sum, again, err)
		}
	}
}
