package lint

import (
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

var foreignKeyValidated = &Rule{
	Code: "BL104", Name: "foreign-key-validated", Group: Blocking, Severity: Error, Atlas: "PG306",
	Summary: "ADD FOREIGN KEY without NOT VALID checks every row while writers of both tables wait.",
	Why:     "The statement takes ShareRowExclusiveLock on both tables and reads them in full. With NOT VALID it only writes the catalog; VALIDATE CONSTRAINT, in a later transaction, reads under ShareUpdateExclusiveLock, which lets writers go on.",
	Fix:     "`ADD CONSTRAINT ... NOT VALID`; in the next file `VALIDATE CONSTRAINT`.",
	check: func(p *pass) {
		for _, e := range p.caused(causeForeignKey) {
			if e.scan {
				p.hazard(e, "Adding a foreign key without NOT VALID", p.notValid(e, "fkey"))
			}
		}
	},
}

// notValid is the fix for a constraint that is checked at once.
func (p *pass) notValid(e effect, suffix string) string {
	_, def := e.cmd.node("def")
	if e.cmd.str("subtype") != "AT_AddConstraint" {
		def = e.cmd // on a column
	}
	_, table := p.target()
	name := def.str("conname")
	if name == "" {
		name = strings.Join(append([]string{p.tree.sub("relation").str("relname")}, append(def.names("fk_attrs"), suffix)...), "_")
	}
	name = quoteIdent(name)
	return steps("1. without looking at the rows:", command("ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID", table, name, p.constraintText(e)),
		"2. in the next file, while writers go on:", command("ALTER TABLE %s VALIDATE CONSTRAINT %s", table, name))
}

// constraintText is the definition as written, up to where the next part of the statement begins.
func (p *pass) constraintText(e effect) string {
	text := p.Text[min(e.at, len(p.Text)):]
	s := sqltext.Stmt{Text: text}
	tokens, depth := s.Tokens(400), 0
	if len(tokens) > 1 && tokens[0].Word == "CONSTRAINT" {
		text = text[tokens[1].End:]
		tokens = sqltext.Stmt{Text: text}.Tokens(400)
	}
	for _, t := range tokens {
		switch t.Word {
		case "(":
			depth++
		case ")":
			depth--
		case ",":
			if depth == 0 {
				return strings.TrimSpace(text[:t.Start])
			}
		}
	}
	return strings.TrimSpace(text)
}
