// Package ent is the typed client, written by Ent's generator from the schema folder; only this file is by hand.
package ent

//go:generate go run -mod=mod entgo.io/ent/cmd/ent generate --target . --feature sql/versioned-migration,sql/upsert,sql/lock,sql/modifier,sql/execquery,intercept ../schema
