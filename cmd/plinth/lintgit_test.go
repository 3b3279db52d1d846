package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	git "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	plinth "github.com/plinth-db/plinth/cmd/plinth"
)

const migrationsDir = "services/shop/migrations"

// gitRepo is a repository whose commits are a minute apart.
type gitRepo struct {
	testing.TB
	*git.Repository
	root string
	now  time.Time
}

func newGitRepo(t testing.TB) *gitRepo {
	t.Helper()
	root := t.TempDir()
	repo, err := git.PlainInitWithOptions(root, &git.PlainInitOptions{InitOptions: git.InitOptions{DefaultBranch: "refs/heads/main"}})
	if err != nil {
		t.Fatal(err)
	}
	return &gitRepo{TB: t, Repository: repo, root: root, now: time.Date(2026, 1, 5, 9, 30, 0, 0, time.UTC)}
}

func (r *gitRepo) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *gitRepo) dir() string { return filepath.Join(r.root, filepath.FromSlash(migrationsDir)) }

func (r *gitRepo) write(name, content string) {
	r.Helper()
	r.must(os.MkdirAll(r.dir(), 0o777))
	r.must(os.WriteFile(filepath.Join(r.dir(), name), []byte(content), 0o600))
}

func (r *gitRepo) remove(name string) {
	r.Helper()
	r.must(os.Remove(filepath.Join(r.dir(), name)))
}

// commit commits everything that is there.
func (r *gitRepo) commit(message string, otherParents ...plumbing.Hash) plumbing.Hash {
	r.Helper()
	tree, err := r.Worktree()
	r.must(err)
	r.must(tree.AddWithOptions(&git.AddOptions{All: true}))
	r.now = r.now.Add(time.Minute)
	options := &git.CommitOptions{
		Author:            &object.Signature{Name: "A", Email: "a@example.com", When: r.now},
		AllowEmptyCommits: true,
	}
	if len(otherParents) > 0 {
		head, err := r.Head()
		r.must(err)
		options.Parents = append([]plumbing.Hash{head.Hash()}, otherParents...)
	}
	hash, err := tree.Commit(message, options)
	r.must(err)
	return hash
}

func (r *gitRepo) checkout(branch string, create bool) {
	r.Helper()
	tree, err := r.Worktree()
	r.must(err)
	r.must(tree.Checkout(&git.CheckoutOptions{Branch: plumbing.NewBranchReferenceName(branch), Create: create}))
}

func (r *gitRepo) setRef(name plumbing.ReferenceName, hash plumbing.Hash) {
	r.Helper()
	r.must(r.Storer.SetReference(plumbing.NewHashReference(name, hash)))
}

func (r *gitRepo) changes(ref string) *plinth.GitChanges {
	r.Helper()
	changes, err := plinth.ChangesSince(r.dir(), "", ref)
	r.must(err)
	return changes
}

func wantNames(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// diverged has two migrations at the commit where feature left main, one more on main and one more on feature, which is checked out.
func diverged(t testing.TB) (r *gitRepo, fork plumbing.Hash) {
	t.Helper()
	r = newGitRepo(t)
	r.commit("before there were migrations")
	r.write("1_a.up.sql", "CREATE TABLE a ();\n")
	r.write("1_a.down.sql", "DROP TABLE a;\n")
	r.write("2_b.up.sql", "CREATE TABLE b ();\n")
	r.write("atlas.sum", "h1:\n")
	fork = r.commit("two migrations")
	r.checkout("feature", true)
	r.write("4_d.up.sql", "CREATE TABLE d ();\n")
	r.commit("one on feature")
	r.checkout("main", false)
	r.write("3_c.up.sql", "CREATE TABLE c ();\n")
	r.commit("one on main")
	r.checkout("feature", false)
	return r, fork
}

func TestChangesAreCountedFromTheMergeBase(t *testing.T) {
	r, fork := diverged(t)
	head, err := r.Head()
	r.must(err)
	main, err := r.Reference("refs/heads/main", true)
	r.must(err)
	r.setRef("refs/remotes/origin/main", main.Hash())
	r.setRef("refs/tags/v1", fork)
	tag, err := r.CreateTag("v1-signed", fork, &git.CreateTagOptions{Message: "v1", Tagger: &object.Signature{Name: "A", When: r.now}})
	r.must(err)
	if tag.Hash() == fork {
		t.Fatal("the tag is not an annotated one")
	}
	for _, ref := range []string{
		"main", "origin/main", "refs/heads/main", "v1", "v1-signed", fork.String(), fork.String()[:7], "HEAD~1", "HEAD^", "feature~1", "main~1",
	} {
		changes := r.changes(ref)
		if changes.Base != fork.String() {
			t.Errorf("%s: merge base %s, want %s", ref, changes.Base, fork)
		}
		wantNames(t, ref+": new", changes.New, "4_d.up.sql")
		wantNames(t, ref+": edited", changes.Edited)
		wantNames(t, ref+": removed", changes.Removed)
	}
	wantNames(t, "since HEAD", r.changes("HEAD").New)
	wantNames(t, "since before the directory", r.changes("HEAD~2").New, "1_a.down.sql", "1_a.up.sql", "2_b.up.sql", "4_d.up.sql")
	if got := r.changes(head.Hash().String()).Base; got != head.Hash().String() {
		t.Errorf("merge base with HEAD itself: %s", got)
	}
}

func TestWhatIsNotCommittedCounts(t *testing.T) {
	r, _ := diverged(t)
	r.write("5_e.up.sql", "CREATE TABLE e ();\n")
	r.write("6_f.up.sql", "CREATE TABLE f ();\n")
	tree, err := r.Worktree()
	r.must(err)
	_, err = tree.Add(migrationsDir + "/6_f.up.sql")
	r.must(err)
	r.write("notes.txt", "no migration")
	r.write("1_a.up.sql", "CREATE TABLE aa ();\n")
	r.remove("2_b.up.sql")
	r.remove("4_d.up.sql") // new on this branch, so it may go
	changes := r.changes("main")
	wantNames(t, "new", changes.New, "5_e.up.sql", "6_f.up.sql")
	wantNames(t, "edited", changes.Edited, "1_a.up.sql")
	wantNames(t, "removed", changes.Removed, "2_b.up.sql")

	r.commit("the same, committed")
	again := r.changes("main")
	again.Base = changes.Base
	wantNames(t, "new once committed", again.New, changes.New...)
	wantNames(t, "edited once committed", again.Edited, changes.Edited...)
	wantNames(t, "removed once committed", again.Removed, changes.Removed...)
}

func TestARenamedFileIsRemovedAndNew(t *testing.T) {
	r, _ := diverged(t)
	r.must(os.Rename(filepath.Join(r.dir(), "2_b.up.sql"), filepath.Join(r.dir(), "7_b.up.sql")))
	changes := r.changes("main")
	wantNames(t, "new", changes.New, "4_d.up.sql", "7_b.up.sql")
	wantNames(t, "removed", changes.Removed, "2_b.up.sql")
}

func TestLineEndsThatGitWroteAreNoEdit(t *testing.T) {
	r, _ := diverged(t)
	r.write("2_b.up.sql", "CREATE TABLE b ();\r\n")
	wantNames(t, "edited", r.changes("main").Edited)
	r.write("2_b.up.sql", "CREATE TABLE b ( );\r\n")
	wantNames(t, "edited", r.changes("main").Edited, "2_b.up.sql")
}

func TestMergeBaseAfterMerges(t *testing.T) {
	r, _ := diverged(t)
	main, err := r.Reference("refs/heads/main", true)
	r.must(err)
	r.write("3_c.up.sql", "CREATE TABLE c ();\n")
	r.commit("Merge main into feature", main.Hash())
	changes := r.changes("main")
	if changes.Base != main.Hash().String() {
		t.Errorf("merge base %s, want main, %s: it was merged", changes.Base, main.Hash())
	}
	wantNames(t, "new", changes.New, "4_d.up.sql")

	// main goes on, and a second merge hides the first fork behind it.
	r.checkout("main", false)
	r.write("5_e.up.sql", "CREATE TABLE e ();\n")
	second := r.commit("more on main")
	r.write("6_f.up.sql", "CREATE TABLE f ();\n")
	r.commit("still more on main")
	r.checkout("feature", false)
	r.write("5_e.up.sql", "CREATE TABLE e ();\n")
	r.commit("Merge more", second)
	if changes = r.changes("main"); changes.Base != second.String() {
		t.Errorf("merge base %s, want what was merged last, %s", changes.Base, second)
	}
	wantNames(t, "new", changes.New, "4_d.up.sql")
}

func TestAWrongClockDoesNotMoveTheMergeBase(t *testing.T) {
	r := newGitRepo(t)
	r.now = r.now.AddDate(1, 0, 0)
	r.commit("by one whose clock is a year ahead")
	r.now = r.now.AddDate(-1, 0, 0)
	r.write("1_a.up.sql", "CREATE TABLE a ();\n")
	fork := r.commit("where feature leaves main")
	r.checkout("feature", true)
	r.write("2_b.up.sql", "CREATE TABLE b ();\n")
	r.commit("one on feature")
	r.checkout("main", false)
	r.write("3_c.up.sql", "CREATE TABLE c ();\n")
	r.commit("one on main")
	r.checkout("feature", false)
	if changes := r.changes("main"); changes.Base != fork.String() {
		t.Errorf("merge base %s, want %s", changes.Base, fork)
	}
}

func TestTheDirectoryMayBeTheRoot(t *testing.T) {
	r := newGitRepo(t)
	r.must(os.WriteFile(filepath.Join(r.root, "1_a.up.sql"), nil, 0o600))
	r.commit("first")
	r.must(os.WriteFile(filepath.Join(r.root, "2_b.up.sql"), nil, 0o600))
	changes, err := plinth.ChangesSince(r.root, "", "main")
	r.must(err)
	wantNames(t, "new", changes.New, "2_b.up.sql")
}

func TestARelativeDirectoryAndALinkToIt(t *testing.T) {
	r, _ := diverged(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(r.dir(), link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	changes, err := plinth.ChangesSince(link, "", "main")
	r.must(err)
	wantNames(t, "new, through a link", changes.New, "4_d.up.sql")
	t.Chdir(filepath.Join(r.root, "services"))
	changes, err = plinth.ChangesSince(filepath.FromSlash("shop/migrations"), "..", "main")
	r.must(err)
	wantNames(t, "new, by a relative path", changes.New, "4_d.up.sql")
}

// link makes a linked working tree of the repository at the commit, as git worktree add --detach does.
func (r *gitRepo) link(commit plumbing.Hash) string {
	r.Helper()
	tree := r.TempDir()
	own := filepath.Join(r.root, ".git", "worktrees", "linked")
	r.must(os.MkdirAll(own, 0o777))
	for path, content := range map[string]string{
		filepath.Join(tree, ".git"):     "gitdir: " + own + "\n",
		filepath.Join(own, "gitdir"):    filepath.Join(tree, ".git") + "\n",
		filepath.Join(own, "commondir"): "../..\n",
		filepath.Join(own, "HEAD"):      commit.String() + "\n",
	} {
		r.must(os.WriteFile(path, []byte(content), 0o600))
	}
	return tree
}

func TestALinkedWorkingTreeHasItsOwnHead(t *testing.T) {
	r, fork := diverged(t)
	main, err := r.Reference("refs/heads/main", true)
	r.must(err)
	tree := r.link(main.Hash()) // while feature is checked out in the main one
	dir := filepath.Join(tree, filepath.FromSlash(migrationsDir))
	r.must(os.CopyFS(dir, os.DirFS(r.dir())))
	changes, err := plinth.ChangesSince(dir, "", "feature")
	r.must(err)
	if changes.Base != fork.String() {
		t.Errorf("merge base %s, want %s", changes.Base, fork)
	}
	changes, err = plinth.ChangesSince(dir, "", "HEAD")
	r.must(err)
	wantNames(t, "new since its own HEAD, main", changes.New, "4_d.up.sql")
	wantNames(t, "removed since its own HEAD, main", changes.Removed, "3_c.up.sql")
}

// shallow makes what git clone --depth makes of the repository: its branch feature with only the last commits, and nothing else.
func (r *gitRepo) shallow(depth int) *gitRepo {
	r.Helper()
	clone := newGitRepo(r.TB)
	head, err := r.Head()
	r.must(err)
	commit, err := r.CommitObject(head.Hash())
	r.must(err)
	keep := func(hash plumbing.Hash) {
		o, err := r.Storer.EncodedObject(plumbing.AnyObject, hash)
		r.must(err)
		_, err = clone.Storer.SetEncodedObject(o)
		r.must(err)
	}
	for i := 1; ; i++ {
		keep(commit.Hash)
		tree, err := commit.Tree()
		r.must(err)
		keep(tree.Hash)
		walk := object.NewTreeWalker(tree, true, nil)
		for {
			_, entry, err := walk.Next()
			if err != nil {
				break
			}
			keep(entry.Hash)
		}
		if i == depth {
			break
		}
		commit, err = commit.Parent(0)
		r.must(err)
	}
	r.must(clone.Storer.SetShallow([]plumbing.Hash{commit.Hash}))
	clone.setRef("refs/heads/feature", head.Hash())
	r.must(clone.Storer.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, "refs/heads/feature")))
	r.must(os.CopyFS(clone.dir(), os.DirFS(r.dir())))
	return clone
}

func TestAShallowCloneSaysWhatToDo(t *testing.T) {
	r, fork := diverged(t)
	main, err := r.Reference("refs/heads/main", true)
	r.must(err)

	clone := r.shallow(1)
	_, err = plinth.ChangesSince(clone.dir(), "", "main")
	wantError(t, err, "main", "shallow clone", "fetch-depth: 0", "git fetch --unshallow")

	// main is here, as a shallow fetch of its own brings it, but not where it parted from feature.
	object, err := r.Storer.EncodedObject(plumbing.AnyObject, main.Hash())
	r.must(err)
	_, err = clone.Storer.SetEncodedObject(object)
	r.must(err)
	clone.setRef("refs/remotes/origin/main", main.Hash())
	boundary, err := clone.Storer.Shallow()
	r.must(err)
	r.must(clone.Storer.SetShallow(append(boundary, main.Hash())))
	_, err = plinth.ChangesSince(clone.dir(), "", "origin/main")
	wantError(t, err, "origin/main", "shallow clone", "fetch-depth: 0")

	// Two commits are enough when the fork is among them: what lies behind it is not read.
	clone = r.shallow(2)
	_, err = clone.Storer.SetEncodedObject(object)
	r.must(err)
	clone.setRef("refs/remotes/origin/main", main.Hash())
	changes := clone.changes("origin/main")
	if changes.Base != fork.String() {
		t.Errorf("merge base %s, want %s", changes.Base, fork)
	}
	wantNames(t, "new", changes.New, "4_d.up.sql")
}

func TestAPartialOrSparseCloneIsRead(t *testing.T) {
	r, _ := diverged(t)
	file := filepath.Join(r.root, ".git", "config")
	content, err := os.ReadFile(file)
	r.must(err)
	text := strings.Replace(string(content), "[core]", "[core]\n\trepositoryformatversion = 1", 1) +
		"[extensions]\n\tpartialClone = origin\n\tworktreeconfig = true\n"
	r.must(os.WriteFile(file, []byte(text), 0o600))
	if _, err := git.PlainOpen(r.root); err == nil {
		t.Error("go-git opens such a repository by itself now: readOnlyStorage can go")
	}
	wantNames(t, "new", r.changes("main").New, "4_d.up.sql")
}

func TestOldContentIsNotNeeded(t *testing.T) {
	r, fork := diverged(t)
	commit, err := r.CommitObject(fork)
	r.must(err)
	file, err := commit.File(migrationsDir + "/2_b.up.sql")
	r.must(err)
	hash := file.Hash.String()
	r.must(os.Remove(filepath.Join(r.root, ".git", "objects", hash[:2], hash[2:])))
	r.write("2_b.up.sql", "CREATE TABLE b2 ();\n")
	wantNames(t, "edited", r.changes("main").Edited, "2_b.up.sql")
}

func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

func TestGitErrorsNameTheCauseAndTheWayOut(t *testing.T) {
	r, _ := diverged(t)
	main, err := r.Reference("refs/heads/main", true)
	r.must(err)
	_, err = r.CreateRemote(&config.RemoteConfig{Name: "upstream", URLs: []string{"https://example.com/shop.git"}})
	r.must(err)
	r.setRef("refs/remotes/upstream/trunk", main.Hash())

	_, err = plinth.ChangesSince(r.dir(), "", "trunk")
	wantError(t, err, "git base trunk", r.root, "there is upstream/trunk")
	_, err = plinth.ChangesSince(r.dir(), "", "nowhere")
	wantError(t, err, "git base nowhere", "no branch, tag or commit", "git fetch origin nowhere")
	_, err = plinth.ChangesSince(r.dir(), "", "HEAD~9")
	wantError(t, err, "git base HEAD~9", "no such commit")
	for _, ref := range []string{"", "~", "^", "~2", "^2", "^{/x}", "@{1}", "HEAD@{yesterday}", ":/x", "main:file", "a b"} {
		_, err = plinth.ChangesSince(r.dir(), "", ref)
		wantError(t, err, "git base "+ref, "not the name of a commit")
	}

	outside := t.TempDir()
	_, err = plinth.ChangesSince(outside, "", "main")
	wantError(t, err, outside, "not in a git repository", "--latest")
	_, err = plinth.ChangesSince(outside, r.root, "main")
	wantError(t, err, outside, "is not in the git repository", r.root)
	_, err = plinth.ChangesSince(filepath.Join(r.root, "missing"), "", "main")
	wantError(t, err, "missing")

	fresh := newGitRepo(t)
	fresh.write("1_a.up.sql", "")
	_, err = plinth.ChangesSince(fresh.dir(), "", "main")
	wantError(t, err, "nothing has been committed")

	r.checkout("elsewhere", true)
	r.must(r.Storer.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, "refs/heads/orphan")))
	r.commit("a history of its own")
	_, err = plinth.ChangesSince(r.dir(), "", "main")
	wantError(t, err, "git base main", "no commit in common")

	broken := t.TempDir()
	r.must(os.WriteFile(filepath.Join(broken, ".git"), []byte("nonsense"), 0o600))
	_, err = plinth.ChangesSince(broken, "", "main")
	wantError(t, err, broken, "gitdir: PATH")
}

// FuzzChangesSinceTakesAnyRef holds that any text is a commit's name or a clear error.
func FuzzChangesSinceTakesAnyRef(f *testing.F) {
	for _, ref := range []string{
		"main", "HEAD~2", "HEAD^2^^~1", "v1", "a/b", "..", "main..HEAD", "@", "@@", "HEAD^{commit}", "-x", "refs/../x",
		"\x00", "é", "0123456", "HEAD~99999999999999999999",
	} {
		f.Add(ref)
	}
	r, _ := diverged(f)
	f.Fuzz(func(t *testing.T, ref string) {
		changes, err := plinth.ChangesSince(r.dir(), "", ref)
		if err != nil {
			if !strings.Contains(err.Error(), "git base "+ref+",") {
				t.Errorf("error %q does not name the ref %q", err, ref)
			}
			return
		}
		if len(changes.Base) != 40 || !slices.Contains(changes.New, "4_d.up.sql") && changes.Base != headOf(t, r) {
			t.Errorf("%q: %+v", ref, changes)
		}
	})
}

func headOf(t *testing.T, r *gitRepo) string {
	head, err := r.Head()
	if err != nil {
		t.Fatal(err)
	}
	return head.Hash().String()
}
