package sqltext

// ClusterWide reports whether a statement reaches beyond the database that it runs in, so that it would change other
// databases of a server that is shared, or run programs there; what names the command. It goes by the first words;
// what a DO block or a function does inside is not seen.
func (s Stmt) ClusterWide() (what string, ok bool) {
	w := s.fixedWords()
	switch w[0] {
	case "CREATE", "ALTER", "DROP":
		switch w[1] {
		case "ROLE", "USER", "GROUP", "DATABASE", "TABLESPACE", "SYSTEM":
			if w[1] == "USER" && w[2] == "MAPPING" {
				return "", false
			}
			return w[0] + " " + w[1], true
		}
		if w[0] == "DROP" && w[1] == "OWNED" {
			return "DROP OWNED", true
		}
	case "REASSIGN":
		return "REASSIGN OWNED", w[1] == "OWNED"
	case "COPY":
		for _, word := range s.Words(len(s.Text)) {
			if word == "PROGRAM" {
				return "COPY ... PROGRAM", true
			}
		}
	}
	return "", false
}
