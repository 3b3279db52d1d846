// Package ent is the typed client of this team's schema; only this file is by hand.
package ent

//go:generate go run -mod=mod entgo.io/ent/cmd/ent generate --target . --feature sql/versioned-migration,sql/execquery ../schema
