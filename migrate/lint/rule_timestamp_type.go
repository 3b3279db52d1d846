package lint

var timestampType = &Rule{
	Code: "AD104", Name: "timestamp-type", Group: Advice, Severity: Notice,
	Summary: "timestamp without time zone does not say which instant it means.",
	Why:     "Its values change their meaning with the zone of whoever reads them.",
	Fix:     "`timestamptz`",
	check: func(p *pass) {
		p.adviseType("timestamp", "timestamp without time zone does not say which instant it means.", "Make it timestamptz.")
	},
}
