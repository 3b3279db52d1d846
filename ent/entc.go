//go:build ignore

// The generator's settings, run by go generate. It calls Ent's code generation as a library, which is a dependency anyway;
// Ent's command would need more modules than the project has.
package main

import (
	"log"

	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

func main() {
	err := entc.Generate("../schema", &gen.Config{
		Target:  ".",
		Package: "github.com/plinth-db/plinth/ent",
	}, entc.FeatureNames("sql/versioned-migration", "sql/upsert", "sql/lock", "sql/modifier", "sql/execquery", "intercept"))
	if err != nil {
		log.Fatal("generate ent: ", err)
	}
}
