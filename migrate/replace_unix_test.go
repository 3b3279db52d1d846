//go:build unix

package migrate_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate"
)

func TestReplaceWaitsForWhoeverWritesToTheDirectory(t *testing.T) {
	dir := three(t)
	planned := asRead(t, dir)
	other, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- migrate.Replace(dir, planned, map[string]string{"3_tags.up.sql": "SELECT 1;"}) }()
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(200 * time.Millisecond): // what does not wait is done long before
	}
	writeFile(t, dir, "4_more.up.sql", "SELECT 2;")
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil || !strings.Contains(err.Error(), "added") {
		t.Errorf("got %v: what was written in the meantime was passed over", err)
	}
}
