//go:build unix

package pgserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/plinth-db/plinth/internal/pgserver/account"
)

// process is a postmaster that this process started.
type process struct {
	pid  int
	log  string
	done chan struct{} // closed when a child was reaped; nil for a shared server, which is no child of ours
}

// spawn starts postgres with its output in the server's log. One of our own is a child; a shared one is handed to init, so
// that it outlives us and becomes no zombie of ours when another process stops it.
func spawn(postgres string, args []string, left *localLeftover, acc account.Account, shared bool) (*process, error) {
	log, err := os.Create(left.log())
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(postgres, args...)
	if shared {
		cmd = exec.Command("/bin/sh", append([]string{"-c", `"$0" "$@" 3>&- & echo $! >&3`, postgres}, args...)...)
	}
	cmd.Dir, cmd.Env, cmd.SysProcAttr = left.Dir, serverEnv(), acc.Attributes()
	cmd.Stdout, cmd.Stderr = log, log
	if shared {
		return spawnOrphan(cmd, log.Name())
	}
	return spawnChild(cmd, log.Name())
}

// spawnChild starts cmd from a thread that lives until cmd ends: Linux sends the parent-death signal when the thread that
// forked ends, not when the process does.
func spawnChild(cmd *exec.Cmd, log string) (*process, error) {
	p := &process{log: log, done: make(chan struct{})}
	started := make(chan error)
	dieWithParent(cmd.SysProcAttr)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	return p, <-started
}

// spawnOrphan runs a shell that leaves the server behind and tells its process id.
func spawnOrphan(cmd *exec.Cmd, log string) (*process, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd.ExtraFiles = []*os.File{w}
	err = cmd.Run()
	_ = w.Close()
	if err != nil {
		return nil, err
	}
	var said [32]byte
	n, _ := r.Read(said[:])
	pid, err := strconv.Atoi(strings.TrimSpace(string(said[:n])))
	if err != nil {
		return nil, fmt.Errorf("the shell did not tell the server's process id: %w", err)
	}
	return &process{pid: pid, log: log}, nil
}

// gone returns nil while the server runs, and afterwards an error with the end of its log.
func (p *process) gone(error) error {
	if p.running() {
		return nil
	}
	log, _ := os.ReadFile(p.log)
	return fmt.Errorf("it exited; the end of its log:\n%s", lastLines(string(log), 10))
}

func (p *process) running() bool {
	if p.done == nil {
		return running(p.pid)
	}
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// quit ends and reaps the server, whether or not it came as far as writing its postmaster.pid.
func (p *process) quit(ctx context.Context) error {
	return quit(ctx, p.pid, p.running)
}

const (
	quitPoll = 2 * time.Millisecond
	// quitPatience exceeds the 5 s after which an immediate shutdown kills backends that do not end.
	quitPatience = 8 * time.Second
)

// quit asks for an immediate shutdown, which skips the checkpoint, since the data go too, but gives shared memory back, which
// SIGKILL would not.
func quit(ctx context.Context, pid int, running func() bool) error {
	patience := time.Now().Add(quitPatience)
	for sig := syscall.SIGQUIT; running(); time.Sleep(quitPoll) {
		if sig != 0 {
			if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("stop postgres, process %d: %w", pid, err)
			}
		}
		sig = 0
		if ctx.Err() != nil {
			return fmt.Errorf("postgres, process %d, still runs: %w", pid, context.Cause(ctx))
		}
		if time.Now().After(patience) {
			sig = syscall.SIGKILL
		}
	}
	return nil
}

// shutDown ends the server so that its files are whole, and reports whether that came about in time.
func (p *process) shutDown(ctx context.Context) bool {
	if err := syscall.Kill(p.pid, syscall.SIGINT); err != nil { // "fast" (PostgreSQL manual, section 19.5)
		return false
	}
	for patience := time.Now().Add(quitPatience); p.running(); time.Sleep(quitPoll) {
		if ctx.Err() != nil || time.Now().After(patience) {
			return false
		}
	}
	return true
}

// running reports whether pid is a process that has not ended; a zombie has. Only Linux is asked about zombies: elsewhere
// init reaps.
func running(pid int) bool {
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return true
	}
	_, state, _ := bytes.Cut(stat, []byte(") ")) // the name before it is "postgres", without parentheses
	return !bytes.HasPrefix(state, []byte("Z")) && !bytes.HasPrefix(state, []byte("X"))
}

// postmaster returns the process id of the server on data, or 0. postmaster.pid may be stale and its number may belong to
// another program by now, so that program's command line must name the directory too.
func postmaster(data string) int {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	lines := strings.Split(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 || len(lines) < 2 || lines[1] != data || !running(pid) || !strings.Contains(commandLine(pid), data) {
		return 0
	}
	return pid
}

func commandLine(pid int) string {
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil {
		return string(b)
	}
	out, _ := exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return string(out)
}
