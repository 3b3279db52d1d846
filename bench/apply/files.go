package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/plinth-db/plinth/migrate"
)

// directories hold the same migrations in each tool's form.
type directories struct {
	plinth string // golang-migrate's layout, with sums
	goose  string
	psql   string // one file
}

func write(folder string, files int) (directories, error) {
	root := filepath.Join(folder, fmt.Sprint(files))
	d := directories{plinth: filepath.Join(root, "plinth"), goose: filepath.Join(root, "goose"), psql: filepath.Join(root, "all.sql")}
	for _, dir := range []string{d.plinth, d.goose} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return d, err
		}
	}
	var all strings.Builder
	for i := range files {
		name := fmt.Sprintf("%d_t", 20260101000001+i)
		up := fmt.Sprintf("CREATE TABLE t%d (id bigint NOT NULL, name text NOT NULL);\nCREATE INDEX t%d_name ON t%d (name);\n", i, i, i)
		down := fmt.Sprintf("DROP TABLE t%d;\n", i)
		all.WriteString(up)
		for path, content := range map[string]string{
			filepath.Join(d.plinth, name+".up.sql"):   up,
			filepath.Join(d.plinth, name+".down.sql"): down,
			filepath.Join(d.goose, name+".sql"):       "-- +goose Up\n" + up + "\n-- +goose Down\n" + down,
		} {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				return d, err
			}
		}
	}
	if err := os.WriteFile(d.psql, []byte(all.String()), 0o600); err != nil {
		return d, err
	}
	return d, migrate.Hash(d.plinth)
}
