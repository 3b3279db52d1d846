package lint

var dropView = &Rule{
	Code: "DS106", Name: "drop-view", Group: Destructive, Severity: Warning, Atlas: "BC103",
	Summary: "DROP VIEW breaks code that reads it.",
	Why:     "A view that is made again in the same file is no finding.",
	Fix:     "Deploy code that does not read it first.",
	check: func(p *pass) {
		if !p.drops("OBJECT_VIEW", "OBJECT_MATVIEW") {
			return
		}
		for _, e := range p.caused(causeDrop) {
			if !p.later(e.key, nil, makesRelation...) {
				f := p.report(0, e.object, "", "DROP VIEW "+e.object+" breaks code that reads it.", "Deploy code that does not read "+e.object+" first.")
				f.Lock, f.Rewrite = e.lock.String(), new(false)
			}
		}
	},
}
