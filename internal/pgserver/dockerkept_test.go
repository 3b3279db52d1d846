package pgserver_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/internal/pgserver"
)

func TestFilledDatabaseInDockerIsFilledOnce(t *testing.T) {
	needDocker(t)
	filledOnce(t, "docker://postgres/17")
}

func TestDockerClusterWithARoleIsNotKept(t *testing.T) {
	needDocker(t)
	roleIsNotKept(t, "docker://postgres/17")
	if files, err := pgserver.KeptClusters(); err != nil || len(files) != 0 {
		t.Errorf("kept: %s, %v", files, err)
	}
}

// fillInDocker starts a server that begins with what is kept, asks for a filled database, and closes it.
func fillInDocker(t *testing.T, url, key string) (fresh bool) {
	t.Helper()
	s, err := pgserver.Start(t.Context(), pgserver.Options{URL: url, Templates: true, Logf: t.Logf})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	_, fresh = filled(t, s, key)
	return fresh
}

// kept returns the file that holds the cluster of the only image that was used.
func kept(t *testing.T) string {
	t.Helper()
	files, err := pgserver.KeptClusters()
	must(t, err)
	if len(files) != 1 {
		t.Fatalf("kept: %s", files)
	}
	return files[0]
}

func TestDamagedDockerClusterIsReplaced(t *testing.T) {
	needDocker(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	fillInDocker(t, "docker://postgres/17", "one")
	for name, damage := range map[string]func(whole []byte) []byte{
		"empty":          func([]byte) []byte { return nil },
		"cut off":        func(whole []byte) []byte { return whole[:len(whole)/2] },
		"wrong checksum": func(whole []byte) []byte { whole[len(whole)-8] ^= 1; return whole },
		"wrong password": func(whole []byte) []byte { whole[12] ^= 1; return whole },
		"no cluster":     func([]byte) []byte { return onlyVersion(t) },
	} {
		t.Run(name, func(t *testing.T) {
			whole, err := os.ReadFile(kept(t))
			must(t, err)
			must(t, os.WriteFile(kept(t), damage(whole), 0o600))
			if !fillInDocker(t, "docker://postgres/17", "one") {
				t.Error("a damaged cluster holds a template")
			}
			if n := entries(t); n != 0 {
				t.Errorf("%d entries are left in the registry", n)
			}
		})
	}
	if fillInDocker(t, "docker://postgres/17", "one") {
		t.Error("what replaces a damaged cluster is not kept")
	}
}

// onlyVersion is an archive in order, of what the entrypoint takes for a cluster and the server does not.
func onlyVersion(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	packed := gzip.NewWriter(&b)
	packed.Comment = "none"
	archive := tar.NewWriter(packed)
	must(t, archive.WriteHeader(&tar.Header{Name: "data/PG_VERSION", Mode: 0o600, Size: 3}))
	_, err := archive.Write([]byte("17\n"))
	must(t, err)
	must(t, archive.Close())
	must(t, packed.Close())
	return b.Bytes()
}

// TestDockerServersBeginWithTheSameClusterAtOnce, and each has its own.
func TestDockerServersBeginWithTheSameClusterAtOnce(t *testing.T) {
	needDocker(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	fillInDocker(t, "docker://postgres/17", "one")
	servers := make([]*pgserver.Server, 2)
	var all sync.WaitGroup
	for i := range servers {
		all.Go(func() {
			s, err := pgserver.Start(t.Context(), pgserver.Options{URL: "docker://postgres/17", Templates: true})
			if err != nil {
				t.Error(err)
				return
			}
			servers[i] = s
			if _, fresh := filled(t, s, "one"); fresh {
				t.Error("filled again")
			}
			filled(t, s, fmt.Sprint(i)) // so that both keep theirs
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	for i, s := range servers {
		if _, fresh := filled(t, s, fmt.Sprint(1-i)); !fresh {
			t.Error("a server has what the other one filled")
		}
	}
	if strings.Split(servers[0].URL(), "@")[0] == strings.Split(servers[1].URL(), "@")[0] {
		t.Error("two servers have the same password")
	}
	for _, s := range servers {
		all.Go(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, key := range []string{"one", "0", "1"} {
		if fillInDocker(t, "docker://postgres/17", key) {
			t.Errorf("%s is filled again", key)
		}
	}
}

// remains are the container and the volumes of the only server in the registry.
type remains struct {
	container string
	volumes   []string
}

// inDocker waits until the only server in the registry has a container.
func inDocker(t *testing.T) remains {
	t.Helper()
	dir, err := pgserver.ServerEntries()
	must(t, err)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		must(t, err)
		if len(names) == 1 {
			container := "plinth-pg-" + filepath.Base(names[0])
			out, err := exec.Command("docker", "inspect", "-f", "{{range .Mounts}}{{.Name}} {{end}}", container).Output()
			if err == nil {
				return remains{container, strings.Fields(string(out))}
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("no container was made")
		}
	}
}

func (r remains) requireGone(t *testing.T) {
	t.Helper()
	if len(r.volumes) < 1 {
		t.Error("the test proves nothing: the container had no volume")
	}
	for _, args := range append([][]string{{"container", "inspect", r.container}}, inspectVolumes(r.volumes)...) {
		if exec.Command("docker", args...).Run() == nil {
			t.Errorf("%s is left", args[2])
		}
	}
	if n := entries(t); n != 0 {
		t.Errorf("%d entries are left in the registry", n)
	}
}

func inspectVolumes(names []string) (commands [][]string) {
	for _, n := range names {
		commands = append(commands, []string{"volume", "inspect", n})
	}
	return commands
}

// TestKilledWhileItKeepsADockerCluster: what is whole but not yet in its place goes with the process.
func TestKilledWhileItKeepsADockerCluster(t *testing.T) {
	needDocker(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	u := startUser(t, "fill docker://postgres/17")
	left := inDocker(t)
	release, err := pgserver.HoldCache(t.Context())
	must(t, err)
	defer release()
	must(t, u.stdin.Close())
	dir, err := pgserver.ServerEntries()
	must(t, err)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		parts, err := filepath.Glob(filepath.Join(dir, "*", "cluster.tar.gz"))
		must(t, err)
		if len(parts) == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("nothing is being kept")
		}
	}
	u.kill(t)
	release()
	must(t, pgserver.Sweep(context.Background(), t.Logf))
	left.requireGone(t)
	if files, err := pgserver.KeptClusters(); err != nil || len(files) != 0 {
		t.Errorf("kept: %s, %v", files, err)
	}
	if !fillInDocker(t, "docker://postgres/17", "child") {
		t.Error("something of the killed process is used")
	}
}

// TestKilledWhileADockerServerBegins with a kept cluster, from the moment on at which there is a container.
func TestKilledWhileADockerServerBegins(t *testing.T) {
	needDocker(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	fillInDocker(t, "docker://postgres/17", "one")
	for _, after := range []time.Duration{0, 200 * time.Millisecond, 400 * time.Millisecond, 800 * time.Millisecond} {
		u, _ := startChild(t, "fill docker://postgres/17")
		left := inDocker(t)
		time.Sleep(after) // any moment will do
		u.kill(t)
		must(t, pgserver.Sweep(context.Background(), t.Logf))
		left.requireGone(t)
	}
	if fillInDocker(t, "docker://postgres/17", "one") {
		t.Error("what was kept is gone")
	}
}

// TestDockerImageThatCannotKeepItsCluster serves as it does without.
func TestDockerImageThatCannotKeepItsCluster(t *testing.T) {
	needDocker(t)
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for name, instructions := range map[string]string{
		"not root": "USER postgres",
		"no tail":  "RUN rm /usr/bin/tail",
	} {
		t.Run(name, func(t *testing.T) {
			url := image(t, instructions)
			fillInDocker(t, url, "one")
			if files, err := pgserver.KeptClusters(); err != nil || len(files) != 0 {
				t.Errorf("kept: %s, %v", files, err)
			}
			if n := entries(t); n != 0 {
				t.Errorf("%d entries are left in the registry", n)
			}
		})
	}
}
