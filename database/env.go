package database

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/joho/godotenv"
)

// LoadConfig returns [DefaultConfig] changed by the environment and by .env files. A real environment variable wins
// over a file, an earlier file over a later one. Without files it reads ".env" in the working directory if there is
// one; a file that is named must exist. A variable that is set to nothing counts as not set.
//
// The error is a *ConfigError that names every fault: variables that do not parse, and what [Config.Validate] finds.
func LoadConfig(files ...string) (Config, error) {
	fromFiles, err := readFiles(files)
	if err != nil {
		return Config{}, &ConfigError{Faults: []error{err}}
	}
	c := DefaultConfig()
	var faults []error
	variables := c.variables()
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		value := os.Getenv(name)
		if value == "" {
			value = fromFiles[name]
		}
		if value == "" {
			continue
		}
		if err := variables[name](value); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
		}
	}
	if invalid, ok := errors.AsType[*ConfigError](c.Validate()); ok {
		faults = append(faults, invalid.Faults...)
	}
	if faults != nil {
		return Config{}, &ConfigError{Faults: faults}
	}
	return c, nil
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)

func readFiles(files []string) (map[string]string, error) {
	optional := len(files) == 0
	if optional {
		files = []string{".env"}
	}
	merged := map[string]string{}
	for _, file := range files {
		values, err := godotenv.Read(file)
		switch _, isPath := errors.AsType[*fs.PathError](err); {
		case optional && errors.Is(err, fs.ErrNotExist):
			continue
		case isPath:
			return nil, err
		case err != nil: // godotenv's message quotes the line, which may hold a password
			return nil, fmt.Errorf("%s: a line is not of the form KEY=value; quote values with blanks or #", file)
		}
		for name, value := range values {
			if !variableName.MatchString(name) { // "KEY postgres://..." is read as the key "KEY postgres"
				return nil, fmt.Errorf("%s: a line is not of the form KEY=value", file)
			}
			if _, ok := merged[name]; !ok {
				merged[name] = value
			}
		}
	}
	return merged, nil
}

// variables maps each variable to what stores its text in c.
func (c *Config) variables() map[string]func(string) error {
	return map[string]func(string) error{
		"DATABASE_URL":                   text(&c.URL),
		"DB_POOL_SIZE":                   number(&c.PoolSize),
		"DB_MAX_OVERFLOW":                number(&c.MaxOverflow),
		"DB_POOL_TIMEOUT":                duration(&c.PoolTimeout),
		"DB_POOL_PRE_PING":               boolean(&c.PrePing),
		"DB_POOL_RECYCLE":                duration(&c.Recycle),
		"DB_MAX_RETRIES":                 number(&c.MaxRetries),
		"DB_RETRY_DELAY":                 duration(&c.RetryDelay),
		"DB_CONNECT_TIMEOUT":             duration(&c.ConnectTimeout),
		"DB_COMMIT_TIMEOUT":              duration(&c.CommitTimeout),
		"DB_STATEMENT_CACHE":             number(&c.StatementCache),
		"DB_LAZY_BEGIN":                  boolean(&c.LazyBegin),
		"DB_STATEMENT_TIMEOUT":           duration(&c.StatementTimeout),
		"DB_LOCK_TIMEOUT":                duration(&c.LockTimeout),
		"DB_IDLE_IN_TRANSACTION_TIMEOUT": duration(&c.IdleInTransactionTimeout),
		"DB_APPLICATION_NAME":            text(&c.ApplicationName),
	}
}

func text(p *string) func(string) error {
	return func(s string) error {
		*p = s
		return nil
	}
}

func number(p *int) func(string) error {
	return func(s string) error {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil {
			return fmt.Errorf("%q is not a whole number", s)
		}
		*p = n
		return nil
	}
}

func boolean(p *bool) func(string) error {
	return func(s string) error {
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "true", "t", "1", "yes", "on":
			*p = true
		case "false", "f", "0", "no", "off":
			*p = false
		default:
			return fmt.Errorf("%q is neither true nor false", s)
		}
		return nil
	}
}

// duration reads a plain number as seconds, and Go's notation (1m30s, 250ms).
func duration(p *time.Duration) func(string) error {
	return func(s string) error {
		s = strings.TrimSpace(s)
		if seconds, err := strconv.ParseFloat(s, 64); err == nil {
			if math.IsNaN(seconds) || math.Abs(seconds) > math.MaxInt64/float64(time.Second) {
				return fmt.Errorf("%q is not a usable number of seconds", s)
			}
			*p = time.Duration(seconds * float64(time.Second))
			return nil
		}
		d, err := time.ParseDuration(s)
		if err != nil {
			return fmt.Errorf("%q is not a duration; write a number of seconds, or 250ms, 30s, 5m", s)
		}
		*p = d
		return nil
	}
}
