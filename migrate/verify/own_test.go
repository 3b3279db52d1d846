package verify_test

import (
	"testing"

	"github.com/plinth-db/plinth/migrate/migrations"
	"github.com/plinth-db/plinth/migrate/verify"
)

func TestThisProjectsMigrationsPass(t *testing.T) {
	outcomes, err := verify.Test(t.Context(), scratch(t), migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Detail() != "" {
			t.Errorf("%s: %s", o.Version, o.Detail())
		}
	}
}
