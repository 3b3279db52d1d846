package pgserver_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver"
)

func TestDockerURLNamesImageAndTag(t *testing.T) {
	for url, want := range map[string]string{
		"docker://postgres/17":                            "postgres:17",
		"docker://postgres/17-alpine":                     "postgres:17-alpine",
		"docker://postgres":                               "postgres:latest",
		"docker://postgres/":                              "postgres:latest",
		"docker://postgres:16":                            "postgres:16",
		"docker://postgres/17/dev?search_path=public":     "postgres:17",
		"docker://pgvector/pgvector/pg17":                 "pgvector/pgvector:pg17",
		"docker://registry.example.com:5000/org/db/17":    "registry.example.com:5000/org/db:17",
		"docker://registry.example.com:5000/org/db:17":    "registry.example.com:5000/org/db:17",
		"docker://registry.example.com/postgres/17-bookw": "registry.example.com/postgres:17-bookw",
	} {
		if got, err := pgserver.ImageOf(url); got != want || err != nil {
			t.Errorf("%s is %q, %v; want %q", url, got, err, want)
		}
	}
}

func TestBadChoiceIsAnErrorThatSaysWhatToWrite(t *testing.T) {
	empty := t.TempDir()
	for _, c := range []struct{ name, url, says string }{
		{"unknown scheme", "mysql://root:s3cret@h/db", `"mysql" is unknown`},
		{"no scheme", "host=h password=s3cret", "has no scheme"},
		{"only a word", "local", "has no scheme"},
		{"no image", "docker://", "write docker://postgres/17"},
		{"no image, a slash", "docker:///", "write docker://postgres/17"},
		{"no tag after the colon", "docker://postgres:", "write docker://postgres/17"},
		{"relative directory", "local://bin", "write local:///bin"},
		{"directory that is not there", "local:///no/such", "holds no initdb"},
		{"directory without binaries", "local://" + empty, empty + " holds no initdb"},
		{"nobody listens", "postgres://u:s3cret@127.0.0.1:1/db?sslmode=disable", "127.0.0.1:1"},
		{"unreadable URL", "postgres://u:s3cr/et@h/db", "percent-encode"},
		{"unreadable port", "postgres://u:s3cret@h:s3cret/db", "percent-encode"},
		{"unknown parameter", "postgres://u:s3cret@h/db?sslmode=s3cret", "a parameter in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, get := range starters {
				s, err := get(t.Context(), pgserver.Options{URL: c.url})
				if err == nil {
					t.Fatalf("%s: %s was taken instead", name, errors.Join(s.Close(), errors.New(s.String())))
				}
				if !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s says %q, not %q", name, err, c.says)
				}
				if strings.Contains(err.Error(), "s3cr") {
					t.Errorf("%s tells the password: %s", name, err)
				}
				if strings.Count(err.Error(), "pgserver: ") != 1 {
					t.Errorf("%s has not one prefix: %s", name, err)
				}
				if none := (*pgserver.NoServerError)(nil); errors.As(err, &none) {
					t.Errorf("%s tried other servers: %s", name, err)
				}
			}
		})
	}
}

func TestEnvironmentChoosesAndTheURLBeatsIt(t *testing.T) {
	t.Setenv(pgserver.EnvURL, "mysql://")
	if _, err := pgserver.Start(t.Context(), pgserver.Options{}); err == nil || !strings.Contains(err.Error(), pgserver.EnvURL) {
		t.Errorf("the environment's bad choice: %v; want an error that names %s", err, pgserver.EnvURL)
	}
	start(t, "local://")
}

func TestWithoutAnyServerEachTryAndTheRemedyAreNamed(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///no/such.sock")
	t.Setenv("PATH", t.TempDir())
	t.Cleanup(pgserver.WithoutInstalledServers())
	var log strings.Builder
	for name, get := range starters {
		_, err := get(t.Context(), pgserver.Options{Logf: func(f string, a ...any) { log.WriteString(f) }})
		none, ok := errors.AsType[*pgserver.NoServerError](err)
		if !ok {
			t.Fatalf("%s: %v is no NoServerError", name, err)
		}
		if len(none.Tried) != 2 || none.Tried[0].URL != "docker://postgres/17" || none.Tried[1].URL != "local://" {
			t.Errorf("%s tried %v", name, none.Tried)
		}
		for _, want := range []string{"docker://postgres/17: ", "local://: ", "apt-get install postgresql", pgserver.EnvURL} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q lacks %q", name, err, want)
			}
		}
	}
	if !strings.Contains(log.String(), "passed over") {
		t.Errorf("the log says %q", log.String())
	}
}

func TestWithoutDockerLocalBinariesServe(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///no/such.sock")
	s := start(t, "")
	if !strings.Contains(s.String(), " from /") {
		t.Errorf("got %s", s)
	}
}

func TestDirectoryOfBinariesIsUsed(t *testing.T) {
	dir, err := pgserver.FindBinaries()
	must(t, err)
	if s := start(t, "local://"+dir); !strings.HasSuffix(s.String(), " from "+dir) {
		t.Errorf("got %s", s)
	}
}
