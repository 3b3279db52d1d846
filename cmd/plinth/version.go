package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the module's version as the build recorded it, or "devel".
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version of this build",
		Args:  arguments(cobra.ExactArgs(0)),
		RunE: func(*cobra.Command, []string) error {
			if a.format == "json" {
				return a.json(map[string]any{"version": version(), "go": runtime.Version()})
			}
			a.print("plinth %s (%s)", version(), runtime.Version())
			return nil
		},
	}
}
