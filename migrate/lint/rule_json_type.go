package lint

var jsonType = &Rule{
	Code: "AD105", Name: "json-type", Group: Advice, Severity: Notice,
	Summary: "json cannot be compared or indexed, so that DISTINCT and GROUP BY fail.",
	Why:     "It keeps the text as it came and parses it each time.",
	Fix:     "`jsonb`",
	check:   func(p *pass) { p.adviseType("json", "json cannot be compared or indexed.", "Make it jsonb.") },
}
