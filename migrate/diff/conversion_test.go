package diff_test

import (
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
)

// TestConversionsKeepValuesOrFail runs each plan on a row whose value is given: it must end as wanted, or the up must fail.
func TestConversionsKeepValuesOrFail(t *testing.T) {
	tests := []struct {
		name, from, to, value, want string
		irreversible                bool
	}{
		{"longer text", "varchar(5)", "varchar(6)", "abcde", "abcde", false},
		{"shorter text that fits", "varchar(5)", "varchar(4)", "abcd", "abcd", false},
		{"shorter text that does not", "varchar(5)", "varchar(4)", "abcde", "", false},
		{"text to varchar", "text", "varchar(4)", "abcde", "", false},
		{"number to a short varchar", "integer", "varchar(2)", "123", "", false},
		{"number to varchar", "integer", "varchar(3)", "123", "123", false},
		{"text to number", "text", "integer", "12", "12", false},
		{"text that is no number", "text", "integer", "x", "", false},
		{"smaller integer that fits", "bigint", "smallint", "32767", "32767", false},
		{"smaller integer that does not", "bigint", "smallint", "32768", "", false},
		{"larger integer", "smallint", "bigint", "7", "7", false},
		{"fraction to integer", "numeric", "integer", "1.5", "2", true},
		{"fewer digits", "numeric(4,2)", "numeric(4,1)", "1.25", "1.3", true},
		{"boolean to integer", "boolean", "integer", "true", "1", true},
		{"large integer to float", "bigint", "double precision", "9007199254740993", "9.007199254740992e+15", true},
		{"integer to float", "integer", "double precision", "2147483647", "2147483647", false},
		{"number to float", "numeric", "double precision", "0.12345678901234567891", "0.12345678901234568", true},
		{"text to date", "text", "date", "2026-01-02 03:04", "2026-01-02", true},
		{"text to time", "text", "timestamp", "2026-01-02 03:04+05", "2026-01-02 03:04:00", true},
		{"text to fewer digits", "text", "numeric(4,1)", "1.25", "1.3", true},
		{"text to uuid", "text", "uuid", "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000001", false},
		{"time to date", "timestamp", "date", "2026-01-02 03:04", "2026-01-02", true},
		{"date to time", "date", "timestamp", "2026-01-02", "2026-01-02 00:00:00", false},
		{"text to enum", "text", "letter", "a", "a", false},
		{"text to enum that lacks it", "text", "letter", "z", "", false},
		{"enum to text", "letter", "text", "a", "a", false},
		{"enum arrays", "letter[]", "text[]", "{a,b}", "{a,b}", false},
		{"json to text", "jsonb", "text", `{"a": 1}`, `{"a": 1}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			const enum = "CREATE TYPE letter AS ENUM ('a', 'b'); CREATE TABLE uses (l letter);"
			from := enum + "CREATE TABLE t (v " + tt.from + ")"
			r := planned(t, diff.SQLModel(enum+"CREATE TABLE t (v "+tt.to+")"), directory{from})
			db := database(t)
			must(t, db, from+"; INSERT INTO t VALUES ('"+tt.value+"')")
			_, err := db.ExecContext(t.Context(), r.Files[0].Up)
			var got string
			if err == nil {
				err = db.QueryRowContext(t.Context(), "SELECT v::text FROM t").Scan(&got)
			}
			if got != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("got %q, %v, want %q by\n%s", got, err, tt.want, r.Files[0].Up)
			}
			if strings.HasPrefix(r.Files[0].Down, "-- plinth:irreversible ") != tt.irreversible {
				t.Errorf("irreversible must be %v in\n%s", tt.irreversible, r.Files[0].Down)
			}
		})
	}
}
