package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// typeInfo is what values of a type look like.
type typeInfo struct {
	SQL       string // as SQL writes it, without a modifier
	Name      string // in pg_type
	Kind      string // typtype: b base, c composite, d domain, e enum, r range, m multirange, p pseudo
	Category  string // typcategory
	Extension bool
	Base      int64    // of a domain
	BaseMod   int      // likewise
	Element   int64    // of an array
	Subtype   int64    // of a range
	Labels    []string // of an enum
	Checks    string   // of a domain
	Members   []struct {
		Type int64
		Mod  int
	} // of a composite type

	of      *typeInfo   // base, element or subtype
	members []*typeInfo // of a composite type
}

const typeOf = `SELECT 0, json_build_object('SQL', format_type(t.oid, NULL), 'Name', typname, 'Kind', typtype, 'Category', typcategory,
	'Base', typbasetype::bigint, 'BaseMod', typtypmod, 'Element', CASE typcategory WHEN 'A' THEN typelem::bigint ELSE 0 END,
	'Subtype', coalesce((SELECT rngsubtype::bigint FROM pg_range WHERE rngtypid = t.oid), 0),
	'Labels', (SELECT json_agg(quote_literal(enumlabel) ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
	'Checks', coalesce((SELECT string_agg(pg_get_constraintdef(c.oid), ' ') FROM pg_constraint c WHERE contypid = t.oid), ''),
	'Members', (SELECT json_agg(json_build_object('Type', atttypid::bigint, 'Mod', atttypmod) ORDER BY attnum) FROM pg_attribute
		WHERE typtype = 'c' AND attrelid = typrelid AND attnum > 0 AND NOT attisdropped))::text
FROM pg_type t WHERE t.oid = %d`

// types reads each type once.
type types struct {
	db    Database
	known map[int64]*typeInfo
}

func (ts *types) read(ctx context.Context, oid int64) (*typeInfo, error) {
	if t := ts.known[oid]; t != nil {
		return t, nil
	}
	t := &typeInfo{}
	ts.known[oid] = t
	err := each(ctx, ts.db, fmt.Sprintf(typeOf, oid), func(_ int, text string) error { return json.Unmarshal([]byte(text), t) })
	if err != nil {
		return nil, err
	}
	if next := max(t.Base, t.Element, t.Subtype); next != 0 {
		if t.of, err = ts.read(ctx, next); err != nil {
			return nil, err
		}
	}
	for _, m := range t.Members {
		member, err := ts.read(ctx, m.Type)
		if err != nil {
			return nil, err
		}
		t.members = append(t.members, member)
	}
	return t, nil
}

// base is the type below all domains.
func (t *typeInfo) base() *typeInfo {
	for t.Kind == "d" && t.of != nil {
		t = t.of
	}
	return t
}

// accepts keeps literals away from types that would fail on them before any constraint is asked.
func (t *typeInfo) accepts(literal string) bool {
	switch t.Category {
	case "N":
		return len(literal) < 22 && !(strings.HasPrefix(t.Name, "int") && strings.Contains(literal, "."))
	case "E":
		for _, label := range t.Labels {
			if label == literal {
				return true
			}
		}
		return false
	case "D": // dates and times
		return len(literal) >= len("'2026-01-01'") && literal[1] >= '0' && literal[1] <= '9' && strings.Contains(literal, "-")
	case "T", "U":
		return false
	}
	return true
}

// values are SQL expressions of the type, the best one first; others come in where a constraint refuses it. n makes them differ from
// those made before. None where the type is not known.
func (t *typeInfo) values(n, mod int) []string {
	switch {
	case t.Kind == "d" && t.of != nil:
		if mod < 0 {
			mod = t.BaseMod
		}
		return append(t.of.values(n, mod), literalsIn(t.Checks, t.base())...)
	case t.Kind == "e":
		var list []string
		for i := range t.Labels {
			list = append(list, t.Labels[(n+i)%len(t.Labels)])
		}
		return list
	case t.Element != 0 && t.of != nil:
		list := []string{"'{}'"}
		if inner := t.of.values(n, mod); len(inner) > 0 {
			element := t.of.SQL
			list = append([]string{fmt.Sprintf("ARRAY[%s::%s]", inner[0], element), fmt.Sprintf("ARRAY[%[1]s::%[2]s, %[1]s::%[2]s]", inner[0], element)}, list...)
		}
		return list
	case t.Kind == "r" && t.of != nil:
		from, to := t.of.values(n, -1), t.of.values(n+1, -1)
		if len(from) == 0 {
			return []string{"'empty'"}
		}
		return []string{fmt.Sprintf("%s(%s::%s, %s::%s)", t.SQL, from[0], t.of.SQL, to[0], t.of.SQL), "'empty'"}
	case t.Kind == "m":
		return []string{"'{}'"}
	case t.Kind == "c":
		return t.composite(n)
	}
	return plain(t.Name, n, mod)
}

func (t *typeInfo) composite(n int) []string {
	var parts []string
	for i, m := range t.members {
		list := m.values(n, t.Members[i].Mod)
		if len(list) == 0 {
			parts = append(parts, "NULL")
			continue
		}
		parts = append(parts, list[0]+"::"+m.SQL)
	}
	return []string{"ROW(" + strings.Join(parts, ", ") + ")"}
}

// firstNumber is beyond what migrations themselves insert as keys.
const firstNumber = 1_000_000

// plain makes values of the types that PostgreSQL brings, and of well-known extensions.
func plain(name string, n, mod int) []string {
	q := func(formats ...string) (list []string) {
		for _, f := range formats {
			list = append(list, "'"+strings.ReplaceAll(f, "#", strconv.Itoa(n))+"'")
		}
		return list
	}
	number := func(first int) []string {
		return append(q(strconv.Itoa(first)), q("#", "1", "0", "10", "100", "-1")...)
	}
	switch name {
	case "int4", "int8", "oid":
		return number(firstNumber + n)
	case "int2":
		return number(20_000 + n%10_000)
	case "float4", "float8", "money":
		return append(q("#"), q("1", "0.5", "0", "50", "100", "-1")...)
	case "numeric":
		return numerics(n, mod)
	case "bool":
		if n%2 == 0 {
			return []string{"true", "false"}
		}
		return []string{"false", "true"}
	case "text", "citext":
		return texts(n, -1)
	case "varchar", "bpchar":
		return texts(n, mod-4)
	case "name":
		return texts(n, 63)
	case "char":
		return q(string(rune('a'+n%26)), "A", "1")
	case "uuid":
		return q(fmt.Sprintf("00000000-0000-4000-8000-%012x", n))
	case "date", "timestamp", "timestamptz":
		days := func(d int) string { return fmt.Sprintf("(date '2001-01-01' + %d)", d) }
		return []string{days(n), days(n + 1), days(n - 1), "(CURRENT_DATE + 1000)", "(CURRENT_DATE - 1000)"}
	case "time", "timetz":
		return q(fmt.Sprintf("%02d:%02d:00", n/60%24, n%60), "23:59", "00:00")
	case "interval":
		return q("# minutes", "1 day", "0", "-1 day")
	case "json", "jsonb":
		return q(`{"n": #}`, "[#]", `"#"`, "#", "{}", "[]")
	case "bytea":
		return q(fmt.Sprintf(`\x%08x`, n), `\x`)
	case "inet":
		return q(fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255), "::1")
	case "cidr":
		return q(fmt.Sprintf("10.%d.%d.0/24", n>>8&255, n&255))
	case "macaddr":
		return q(fmt.Sprintf("02:00:00:%02x:%02x:%02x", n>>16&255, n>>8&255, n&255))
	case "macaddr8":
		return q(fmt.Sprintf("02:00:00:00:00:%02x:%02x:%02x", n>>16&255, n>>8&255, n&255))
	case "bit":
		return q(fmt.Sprintf("%0*b", max(mod, 1), n%(1<<min(max(mod, 1), 30))))
	case "varbit":
		return q(strconv.FormatInt(int64(n%2), 2))
	case "xml":
		return q("<n>#</n>")
	case "tsvector", "tsquery":
		return q("plinth#")
	case "ltree", "lquery":
		return q("plinth.n#")
	case "hstore":
		return q("n=>#")
	case "point":
		return q("(#,#)")
	case "box", "lseg", "path":
		return q("((0,0),(#,#))")
	case "polygon":
		return q("((0,0),(#,0),(#,#))")
	case "circle":
		return q("<(0,0),#>")
	case "line":
		return q("{1,-1,#}")
	case "pg_lsn":
		return q(fmt.Sprintf("0/%X", n))
	case "regclass", "regtype", "regrole", "regnamespace", "regproc", "xid", "xid8", "cid":
		return q("1")
	case "tid":
		return q("(0,#)")
	}
	return nil
}

// numerics fit the precision and scale of numeric's modifier: (precision << 16 | scale) + 4, scale in 11 bits, with a sign.
func numerics(n, mod int) []string {
	digits := 6
	if mod >= 4 {
		scale := (mod - 4) & 0x7ff
		if scale >= 1024 {
			scale -= 2048
		}
		digits = min((mod-4)>>16&0xffff-scale, 6)
	}
	if digits <= 0 {
		return []string{"'0'"}
	}
	limit := 1
	for range digits {
		limit *= 10
	}
	list := []string{fmt.Sprintf("'%d'", n%limit)}
	for _, v := range []string{"1", "0", "0.5", "-1", "50", "100"} {
		if len(v) <= digits || strings.ContainsAny(v, ".-") {
			list = append(list, "'"+v+"'")
		}
	}
	return list
}

// texts are of at most length characters; negative for any.
func texts(n, length int) (list []string) {
	number := strconv.Itoa(n)
	for _, text := range []string{
		"plinth" + number, "plinth" + number + "@example.com", "https://example.com/" + number, number, "PLINTH" + number, "+1555" + fmt.Sprintf("%07d", n),
		"2026-01-01", "en", "EN", "EUR", "a", "A", "",
	} {
		if length < 0 || len(text) <= length {
			list = append(list, "'"+text+"'")
		}
	}
	if length > 0 && length < len("plinth"+number) { // what differs comes first
		short := strings.ToLower(strconv.FormatInt(int64(n), 36))
		list = append([]string{"'" + short[max(0, len(short)-length):] + "'"}, list...)
	}
	return list
}
