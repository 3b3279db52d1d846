package pgserver

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// dirPrefix begins the name of every server's directory.
const dirPrefix = "plinth-pg-"

// localLeftover is a server from local binaries: one directory with everything in it.
type localLeftover struct {
	Dir string `json:"dir"`
}

func (l *localLeftover) data() string    { return filepath.Join(l.Dir, "data") }
func (l *localLeftover) sockets() string { return filepath.Join(l.Dir, "s") }
func (l *localLeftover) log() string     { return filepath.Join(l.Dir, "server.log") }

// remove stops the server if it runs, and removes its directory.
func (l *localLeftover) remove(ctx context.Context) error {
	if !strings.HasPrefix(filepath.Base(l.Dir), dirPrefix) {
		return fmt.Errorf("the entry names %q, which is no server's directory", l.Dir)
	}
	if pid := postmaster(l.data()); pid != 0 {
		if err := quit(ctx, pid, func() bool { return running(pid) }); err != nil {
			return err
		}
	}
	return os.RemoveAll(l.Dir)
}
