package pgconn

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DSN is a parsed connection string: libpq's keywords with their values, normalised so that lib/pq accepts them.
// The zero value is not usable; [Parse] makes one. It is not safe for concurrent changes.
type DSN struct {
	settings map[string]string
}

// schemeForm recognises the URL form. SQLAlchemy puts the driver behind a plus: postgresql+psycopg2://.
var schemeForm = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9.\-]*)(\+[A-Za-z0-9_.\-]*)?:`)

// Parse reads a connection string in URL form (postgres://, postgresql://, either with SQLAlchemy's +driver) or in
// libpq's key=value form. What it accepts is what libpq documents (PostgreSQL manual, section 34.1.1), several hosts
// with their own ports and percent-encoded socket directories included.
//
// An error never quotes any part of the string that could belong to a password.
func Parse(s string) (*DSN, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, errors.New("connection string is empty; write postgres://user:password@host:5432/database")
	}
	d := &DSN{settings: map[string]string{}}
	var err error
	if scheme := schemeForm.FindStringSubmatch(s); scheme != nil && strings.HasPrefix(s[len(scheme[0]):], "//") {
		switch strings.ToLower(scheme[1]) {
		case "postgres", "postgresql":
			err = d.parseURL(s[len(scheme[0])+2:])
		default:
			err = fmt.Errorf("unknown scheme %q in connection string; Plinth speaks to PostgreSQL only: postgres:// or postgresql://", scheme[1])
		}
	} else {
		err = d.parseKeywords(s)
	}
	if err != nil {
		return nil, err
	}
	if err := d.normalise(); err != nil {
		return nil, err
	}
	return d, nil
}

// parseURL reads what follows the scheme. net/url is of no use here: it refuses several hosts with ports and
// percent-encoded slashes in the host, and its errors quote the password.
func (d *DSN) parseURL(rest string) error {
	rest, query, _ := strings.Cut(rest, "?")
	authority, database, _ := strings.Cut(rest, "/")
	if strings.Contains(database, "@") && !strings.Contains(authority, "@") {
		return errors.New("the connection URL has an @ after a /; if user or password hold / or @, write them as %2F and %40")
	}
	hosts := authority
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		hosts = authority[at+1:]
		user, password, hasPassword := strings.Cut(authority[:at], ":")
		if err := d.setEscaped("user", user); err != nil {
			return err
		}
		if hasPassword {
			if err := d.setEscaped("password", password); err != nil {
				return err
			}
		}
	}
	if err := d.setHosts(hosts); err != nil {
		return err
	}
	if err := d.setEscaped("dbname", database); err != nil {
		return err
	}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, "=")
		name, err := url.PathUnescape(key)
		if err != nil || !ok || !keywordForm.MatchString(name) {
			return errors.New("a parameter after ? in the connection URL is not of the form key=value")
		}
		if err := d.setEscaped(name, value); err != nil {
			return err
		}
	}
	return nil
}

func (d *DSN) setHosts(list string) error {
	if list == "" {
		return nil
	}
	var hosts, ports []string
	anyPort := false
	for item := range strings.SplitSeq(list, ",") {
		host, port := item, ""
		if end := strings.LastIndexByte(item, ']'); strings.HasPrefix(item, "[") && end > 0 {
			host, port = item[1:end], strings.TrimPrefix(item[end+1:], ":")
		} else if colon := strings.LastIndexByte(item, ':'); colon >= 0 {
			host, port = item[:colon], item[colon+1:]
		}
		if _, err := strconv.ParseUint(port, 10, 16); port != "" && err != nil {
			// The text stays out: with an unescaped / or @ in the password it is a part of the password.
			return errors.New("a port in the connection URL is not a number from 0 to 65535; if the password holds / @ : ? # or %, write them as %2F %40 %3A %3F %23 %25")
		}
		host, err := url.PathUnescape(host)
		if err != nil {
			return errors.New("a host in the connection URL has a broken % escape")
		}
		anyPort = anyPort || port != ""
		if port == "" {
			port = first(os.Getenv("PGPORT"), "5432")
		}
		hosts, ports = append(hosts, host), append(ports, port)
	}
	if host := strings.Join(hosts, ","); host != "" {
		d.settings["host"] = host
	}
	if anyPort {
		d.settings["port"] = strings.Join(ports, ",")
	}
	return nil
}

func (d *DSN) setEscaped(key, escaped string) error {
	if escaped == "" {
		return nil
	}
	value, err := url.PathUnescape(escaped)
	if err != nil {
		return fmt.Errorf("%s in the connection URL has a broken %% escape; a literal %% is written %%25", key)
	}
	d.settings[key] = value
	return nil
}

var keywordForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)

// parseKeywords reads libpq's key=value form: blanks around =, values in single quotes, backslash escapes.
func (d *DSN) parseKeywords(s string) error {
	for rest := strings.TrimSpace(s); rest != ""; rest = strings.TrimSpace(rest) {
		key, after, ok := strings.Cut(rest, "=")
		key = strings.TrimSpace(key)
		if !ok || !keywordForm.MatchString(key) {
			return errors.New("connection string is neither a URL (postgres://user:password@host/database) nor a list of key=value; " +
				"a value with blanks needs single quotes")
		}
		value, left, err := keywordValue(strings.TrimLeft(after, " \t\r\n"))
		if err != nil {
			return fmt.Errorf("%s in the connection string: %w", key, err)
		}
		d.settings[key], rest = value, left
	}
	return nil
}

func keywordValue(s string) (value, rest string, err error) {
	quoted := strings.HasPrefix(s, "'")
	if quoted {
		s = s[1:]
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case quoted && c == '\'':
			return b.String(), s[i+1:], nil
		case !quoted && strings.IndexByte(" \t\r\n", c) >= 0:
			return b.String(), s[i:], nil
		default:
			b.WriteByte(c)
		}
	}
	if quoted {
		return "", "", errors.New("the closing quote is missing")
	}
	return b.String(), "", nil
}

// dropped holds libpq keywords that lib/pq would send to the server as settings, which then refuses the connection
// (42704), and that need nothing from us: they ask for what is off anyway or for what the dialer does by itself.
// channel_binding is among them although "require" cannot be kept: hosting providers put it into every URL they
// hand out, and lib/pq has no channel binding. sslmode=verify-full gives the same protection.
var dropped = []string{
	"channel_binding", "gssencmode", "gsslib", "gssdelegation", "krbsrvname", "sslcompression", "sslcertmode",
}

// socketKeywords are libpq's for the TCP socket, which is made here; lib/pq would send them to the server.
var socketKeywords = []string{"keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"}

// refused holds libpq keywords that promise a protection which lib/pq cannot give; ignoring them would be a lie.
var refused = []string{"require_auth", "requirepeer", "sslcrl", "sslcrldir", "sslpassword"}

func (d *DSN) normalise() error {
	for key, value := range d.settings {
		if strings.ContainsRune(value, 0) { // the protocol ends a text there
			return fmt.Errorf("connection string: %s holds a NUL byte", key)
		}
	}
	for _, key := range refused {
		if d.settings[key] != "" {
			return fmt.Errorf("connection string: %s is not supported by the driver; remove it", key)
		}
	}
	if d.settings["gssencmode"] == "require" {
		return errors.New("connection string: gssencmode=require is not supported by the driver; use sslmode=verify-full")
	}
	for _, key := range dropped {
		delete(d.settings, key)
	}
	// JDBC's and Rails' spelling, which libpq accepts too (fe-connect.c, conninfo_uri_parse_params).
	if d.settings["ssl"] == "true" {
		d.Default("sslmode", "require")
	}
	delete(d.settings, "ssl")
	// libpq's default; lib/pq's own is require, which fails on every server without TLS.
	if os.Getenv("PGSSLMODE") == "" && d.settings["sslrootcert"] != "system" && d.settings["sslnegotiation"] != "direct" {
		d.Default("sslmode", "prefer")
	}
	return nil
}

// Get returns the value of a libpq keyword or server setting, and the empty string when it is not given.
func (d *DSN) Get(key string) string { return d.settings[key] }

// Set gives a libpq keyword, or any server setting that is sent when a connection starts, a value.
func (d *DSN) Set(key, value string) { d.settings[key] = value }

// Default sets key only if the connection string did not.
func (d *DSN) Default(key, value string) {
	if _, ok := d.settings[key]; !ok {
		d.settings[key] = value
	}
}

// SetMilliseconds gives a server timeout setting a value in milliseconds, the unit that PostgreSQL takes; a
// duration below one millisecond is rounded up, so that it does not become 0, which means none.
func (d *DSN) SetMilliseconds(key string, v time.Duration) {
	d.settings[key] = strconv.FormatInt(int64((v+time.Millisecond-1)/time.Millisecond), 10)
}

// Clone returns an independent copy.
func (d *DSN) Clone() *DSN { return &DSN{settings: maps.Clone(d.settings)} }

// Address names the hosts and ports, as host:port,host:port or as a socket's path, for messages.
func (d *DSN) Address() string {
	hosts := d.settings["host"]
	if hosts == "" {
		hosts = first(d.settings["hostaddr"], os.Getenv("PGHOST"), "localhost")
	}
	ports := strings.Split(first(d.settings["port"], os.Getenv("PGPORT"), "5432"), ",")
	var list []string
	for i, host := range strings.Split(hosts, ",") {
		port := ports[min(i, len(ports)-1)]
		if port == "" {
			port = "5432"
		}
		if strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") {
			list = append(list, host+"/.s.PGSQL."+port)
			continue
		}
		list = append(list, net.JoinHostPort(host, port))
	}
	return strings.Join(list, ",")
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// secret keywords are never shown.
func secret(key string) bool {
	return strings.Contains(strings.ToLower(key), "pass") || key == "sslkey"
}

// String shows the settings in key=value form with secrets replaced by xxxxx.
func (d DSN) String() string {
	return d.format(func(key, value string) string {
		if secret(key) {
			return "xxxxx"
		}
		return value
	})
}

// GoString is String, so that %#v shows no secret either.
func (d DSN) GoString() string { return d.String() }

// keywords is the form that lib/pq parses, secrets included, without what is not lib/pq's.
func (d *DSN) keywords() string {
	without := d.Clone()
	for _, key := range socketKeywords {
		delete(without.settings, key)
	}
	return without.format(func(_, value string) string { return value })
}

func (d DSN) format(value func(key, value string) string) string {
	var b strings.Builder
	for i, key := range slices.Sorted(maps.Keys(d.settings)) {
		if i > 0 {
			b.WriteByte(' ')
		}
		quoted := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value(key, d.settings[key]))
		fmt.Fprintf(&b, "%s='%s'", key, quoted)
	}
	return b.String()
}
