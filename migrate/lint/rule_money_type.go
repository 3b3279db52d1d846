package lint

var moneyType = &Rule{
	Code: "AD106", Name: "money-type", Group: Advice, Severity: Notice,
	Summary: "money depends on the locale of the server and rounds.",
	Why:     "A dump that is read under another lc_monetary changes its values.",
	Fix:     "`numeric` and a currency column.",
	check: func(p *pass) {
		p.adviseType("money", "money depends on the server's locale and does not say a currency.", "Make it numeric, or bigint for the smallest unit.")
	},
}
