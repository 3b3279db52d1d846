package lint

var dropExtension = &Rule{
	Code: "DS111", Name: "drop-extension", Group: Destructive, Severity: Warning,
	Summary: "DROP EXTENSION takes its functions, types and tables with it.",
	Why: "Code that calls its functions fails, and what its own tables hold (jobs of pg_cron, partitions of pg_partman) is lost; a down migration makes them empty. " +
		"With CASCADE go the columns of its types, the indexes of its operator classes and the views on its functions, which is the error of cascade.",
	Fix: "Deploy code that does not use it first; drop what stands on it by name; keep a copy of what its tables hold.",
	check: func(p *pass) {
		if !p.drops("OBJECT_EXTENSION") {
			return
		}
		for _, names := range droppedNames(p.tree) {
			name := names[0]
			if p.isNew(anExtension, name) || p.absent(p.knows(anExtension, name)) {
				continue
			}
			text, todo := "takes its functions, types and tables with it, and what its tables hold: code that uses them fails.", "Deploy code that does not use it first, and drop what stands on it by name."
			if p.later("", func(s *statement) bool { return s.tree.str("extname") == name }, "CreateExtensionStmt") {
				text, todo = "loses what its tables hold, if it has any, although the file makes it again.", "For another version or schema write ALTER EXTENSION; otherwise make sure that it has no tables, or keep a copy of them."
			}
			p.report(p.place(name), quoteIdent(name), "", "DROP EXTENSION "+quoteIdent(name)+" "+text, todo)
		}
	},
}
