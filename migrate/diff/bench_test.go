package diff_test

import (
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
)

// BenchmarkPlan is a whole plan of this project's schema from empty, proof included, without loading the model.
func BenchmarkPlan(b *testing.B) {
	in := input(b, model(b, "../../schema"), nil)
	for b.Loop() {
		if _, err := diff.Plan(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}
