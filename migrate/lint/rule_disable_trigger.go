package lint

import "slices"

var disableTrigger = &Rule{
	Code: "DS113", Name: "disable-trigger", Group: Destructive, Severity: Warning,
	Summary: "A disabled trigger or rule lets rows in that it kept out, or leaves undone what it did.",
	Why: "DISABLE TRIGGER ALL switches off the triggers of foreign keys too, of the table and of those that refer to it, and nothing checks the rows later: the constraint stays, and VALIDATE CONSTRAINT does not look at what counts as valid. ENABLE REPLICA and `session_replication_role = replica` do the same to ordinary sessions and to the file's own.\n\n" +
		"Where the same file enables it again, in its transaction, nobody else's rows pass by it: ShareRowExclusiveLock keeps writers waiting until the file has ended. " +
		"Then only DISABLE TRIGGER ALL is a finding, if rows are changed between the two, as those are not checked against foreign keys.",
	Fix: "Name the trigger, or USER for all but those of constraints; enable it again in the same file.",
	check: func(p *pass) {
		if p.kind == "VariableSetStmt" && p.tree.str("name") == "session_replication_role" && p.setsTo("replica") {
			p.report(0, "", "", "With session_replication_role = replica no trigger fires for what the file does from here on, and no foreign key is checked; nothing checks them later.", "Leave it out; or disable the triggers that are in the way by name, and enable them again in the same file.")
		}
		for _, cmd := range p.commands(slices.Concat(disables[aTrigger], disables[aRule])...) {
			rangeVar, table := p.target()
			if name := onTable(rangeKey(rangeVar), cmd.str("name")); p.isNew(aTrigger, name) || p.isNew(aRule, name) {
				continue
			}
			what, all := "The "+aTrigger+" "+quoteIdent(cmd.str("name")), cmd.str("subtype") == "AT_DisableTrigAll"
			switch {
			case all:
				what = "Every trigger, those of foreign keys too,"
			case cmd.str("subtype") == "AT_DisableTrigUser":
				what = "Every trigger but those of constraints"
			case slices.Contains(disables[aRule], cmd.str("subtype")):
				what = "The " + aRule + " " + quoteIdent(cmd.str("name"))
			}
			text := what + " on " + table + " no longer fires: what it kept out comes in, and what it did is left undone."
			if again := p.enablesAgain(rangeVar, cmd); again != nil {
				if !all || !changeRows(p.file.statements[p.index+1:again.index]) {
					continue
				}
				text = what + " on " + table + " is off while the file changes rows: those are not checked against foreign keys, and nothing checks them later."
			}
			f := p.report(cmd.num("location"), table, "", text, "Disable what is in the way by name, or USER for all but those of constraints, and enable it again in the same file.")
			for _, e := range p.effects {
				if e.key == rangeKey(rangeVar) {
					f.Lock, f.Rewrite = e.lock.String(), new(false)
				}
			}
		}
	},
}

// disables and enables are parts of ALTER TABLE that switch off, and on for ordinary sessions.
var (
	disables = map[string][]string{
		aTrigger: {"AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser", "AT_EnableReplicaTrig"},
		aRule:    {"AT_DisableRule", "AT_EnableReplicaRule"},
	}
	enables = map[string][]string{
		aTrigger: {"AT_EnableTrig", "AT_EnableAlwaysTrig"},
		aRule:    {"AT_EnableRule", "AT_EnableAlwaysRule"},
	}
)

// enablesAgain is the statement of the same transaction that takes back what cmd switches off; nil for none.
func (p *pass) enablesAgain(table, cmd tree) *statement {
	if p.file.noTx {
		return nil
	}
	var again *statement
	p.later(rangeKey(table), func(s *statement) bool {
		for _, other := range s.tree.nodes("cmds", "AlterTableCmd") {
			if again == nil && undoes(other, cmd) {
				again = s
			}
		}
		return again != nil
	}, "AlterTableStmt")
	return again
}

func undoes(enable, disable tree) bool {
	on, off := enable.str("subtype"), disable.str("subtype")
	switch {
	case slices.Contains(disables[aRule], off):
		return slices.Contains(enables[aRule], on) && enable.str("name") == disable.str("name")
	case on == "AT_EnableTrigAll":
		return true
	case off == "AT_DisableTrigAll":
		return false
	case on == "AT_EnableTrigUser":
		return true
	}
	return slices.Contains(enables[aTrigger], on) && disable.str("name") != "" && enable.str("name") == disable.str("name")
}

// changeRows tells whether one of the statements may change rows.
func changeRows(list []*statement) bool {
	return slices.ContainsFunc(list, func(s *statement) bool {
		return slices.Contains([]string{"UpdateStmt", "DeleteStmt", "InsertStmt", "MergeStmt", "CopyStmt", "DoStmt", "CallStmt"}, s.kind) ||
			s.kind == "SelectStmt" && (s.tree["withClause"] != nil || has(map[string]any(s.tree), "FuncCall", nil))
	})
}

// setsTo tells whether a SET sets that value.
func (p *pass) setsTo(value string) bool {
	args := p.tree.nodes("args", "A_Const")
	return len(args) == 1 && args[0].sub("sval").str("sval") == value
}
