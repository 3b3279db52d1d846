package main

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/pflag"

	"github.com/plinth-db/plinth/database/pgconn"
	"github.com/plinth-db/plinth/internal/webhook"
	"github.com/plinth-db/plinth/migrate"
)

// The webhook's environment. The secret has no flag: everybody on the machine can see flags.
const (
	webhookURL    = "PLINTH_WEBHOOK"
	webhookSecret = "PLINTH_WEBHOOK_SECRET"
)

// announced carries out a run and tells the webhook, if there is one, that it starts and how it ended. A dry run is not told.
func (a *app) announced(ctx context.Context, f runFlags, flags *pflag.FlagSet, direction migrate.Direction, run func() (*migrate.Run, error)) error {
	url, origin := f.webhook, "--webhook"
	if !flags.Changed("webhook") {
		url, origin = os.Getenv(webhookURL), webhookURL
	}
	if url == "" {
		_, err := run()
		return err
	}
	sender, err := webhook.New(url, os.Getenv(webhookSecret), nil, func(warning string) { fmt.Fprintln(a.err, "warning:", warning) })
	if err != nil {
		return fmt.Errorf("%s: %w", origin, err)
	}
	if f.dryRun {
		_, err := run()
		return err
	}
	e := webhook.Event{
		Event: webhook.Start, ID: uuid.NewString(), At: time.Now().UTC(), Command: string(direction), Direction: string(direction),
		Database: orNull(a.databaseName()), Migrations: []any{},
	}
	if u, err := user.Current(); err == nil {
		e.Operator = orNull(u.Username)
	}
	if host, err := os.Hostname(); err == nil {
		e.Host = orNull(host)
	}
	sender.Start(ctx, e)
	result, failure := run()
	e.Event, e.At = webhook.Done, time.Now().UTC()
	if result != nil {
		e.From, e.To, e.Migrations = orNull(result.From), orNull(result.To), migrationsJSON(result)
	}
	if failure != nil {
		e.Event, e.Error = webhook.Failed, faultJSON(failure)
	}
	sender.End(ctx, e)
	return failure
}

// databaseName is the database as host:port/name, "" if the configuration is at fault, which the run itself then says.
func (a *app) databaseName() string {
	cfg, err := a.databaseConfig()
	if err != nil {
		return ""
	}
	dsn, err := pgconn.Parse(cfg.URL)
	if err != nil {
		return ""
	}
	hosts, ports := strings.Split(dsn.Get("host"), ","), strings.Split(dsn.Get("port"), ",")
	for i, host := range hosts {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		port := ports[min(i, len(ports)-1)]
		if port != "" {
			host += ":" + port
		}
		hosts[i] = host
	}
	return strings.Join(hosts, ",") + "/" + dsn.Get("dbname")
}
