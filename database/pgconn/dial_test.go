package pgconn_test

import (
	"net"
	"slices"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

func TestEndpointsKeepTheOrderOfTheHosts(t *testing.T) {
	for dsn, want := range map[string][][3]string{
		"host=a":                      {{"tcp", "a:5432", "a"}},
		"host=a port=1":               {{"tcp", "a:1", "a"}},
		"host=''":                     {{"tcp", "localhost:5432", "localhost"}},
		"host=::1 port=1":             {{"tcp", "[::1]:1", "::1"}},
		"host=a hostaddr=::1":         {{"tcp", "[::1]:5432", "a"}},
		"host=a hostaddr=10.0.0.1":    {{"tcp", "10.0.0.1:5432", "a"}},
		"host=/run/pg port=1":         {{"unix", "/run/pg/.s.PGSQL.1", "/run/pg"}},
		"host=@pg":                    {{"unix", "@pg/.s.PGSQL.5432", "@pg"}},
		"host=a,b,c port=1":           {{"tcp", "a:1", "a"}, {"tcp", "b:1", "b"}, {"tcp", "c:1", "c"}},
		"host=a,,/c port=1,2,3":       {{"tcp", "a:1", "a"}, {"tcp", "localhost:2", "localhost"}, {"unix", "/c/.s.PGSQL.3", "/c"}},
		"host=a,b hostaddr=10.0.0.1,": {{"tcp", "10.0.0.1:5432", "a"}, {"tcp", "b:5432", "b"}},
	} {
		if got := parts(pgconn.Endpoints(pgconn.MustConfig(dsn))); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", dsn, got, want)
		}
	}
}

func parts(list []pgconn.Endpoint) (all [][3]string) {
	for _, e := range list {
		all = append(all, e.Parts())
	}
	return all
}

func TestLoadBalancingShufflesTheHostsAtEachCall(t *testing.T) {
	const dsn = "host=a,b,c,d load_balance_hosts="
	fixed := parts(pgconn.Endpoints(pgconn.MustConfig(dsn + "disable")))
	cfg := pgconn.MustConfig(dsn + "random")
	seen := map[string]bool{}
	for range 200 { // that one host is never first has odds of (3/4)^200
		got := parts(pgconn.Endpoints(cfg))
		seen[got[0][2]] = true
		slices.SortFunc(got, func(a, b [3]string) int { return int(a[2][0]) - int(b[2][0]) })
		if !slices.Equal(got, fixed) {
			t.Fatalf("%v are not the hosts", got)
		}
	}
	if len(seen) != 4 {
		t.Errorf("only %v came first", seen)
	}
}

func TestSocketOptionsHaveLibpqsMeaning(t *testing.T) {
	on := net.KeepAliveConfig{Enable: true}
	for _, c := range []struct {
		name, key, value string
		timeout          int64
		keepAlive        net.KeepAliveConfig
	}{
		{"nothing given", "", "", 30000, on},
		{"off", "keepalives", "0", 30000, net.KeepAliveConfig{}},
		{"on", "keepalives", "1", 30000, on},
		{"idle", "keepalives_idle", " 7 ", 30000, net.KeepAliveConfig{Enable: true, Idle: 7 * time.Second}},
		{"the system's idle", "keepalives_idle", "0", 30000, net.KeepAliveConfig{Enable: true, Idle: -1}},
		{"the longest idle", "keepalives_idle", "32767", 30000, net.KeepAliveConfig{Enable: true, Idle: 32767 * time.Second}},
		{"interval", "keepalives_interval", "8", 30000, net.KeepAliveConfig{Enable: true, Interval: 8 * time.Second}},
		{"a negative interval", "keepalives_interval", "-3", 30000, net.KeepAliveConfig{Enable: true, Interval: -1}},
		{"count", "keepalives_count", "127", 30000, net.KeepAliveConfig{Enable: true, Count: 127}},
		{"the system's count", "keepalives_count", "0", 30000, net.KeepAliveConfig{Enable: true, Count: -1}},
		{"user timeout", "tcp_user_timeout", "1500", 1500, on},
		{"the system's user timeout", "tcp_user_timeout", "0", 0, on},
		{"a negative user timeout", "tcp_user_timeout", "-1", 0, on},
	} {
		o, err := pgconn.ParseSocketOptions(only(c.key, c.value))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if timeout, keepAlive := o.Values(); timeout != c.timeout || keepAlive != c.keepAlive {
			t.Errorf("%s: %d ms, %+v", c.name, timeout, keepAlive)
		}
	}
}

func only(key, value string) func(string) string {
	return func(k string) string {
		if k == key {
			return value
		}
		return ""
	}
}

func TestSocketOptionsThatTheSystemWouldRefuseAreRefused(t *testing.T) {
	for key, values := range map[string][]string{
		"keepalives":          {"yes", "99999999999"},
		"keepalives_idle":     {"32768", "1s", "1.5"},
		"keepalives_interval": {"32768"},
		"keepalives_count":    {"128"},
		"tcp_user_timeout":    {"2147483648", "30s"},
	} {
		for _, value := range values {
			if _, err := pgconn.ParseSocketOptions(only(key, value)); err == nil {
				t.Errorf("%s=%s was accepted", key, value)
			}
		}
	}
}
