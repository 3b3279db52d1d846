package lint

import "slices"

// changesRows tells whether ALTER COLUMN TYPE writes the table anew, or only reads it (ATColumnChangeRequiresRewrite in tablecmds.c, and
// the support functions that make a coercion to a wider type free).
func changesRows(from typeName, def tree) (rewrite, scan bool) {
	to := readType(def.sub("typeName"))
	if using := def["raw_default"]; using != nil {
		if kind, cast := open(using); kind == "TypeCast" {
			if _, plain := columnRef(cast["arg"]); !plain || readType(cast.sub("typeName")).String() != to.String() {
				return true, false
			}
		} else if _, plain := columnRef(using); !plain {
			return true, false
		}
	}
	if from.array != to.array {
		return true, false
	}
	if from.name == to.name {
		return !widerOrSame(from, to), false
	}
	switch from.name + ">" + to.name {
	case "varchar>text", "cidr>inet", "xml>text":
		return false, false
	case "text>varchar", "text>citext", "citext>text":
		return len(to.mods) > 0, false
	}
	return true, false
}

// widerOrSame tells, for two types of one name, whether every value of from is one of to as it is stored.
func widerOrSame(from, to typeName) bool {
	if slices.Equal(from.mods, to.mods) {
		return true
	}
	switch from.name {
	case "varchar", "varbit", "time", "timetz", "timestamp", "timestamptz":
		return len(to.mods) == 0 || len(from.mods) > 0 && from.mods[0] <= to.mods[0]
	case "numeric":
		return len(to.mods) == 0 || len(from.mods) > 0 && from.mods[0] <= to.mods[0] && scale(from) == scale(to)
	}
	return false
}

func scale(t typeName) int {
	if len(t.mods) < 2 {
		return 0
	}
	return t.mods[1]
}

var integerSizes = map[string]int{"int2": 2, "int4": 4, "int8": 8}

// narrows tells whether a value of from can fail to be one of to, or lose a part.
func narrows(from, to typeName) bool {
	if from.array != to.array {
		return true
	}
	if from.name == to.name {
		return !widerOrSame(from, to)
	}
	if a, b := integerSizes[from.name], integerSizes[to.name]; a > 0 && b > 0 {
		return b < a
	}
	switch to.name {
	case "text", "citext":
		return false
	case "varchar":
		return len(to.mods) > 0 || from.name == "text" && len(to.mods) > 0
	case "numeric":
		return integerSizes[from.name] == 0 || len(to.mods) > 0
	}
	switch from.name + ">" + to.name {
	case "float4>float8", "date>timestamp", "date>timestamptz", "json>jsonb", "jsonb>json", "timestamp>timestamptz", "timestamptz>timestamp", "cidr>inet", "int4>float8", "int2>float8", "int2>float4":
		return false
	}
	return true
}

// volatile tells whether a default is computed for each row, so that adding a column with it writes the table anew.
func (p *prediction) volatile(expr any) (found bool) {
	walk(expr, func(kind string, t tree) {
		if kind != "FuncCall" {
			return
		}
		names := unqualify(t.names("funcname"))
		name := names[max(0, len(names)-1)]
		if v, known := p.functions[typeKey(names)]; known {
			found = found || v == "v"
			return
		}
		found = found || !steady[name]
	})
	return found
}

// steady are built-in functions that defaults use and that are not volatile (pg_proc.provolatile). What is not here is taken for
// volatile, as PostgreSQL takes a function whose author did not say otherwise.
var steady = map[string]bool{
	"now": true, "transaction_timestamp": true, "statement_timestamp": true, "current_setting": true, "current_schema": true,
	"current_database": true, "version": true, "timezone": true, "date_trunc": true, "date_part": true, "extract": true, "make_date": true,
	"make_interval": true, "make_timestamp": true, "make_timestamptz": true, "to_timestamp": true, "to_char": true, "to_date": true, "to_number": true,
	"lower": true, "upper": true, "btrim": true, "ltrim": true, "rtrim": true, "length": true, "replace": true, "concat": true, "concat_ws": true,
	"coalesce": true, "nullif": true, "abs": true, "round": true, "floor": true, "ceil": true, "md5": true, "encode": true, "decode": true,
	"sha256": true, "json_build_object": true, "jsonb_build_object": true, "json_build_array": true, "jsonb_build_array": true, "to_json": true,
	"to_jsonb": true, "array_fill": true, "int4range": true, "int8range": true, "numrange": true, "tsrange": true, "tstzrange": true, "daterange": true,
	"to_tsvector": true, "inet_client_addr": true, "pg_backend_pid": true, "repeat": true, "substring": true, "left": true, "right": true, "format": true,
	"inet_server_addr": true, "session_user": true, "row": true, "point": true, "age": true, "justify_hours": true, "justify_days": true,
}
