package lint

import (
	"maps"
	"strings"
)

// object is what the model knows of a trigger, a policy or the like: its kind, its name and, by model.objects, the run that made it.
type object struct{ kind, name string }

// The kinds. A policy of the second kind takes rows away from those that others show.
const (
	aTrigger           = "trigger"
	aRule              = "rule"
	aPolicy            = "policy"
	aRestrictivePolicy = "restrictive policy"
	anExtension        = "extension"
	aFunction          = "function"
	aTriggerFunction   = "trigger function"
	aRole              = "role"
	aPublication       = "publication"
)

// applyObject is apply for objects.
func (m *model) applyObject(kind string, t tree) {
	switch kind {
	case "CreateTrigStmt":
		m.made(aTrigger, onTable(rangeKey(t.sub("relation")), t.str("trigname")))
	case "RuleStmt":
		m.made(aRule, onTable(rangeKey(t.sub("relation")), t.str("rulename")))
	case "CreatePolicyStmt":
		policy := aRestrictivePolicy
		if t.flag("permissive") {
			policy = aPolicy
		}
		m.made(policy, onTable(rangeKey(t.sub("table")), t.str("policy_name")))
	case "CreateExtensionStmt":
		m.made(anExtension, t.str("extname"))
	case "CreatePublicationStmt":
		m.made(aPublication, t.str("pubname"))
	case "CreateRoleStmt":
		m.made(aRole, t.str("role"))
	case "CreateFunctionStmt":
		name := typeKey(t.names("funcname"))
		m.made(aFunction, name)
		if returns := typeKey(t.sub("returnType").names("names")); returns == "trigger" || returns == "event_trigger" {
			m.made(aTriggerFunction, name)
		}
	case "RenameStmt":
		m.renameObject(t)
	case "GrantStmt":
		m.applyGrant(t)
	case "AlterDefaultPrivilegesStmt":
		m.applyGrant(t.sub("action"))
	case "DropStmt":
		for _, names := range droppedNames(t) {
			for _, dropped := range objectsOf(t.str("removeType"), names) {
				delete(m.objects, dropped)
			}
		}
	}
}

// applyBlock takes what a DO block makes for made by this run: most look first whether it is there.
func (m *model) applyBlock(s *statement) {
	for _, inside := range s.block().statements {
		if strings.HasPrefix(inside.kind, "Create") {
			m.applyObject(inside.kind, inside.tree)
		}
	}
}

// renameObject gives an object its new name.
func (m *model) renameObject(t tree) {
	from, to := t.str("subname"), t.str("newname")
	switch t.str("renameType") {
	case "OBJECT_TRIGGER", "OBJECT_RULE", "OBJECT_POLICY":
		key := rangeKey(t.sub("relation"))
		m.renamed(onTable(key, from), onTable(key, to), aTrigger, aRule, aPolicy, aRestrictivePolicy)
	case "OBJECT_PUBLICATION":
		_, name := t.node("object")
		m.renamed(name.str("sval"), to, aPublication)
	case "OBJECT_ROLE":
		m.renamed(from, to, aRole)
	case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE":
		_, object := t.node("object")
		if names := object.names("objname"); len(names) > 0 {
			m.renamed(typeKey(names), typeKey(append(names[:len(names)-1:len(names)-1], to)), aFunction, aTriggerFunction)
		}
	}
}

func (m *model) renamed(from, to string, kinds ...string) {
	for _, kind := range kinds {
		if run, known := m.objects[object{kind, from}]; known {
			delete(m.objects, object{kind, from})
			m.objects[object{kind, to}] = run
		}
	}
}

// moveObjects goes with a table that gets another key.
func (m *model) moveObjects(from, to string) {
	for o := range maps.Clone(m.objects) {
		if name, ok := strings.CutPrefix(o.name, from+" "); ok {
			m.renamed(o.name, onTable(to, name), o.kind)
		}
	}
}

// objectsOf are the objects that the name can stand for in a DROP.
func objectsOf(removeType string, names []string) []object {
	last := len(names) - 1
	switch removeType {
	case "OBJECT_EXTENSION":
		return []object{{anExtension, names[last]}}
	case "OBJECT_PUBLICATION":
		return []object{{aPublication, names[last]}}
	case "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE":
		return []object{{aFunction, typeKey(names)}, {aTriggerFunction, typeKey(names)}}
	}
	if last < 1 {
		return nil
	}
	name := onTable(partsKey(names[:last]), names[last])
	switch removeType {
	case "OBJECT_TRIGGER":
		return []object{{aTrigger, name}}
	case "OBJECT_RULE":
		return []object{{aRule, name}}
	case "OBJECT_POLICY":
		return []object{{aPolicy, name}, {aRestrictivePolicy, name}}
	}
	return nil
}

// onTable is the name of something that belongs to a table.
func onTable(key, name string) string { return key + " " + name }

// made notes an object, unless it is there already (IF NOT EXISTS, OR REPLACE).
func (m *model) made(kind, name string) {
	if !m.knows(kind, name) {
		m.objects[object{kind, name}] = m.run
	}
}

func (m *model) knows(kind, name string) bool {
	_, known := m.objects[object{kind, name}]
	return known
}

// isNew tells whether the present run made the object, so that nothing relies on it yet.
func (m *model) isNew(kind, name string) bool {
	run, known := m.objects[object{kind, name}]
	return known && run == m.run
}
