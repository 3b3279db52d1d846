//go:build !linux

package chaos

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// A cluster's processes are told and held by means that only Linux has.
var errLinuxOnly = errors.New("chaos: a cluster to be killed and stopped is possible on Linux only")

const (
	fastShutdown      = syscall.SIGINT
	immediateShutdown = syscall.SIGQUIT
	hold              = syscall.SIGQUIT
	goOn              = syscall.SIGQUIT
)

func signal(int, syscall.Signal) error { return errLinuxOnly }

type account struct{}

func unprivileged() (account, error) { return account{}, errLinuxOnly }

func (account) own(string) error { return os.ErrInvalid }

func (account) runs(*exec.Cmd) {}
