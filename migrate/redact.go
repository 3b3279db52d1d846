package migrate

import (
	"regexp"
	"strings"
	"sync"
)

// secretive finds what may stand beside a password: roles, subscriptions, foreign servers and URLs with one.
var secretive = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)passw|subscription|dblink|user\s+mapping|://[^\s'"/]*:[^\s'"]*@`)
})

// hidePasswords withholds a statement that may hold a password, but for its first words. Which part of it is the password
// is not guessed: there are too many ways to write one.
func hidePasswords(sql string) string {
	quote := strings.IndexAny(sql, "'$")
	if quote < 0 || !secretive().MatchString(sql) {
		return sql
	}
	words := strings.Fields(sql[:quote])
	return strings.Join(words[:min(2, len(words))], " ") + " ... (the rest is not shown, it may hold a password)"
}

// HidePasswords returns the statement, or only its first words and a remark if it may hold a password; for whoever shows statements.
func HidePasswords(sql string) string { return hidePasswords(sql) }
