package sqltext

import (
	"slices"
	"strings"
)

// options are the words between the parentheses of an option list: (VERBOSE, CONCURRENTLY false) or (refresh = false).
type options []string

// splitOptions takes the list that words begins with, if it does, from what follows it.
func splitOptions(words []string) (opts options, rest []string) {
	if len(words) == 0 || words[0] != "(" {
		return nil, words
	}
	end := slices.Index(words, ")")
	if end < 0 {
		return options(words[1:]), nil
	}
	return options(words[1:end]), words[end+1:]
}

// withOptions returns the list of the last WITH ( ... ), or none.
func withOptions(words []string) options {
	for i := len(words) - 2; i >= 0; i-- {
		if words[i] == "WITH" && words[i+1] == "(" {
			opts, _ := splitOptions(words[i+1:])
			return opts
		}
	}
	return nil
}

func (o options) has(name string) bool {
	return slices.Contains(o, name)
}

// on returns the truth of the option, or unset when it is not there. An option without a value is on, and so is one whose
// value is not one of PostgreSQL's words for false (src/backend/commands/define.c, defGetBoolean).
func (o options) on(name string, unset bool) bool {
	i := slices.Index(o, name)
	if i < 0 {
		return unset
	}
	i++
	if i < len(o) && o[i] == "=" {
		i++
	}
	if i >= len(o) {
		return true
	}
	switch strings.Trim(mapUpper(o[i]), `'"`) {
	case "FALSE", "OFF", "0":
		return false
	}
	return true
}
