package fix

import (
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// tokens are a part of a statement.
type tokens struct {
	text string // of the whole statement
	list []sqltext.Token
}

func tokensOf(text string) tokens {
	return tokens{text, sqltext.Stmt{Text: text}.Tokens(len(text) + 1)}
}

func (t tokens) len() int             { return len(t.list) }
func (t tokens) from(i int) tokens    { return tokens{t.text, t.list[min(i, len(t.list)):]} }
func (t tokens) part(i, j int) tokens { return tokens{t.text, t.list[i:j]} }
func (t tokens) is(i int, word string) bool {
	return i >= 0 && i < len(t.list) && t.list[i].Word == word
}

// sql is the part as written.
func (t tokens) sql() string {
	if len(t.list) == 0 {
		return ""
	}
	return t.text[t.list[0].Start:t.list[len(t.list)-1].End]
}

func (t tokens) words() (words []string) {
	for _, tok := range t.list {
		words = append(words, tok.Word)
	}
	return words
}

func (t tokens) begins(words ...string) bool {
	return len(t.list) >= len(words) && slices.Equal(t.from(0).part(0, len(words)).words(), words)
}

// skip leaves out those of the words that come next, in this order.
func (t tokens) skip(words ...string) tokens {
	for _, w := range words {
		if t.is(0, w) {
			t = t.from(1)
		}
	}
	return t
}

// atTop finds words outside of parentheses, -1 if they are not there.
func (t tokens) atTop(words ...string) int {
	depth := 0
	for i, tok := range t.list {
		switch tok.Word {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 && t.from(i).begins(words...) {
			return i
		}
	}
	return -1
}

// parens takes what is in the parentheses that open here; rest is what follows them.
func (t tokens) parens() (inside, rest tokens, ok bool) {
	depth := 0
	for i, tok := range t.list {
		switch tok.Word {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth == 0 {
			if i == 0 {
				break
			}
			return t.part(1, i), t.from(i + 1), true
		}
	}
	return tokens{}, t, false
}

// split cuts at commas outside of parentheses.
func (t tokens) split() (list []tokens) {
	depth, start := 0, 0
	for i, tok := range t.list {
		switch tok.Word {
		case "(":
			depth++
		case ")":
			depth--
		case ",":
			if depth == 0 {
				list, start = append(list, t.part(start, i)), i+1
			}
		}
	}
	return append(list, t.from(start))
}

// objectName is a name with its schema, unquoted and folded.
type objectName []string

// name takes the name that comes next; it is empty if there is none.
func (t tokens) name() (name objectName, rest tokens) {
	for t.len() > 0 {
		name = append(name, identifier(t.list[0]))
		t = t.from(1)
		if !t.is(0, ".") {
			break
		}
		t = t.from(1)
	}
	return name, t
}

func identifier(tok sqltext.Token) string {
	if quoted, ok := strings.CutPrefix(tok.Word, `"`); ok {
		return strings.ReplaceAll(strings.TrimSuffix(quoted, `"`), `""`, `"`)
	}
	return strings.ToLower(tok.Word)
}

// key is equal for two ways to write one name, as far as the words tell.
func (n objectName) key() string {
	if len(n) > 1 && n[0] == "public" {
		n = n[1:]
	}
	return strings.Join(n, "\x00")
}

func (n objectName) last() string {
	if len(n) == 0 {
		return ""
	}
	return n[len(n)-1]
}

// beside is another object in the same schema, as SQL writes it.
func (n objectName) beside(name string) string {
	if len(n) > 1 {
		return quote(n[len(n)-2]) + "." + quote(name)
	}
	return quote(name)
}

func (n objectName) same(other objectName) bool {
	return n.key() == other.key() || (len(n) == 1 || len(other) == 1) && n.last() == other.last()
}

// quote quotes a name where PostgreSQL would not read it as it is.
func quote(name string) string {
	plain := name != ""
	for i, r := range name {
		plain = plain && (r >= 'a' && r <= 'z' || r == '_' || i > 0 && r >= '0' && r <= '9')
	}
	if plain && !keyword(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// keyword asks PostgreSQL's grammar.
func keyword(name string) bool {
	_, err := parse("SELECT 1 FROM " + name + " AS " + name)
	return err != nil
}

// alterTable is an ALTER TABLE in its parts.
type alterTable struct {
	table    objectName
	head     string // ALTER TABLE ... as written, up to the first command
	named    string // the table as written
	commands []tokens
}

func readAlterTable(text string) (a alterTable, ok bool) {
	t := tokensOf(text)
	if !t.begins("ALTER", "TABLE") {
		return a, false
	}
	at := t.skip("ALTER", "TABLE", "IF", "EXISTS", "ONLY")
	name, rest := at.name()
	a.table, a.named = name, at.part(0, at.len()-rest.len()).sql()
	rest = rest.skip("*")
	if rest.len() == 0 {
		return a, false
	}
	a.head = text[:at.list[at.len()-rest.len()-1].End]
	a.commands = rest.split()
	return a, !slices.ContainsFunc(a.commands, func(c tokens) bool { return c.len() == 0 })
}

// with writes the statement with other commands.
func (a alterTable) with(commands ...string) string {
	separator := " "
	if len(commands) > 1 {
		separator = "\n    "
	}
	return a.head + separator + strings.Join(commands, ",\n    ")
}

// insertAfter writes the statement with words inserted behind the first token that is word.
func insertAfter(text, word, words string) string {
	for _, tok := range tokensOf(text).list {
		if tok.Word == word {
			return text[:tok.End] + " " + words + text[tok.End:]
		}
	}
	return text
}
