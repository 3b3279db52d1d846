//go:build !unix

package pgconn

import "io/fs"

// exposed has no mode bits to look at; libpq checks nothing here either.
func exposed(fs.FileInfo) bool { return false }
