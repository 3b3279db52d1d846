package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// oldDown is the down file that is divided among the parts.
type oldDown struct {
	there    bool   // the migration has one
	header   string // directives
	settings string // SET lock_timeout and the like, for each part
	list     []downStmt
	tail     string // comments after the last statement
}

// downStmt is one statement; part is the index of the one that it goes to, -1 while that is open.
type downStmt struct {
	lead string // comments before it
	sqltext.Stmt
	part int
}

// take takes out the statement that fits. It returns "" if there is no down file at all; it is an error if there is not exactly one.
//
// Where the old down drops a column of the table, the statement is made.
func (d *oldDown) take(table objectName, inverse string, fits func(sqltext.Stmt) bool) (string, error) {
	if !d.there {
		return "", nil
	}
	found := -1
	for i, s := range d.list {
		if !fits(s.Stmt) {
			continue
		}
		if found >= 0 {
			return "", fmt.Errorf("its down has two statements like %s", inverse)
		}
		found = i
	}
	if found < 0 && d.covers(table) {
		return inverse, nil
	}
	if found < 0 {
		return "", fmt.Errorf("its down has no statement %s that could be moved", inverse)
	}
	s := d.list[found]
	d.list = append(d.list[:found:found], d.list[found+1:]...)
	return s.lead + s.Text, nil
}

// takeCommand is take for a command of an ALTER TABLE, whose other commands stay.
func (d *oldDown) takeCommand(of alterTable, inverse string, fits func(tokens) bool) (string, error) {
	if !d.there {
		return "", nil
	}
	for i, s := range d.list {
		a, ok := readAlterTable(s.Text)
		if !ok || !a.table.same(of.table) {
			continue
		}
		var rest []string
		taken := ""
		for _, c := range a.commands {
			if taken == "" && fits(c) {
				taken = a.with(c.sql())
				continue
			}
			rest = append(rest, c.sql())
		}
		switch {
		case taken == "":
			continue
		case len(rest) == 0:
			d.list = append(d.list[:i:i], d.list[i+1:]...)
			return s.lead + taken, nil
		}
		d.list[i].Text = a.with(rest...)
		return taken, nil
	}
	inverse = "ALTER TABLE " + of.named + " " + inverse
	if d.covers(of.table) {
		return inverse, nil
	}
	return "", fmt.Errorf("its down has no %s that could be moved", inverse)
}

// covers tells whether the old down drops a column of the table, or the table, so that what hangs on it needs no statement there.
func (d *oldDown) covers(table objectName) bool {
	return slices.ContainsFunc(d.list, func(s downStmt) bool {
		t := tokensOf(s.Text)
		if t.begins("DROP", "TABLE") {
			name, _ := t.skip("DROP", "TABLE", "IF", "EXISTS").name()
			return name.same(table)
		}
		a, ok := readAlterTable(s.Text)
		return ok && a.table.same(table) && slices.ContainsFunc(a.commands, func(c tokens) bool {
			return c.begins("DROP") && !c.begins("DROP", "CONSTRAINT")
		})
	})
}

// divide says which part each statement belongs to. ups are the statements of each part that can have some; there is nothing to decide
// where it is one part.
func (d *oldDown) divide(ups map[int][]sqltext.Stmt) error {
	for i := range d.list {
		part, err := belongs(d.list[i].Text, ups)
		if err != nil {
			return err
		}
		d.list[i].part = part
	}
	return nil
}

// opposite tells whether the statements begin as an up and its down do.
func opposite(up, down string) bool {
	u, d := tokensOf(up), tokensOf(down)
	switch {
	case d.is(0, "DROP") && u.is(0, "CREATE") && d.len() > 1:
		return slices.Contains(u.part(0, min(5, u.len())).words(), d.list[1].Word)
	case d.is(0, "CREATE") && u.is(0, "DROP") && u.len() > 1:
		return slices.Contains(d.part(0, min(5, d.len())).words(), u.list[1].Word)
	case d.is(0, "DELETE"):
		return u.is(0, "INSERT")
	case d.is(0, "INSERT"):
		return u.is(0, "DELETE")
	}
	return u.len() > 0 && d.len() > 0 && u.list[0].Word == d.list[0].Word
}

// belongs finds the part with the statement that a statement of the down takes back: the one that shares the rarest words with it, and
// begins as its opposite.
func belongs(text string, ups map[int][]sqltext.Stmt) (int, error) {
	total := 0
	count := map[string]int{} // in how many statements a word is
	for _, stmts := range ups {
		for _, s := range stmts {
			total++
			for w := range wordSet(s.Text) {
				count[w]++
			}
		}
	}
	best, bestScore, second := -1, 0.0, 0.0
	for part, stmts := range ups {
		score := 0.0
		for _, s := range stmts {
			words, one := wordSet(s.Text), 0.0
			for w := range wordSet(text) {
				if words[w] && count[w] < total || words[w] && total == 1 {
					one += 1 / float64(count[w])
				}
			}
			if one > 0 && opposite(s.Text, text) {
				one += 2
			}
			score = max(score, one)
		}
		if score > bestScore {
			best, bestScore, second = part, score, bestScore
		} else {
			second = max(second, score)
		}
	}
	if len(ups) == 1 {
		for part := range ups {
			return part, nil
		}
	}
	if best < 0 || second >= bestScore {
		return 0, fmt.Errorf("its down cannot be divided: it is not told which part %q takes back", firstLine(text))
	}
	return best, nil
}

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, tok := range tokensOf(text).list {
		if tok.Word[0] == '"' || tok.Word[0] == '_' || tok.Word[0] >= 'A' && tok.Word[0] <= 'Z' || tok.Word[0] >= 0x80 {
			set[identifier(tok)] = true
		}
	}
	return set
}

func firstLine(text string) string {
	line, _, more := strings.Cut(text, "\n")
	if more {
		line += " ..."
	}
	return line
}
