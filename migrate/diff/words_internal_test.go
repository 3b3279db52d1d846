package diff

import "testing"

func TestWordsOfTheGrammarAreNoVolatileFunctions(t *testing.T) {
	s := &surroundings{calm: map[string]bool{"lower": true, "now": true}}
	for expr, want := range map[string]bool{
		"gen_random_uuid()": true, "md5((random())::text)": true, "not_there_yet(1)": true, `"Odd"(1)`: true,
		"1": false, "'random()'::text": false, "now()": false, "lower('A'::text)": false,
		"COALESCE(NULLIF(lower('A'::text), ''::text), 'b'::text)": false, "'a'::character varying(10)": false, "'1'::numeric(8,2)": false,
	} {
		if got := s.volatile(expr); got != want {
			t.Errorf("%s: %v, want %v", expr, got, want)
		}
	}
}

func TestOnlyColumnsAndTypesAreRenamedInADefinition(t *testing.T) {
	s := &shadows{shadowing: shadowing{enums: []string{"mood"}}}
	columns := []column{{name: "v"}, {name: "zone"}, {name: "year"}, {name: "Odd"}}
	for def, want := range map[string]string{
		"CHECK ((v > 0))":                             `CHECK (("v_new" > 0))`,
		"CHECK ((v <> 'v'::mood))":                    `CHECK (("v_new" <> 'v'::"mood_new"))`,
		"CHECK ((v(1) > 0))":                          "CHECK ((v(1) > 0))",
		`USING btree ("Odd") INCLUDE (a)`:             `USING btree ("Odd_new") INCLUDE (a)`,
		"FOREIGN KEY (v) REFERENCES others(v)":        `FOREIGN KEY ("v_new") REFERENCES others(v)`,
		"CHECK ((a > '1'::timestamp with time zone))": "CHECK ((a > '1'::timestamp with time zone))",
		"CHECK ((EXTRACT(year FROM year) > 1))":       `CHECK ((EXTRACT(year FROM "year_new") > 1))`,
	} {
		if got := s.renamed(def, columns, newSuffix); got != want {
			t.Errorf("%s: got %s, want %s", def, got, want)
		}
	}
}
