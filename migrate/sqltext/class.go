package sqltext

// Classes of bytes, from PostgreSQL 17's src/backend/parser/scan.l: space, op_chars, ident_start, ident_cont, decdigit.
// Every byte of a multi-byte character is a letter there, even a no-break space.
const (
	isSpace = 1 << iota
	isOperator
	isIdentStart
	isIdentPart
	isDigit
)

var class = func() (t [256]uint8) {
	for _, c := range " \t\n\r\f\v" {
		t[c] |= isSpace
	}
	for _, c := range "~!@#^&|`?+-*/%<>=" {
		t[c] |= isOperator
	}
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c >= 0x80:
			t[c] |= isIdentStart | isIdentPart
		case c >= '0' && c <= '9':
			t[c] |= isDigit | isIdentPart
		case c == '$':
			t[c] |= isIdentPart
		}
	}
	return t
}()

// numberEnd returns where the number that begins at i ends. It matters because $$ right after a number opens a string,
// while after a letter it belongs to the identifier: 1e5$$;$$ is a number and a string.
func numberEnd(src string, i int) int {
	if src[i] == '0' && i+1 < len(src) {
		if end := digitsEnd(src, i+2, radix(src[i+1])); end > i+2 {
			return end
		}
	}
	i = digitsEnd(src, i, 10)
	if i < len(src) && src[i] == '.' {
		i = digitsEnd(src, i+1, 10)
	}
	if i >= len(src) || src[i]|0x20 != 'e' {
		return i
	}
	exp := i + 1
	if exp < len(src) && (src[exp] == '+' || src[exp] == '-') {
		exp++
	}
	if end := digitsEnd(src, exp, 10); end > exp {
		return end
	}
	return i
}

// radix returns the base that the letter after a leading zero announces (0x1f, 0o17, 0b11), or 0.
func radix(c byte) int {
	switch c | 0x20 {
	case 'x':
		return 16
	case 'o':
		return 8
	case 'b':
		return 2
	}
	return 0
}

// digitsEnd skips digits of the base and underscores that stand before one of them.
func digitsEnd(src string, i, base int) int {
	for i < len(src) {
		if src[i] == '_' && i+1 < len(src) && digitValue(src[i+1]) < base {
			i++
		}
		if digitValue(src[i]) >= base {
			return i
		}
		i++
	}
	return i
}

func digitValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 99
}
