package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	slashpath "path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// gitChanges is how the .sql files of a directory, as they lie on disk, differ from those of a commit. The names are those in the
// directory, in order.
type gitChanges struct {
	Base    string   // the commit, in full
	Root    string   // of the working tree; annotations want paths from there
	New     []string // on disk only: committed since, staged, or not even that
	Edited  []string // in both, with other content
	Removed []string // in the commit only; one that was renamed is here, and its new name in New
}

// changesSince compares the directory dir with the merge base of ref and HEAD, as `git diff ref...` does: what others have added to
// ref since this branch left it is not here, so it counts neither as new nor as removed. (The Atlas command compares with ref itself,
// and takes only what has been committed.)
//
// ref is what git takes for a commit: a branch, a tag, a hash or the beginning of one, origin/main, HEAD~2. The repository is the one
// that start lies in, or dir where start is "". No git program is needed.
func changesSince(dir, start, ref string) (*gitChanges, error) {
	if start == "" {
		start = dir
	}
	repo, root, err := openRepository(start)
	if err != nil {
		return nil, err
	}
	inside, err := pathInside(root, dir)
	if err != nil {
		return nil, err
	}
	base, err := mergeBaseWith(repo, ref)
	if err != nil {
		return nil, fmt.Errorf("git base %s, repository %s: %w", ref, root, err)
	}
	old, err := sqlFilesOf(base, inside)
	if err != nil {
		return nil, fmt.Errorf("git base %s, repository %s: read %s of commit %s: %w", ref, root, inside, base.Hash, err)
	}
	changes := &gitChanges{Base: base.Hash.String(), Root: root}
	return changes, changes.compare(dir, old)
}

func (c *gitChanges) compare(dir string, old map[string]plumbing.Hash) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	present := map[string]bool{}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || !strings.HasSuffix(name, ".sql") {
			continue
		}
		present[name] = true
		hash, known := old[name]
		if !known {
			c.New = append(c.New, name)
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		// With core.autocrlf, git itself wrote the other line ends. An edit of nothing else is for the sum files to find.
		if blobHash(content) != hash && blobHash(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n"))) != hash {
			c.Edited = append(c.Edited, name)
		}
	}
	for name := range old {
		if !present[name] {
			c.Removed = append(c.Removed, name)
		}
	}
	slices.Sort(c.Removed)
	return nil
}

// blobHash is how git names a file's content. Content is compared by it, since a partial clone has the names but not the content.
func blobHash(content []byte) plumbing.Hash {
	return plumbing.ComputeHash(plumbing.BlobObject, content)
}

// openRepository opens the repository whose working tree dir lies in, the main one or a linked one, and returns that tree's root.
func openRepository(dir string) (*git.Repository, string, error) {
	root, err := rootOf(dir)
	if err != nil {
		return nil, "", err
	}
	if root == "" {
		return nil, "", fmt.Errorf("%s is not in a git repository, so nothing can be compared with a git base; "+
			"choose the files with --latest N, or name the repository's folder with git { dir = ... } in the lint block", dir)
	}
	repo, err := openWorktree(root)
	if err != nil {
		return nil, "", fmt.Errorf("git repository %s: %w", root, err)
	}
	return repo, root, nil
}

// rootOf is the root of the working tree that the folder lies in, "" if it lies in none.
func rootOf(dir string) (string, error) {
	root, err := realPath(dir)
	if err != nil {
		return "", err
	}
	for {
		_, err := os.Lstat(filepath.Join(root, git.GitDirName))
		switch {
		case err == nil:
			return root, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		case root == filepath.Dir(root):
			return "", nil
		}
		root = filepath.Dir(root)
	}
}

// fromRoot is a path as GitHub knows it: from the root of the working tree that it lies in, with slashes. Where it lies in none it stays.
func fromRoot(path string) string {
	folder := path
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		folder = filepath.Dir(path)
	}
	root, err := rootOf(folder)
	if err != nil || root == "" {
		return filepath.ToSlash(path)
	}
	inside, err := pathInside(root, folder)
	if err != nil {
		return filepath.ToSlash(path)
	}
	if folder != path {
		inside = slashpath.Join(inside, filepath.Base(path))
	}
	return inside
}

func openWorktree(root string) (*git.Repository, error) {
	gitDir := filepath.Join(root, git.GitDirName)
	info, err := os.Stat(gitDir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() { // of a linked working tree or a submodule: it says where the repository is
		content, err := os.ReadFile(gitDir)
		if err != nil {
			return nil, err
		}
		target, ok := strings.CutPrefix(strings.TrimSpace(string(content)), "gitdir:")
		if !ok {
			return nil, fmt.Errorf("%s does not say where the repository is: want gitdir: PATH", gitDir)
		}
		gitDir = absoluteFrom(root, strings.TrimSpace(target))
	}
	common := gitDir
	content, err := os.ReadFile(filepath.Join(gitDir, "commondir"))
	switch {
	case err == nil:
		common = absoluteFrom(gitDir, strings.TrimSpace(string(content)))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	// Without commondir both are the same, which git allows.
	files := dotgit.NewRepositoryFilesystem(osfs.New(gitDir), osfs.New(common))
	return git.Open(readOnlyStorage{filesystem.NewStorage(files, cache.NewObjectLRUDefault())}, osfs.New(root))
}

func absoluteFrom(dir, path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// readOnlyStorage hides the extensions that matter only to who writes or fetches, since go-git refuses any that it does not know:
// a clone with --filter and one with a sparse checkout have them.
type readOnlyStorage struct{ *filesystem.Storage }

func (s readOnlyStorage) Config() (*config.Config, error) {
	c, err := s.Storage.Config()
	if err != nil || c.Raw == nil || !c.Raw.HasSection("extensions") {
		return c, err
	}
	for _, name := range []string{"partialClone", "worktreeConfig", "preciousObjects"} {
		c.Raw.Section("extensions").RemoveOption(name)
	}
	return c, nil
}

// pathInside returns dir's path from root with slashes, "." for root itself.
func pathInside(root, dir string) (string, error) {
	path, err := realPath(dir)
	if err != nil {
		return "", err
	}
	inside, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(inside) {
		return "", fmt.Errorf("the migration directory %s is not in the git repository %s; name its repository's folder with git { dir = ... } in the lint block",
			dir, root)
	}
	return filepath.ToSlash(inside), nil
}

func realPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

// sqlFilesOf returns the names of the content of the .sql files in a directory of a commit; none if it did not exist then.
func sqlFilesOf(commit *object.Commit, dir string) (map[string]plumbing.Hash, error) {
	tree, err := commit.Tree()
	if err == nil && dir != "." {
		tree, err = tree.Tree(dir)
	}
	if errors.Is(err, object.ErrDirectoryNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, missingObject(err)
	}
	files := map[string]plumbing.Hash{}
	for _, entry := range tree.Entries {
		if entry.Mode.IsFile() && strings.HasSuffix(entry.Name, ".sql") {
			files[entry.Name] = entry.Hash
		}
	}
	return files, nil
}

func missingObject(err error) error {
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return fmt.Errorf("%w: this clone does not hold everything; fetch the rest with git fetch --refetch, or clone without --filter=tree:0", err)
	}
	return err
}

// mergeBaseWith returns the best common ancestor of HEAD and ref.
func mergeBaseWith(repo *git.Repository, ref string) (*object.Commit, error) {
	boundary, err := repo.Storer.Shallow()
	if err != nil {
		return nil, err
	}
	head, err := repo.Head()
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return nil, errors.New("HEAD is not a commit: nothing has been committed here yet")
	}
	if err != nil {
		return nil, err
	}
	other, err := resolveRef(repo, ref, len(boundary) > 0)
	if err != nil {
		return nil, err
	}
	bases, err := mergeBases(repo, head.Hash(), other, boundary)
	if err != nil {
		return nil, missingObject(err)
	}
	if len(bases) > 0 {
		return bases[0], nil // git, too, takes one of several that a criss-cross merge leaves
	}
	if len(boundary) > 0 {
		return nil, fmt.Errorf("the commit where this branch left it is not here; %s", shallowAdvice)
	}
	return nil, errors.New("it and HEAD have no commit in common")
}

const shallowAdvice = "this is a shallow clone: fetch the history with git fetch --unshallow, or on GitHub check out with `fetch-depth: 0`"

// resolveRef finds the commit that ref names.
func resolveRef(repo *git.Repository, ref string, shallow bool) (plumbing.Hash, error) {
	// go-git takes no notice of what follows these, and a ~ or ^ with nothing before it makes it panic.
	if ref == "" || strings.ContainsAny(ref, ":{} \t\n") || strings.IndexAny(ref, "~^") == 0 {
		return plumbing.ZeroHash, errors.New("this is not the name of a commit; write main, origin/main, a tag, a hash or HEAD~2")
	}
	hash, err := repo.ResolveRevision(plumbing.Revision(ref))
	if err == nil {
		return *hash, nil
	}
	reason := "no branch, tag or commit has this name here"
	if strings.ContainsAny(ref, "~^") {
		reason = "there is no such commit here"
	}
	var advice []string
	for _, remote := range remotesWith(repo, ref) {
		advice = append(advice, fmt.Sprintf("there is %s/%s: name that", remote, ref))
	}
	switch {
	case len(advice) > 0:
	case shallow:
		advice = append(advice, shallowAdvice)
	default:
		advice = append(advice, fmt.Sprintf("fetch it first (git fetch origin %s) and name it as git branch --all shows it, such as origin/%s",
			strings.TrimPrefix(ref, "origin/"), strings.TrimPrefix(ref, "origin/")))
	}
	return plumbing.ZeroHash, fmt.Errorf("%s; %s", reason, strings.Join(advice, "; "))
}

// remotesWith returns the remotes that have the branch: a build server's clone often has no branch of its own but one.
func remotesWith(repo *git.Repository, branch string) (remotes []string) {
	c, err := repo.Config()
	if err != nil {
		return nil
	}
	for name := range c.Remotes {
		if _, err := repo.Reference(plumbing.NewRemoteReferenceName(name, branch), true); err == nil {
			remotes = append(remotes, name)
		}
	}
	slices.Sort(remotes)
	return remotes
}

// What mergeBases knows of a commit.
const (
	fromHead  = 1 << iota // HEAD has it among its ancestors
	fromOther             // so has the other commit
	stale                 // a common ancestor reaches it, so it is not the best one
	result
)

// mergeBases returns the best common ancestors of two commits, the newest first. Unlike go-git's own it takes the commits where a
// shallow clone ends for the first ones, as git does, and reads no more of the history than it needs: it goes back in time from both
// sides until all that is left is reached by a common ancestor (git's commit-reach.c, paint_down_to_common).
func mergeBases(repo *git.Repository, head, other plumbing.Hash, boundary []plumbing.Hash) ([]*object.Commit, error) {
	marks := map[plumbing.Hash]int{}
	var queue, found []*object.Commit
	add := func(hash plumbing.Hash, mark int) error {
		if marks[hash]|mark == marks[hash] {
			return nil
		}
		marks[hash] |= mark
		commit, err := repo.CommitObject(hash)
		if err != nil {
			return fmt.Errorf("commit %s: %w", hash, err)
		}
		at, _ := slices.BinarySearchFunc(queue, commit, newerFirst)
		queue = slices.Insert(queue, at, commit)
		return nil
	}
	if err := errors.Join(add(head, fromHead), add(other, fromOther)); err != nil {
		return nil, err
	}
	for slices.ContainsFunc(queue, func(c *object.Commit) bool { return marks[c.Hash]&stale == 0 }) {
		commit := queue[0]
		queue = queue[1:]
		mark := marks[commit.Hash] & (fromHead | fromOther | stale)
		if mark == fromHead|fromOther {
			if marks[commit.Hash]&result == 0 {
				marks[commit.Hash] |= result
				found = append(found, commit)
			}
			mark |= stale
		}
		if slices.Contains(boundary, commit.Hash) {
			continue
		}
		for _, parent := range commit.ParentHashes {
			if err := add(parent, mark); err != nil {
				return nil, err
			}
		}
	}
	found = slices.DeleteFunc(found, func(c *object.Commit) bool { return marks[c.Hash]&stale != 0 })
	slices.SortStableFunc(found, newerFirst)
	return found, nil
}

func newerFirst(a, b *object.Commit) int {
	return cmp.Compare(b.Committer.When.UnixNano(), a.Committer.When.UnixNano())
}
