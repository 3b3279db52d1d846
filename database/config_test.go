package database_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
)

// environment clears every variable that LoadConfig reads, enters an empty directory and sets the given ones.
func environment(t *testing.T, variables map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"DATABASE_URL", "DB_POOL_SIZE", "DB_MAX_OVERFLOW", "DB_POOL_TIMEOUT", "DB_POOL_PRE_PING", "DB_POOL_RECYCLE",
		"DB_MAX_RETRIES", "DB_RETRY_DELAY", "DB_CONNECT_TIMEOUT", "DB_COMMIT_TIMEOUT", "DB_STATEMENT_TIMEOUT",
		"DB_LOCK_TIMEOUT", "DB_IDLE_IN_TRANSACTION_TIMEOUT", "DB_APPLICATION_NAME", "DB_STATEMENT_CACHE", "DB_LAZY_BEGIN",
	} {
		t.Setenv(name, variables[name])
	}
}

const anyURL = "postgres://u:s3cret-pw@h/d"

func TestLoadConfigHasTheDocumentedDefaults(t *testing.T) {
	environment(t, map[string]string{"DATABASE_URL": anyURL})
	got, err := database.LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	want := database.Config{
		URL: anyURL, PoolSize: 5, MaxOverflow: 10, PoolTimeout: 30 * time.Second, PrePing: true,
		Recycle: 1800 * time.Second, MaxRetries: 3, RetryDelay: time.Second, ConnectTimeout: 10 * time.Second,
		CommitTimeout: 5 * time.Second, StatementCache: 256, LazyBegin: true, ApplicationName: filepath.Base(os.Args[0]),
	}
	if got != want {
		t.Fatalf("got  %v\nwant %v", got, want)
	}
}

func TestLoadConfigReadsEveryVariable(t *testing.T) {
	environment(t, map[string]string{
		"DATABASE_URL": anyURL, "DB_POOL_SIZE": "1", "DB_MAX_OVERFLOW": "0", "DB_POOL_TIMEOUT": "0.2",
		"DB_POOL_PRE_PING": "false", "DB_POOL_RECYCLE": "5m", "DB_MAX_RETRIES": "0", "DB_RETRY_DELAY": "250ms",
		"DB_CONNECT_TIMEOUT": "2", "DB_COMMIT_TIMEOUT": "3s", "DB_STATEMENT_TIMEOUT": "4", "DB_LOCK_TIMEOUT": "1.5",
		"DB_IDLE_IN_TRANSACTION_TIMEOUT": "6", "DB_APPLICATION_NAME": "app",
		"DB_STATEMENT_CACHE": "7", "DB_LAZY_BEGIN": "no",
	})
	got, err := database.LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	want := database.Config{
		URL: anyURL, PoolSize: 1, PoolTimeout: 200 * time.Millisecond, Recycle: 5 * time.Minute,
		RetryDelay: 250 * time.Millisecond, ConnectTimeout: 2 * time.Second, CommitTimeout: 3 * time.Second,
		StatementTimeout: 4 * time.Second, LockTimeout: 1500 * time.Millisecond, IdleInTransactionTimeout: 6 * time.Second,
		ApplicationName: "app", StatementCache: 7,
	}
	if got != want {
		t.Fatalf("got  %v\nwant %v", got, want)
	}
}

func TestLoadConfigReportsEveryFaultAtOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		variables map[string]string
		want      []string
	}{
		"missing URL":    {nil, []string{"DATABASE_URL is not set"}},
		"unknown scheme": {map[string]string{"DATABASE_URL": "mysql://u:s3cret-pw@h/d"}, []string{`unknown scheme "mysql"`, "postgres://"}},
		"malformed URL":  {map[string]string{"DATABASE_URL": "s3cret-pw"}, []string{"DATABASE_URL", "key=value"}},
		"slash in password": {
			map[string]string{"DATABASE_URL": "postgres://u:s3cret-pw/x@h/d"},
			[]string{"DATABASE_URL", "%2F"},
		},
		"not numbers": {
			map[string]string{"DATABASE_URL": anyURL, "DB_POOL_SIZE": "many", "DB_RETRY_DELAY": "soon", "DB_POOL_PRE_PING": "maybe"},
			[]string{`DB_POOL_SIZE: "many"`, `DB_RETRY_DELAY: "soon"`, `DB_POOL_PRE_PING: "maybe"`},
		},
		"negative": {
			map[string]string{"DATABASE_URL": anyURL, "DB_POOL_SIZE": "-1", "DB_MAX_OVERFLOW": "-1", "DB_MAX_RETRIES": "-2", "DB_POOL_TIMEOUT": "-3"},
			[]string{"DB_POOL_SIZE is -1", "DB_MAX_OVERFLOW is -1", "DB_MAX_RETRIES is -2", "DB_POOL_TIMEOUT is -3s"},
		},
		"zero": {
			map[string]string{"DATABASE_URL": anyURL, "DB_POOL_SIZE": "0", "DB_CONNECT_TIMEOUT": "0", "DB_COMMIT_TIMEOUT": "0"},
			[]string{"DB_POOL_SIZE is 0", "DB_CONNECT_TIMEOUT is 0", "DB_COMMIT_TIMEOUT is 0"},
		},
		"not a number of seconds": {
			map[string]string{"DATABASE_URL": anyURL, "DB_POOL_TIMEOUT": "NaN", "DB_POOL_RECYCLE": "1e300"},
			[]string{"DB_POOL_TIMEOUT", "DB_POOL_RECYCLE"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			environment(t, tc.variables)
			_, err := database.LoadConfig()
			if !errors.Is(err, database.ErrDatabase) {
				t.Fatalf("got %v, want an ErrDatabase", err)
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), "s3cret-pw") {
				t.Errorf("the password is in:\n%v", err)
			}
		})
	}
}

func TestEnvironmentBeatsFileAndEarlierFileBeatsLater(t *testing.T) {
	environment(t, map[string]string{"DB_POOL_SIZE": "7"})
	write(t, ".env", "DATABASE_URL="+anyURL+"\nDB_POOL_SIZE=8\nDB_MAX_OVERFLOW=1\n")
	write(t, "b.env", "DB_MAX_OVERFLOW=2\nDB_MAX_RETRIES=9\n")
	got, err := database.LoadConfig(".env", "b.env")
	if err != nil {
		t.Fatal(err)
	}
	if got.PoolSize != 7 || got.MaxOverflow != 1 || got.MaxRetries != 9 {
		t.Fatalf("got %v", got)
	}
}

func TestNamedFileMustExistAndParse(t *testing.T) {
	environment(t, map[string]string{"DATABASE_URL": anyURL})
	if _, err := database.LoadConfig("absent.env"); err == nil || !strings.Contains(err.Error(), "absent.env") {
		t.Fatalf("got %v, want an error that names the file", err)
	}
	for _, line := range []string{"PASSWORD s3cret-pw !", "DATABASE_URL postgres://u:s3cret-pw@h/d"} {
		write(t, "bad.env", line+"\n")
		_, err := database.LoadConfig("bad.env")
		if err == nil || !strings.Contains(err.Error(), "bad.env") || strings.Contains(err.Error(), "s3cret-pw") {
			t.Fatalf("%s: got %v, want an error that names the file and not its content", line, err)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestConfigNeverShowsThePassword(t *testing.T) {
	for _, dsn := range []string{anyURL, "host=h user=u password='s3cret-pw' dbname=d", "postgres://u:s3cret-pw/@:h"} {
		cfg := database.DefaultConfig()
		cfg.URL = dsn
		var logged strings.Builder
		slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "cfg", cfg, "pointer", &cfg)
		encoded, err := json.Marshal(map[string]any{"cfg": cfg, "pointer": &cfg})
		if err != nil {
			t.Fatal(err)
		}
		for _, shown := range []string{
			fmt.Sprint(cfg), fmt.Sprintf("%v|%+v|%#v|%s|%q|%d|%x", cfg, cfg, cfg, cfg, cfg, cfg, cfg),
			fmt.Sprintf("%v|%+v|%#v", &cfg, &cfg, &cfg), fmt.Sprintf("%+v", struct{ C database.Config }{cfg}),
			logged.String(), string(encoded),
		} {
			if strings.Contains(shown, "s3cret-pw") || strings.Contains(shown, "7333637265742d7077") {
				t.Errorf("password shown: %s", shown)
			}
		}
	}
	if shown := fmt.Sprint(database.Config{URL: anyURL}); !strings.Contains(shown, "host='h'") {
		t.Errorf("nothing useful is shown: %s", shown)
	}
}

func FuzzLoadConfig(f *testing.F) {
	f.Add("postgres://u:p@h:5432/d?sslmode=disable", "30s", "5")
	f.Add("host=h password='a b'", "0.5", "-1")
	f.Add("postgresql+psycopg2://u:p%40@/d?host=/tmp", "1e99", "x")
	f.Fuzz(func(t *testing.T, url, duration, number string) {
		cfg := database.DefaultConfig()
		cfg.URL = url
		_ = cfg.Validate()
		for name, value := range map[string]string{"DATABASE_URL": url, "DB_POOL_TIMEOUT": duration, "DB_POOL_SIZE": number} {
			if strings.ContainsRune(value, 0) {
				t.Skip()
			}
			t.Setenv(name, value)
		}
		if got, err := database.LoadConfig(); err == nil && (got.PoolSize < 1 || got.PoolTimeout < 0) {
			t.Fatalf("accepted %v", got)
		}
	})
}
