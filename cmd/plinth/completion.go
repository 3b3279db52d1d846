package main

import (
	"errors"

	"github.com/spf13/cobra"
)

const completionName = "completion"

// addCompletion adds cobra's completion command. By itself cobra answers an unknown shell with help and exit code 0.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() != completionName {
			continue
		}
		cmd.Args = arguments(cobra.ExactArgs(0))
		cmd.RunE = func(*cobra.Command, []string) error {
			return usageError{errors.New("name a shell: bash, zsh, fish or powershell")}
		}
		for _, shell := range cmd.Commands() {
			shell.Args = arguments(cobra.ExactArgs(0))
		}
	}
}

// standsAlone reports whether a command has no use for the project's configuration file, so that a broken one does not stop
// it: shells run completion at each start.
func standsAlone(cmd *cobra.Command) bool {
	for ; cmd != nil; cmd = cmd.Parent() {
		if cmd.Name() == "version" || cmd.Name() == completionName {
			return true
		}
	}
	return false
}
