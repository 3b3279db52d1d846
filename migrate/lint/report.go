package lint

// Report is what was found in the files that were looked at.
type Report struct {
	Findings []Finding // by file in the order in which they are applied, then by line
	Files    int       // how many were looked at
	Measured bool      // whether statements were run on a scratch database
}

// Worst is the highest severity among the findings, Off without any.
func (r *Report) Worst() (worst Severity) {
	for _, f := range r.Findings {
		worst = max(worst, f.Severity)
	}
	return worst
}
