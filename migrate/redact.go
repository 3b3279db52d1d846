package migrate

import "regexp"

// passwordLiteral is what follows the word PASSWORD in CREATE ROLE, ALTER ROLE and user mappings.
var passwordLiteral = regexp.MustCompile(`(?i)(password\s*=?\s*)(?:[eEnN]|[uU]&)?('(?:[^']|'')*'|\$([A-Za-z_]*)\$(?s:.*?)\$[A-Za-z_]*\$)`)

// hidePasswords keeps passwords that a statement holds out of messages.
func hidePasswords(sql string) string { return passwordLiteral.ReplaceAllString(sql, "${1}'xxxxx'") }
