package main

import "github.com/plinth-db/plinth/migrate/lint"

// What the tests of lint's parts reach, while the parts stay private to the command.
type GitChanges = gitChanges

var ChangesSince = changesSince

// LintSettings reads the settings as the command does with --config and --env; required says whether --config was given.
func LintSettings(config, env string, required bool, find func(string) []*lint.Rule, names []string) (lint.Settings, error) {
	a := &app{config: config, env: env}
	return a.lintSettings(required, lintRules{find: find, names: names})
}
