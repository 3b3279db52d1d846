// Package migrations embeds this project's own migration files, for programs that apply them without a checkout.
package migrations

import "embed"

// FS is the migration directory: the up and down files with their sums.
//
//go:embed *.sql *.sum
var FS embed.FS
