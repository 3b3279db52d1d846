package chaos_test

import (
	"testing"

	"github.com/plinth-db/plinth/internal/chaos"
)

func TestVerbIsTheFirstWords(t *testing.T) {
	for text, want := range map[string]chaos.Verb{
		"BEGIN":                              chaos.Begin,
		"begin isolation level serializable": chaos.Begin,
		"start transaction":                  chaos.Begin,
		"BEGIN;SELECT 1":                     chaos.Begin,
		" -- note\n/* c */ COMMIT":           chaos.Commit,
		"END":                                chaos.Commit,
		"ROLLBACK":                           chaos.Rollback,
		"ABORT":                              chaos.Rollback,
		"ROLLBACK TO SAVEPOINT a":            chaos.Savepoint,
		"SAVEPOINT a":                        chaos.Savepoint,
		"insert into t values (1)":           chaos.Write,
		"SELECT pg_xact_status('5')":         chaos.Settle,
		"SELECT 1":                           chaos.Other,
		"":                                   chaos.Ping,
		";":                                  chaos.Ping,
	} {
		if got := chaos.VerbOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
