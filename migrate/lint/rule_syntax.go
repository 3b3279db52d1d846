package lint

import (
	"errors"
	"strings"
)

var syntax = &Rule{
	Code: "DI101", Name: "syntax", Group: Directory, Severity: Error,
	Summary: "The file cannot be parsed.",
	Why:     "By the grammar of PostgreSQL 17.",
	Fix:     "Mend it.",
	check: func(p *pass) {
		if p.fault == nil {
			return
		}
		at := 0
		if fault, ok := errors.AsType[*syntaxError](p.fault); ok && fault.At > 0 {
			for i := range p.Text {
				if fault.At == 0 {
					at = i
					break
				}
				fault.At--
			}
		}
		message := p.fault.Error()
		f := p.report(at, "", "", strings.ToUpper(message[:1])+message[1:]+".", "")
		if p.Text == "" { // the file could not be split
			f.Line, f.Column = p.Line, p.Column
		}
	},
}
