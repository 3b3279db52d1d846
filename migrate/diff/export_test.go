package diff

import (
	"context"
	"database/sql"
)

// SQLModel is a model that a script makes, for states that a test wants without a schema package.
func SQLModel(script string) *Model {
	return &Model{create: func(ctx context.Context, db *sql.DB) error {
		_, err := db.ExecContext(ctx, script)
		return err
	}}
}
