package chaos

import (
	"os/exec"
	"syscall"

	"github.com/plinth-db/plinth/internal/pgserver/account"
)

// What the server is told by signals (PostgreSQL manual, section 18.5).
const (
	fastShutdown      = syscall.SIGINT
	immediateShutdown = syscall.SIGQUIT
	hold              = syscall.SIGSTOP
	goOn              = syscall.SIGCONT
)

func signal(pid int, s syscall.Signal) error { return syscall.Kill(pid, s) }

// runAs makes the account run cmd, and cmd end with this process.
func runAs(owner account.Account, cmd *exec.Cmd) {
	cmd.SysProcAttr = owner.Attributes()
	cmd.SysProcAttr.Pdeathsig = immediateShutdown
}
