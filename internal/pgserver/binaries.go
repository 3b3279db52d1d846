package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// installPatterns are where packages put server binaries: Debian and Ubuntu, the PGDG packages for Red Hat, Homebrew on Apple
// silicon and on Intel, Postgres.app.
var installPatterns = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

var errNoBinaries = errors.New("no server binaries (initdb, postgres) on PATH, in /usr/lib/postgresql/*/bin or in Homebrew; " +
	"Debian, Ubuntu: apt-get install postgresql")

// findBinaries returns the directory of the newest installed server. The one on PATH wins over an equally new one.
func findBinaries() (string, error) {
	var best string
	var bestMajor int
	for _, dir := range installed() {
		if missingBinary(dir) != "" {
			continue
		}
		if m := majorIn(dir); best == "" || m > bestMajor {
			best, bestMajor = dir, m
		}
	}
	if best == "" {
		return "", errNoBinaries
	}
	return best, nil
}

// installed lists the directories that may hold a server, PATH's first.
func installed() []string {
	var dirs []string
	if p, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(p); err == nil {
			p = real
		}
		dirs = append(dirs, filepath.Dir(p))
	}
	for _, pattern := range installPatterns {
		found, _ := filepath.Glob(pattern)
		dirs = append(dirs, found...)
	}
	return dirs
}

var digits = regexp.MustCompile(`\d+`)

// majorIn asks the server in dir for its major version, which costs 10 ms; 0 if it does not say.
func majorIn(dir string) int {
	out, err := serverVersion(context.Background(), dir)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(digits.FindString(out))
	return n
}

// serverVersion returns e.g. "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)".
func serverVersion(ctx context.Context, dir string) (string, error) {
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "-V").Output()
	if err != nil {
		return "", fmt.Errorf("%s -V: %w", filepath.Join(dir, "postgres"), err)
	}
	return strings.TrimSpace(string(out)), nil
}

// checkBinaries reports what a directory named by the user lacks.
func checkBinaries(dir string) error {
	if missing := missingBinary(dir); missing != "" {
		return fmt.Errorf("%s holds no %s; name the directory with the server's binaries, e.g. local:///usr/lib/postgresql/17/bin", dir, missing)
	}
	return nil
}

func missingBinary(dir string) string {
	for _, name := range []string{"initdb", "postgres"} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.IsDir() || st.Mode()&0o111 == 0 {
			return name
		}
	}
	return ""
}
