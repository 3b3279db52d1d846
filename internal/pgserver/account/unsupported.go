//go:build !unix

// Package account finds the user that runs a PostgreSQL server of the tests.
package account

import (
	"errors"
	"syscall"
)

// Account is nobody: without Unix accounts no local server is run.
type Account struct{}

// ForServer always fails.
func ForServer() (Account, error) {
	return Account{}, errors.New("local servers need Unix; use Docker or a server of your own")
}

// Own does nothing.
func (Account) Own(string) error { return nil }

// Attributes are none.
func (Account) Attributes() *syscall.SysProcAttr { return nil }
