package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
)

var fails = &Rule{
	Code: "DI102", Name: "fails", Group: Directory, Severity: Error,
	Summary: "The statement failed on a scratch database.",
	Why:     "The directory was replayed on an empty database of the scratch server, with rows in the tables. A statement that fails on the rows alone, and not on empty tables, is a warning: real rows may be others.",
	Fix:     "Mend it.",
	check: func(p *pass) {
		if p.seen == nil || p.seen.Err == nil {
			return
		}
		fault := p.seen.Err
		told := slices.ContainsFunc(p.file.findings[p.file.from:], func(f Finding) bool {
			return (f.Rule.Group == DataDependent || f.Rule.Group == Transactions || f.Rule == setNotNull || f.Rule == syntax)
		})
		if told && (fault.OnRows || fault.SQLState == "25001" || fault.SQLState == "55P04" || fault.SQLState == "42601") {
			return
		}
		validates := slices.ContainsFunc(p.effects, func(e effect) bool {
			return e.cause == causeValidate || e.cause == causeCheck || e.cause == causeForeignKey || e.cause == causeDomainCheck
		})
		if fault.OnRows && validates && (fault.SQLState == "23503" || fault.SQLState == "23514") {
			return // the rows are invented, and do not know what they have to fulfil from now on
		}
		text := fault.Message
		if fault.SQLState != "" {
			text += " (SQLSTATE " + fault.SQLState + ")"
		}
		f := p.report(0, "", "", fmt.Sprintf("The statement failed on a scratch database: %s.", strings.TrimSuffix(text, ".")), fault.Hint)
		f.Measured = true
		if fault.Line > 0 {
			f.Line, f.Column = fault.Line, fault.Column
		}
		if fault.OnRows {
			f.Severity = Warning
			f.Message = "The statement failed on a scratch database whose tables had rows, and would not have on empty ones: " + strings.TrimSuffix(text, ".") + "."
		}
	},
}

// Failed is the finding for a migration that failed in the replay before those that are measured.
func Failed(fault *migrate.ExecError) Finding {
	message, _, _ := strings.Cut(strings.TrimPrefix(fault.Error(), "migrate: "), "\n")
	if _, cause, ok := strings.Cut(message, fmt.Sprintf(": statement %d: ", fault.Statement)); ok {
		message = cause
	}
	return Finding{
		Rule: fails, Severity: fails.Severity, File: fault.File, Line: fault.Line, Column: fault.Column, Statement: fault.SQL,
		Message: "The migration failed on a scratch database, so that nothing after it was measured: " + strings.TrimSuffix(message, ".") + ".",
	}
}
