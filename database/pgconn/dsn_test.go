package pgconn_test

import (
	"strings"
	"testing"

	"github.com/plinth-db/plinth/database/pgconn"
)

func TestParseNormalises(t *testing.T) {
	t.Setenv("PGSSLMODE", "")
	for dsn, want := range map[string]string{
		"postgres://u:p@h:1/d":                             "dbname='d' host='h' password='xxxxx' port='1' sslmode='prefer' user='u'",
		"postgresql://u@h/d?sslmode=require":               "dbname='d' host='h' sslmode='require' user='u'",
		"postgresql+psycopg2://u:p@h/d":                    "dbname='d' host='h' password='xxxxx' sslmode='prefer' user='u'",
		"POSTGRES://h":                                     "host='h' sslmode='prefer'",
		"postgres://a:1,b,[::1]:3/d":                       "dbname='d' host='a,b,::1' port='1,5432,3' sslmode='prefer'",
		"postgres://%2Ftmp%2Fpg/d":                         "dbname='d' host='/tmp/pg' sslmode='prefer'",
		"postgres:///d?host=/tmp/pg&port=6543":             "dbname='d' host='/tmp/pg' port='6543' sslmode='prefer'",
		"postgres://u:a%40b%2Fc%25@h/d":                    "dbname='d' host='h' password='xxxxx' sslmode='prefer' user='u'",
		"postgres://h/d?channel_binding=require":           "dbname='d' host='h' sslmode='prefer'",
		"postgres://h/d?keepalives=1&keepalives_idle=30":   "dbname='d' host='h' keepalives='1' keepalives_idle='30' sslmode='prefer'",
		"postgres://h/d?gssencmode=disable&ssl=true":       "dbname='d' host='h' sslmode='require'",
		"host=h  user = u password='a b\\'c' dbname=d":     "dbname='d' host='h' password='xxxxx' sslmode='prefer' user='u'",
		"host=h keepalives_count=3 options='-c a=b'":       "host='h' keepalives_count='3' options='-c a=b' sslmode='prefer'",
		"host=h search_path=app":                           "host='h' search_path='app' sslmode='prefer'",
		"host=h sslrootcert=system":                        "host='h' sslrootcert='system'",
		"postgres://h/d?options=-c%20search_path%3Da%2Cb":  "dbname='d' host='h' options='-c search_path=a,b' sslmode='prefer'",
		"postgresql+asyncpg://u:p@h/d?application_name=my": "application_name='my' dbname='d' host='h' password='xxxxx' sslmode='prefer' user='u'",
	} {
		d, err := pgconn.Parse(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		if got := d.String(); got != want {
			t.Errorf("%s\n got %s\nwant %s", dsn, got, want)
		}
	}
}

func TestParseKeepsThePasswordExactly(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://u:a%40b%2Fc%25@h/d":   "a@b/c%",
		"postgres://u:a@b@h/d":            "a@b",
		"postgres://u:a:b@h/d":            "a:b",
		"postgres://u:a+b@h/d":            "a+b",
		`host=h password='it\'s \\ here'`: `it's \ here`,
		"password=plain":                  "plain",
	} {
		d, err := pgconn.Parse(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
			continue
		}
		if got := d.Get("password"); got != want {
			t.Errorf("%s: got %q, want %q", dsn, got, want)
		}
		if _, err := pgconn.NewConnector(d, pgconn.Options{}); err != nil {
			t.Errorf("%s: the driver refuses it: %v", dsn, err)
		}
	}
}

func TestParseRefusesWithoutQuotingSecrets(t *testing.T) {
	for dsn, want := range map[string]string{
		"":                                  "empty",
		"  ":                                "empty",
		"hush":                              "key=value",
		"mysql://u:hush@h/d":                `unknown scheme "mysql"`,
		"postgres://u:hush/x@h/d":           "%2F",
		"postgres://u:12/hush@h":            "%2F",
		"postgres://u:hu%zzsh@h/d":          "password",
		"postgres://h:99999/d":              "port",
		"postgres://h/d?sslmode":            "key=value",
		"host=h password='hush":             "closing quote",
		"host=h password=hush more":         "key=value",
		"postgres://h/d?require_auth=scram": "require_auth",
		"host=h gssencmode=require":         "gssencmode",
		"host=h sslcrl=/x":                  "sslcrl",
	} {
		_, err := pgconn.Parse(dsn)
		if err == nil {
			t.Errorf("%q was accepted", dsn)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v; want %q and no secret", dsn, err, want)
		}
	}
}

func TestAddressNamesEveryHost(t *testing.T) {
	t.Setenv("PGHOST", "")
	t.Setenv("PGPORT", "")
	for dsn, want := range map[string]string{
		"postgres://u:p@h/d":           "h:5432",
		"postgres://a:1,b:2/d":         "a:1,b:2",
		"postgres://a,b/d?port=7":      "a:7,b:7",
		"postgres:///d?host=/tmp":      "/tmp/.s.PGSQL.5432",
		"postgres://[::1]:9/d":         "[::1]:9",
		"dbname=d":                     "localhost:5432",
		"hostaddr=127.0.0.9 port=5433": "127.0.0.9:5433",
	} {
		d, err := pgconn.Parse(dsn)
		if err != nil {
			t.Errorf("%s: %v", dsn, err)
		} else if got := d.Address(); got != want {
			t.Errorf("%s: got %s, want %s", dsn, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"postgres://u:hush@h:5432/d?sslmode=disable", "postgresql+psycopg2://u:hush@h/d", "postgres://u:hush@[::1]:1,b/d",
		"host=h password='hush' dbname=d", "password=hush host", "postgres://%2Ftmp/d?a=b&c", "postgres://u:hush/@", "a='", "a=\\",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, dsn string) {
		d, err := pgconn.Parse(dsn)
		if err != nil {
			if strings.Contains(dsn, ":hush@") && strings.Contains(err.Error(), "hush") {
				t.Fatalf("the error quotes the password: %v", err)
			}
			return
		}
		again, err := pgconn.Parse(d.String())
		if err != nil {
			t.Fatalf("%q does not parse again: %v", d.String(), err)
		}
		if again.String() != d.String() {
			t.Fatalf("%q became %q", d.String(), again.String())
		}
		_ = d.Address()
	})
}

// TestSocketBeforeAHostDoesNotTurnItsTLSOff: lib/pq's configuration would, and the password would go out in the open.
func TestSocketBeforeAHostDoesNotTurnItsTLSOff(t *testing.T) {
	for dsn, want := range map[string]string{
		"host=/tmp,h.test sslmode=verify-full": "verify-full",
		"host=/tmp,h.test":                     "prefer",
		"host=/tmp,h.test sslmode=disable":     "disable",
		"host=h.test,/tmp sslmode=require":     "require",
		"postgres:///d?host=/tmp,h.test":       "prefer",
	} {
		if got, err := pgconn.ModeOf(dsn); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", dsn, got, err, want)
		}
	}
}

func TestOneOfSeveralHostsMayLeaveItsPortOut(t *testing.T) {
	if _, err := pgconn.ModeOf("postgres://u@a,b:5433/d"); err != nil {
		t.Error(err)
	}
}
