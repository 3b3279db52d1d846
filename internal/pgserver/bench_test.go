package pgserver_test

import (
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// go test -run '^$' -bench . ./internal/pgserver

func BenchmarkLocalStartAndClose(b *testing.B) {
	for b.Loop() {
		s, err := pgserver.Start(b.Context(), pgserver.Options{URL: "local://"})
		must(b, err)
		must(b, s.Close())
	}
}

func BenchmarkCreateAndDropDatabase(b *testing.B) {
	s, err := pgserver.Start(b.Context(), pgserver.Options{URL: "local://"})
	must(b, err)
	b.Cleanup(func() { must(b, s.Close()) })
	for b.Loop() {
		d, err := s.CreateDatabase(b.Context())
		must(b, err)
		must(b, d.Drop(b.Context()))
	}
}
