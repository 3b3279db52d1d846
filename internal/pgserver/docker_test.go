package pgserver_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// needDocker skips the test where no Docker daemon answers, except in CI, where one has to.
func needDocker(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("docker", "info").CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("no Docker in CI: %v\n%s", err, out)
		}
		t.Skip("no Docker daemon answers")
	}
}

// containers lists ours that exist, running or not.
func containers(t *testing.T, filter ...string) string {
	t.Helper()
	args := []string{"ps", "-a", "--format", "{{.Names}} {{.Ports}}", "--filter", "label=" + pgserver.ContainerLabel}
	for _, f := range filter {
		args = append(args, "--filter", f)
	}
	out, err := exec.Command("docker", args...).Output()
	must(t, err)
	return strings.TrimSpace(string(out))
}

func port(t *testing.T, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	must(t, err)
	_, port, err := net.SplitHostPort(u.Host)
	must(t, err)
	return port
}

func TestDockerServerLeavesNothingBehind(t *testing.T) {
	needDocker(t)
	leaks := goleak.IgnoreCurrent()
	s := start(t, "docker://postgres/17")
	if want := "PostgreSQL 17."; !strings.HasPrefix(s.String(), want) || !strings.HasSuffix(s.String(), "in Docker (postgres:17)") {
		t.Errorf("got %s", s)
	}
	publish := "publish=" + port(t, s.URL())
	if list := containers(t, publish); !strings.Contains(list, "127.0.0.1:") || strings.Contains(list, "0.0.0.0") {
		t.Errorf("published as %q", list)
	}
	d := createDatabase(t, s)
	if got := answer(t, d.URL(), "SELECT datcollate FROM pg_database WHERE datname = current_database()"); got != "C.UTF-8" {
		t.Errorf("sort order %s", got)
	}
	must(t, s.Close())
	if list := containers(t, publish); list != "" {
		t.Errorf("%s is left", list)
	}
	if n := entries(t); n != 0 {
		t.Errorf("%d entries are left in the registry", n)
	}
	goleak.VerifyNone(t, leaks)
}

func TestContainerOfAKilledProcessIsRemovedAndTheLivingSpared(t *testing.T) {
	needDocker(t)
	dead, living := startUser(t, "start docker://postgres/17"), startUser(t, "shared docker://postgres/17")
	dead.kill(t)
	if containers(t, "publish="+port(t, dead.URL)) == "" {
		t.Fatal("the test proves nothing: the container did not outlive its process")
	}
	start(t, "local://")
	if list := containers(t, "publish="+port(t, dead.URL)); list != "" {
		t.Errorf("%s is left", list)
	}
	answer(t, living.URL, "SELECT 1")
	living.leave(t)
	if list := containers(t, "publish="+port(t, living.URL)); list != "" {
		t.Errorf("%s is left", list)
	}
}

func TestImageThatIsNowhereIsAnError(t *testing.T) {
	needDocker(t)
	for name, get := range starters {
		_, err := get(t.Context(), pgserver.Options{URL: "docker://localhost:1/none/17"})
		if err == nil || !strings.Contains(err.Error(), "the image localhost:1/none:17 is absent and cannot be pulled") {
			t.Errorf("%s says %v", name, err)
		}
	}
}

func TestImageThatDoesNotComeUpShowsItsLog(t *testing.T) {
	needDocker(t)
	url := image(t, `ENTRYPOINT ["sh", "-c", "echo the disk is on fire; exit 3"]`)
	for _, templates := range []bool{false, true} {
		_, err := pgserver.Start(t.Context(), pgserver.Options{URL: url, Templates: templates})
		if err == nil || !strings.Contains(err.Error(), "exited with status 3") || !strings.Contains(err.Error(), "the disk is on fire") {
			t.Errorf("got %v", err)
		}
		if n := entries(t); n != 0 {
			t.Errorf("%d entries are left in the registry", n)
		}
	}
}

// image makes one from postgres:17, and returns its URL.
func image(t *testing.T, instructions string) (url string) {
	t.Helper()
	run := func(stdin string, args ...string) {
		cmd := exec.Command("docker", args...)
		cmd.Stdin = strings.NewReader(stdin)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("docker %s: %v\n%s", args, err, out)
		}
	}
	tag := strings.ToLower(rand.Text())
	name := "plinth-test-image:" + tag
	run("FROM postgres:17\n"+instructions+"\n", "build", "-q", "-t", name, "-")
	t.Cleanup(func() { run("", "rmi", name) })
	return "docker://plinth-test-image/" + tag
}

func TestCancelledDockerStartLeavesNothingBehind(t *testing.T) {
	needDocker(t)
	for after := 100 * time.Millisecond; after < 2*time.Second; after += 500 * time.Millisecond {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		s, err := pgserver.Start(ctx, pgserver.Options{URL: "docker://postgres/17", Templates: after > time.Second})
		cancel()
		if err == nil {
			must(t, s.Close())
		} else if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled after %v: %v", after, err)
		}
		if n := entries(t); n != 0 {
			t.Errorf("cancelled after %v: %d entries are left in the registry", after, n)
		}
	}
}
