package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] json PATH WANT")
	}
	value := lookUp(ts, args[0])
	if got := shown(value); (got == args[1]) == neg {
		ts.Fatalf("%s is %s", args[0], got)
	}
}

func jsonKeys(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: jsonkeys PATH KEY...")
	}
	object, ok := lookUp(ts, args[0]).(map[string]any)
	if !ok {
		ts.Fatalf("%s is no object", args[0])
	}
	got, want := slices.Sorted(maps.Keys(object)), slices.Sorted(slices.Values(args[1:]))
	if !slices.Equal(got, want) {
		ts.Fatalf("%s has the keys %v, not %v", args[0], got, want)
	}
}

func oneObject(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: oneobject")
	}
	if _, ok := lookUp(ts, ".").(map[string]any); !ok {
		ts.Fatalf("stdout is no JSON object")
	}
}

// lookUp follows a path such as migrations.0.version, or . for the whole, into the only value on stdout.
func lookUp(ts *testscript.TestScript, path string) any {
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	decoder.UseNumber()
	var value any
	ts.Check(decoder.Decode(&value))
	if _, err := decoder.Token(); err != io.EOF {
		ts.Fatalf("something follows the JSON value on stdout")
	}
	if path == "." {
		return value
	}
	for key := range strings.SplitSeq(path, ".") {
		next, ok := member(value, key)
		if !ok {
			ts.Fatalf("%s: nothing is at %s", path, key)
		}
		value = next
	}
	return value
}

func member(value any, key string) (any, bool) {
	switch v := value.(type) {
	case map[string]any:
		next, ok := v[key]
		return next, ok
	case []any:
		if key == "len" {
			return len(v), true
		}
		i, err := strconv.Atoi(key)
		if err != nil || i < 0 || i >= len(v) {
			return nil, false
		}
		return v[i], true
	}
	return nil, false
}

// shown keeps null apart from the text null.
func shown(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case map[string]any, []any:
		text, _ := json.Marshal(value)
		return string(text)
	}
	if value == "null" {
		return `"null"`
	}
	return fmt.Sprint(value)
}
