package diff

import "testing"

func TestWordsOfTheGrammarAreNoVolatileFunctions(t *testing.T) {
	s := &surroundings{calm: map[string]bool{"lower": true, "now": true}}
	for expr, want := range map[string]bool{
		"gen_random_uuid()": true, "md5((random())::text)": true, "not_there_yet(1)": true, `"Odd"(1)`: true,
		"1": false, "'random()'::text": false, "now()": false, "lower('A'::text)": false,
		"COALESCE(NULLIF(lower('A'::text), ''::text), 'b'::text)": false, "'a'::character varying(10)": false, "'1'::numeric(8,2)": false,
		"CURRENT_TIMESTAMP(3)": false, "LOCALTIME(0)": false, "'1'::bit varying(3)": false, "'09:00'::time(0) without time zone": false, "'1'::interval(3)": false,
		"('a'::text IS DISTINCT FROM (lower('b'::text)))": false, "CASE WHEN (1 > 2) THEN (1) ELSE (2) END": false, "(1 OPERATOR(pg_catalog.+) 2)": false,
		"other.lower('a'::text)": false, "other.seed()": true, "(now() + ((random() * (5)::double precision) * '01:00:00'::interval))": true,
		"'x'::\"Odd\"": false, "ARRAY[lower('a'::text), seed()]": true, "'a' || ('random()'::text)": false,
	} {
		if got := s.volatile(expr); got != want {
			t.Errorf("%s: %v, want %v", expr, got, want)
		}
	}
}

func TestOnlyColumnsAndTypesAreRenamedInADefinition(t *testing.T) {
	s := &shadows{shadowing: shadowing{enums: []string{"mood"}}}
	columns := []column{{name: "v"}, {name: "zone"}, {name: "year"}, {name: "Odd"}, {name: "C"}, {name: "text_ops"}, {name: "time"}, {name: "precision"}, {name: "varying"}, {name: "mood"}, {name: `say "x"`}}
	for def, want := range map[string]string{
		"CHECK ((v > 0))":                                                 `CHECK (("v_new" > 0))`,
		"CHECK ((v <> 'v'::mood))":                                        `CHECK (("v_new" <> 'v'::"mood_new"))`,
		"CHECK ((v(1) > 0))":                                              "CHECK ((v(1) > 0))",
		`USING btree ("Odd") INCLUDE (a)`:                                 `USING btree ("Odd_new") INCLUDE (a)`,
		"FOREIGN KEY (v) REFERENCES others(v)":                            `FOREIGN KEY ("v_new") REFERENCES others(v)`,
		"CHECK ((a > '1'::timestamp with time zone))":                     "CHECK ((a > '1'::timestamp with time zone))",
		"CHECK ((EXTRACT(year FROM year) > 1))":                           `CHECK ((EXTRACT(year FROM "year_new") > 1))`,
		"CHECK ((EXTRACT(epoch FROM v) > 1))":                             `CHECK ((EXTRACT(epoch FROM "v_new") > 1))`,
		`CHECK (((v COLLATE "C") > 'C'))`:                                 `CHECK ((("v_new" COLLATE "C") > 'C'))`,
		`CHECK (((v COLLATE "x"."C") > "C"))`:                             `CHECK ((("v_new" COLLATE "x"."C") > "C_new"))`,
		"USING btree (v text_ops, text_ops)":                              `USING btree ("v_new" text_ops, "text_ops_new")`,
		`USING btree (v COLLATE "C" text_ops DESC)`:                       `USING btree ("v_new" COLLATE "C" text_ops DESC)`,
		"CHECK ((v > '1'::timestamp(3) without time zone))":               `CHECK (("v_new" > '1'::timestamp(3) without time zone))`,
		`CHECK (("time" > ('1'::interval year)))`:                         `CHECK (("time_new" > ('1'::interval year)))`,
		`CHECK (("precision" > (v)::double precision))`:                   `CHECK (("precision_new" > ("v_new")::double precision))`,
		"USING btree (((v)::character varying(10)), varying DESC)":        `USING btree ((("v_new")::character varying(10)), "varying_new" DESC)`,
		"CHECK (((NOT v) OR ((v IS NULL) AND (zone IN (1, v)))))":         `CHECK (((NOT "v_new") OR (("v_new" IS NULL) AND ("zone_new" IN (1, "v_new")))))`,
		"CHECK (CASE WHEN (v > 1) THEN zone ELSE year END)":               `CHECK (CASE WHEN ("v_new" > 1) THEN "zone_new" ELSE "year_new" END)`,
		"CHECK (((a).v > v))":                                             `CHECK (((a).v > "v_new"))`,
		"CHECK ((v > 'x'::other.mood))":                                   `CHECK (("v_new" > 'x'::other.mood))`,
		"CHECK ((mood <> 'mood'::mood))":                                  `CHECK (("mood_new" <> 'mood'::"mood_new"))`,
		"CHECK ((v = ANY (ARRAY['a'::mood, 'b'::mood])))":                 `CHECK (("v_new" = ANY (ARRAY['a'::"mood_new", 'b'::"mood_new"])))`,
		"CHECK ((v <> ALL ('{a}'::mood[])))":                              `CHECK (("v_new" <> ALL ('{a}'::"mood_new"[])))`,
		`CHECK (("say ""x""" > 0))`:                                       `CHECK (("say ""x""_new" > 0))`,
		"CHECK (((v AT TIME ZONE zone) > zone))":                          `CHECK ((("v_new" AT TIME ZONE "zone_new") > "zone_new"))`,
		"USING btree (date_trunc('year'::text, v)) WHERE (v IS NOT NULL)": `USING btree (date_trunc('year'::text, "v_new")) WHERE ("v_new" IS NOT NULL)`,
	} {
		if got := s.renamed(def, columns, newSuffix); got != want {
			t.Errorf("%s: got %s, want %s", def, got, want)
		}
	}
}
