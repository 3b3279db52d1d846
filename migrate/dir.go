package migrate

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// Dir is a migration directory, read once. It does not change afterwards, and is safe for concurrent use.
type Dir struct {
	files     []*File // by version
	graph     graph
	sumErr    error                             // what the sum files object to, a *ChecksumError, or nil
	mergedErr func() error                      // what the sum files object to, if git has merged them
	orphan    error                             // a down file without an up file, or nil
	lines     func() (map[string]string, error) // the lines of atlas.sum as they should be, computed once
}

// File is one migration: its up file and, if there is one, its down file.
type File struct {
	Version string   // as in the file name; compared as a number
	Name    string   // what follows the version; may be empty
	Parents []string // versions that it follows; empty for a first one
	Up      string   // content
	Down    string   // content; meaningless without HasDown
	HasDown bool

	declared bool // has a plinth:parents directive
}

// UpFile is the name of the up file in its directory.
func (f *File) UpFile() string { return fileName(f.Version, f.Name, "up") }

// DownFile is the name that the down file has or would have.
func (f *File) DownFile() string { return fileName(f.Version, f.Name, "down") }

func fileName(version, name, direction string) string {
	return version + "_" + name + "." + direction + ".sql"
}

const irreversibleDirective = "plinth:irreversible"

// What a plan's file says of the SQL objects that it makes and drops, for the next plan. The engine passes over them.
const (
	objectsDirective = "plinth:objects"
	droppedDirective = "plinth:objects-dropped"
)

// fillsDirective is written by diff, above the backfill of a column that an earlier file of the same plan adds.
const fillsDirective = "plinth:fills"

// Fills returns table and column of the up file's plinth:fills directive, whose NULLs are no data: the column is new. ok is false without
// one.
func (f *File) Fills() (table, column string, ok bool) {
	for _, d := range sqltext.Directives(f.Up) {
		if d.Name == fillsDirective {
			table, column, ok = strings.Cut(d.Args, " ")
			return table, column, ok
		}
	}
	return "", "", false
}

// Irreversible returns the reason of the down file's plinth:irreversible directive, and whether it has one.
func (f *File) Irreversible() (reason string, ok bool) {
	for _, d := range sqltext.Directives(f.Down) {
		if d.Name == irreversibleDirective {
			return cmp.Or(d.Args, "no reason given"), true
		}
	}
	return "", false
}

// cutName takes a file name <version>_<name>.up.sql or .down.sql apart.
func cutName(file string) (version, name string, up, ok bool) {
	rest, up := strings.CutSuffix(file, ".up.sql")
	if !up {
		if rest, ok = strings.CutSuffix(file, ".down.sql"); !ok {
			return "", "", false, false
		}
	}
	version, name, ok = strings.Cut(rest, "_")
	return version, name, up, ok && isNumber(version) && !strings.ContainsAny(name, "\r\n\x00") // it stands in comments of scripts
}

// ReadDir reads a directory, of the disk (os.DirFS) or embedded. Files that do not end in .sql or .sum are passed
// over; a .sql file whose name is not <version>_<name>.up.sql or .down.sql, two files of one version
// are errors, as is a lineage that does not fit. A mismatch with the sum files and a down file without an up are not
// errors here: [Dir.Validate] reports them.
func ReadDir(fsys fs.FS) (*Dir, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("migrate: %w; plinth new or plinth diff creates it", ErrNoDir)
	}
	if err != nil {
		return nil, fmt.Errorf("migrate: read directory: %w", err)
	}
	files, err := readFiles(fsys, entries)
	if err != nil {
		return nil, fmt.Errorf("migrate: read file: %w", err)
	}
	byVersion := map[string]*File{}
	var ups, downs []sumEntry
	for _, f := range files {
		up, err := collect(byVersion, f.name, f.content)
		if err != nil {
			return nil, err
		}
		if up {
			ups = append(ups, f)
		} else {
			downs = append(downs, f)
		}
	}
	d := &Dir{
		lines:     sync.OnceValues(func() (map[string]string, error) { return sumLines(ups) }),
		mergedErr: sync.OnceValue(func() error { return checkMergedSums(fsys, ups, downs) }),
	}
	for _, f := range byVersion {
		if f.Up == "" && !slices.ContainsFunc(ups, func(e sumEntry) bool { return e.name == f.UpFile() }) {
			d.orphan = &DirError{File: f.DownFile(), Reason: "has no up file; add " + f.UpFile() + " or remove it"}
			continue
		}
		d.files = append(d.files, f)
	}
	slices.SortFunc(d.files, func(a, b *File) int { return compareVersions(a.Version, b.Version) })
	var sums errgroup.Group // beside the lineage, as both take their time in a large directory
	sums.Go(func() (err error) {
		d.sumErr, err = checkSums(fsys, ups, downs)
		return err
	})
	d.graph, err = newGraph(d.files)
	if sumErr := sums.Wait(); err == nil {
		err = sumErr
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// readFiles reads the .sql files, several at a time: most of the time of a large directory goes into opening them.
func readFiles(fsys fs.FS, entries []fs.DirEntry) ([]sumEntry, error) {
	var files []sumEntry
	for _, entry := range entries {
		if !entry.IsDir() && strings.HasSuffix(entry.Name(), ".sql") {
			files = append(files, sumEntry{name: entry.Name()})
		}
	}
	var all errgroup.Group
	const chunk = 64
	all.SetLimit(2 * runtime.GOMAXPROCS(0))
	for part := range slices.Chunk(files, chunk) {
		all.Go(func() error {
			for i := range part {
				content, err := fs.ReadFile(fsys, part[i].name)
				if err != nil {
					return err
				}
				part[i].content = string(content) // os.ReadFile's slice has room for 512 bytes at least
			}
			return nil
		})
	}
	return files, all.Wait()
}

// collect files one SQL file under its version and reports whether it is an up file.
func collect(byVersion map[string]*File, name, content string) (up bool, err error) {
	version, label, up, ok := cutName(name)
	if !ok {
		return false, &DirError{File: name, Reason: "the name is not <version>_<name>.up.sql or <version>_<name>.down.sql, where version is a number"}
	}
	f := byVersion[versionKey(version)]
	if f == nil {
		f = &File{Version: version, Name: label}
		byVersion[versionKey(version)] = f
	}
	if f.Version != version || f.Name != label {
		return false, &DirError{File: name, Reason: fmt.Sprintf("has the same version as %s; give one of them another version, or its down file the same name", f.UpFile())}
	}
	if !up {
		f.Down, f.HasDown = content, true
		return false, nil
	}
	f.Up = content
	return true, nil
}

// Files returns the migrations by version, the oldest first.
func (d *Dir) Files() []*File { return slices.Clone(d.files) }

// Ordered returns the migrations by lineage: parents first, by version where the lineage leaves a choice. It is the order in which an empty
// database gets them.
func (d *Dir) Ordered() []*File { return slices.Clone(d.graph.order) }

// Ancestors returns the versions that version follows, and itself, in the order of [Dir.Ordered]; nil if it has no file.
func (d *Dir) Ancestors(version string) (list []string) {
	known := d.graph.ancestors(version)
	for _, f := range d.graph.order {
		if known[versionKey(f.Version)] {
			list = append(list, f.Version)
		}
	}
	return list
}

// Find returns the migration of a version, or nil.
func (d *Dir) Find(version string) *File { return d.graph.files[versionKey(version)] }

// Followed returns the directory as it would be with one more migration at the end of its lineage, and that migration; nothing is written.
// It follows the head whatever a plinth:parents directive in up says. Several heads are refused. What [Dir.Validate] objects to stays as it is.
func (d *Dir) Followed(name, up string) (*Dir, *File, error) {
	head, err := d.Head()
	if err != nil {
		return nil, nil, err
	}
	last := ""
	if n := len(d.files); n > 0 {
		last = d.files[n-1].Version
	}
	f := &File{Version: nextVersion(last, time.Now()), Name: name, Up: up, Parents: strings.Fields(head), declared: true}
	more := *d
	more.files, more.graph.order = append(d.Files(), f), append(d.Ordered(), f)
	more.graph.files = maps.Clone(d.graph.files)
	more.graph.files[versionKey(f.Version)] = f
	more.graph.heads = []string{f.Version}
	more.lines = sync.OnceValues(func() (map[string]string, error) {
		var ups []sumEntry
		for _, f := range more.files {
			ups = append(ups, sumEntry{f.UpFile(), f.Up})
		}
		slices.SortFunc(ups, func(a, b sumEntry) int { return cmp.Compare(a.name, b.name) })
		return sumLines(ups)
	})
	return &more, f, nil
}

// Validate returns a *ChecksumError if the directory is not what its sum files say, and a *DirError for a down file
// without an up file or a parent without a file; joined, if there are several. A directory without any migration needs no sum files.
func (d *Dir) Validate() error { return errors.Join(d.sumErr, d.orphan, d.graph.fault) }

// Check reads every file, up and down, and returns the first fault for which a run would refuse it.
func (d *Dir) Check() error {
	for _, f := range d.files {
		if _, err := parse(f, false); err != nil {
			return err
		}
		if _, err := parse(f, true); err != nil {
			return err
		}
	}
	return nil
}

// Heads returns the versions that no other follows: one, as a rule; none in an empty directory.
func (d *Dir) Heads() []string { return slices.Clone(d.graph.heads) }

// Head returns the only head, "" in an empty directory, and a *HeadsError if there are several.
func (d *Dir) Head() (string, error) {
	switch heads := d.graph.heads; len(heads) {
	case 0:
		return "", nil
	case 1:
		return heads[0], nil
	default:
		return "", &HeadsError{Heads: slices.Clone(heads)}
	}
}

// versionKey makes versions that are the same number the same text: 0012 and 12.
func versionKey(version string) string {
	return cmp.Or(strings.TrimLeft(version, "0"), "0")
}

// compareVersions compares as numbers of any length.
func compareVersions(a, b string) int {
	a, b = versionKey(a), versionKey(b)
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
