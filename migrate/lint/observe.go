package lint

import (
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/lint/trace"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// observe puts what was seen on a server in the place of what was predicted. A prediction keeps its cause; what takes long and was not
// predicted becomes an effect of causeMeasured.
func (m *model) observe(s *statement, seen *trace.Statement) {
	s.seen = seen
	if !seen.Ran || seen.Err != nil && !seen.Err.OnRows {
		return
	}
	var effects []effect
	predicted := map[string]bool{} // objects with an effect that takes long
	known := map[string]bool{}
	for _, e := range s.effects {
		o := m.observed(seen, e.object)
		switch {
		case o.lock > noLock:
			e.lock = o.lock
		case !o.held && !seen.Sampled:
			continue // the statement does not touch it
		}
		if !seen.Empty && !seen.Sampled && e.cause != causeRows && e.heavy() {
			e.rewrite, e.scan = e.rewrite && o.rewrite, e.scan && (o.scan || o.rewrite) || e.rewrite && o.scan && !o.rewrite
		}
		known[e.object], predicted[e.object] = true, predicted[e.object] || e.heavy()
		effects = append(effects, e)
	}
	for _, l := range seen.Locks {
		key := seenKey(l.Name)
		o := observedAlone(seen, l.Name)
		if l.Kind == "index" || l.Kind == "sequence" || predicted[l.Name] || o.lock < share || m.partOf(key, known) {
			continue
		}
		e := effect{key: key, object: l.Name, lock: o.lock, cause: causeOther}
		if !seen.Empty && (o.rewrite || o.scan) {
			e.rewrite, e.scan, e.cause = o.rewrite, !o.rewrite, causeMeasured
		}
		if !known[l.Name] || e.heavy() {
			effects = append(effects, e)
		}
	}
	s.effects = effects
}

// observation is what was seen of one relation.
type observation struct {
	lock          lockMode // newly taken
	held          bool     // a lock that the transaction had already
	rewrite, scan bool
}

// observed is about a relation by its name, with its partitions.
func (m *model) observed(seen *trace.Statement, name string) (o observation) {
	return observe(seen, name, func(r trace.Relation) bool {
		return r.Name == name || m.partOf(seenKey(r.Name), map[string]bool{name: true})
	})
}

// observedAlone is observed without the partitions.
func observedAlone(seen *trace.Statement, name string) observation {
	return observe(seen, name, func(r trace.Relation) bool { return r.Name == name })
}

func observe(seen *trace.Statement, name string, part func(trace.Relation) bool) (o observation) {
	is := func(r trace.Relation) bool { return r.Kind != "index" && part(r) }
	for _, l := range seen.Locks {
		if l.Name == name {
			o.lock = max(o.lock, parseLock(l.Mode))
		}
	}
	o.held = slices.ContainsFunc(seen.Held, func(l trace.Lock) bool { return l.Name == name })
	o.rewrite = slices.ContainsFunc(seen.Rewrites, is)
	o.scan = slices.ContainsFunc(seen.Scans, is)
	return o
}

// seenKey is the key of a relation that the trace names.
func seenKey(name string) string {
	names := (sqltext.Stmt{Text: name}).Tokens(3)
	var parts []string
	for _, t := range names {
		if text := name[t.Start:t.End]; text != "." {
			if unquoted, ok := strings.CutPrefix(text, `"`); ok {
				text = strings.ReplaceAll(strings.TrimSuffix(unquoted, `"`), `""`, `"`)
			}
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return partsKey(parts)
}

// partOf tells whether the relation is a partition, of whatever level, of a table in names.
func (m *model) partOf(key string, names map[string]bool) bool {
	for range 10 { // levels
		r := m.relations[key]
		if r == nil || r.parent == "" {
			return false
		}
		parent := m.relations[r.parent]
		if parent != nil && names[parent.name] {
			return true
		}
		key = r.parent
	}
	return false
}

// contradictions says where what was predicted differs from what was seen, in what matters: what a statement blocks and whether that takes
// long.
func (m *model) contradictions(predicted []effect, seen *trace.Statement) (list []string) {
	if !seen.Ran || seen.Sampled || seen.Err != nil {
		return nil
	}
	heavy, named := map[string]bool{}, map[string]bool{}
	for _, e := range predicted {
		named[e.object] = true
		o := m.observed(seen, e.object)
		heavy[e.object] = heavy[e.object] || e.heavy()
		if o.lock == noLock && !o.held && e.lock >= share {
			list = append(list, e.object+": "+e.lock.String()+" was predicted, none was seen")
		}
		if o.lock >= share && e.lock < share {
			list = append(list, e.object+": "+e.lock.String()+" was predicted, "+o.lock.String()+" was seen")
		}
	}
	for name := range heavy {
		if o := m.observed(seen, name); !seen.Empty && heavy[name] && !o.rewrite && !o.scan {
			list = append(list, name+": reading or writing the whole table was predicted, and was not seen")
		}
	}
	for _, l := range seen.Locks {
		o := observedAlone(seen, l.Name)
		if l.Kind == "index" || l.Kind == "sequence" || o.lock < share || m.partOf(seenKey(l.Name), named) {
			continue
		}
		if _, known := heavy[l.Name]; !known {
			list = append(list, l.Name+": "+o.lock.String()+" was seen, nothing was predicted")
		}
		if (o.rewrite || o.scan) && !heavy[l.Name] && !seen.Empty {
			list = append(list, l.Name+": the whole table was read or written, which was not predicted")
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
