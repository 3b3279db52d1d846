package pgserver

import (
	"context"
	"path/filepath"
)

// ImageOf returns the image that a docker:// URL means.
func ImageOf(url string) (string, error) {
	c, err := Options{}.parse(url)
	if err != nil {
		return "", err
	}
	return c.(*docker).image(), nil
}

// WithoutInstalledServers hides this machine's packaged server binaries until the returned function is called.
func WithoutInstalledServers() (restore func()) {
	was := installPatterns
	installPatterns = nil
	return func() { installPatterns = was }
}

// ServerEntries is the folder of the registry that has one directory per server.
func ServerEntries() (string, error) {
	r, err := openRegistry()
	if err != nil {
		return "", err
	}
	return r.servers(), nil
}

// ContainerLabel is on every container that the package makes.
const ContainerLabel = containerLabel

// WithDatabase is how a database's URL is made from its server's.
var WithDatabase = withDatabase

// FindBinaries is what local:// means.
var FindBinaries = findBinaries

// Running tells whether a process has not ended.
var Running = running

// Sweep removes what has no living user.
func Sweep(ctx context.Context, logf func(string, ...any)) error {
	r, err := openRegistry()
	if err != nil {
		return err
	}
	return r.sweep(ctx, logf)
}

// HoldCache keeps everybody from changing what is cached until the returned function is called.
func HoldCache(ctx context.Context) (release func(), err error) {
	r, err := openRegistry()
	if err != nil {
		return nil, err
	}
	l, err := lock(ctx, r.initdbLock(), true)
	if err != nil {
		return nil, err
	}
	return l.release, nil
}

// KeptClusters lists the files in which clusters of containers are kept.
func KeptClusters() ([]string, error) {
	r, err := openRegistry()
	if err != nil {
		return nil, err
	}
	return filepath.Glob(filepath.Join(r.initdb(), "*"+keptSuffix+".tar.gz"))
}
