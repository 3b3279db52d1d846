package chaos

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// What the server is told by signals (PostgreSQL manual, section 18.5).
const (
	fastShutdown      = syscall.SIGINT
	immediateShutdown = syscall.SIGQUIT
	hold              = syscall.SIGSTOP
	goOn              = syscall.SIGCONT
)

func signal(pid int, s syscall.Signal) error { return syscall.Kill(pid, s) }

// account is who runs a server. The zero value is this process's own user.
type account struct {
	uid, gid int
	other    bool
}

// unprivileged is an account that PostgreSQL takes, which refuses to run as root.
func unprivileged() (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.Atoi(u.Uid)
		gid, errG := strconv.Atoi(u.Gid)
		if errors.Join(errU, errG) == nil && uid != 0 {
			return account{uid, gid, true}, nil
		}
	}
	return account{}, errors.New("chaos: PostgreSQL refuses to run as root, and there is no account postgres or nobody; run as another user")
}

func (a account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// runs makes the account run cmd, in a session of its own, and cmd end with this process.
func (a account) runs(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: immediateShutdown}
	if a.other {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
}
