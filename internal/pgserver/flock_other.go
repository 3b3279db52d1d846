//go:build !unix

package pgserver

import (
	"context"
	"errors"
)

var errNoFlock = errors.New("throwaway servers need a Unix-like system (Linux, macOS, WSL); give the URL of a PostgreSQL server instead")

type fileLock struct{}

func tryLock(string, bool) (*fileLock, error) { return nil, errNoFlock }

func lock(context.Context, string, bool) (*fileLock, error) { return nil, errNoFlock }

func (*fileLock) upgrade() (bool, error) { return false, errNoFlock }

func (*fileLock) release() {}
