//go:build unix

// Package account finds the user that runs a PostgreSQL server of the tests.
package account

import (
	"errors"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// Account is who runs a server. The zero value is this process's own user.
type Account struct {
	uid, gid int
	other    bool // not this process's user
}

// ForServer returns an unprivileged account, since initdb and postgres refuse to run as root.
func ForServer() (Account, error) {
	if os.Geteuid() != 0 {
		return Account{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.Atoi(u.Uid)
		gid, errG := strconv.Atoi(u.Gid)
		if errors.Join(errU, errG) == nil && uid != 0 {
			return Account{uid: uid, gid: gid, other: true}, nil
		}
	}
	return Account{}, errors.New("PostgreSQL refuses to run as root, and there is neither an account postgres nor nobody; run as another user")
}

// Own gives a file or a directory, not what is in it, to the account.
func (a Account) Own(path string) error {
	if !a.other {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// Attributes make a child run as the account and in a session of its own, so that an interrupt from the terminal reaches only us.
func (a Account) Attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if a.other {
		attr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attr
}
