package lint

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
	case "DropStmt":
		for _, names := range droppedNames(t) {
			for _, dropped := range objectsOf(t.str("removeType"), names) {
				delete(m.objects, dropped)
			}
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
