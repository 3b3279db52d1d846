package pgserver_test

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/plinth-db/plinth/internal/pgserver"
)

func TestServerDiesWithItsProcessAndTheNextStartRemovesIt(t *testing.T) {
	dead, living := startUser(t, "start local://"), startUser(t, "start local://")
	gone := watch(t, dead.URL)

	dead.kill(t)

	if runtime.GOOS == "linux" {
		gone() // before any sweep
	}
	if !there(t, dead.DataDir) {
		t.Fatal("the test proves nothing: the killed process left no directory")
	}
	start(t, "local://")
	gone()
	if dir := filepath.Dir(dead.DataDir); there(t, dir) {
		t.Errorf("%s is still there", dir)
	}
	answer(t, living.URL, "SELECT 1")
	living.leave(t)
}

func TestSweepIgnoresAProcessThatIsNotTheServer(t *testing.T) {
	u := startUser(t, "start local://")
	stopServer(t, u.DataDir)
	u.kill(t)
	// A crashed server leaves its postmaster.pid, and its number may belong to another process by now: to this one here.
	impersonate(t, u.DataDir)
	start(t, "local://")
	if there(t, u.DataDir) {
		t.Errorf("%s is still there", u.DataDir)
	}
}

// Where init does not reap, as in many containers, a shared server that was stopped stays as a zombie.
func TestZombieIsNotRunning(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux is asked about zombies")
	}
	cmd := exec.Command("true")
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Wait() })
	for deadline := time.Now().Add(20 * time.Second); pgserver.Running(cmd.Process.Pid); {
		if time.Now().After(deadline) {
			t.Fatal("a process that ended and was not waited for counts as running")
		}
	}
}

func TestSharedServerOutlivesItsStarterAndGoesWithItsLastUser(t *testing.T) {
	first := startUser(t, "shared local://")
	dir, err := pgserver.FindBinaries()
	must(t, err)
	second := startUser(t, "shared local://"+dir) // the same, said in another way
	if first.URL != second.URL {
		t.Fatalf("two servers instead of one")
	}
	gone := watch(t, first.URL)

	first.leave(t)

	if n := answer(t, second.URL, "SELECT count(*) FROM pg_database WHERE datname = $1", first.Database); n != "0" {
		t.Error("the database of a user that left is still there")
	}
	second.leave(t)
	gone()
	if there(t, first.DataDir) {
		t.Errorf("%s is still there", first.DataDir)
	}
	if n := entries(t); n != 0 {
		t.Errorf("%d entries are left in the registry", n)
	}
}

func TestSharedServerSurvivesItsStartersKill(t *testing.T) {
	starter := startUser(t, "shared local://")
	other := startUser(t, "shared local://")
	starter.kill(t)
	start(t, "local://") // sweeps
	answer(t, other.URL, "SELECT 1")
	third := startUser(t, "shared local://")
	if third.URL != other.URL {
		t.Error("a second server was started beside the living one")
	}
	third.leave(t)
	other.leave(t)
	if there(t, other.DataDir) {
		t.Errorf("%s is still there", other.DataDir)
	}
}

func TestSharedServerWhoseOnlyUserWasKilledIsTakenOver(t *testing.T) {
	dead := startUser(t, "shared local://")
	gone := watch(t, dead.URL)
	dead.kill(t)
	next := startUser(t, "shared local://")
	if next.URL != dead.URL {
		t.Error("a second server was started beside the one that runs")
	}
	next.leave(t)
	gone()
	if n := entries(t); n != 0 {
		t.Errorf("%d entries are left in the registry", n)
	}
}

func TestSweepStopsASharedServerThatNobodyUses(t *testing.T) {
	dead := startUser(t, "shared local://")
	gone := watch(t, dead.URL)
	dead.kill(t)
	if !accepts(dead.URL) {
		t.Fatal("the test proves nothing: the server did not outlive its process")
	}
	start(t, "local://")
	gone()
	if there(t, dead.DataDir) {
		t.Errorf("%s is still there", dead.DataDir)
	}
}
