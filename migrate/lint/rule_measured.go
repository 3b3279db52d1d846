package lint

var measured = &Rule{
	Code: "BL126", Name: "measured", Group: Blocking, Severity: Error,
	Summary: "PostgreSQL was seen to read or write a whole table under a lock, which the statement does not show.",
	Why:     "The statement was run on a scratch database with rows; what a trigger, an event trigger, a DO block or a type does is only seen there.",
	Fix:     "Find out what in the statement needs it, and take the safe form of that.",
	check: func(p *pass) {
		for _, e := range p.caused(causeMeasured) {
			p.hazard(e, "On a scratch database with rows, this statement", "Find out what in the statement needs it, and take the safe form of that; see the rules of the group blocking.")
		}
	},
}
