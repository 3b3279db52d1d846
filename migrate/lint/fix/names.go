package fix

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// maxName is PostgreSQL's limit of a name in bytes (NAMEDATALEN - 1).
const maxName = 63

// chosenName is the name that PostgreSQL gives a constraint or an index without one, as long as it is free: makeObjectName in
// src/backend/commands/indexcmds.c. Too long, the longer part is shortened first.
func chosenName(table, columns, suffix string) string {
	room := maxName - len(suffix) - 1
	if columns != "" {
		room--
	}
	a, b := len(table), len(columns)
	for a+b > room {
		if a > b {
			a--
		} else {
			b--
		}
	}
	parts := []string{clip(table, a)}
	if columns != "" {
		parts = append(parts, clip(columns, b))
	}
	return strings.Join(append(parts, suffix), "_")
}

// clip cuts between characters.
func clip(s string, n int) string {
	if n >= len(s) {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// joinColumns is ChooseIndexNameAddition and its like: names joined until they are too long anyway.
func joinColumns(columns []string) string {
	text := ""
	for i, c := range columns {
		if i > 0 {
			text += "_"
		}
		if text += c; len(text) > maxName {
			break
		}
	}
	return text
}

// checkColumn is the column that a check is named after: the only one that it reads, "" if there are several or none.
func checkColumn(check string) string {
	text, err := parse("ALTER TABLE t ADD " + check)
	if err != nil {
		return ""
	}
	var tree any
	if json.Unmarshal([]byte(text), &tree) != nil {
		return ""
	}
	columns := map[string]bool{}
	collectColumns(tree, columns)
	if len(columns) != 1 {
		return ""
	}
	for name := range columns {
		return name
	}
	return ""
}

func collectColumns(node any, into map[string]bool) {
	switch node := node.(type) {
	case []any:
		for _, item := range node {
			collectColumns(item, into)
		}
	case map[string]any:
		if ref, ok := node["ColumnRef"].(map[string]any); ok {
			fields, _ := ref["fields"].([]any)
			if n := len(fields); n > 0 {
				field, _ := fields[n-1].(map[string]any)
				value, _ := field["String"].(map[string]any)
				name, _ := value["sval"].(string)
				into[name] = true
			}
		}
		for _, item := range node {
			collectColumns(item, into)
		}
	}
}

const versionLayout = "20060102150405"

// nextVersion is a second later, or one more where the version is no time.
func nextVersion(version string) string {
	if t, err := time.Parse(versionLayout, version); err == nil {
		return t.Add(time.Second).Format(versionLayout)
	}
	digits := []byte(version)
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] < '9' {
			digits[i]++
			return string(digits)
		}
		digits[i] = '0'
	}
	return "1" + string(digits)
}
