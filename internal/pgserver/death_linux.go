package pgserver

import "syscall"

// dieWithParent makes the kernel send the server SIGQUIT, an immediate shutdown, when the thread that started it ends.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGQUIT }
