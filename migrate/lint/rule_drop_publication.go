package lint

import "strings"

var dropPublication = &Rule{
	Code: "BC112", Name: "drop-publication", Group: Incompatible, Severity: Warning,
	Summary: "Subscribers no longer get the changes of what leaves a publication, or of a subscription that is dropped.",
	Why: "Nothing fails on this side, and what was missed is not sent later: a table that comes back has to be copied anew. A subscriber of a publication that is gone fails until it is there again. " +
		"One that is made again in the same file is no finding.",
	Fix: "Let the subscribers go first.",
	check: func(p *pass) {
		switch {
		case p.drops("OBJECT_PUBLICATION"):
			for _, names := range droppedNames(p.tree) {
				again := p.later("", func(s *statement) bool { return s.tree.str("pubname") == names[0] }, "CreatePublicationStmt")
				if !again && !p.isNew(aPublication, names[0]) && !p.absentStatic(p.knows(aPublication, names[0])) {
					p.report(p.place(names[0]), quoteIdent(names[0]), "", "Subscribers of the publication "+quoteIdent(names[0])+" fail, and get no more changes.", "Drop or alter their subscriptions first.")
				}
			}
		case p.kind == "AlterPublicationStmt" && p.tree.str("action") == "AP_DropObjects" && !p.isNew(aPublication, p.tree.str("pubname")):
			var gone []string
			for _, o := range p.tree.nodes("pubobjects", "PublicationObjSpec") {
				if table := o.sub("pubtable").sub("relation"); table != nil && !p.fresh(rangeKey(table)) {
					gone = append(gone, display(table))
				} else if schema := o.str("name"); schema != "" {
					gone = append(gone, "what is in "+quoteIdent(schema))
				}
			}
			if name := quoteIdent(p.tree.str("pubname")); len(gone) > 0 {
				p.report(0, name, "", "Subscribers of the publication "+name+" get no more changes of "+strings.Join(gone, ", ")+".", "Make sure that no subscriber needs them.")
			}
		case p.kind == "DropSubscriptionStmt":
			name := quoteIdent(p.tree.str("subname"))
			p.report(0, name, "", "The changes of the subscription "+name+" come in no longer.", "Make sure that nothing here needs them.")
		}
	},
}
