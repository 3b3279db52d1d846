package lint

import "slices"

// subjects finds statements of a file by their kind and what they are about, so that a rule does not go through all of a file for each.
type subjects map[subject][]*statement

type subject struct {
	kind string
	key  string // of the relation, type or function; "" for all of the kind
}

func (s subjects) add(stmt *statement) {
	s[subject{kind: stmt.kind}] = append(s[subject{kind: stmt.kind}], stmt)
	if key := stmt.about(); key != "" {
		s[subject{stmt.kind, key}] = append(s[subject{stmt.kind, key}], stmt)
	}
}

// about is the key of what the statement makes or changes, "" where nobody asks for it.
func (s *statement) about() string {
	switch s.kind {
	case "AlterTableStmt", "CreateStmt", "CreateTrigStmt", "RuleStmt":
		return rangeKey(s.tree.sub("relation"))
	case "CreateSeqStmt":
		return rangeKey(s.tree.sub("sequence"))
	case "CreatePolicyStmt":
		return rangeKey(s.tree.sub("table"))
	case "ViewStmt":
		return rangeKey(s.tree.sub("view"))
	case "CreateTableAsStmt":
		return rangeKey(s.tree.sub("into").sub("rel"))
	case "CreateFunctionStmt":
		return typeKey(s.tree.names("funcname"))
	case "CreateEnumStmt", "CreateRangeStmt":
		return typeKey(s.tree.names("typeName"))
	case "CreateDomainStmt":
		return typeKey(s.tree.names("domainname"))
	}
	return ""
}

// later tells whether a statement after this one, in this file, is of a kind, about key ("" is anything), and fits; nil is any.
func (p *pass) later(key string, fits func(*statement) bool, kinds ...string) bool {
	return slices.ContainsFunc(kinds, func(kind string) bool {
		list := p.file.all[subject{kind, key}]
		return slices.ContainsFunc(list, func(s *statement) bool { return s.index > p.index && (fits == nil || fits(s)) })
	})
}

// earlier likewise before it.
func (p *pass) earlier(key string, fits func(*statement) bool, kinds ...string) bool {
	return slices.ContainsFunc(kinds, func(kind string) bool {
		return slices.ContainsFunc(p.file.passed[subject{kind, key}], func(s *statement) bool { return fits == nil || fits(s) })
	})
}

// makesRelation are the kinds of statements that make a table or a view.
var makesRelation = []string{"ViewStmt", "CreateTableAsStmt", "CreateStmt"}
