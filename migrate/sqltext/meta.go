package sqltext

// metaCommand refuses the psql command at the current position; outside quotes a backslash means nothing to the server.
func (s *scanner) metaCommand() *Error {
	end := s.pos + 1
	for end < len(s.src) && class[s.src[end]]&isSpace == 0 {
		end++
	}
	name := firstRunes(s.src[s.pos:end], 20)
	advice, ok := metaAdvice[name]
	if !ok {
		advice = "remove it, or write SQL in its place"
	}
	return s.fail(s.pos, name+" is a psql command, which the server does not know; "+advice)
}

var metaAdvice = map[string]string{
	`\.`:          "it ends the data of a COPY: write INSERT statements in place of both",
	`\restrict`:   "pg_dump writes it: remove this line and the one with \\unrestrict",
	`\unrestrict`: "pg_dump writes it: remove this line and the one with \\restrict",
	`\c`:          "remove it: the connection's URL says which database is meant",
	`\connect`:    "remove it: the connection's URL says which database is meant",
	`\i`:          "put the other file's statements here",
	`\ir`:         "put the other file's statements here",
	`\include`:    "put the other file's statements here",
	`\set`:        "write the values where they are used",
	`\copy`:       "write INSERT statements",
	`\g`:          "write a semicolon in its place",
	`\gexec`:      "write a DO block that runs EXECUTE for each row",
}

// firstRunes cuts text to at most n characters, so that a message stays readable.
func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
