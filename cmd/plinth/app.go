package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/plinth-db/plinth/migrate/lint/output"
)

// Exit codes: 0 done, and these.
const (
	exitFailed = 1 // failed or refused
	exitUsage  = 2 // unknown command or flag, or a wrong number of arguments
	exitFound  = 3 // the check found something
)

// app is one run of the command: its streams, and the flags that every command has.
type app struct {
	in       io.Reader
	answers  *bufio.Reader // on in, once something was asked
	out, err io.Writer

	url, dir, devURL, schema, config, env, format string
	progress                                      string // of up and down
	bar                                           *barProgress
	quiet, noColor, yes                           bool

	dirSum string
	fsys   fs.FS // see directory; nil until it is needed

	projectURL     func() (string, error) // of the configuration file, which the environment beats; nil for none
	revisionSchema string                 // likewise; "" for none
}

// usageError is what exit code 2 is for.
type usageError struct{ error }

// errFound ends a check that found something; what it found is on stdout already.
var errFound = errors.New("found")

func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	a := &app{in: in, out: out, err: errOut}
	root := a.command()
	root.SetArgs(positionalSteps(root, args))
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	if errors.Is(err, errFound) {
		return exitFound
	}
	if (a.format == "json" || wantsJSON(args)) && !errors.Is(err, errPrinted) {
		_ = a.json(map[string]any{"error": map[string]any{"message": err.Error()}})
	}
	fmt.Fprintln(errOut, "Error:", err)
	if _, ok := errors.AsType[usageError](err); ok {
		fmt.Fprintf(errOut, "\n%s\nTry: %s --help\n", cmd.UseLine(), cmd.CommandPath())
		return exitUsage
	}
	return exitFailed
}

// wantsJSON looks for --format json where parsing the flags has stopped before it.
func wantsJSON(args []string) bool {
	at := slices.Index(args, "--format")
	return slices.Contains(args, "--format=json") || at >= 0 && at+1 < len(args) && args[at+1] == "json"
}

// errPrinted marks an error that is part of a JSON result on stdout already.
var errPrinted = errors.New("printed")

// printed is an error that shows its cause and is errPrinted.
type printed struct{ error }

func (p printed) Unwrap() []error { return []error{p.error, errPrinted} }

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "plinth",
		Short: "Plan, check, apply and revert the migrations of an Ent schema on PostgreSQL",
		Long: `plinth turns each change of an Ent schema into versioned up and down SQL files with checksums,
and applies and reverts them on PostgreSQL.

The life of a change:  edit schema/, go generate ./ent, plinth diff NAME, review the SQL, plinth up`,
		SilenceErrors: true, SilenceUsage: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			hint := ""
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				hint = "; did you mean " + strings.Join(near, " or ") + "?"
			}
			return usageError{fmt.Errorf("unknown command %q%s", args[0], hint)}
		},
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.configure(cmd) },
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		if _, bad := errors.AsType[*pflag.InvalidValueError](err); bad {
			return err // the flag exists; its value is refused
		}
		return usageError{err}
	})
	f := root.PersistentFlags()
	f.StringVar(&a.url, "url", "", "database `URL` (default $DATABASE_URL, also from .env)")
	f.StringVar(&a.dir, "dir", "migrate/migrations", "migration `directory`, or the https URL of a .tar.gz or .zip of one")
	f.StringVar(&a.dirSum, "dir-sum", "", "refuse a migration directory whose atlas.sum begins otherwise: `h1:...`, or both sums as h1:...,h1:...")
	f.StringVar(&a.devURL, "dev-url", "", "throwaway server: docker://postgres/17, local:// or a `URL` (default $PLINTH_DEV_URL, else the first that works)")
	f.StringVar(&a.schema, "schema", "schema", "`directory` of the Ent schema package")
	f.StringVar(&a.config, "config", "atlas.hcl", "configuration `file`")
	f.StringVar(&a.env, "env", "", "env block of the configuration file (default: the only one)")
	f.StringVar(&a.format, "format", "text", "`text|json` on stdout")
	f.BoolVar(&a.quiet, "quiet", false, "no progress on stderr")
	f.BoolVar(&a.noColor, "no-color", os.Getenv("NO_COLOR") != "", "no colours")
	f.BoolVar(&a.yes, "yes", false, "do not ask")
	root.AddCommand(a.diffCommand(), a.newCommand(), a.upCommand(), a.downCommand(), a.statusCommand(), a.historyCommand(),
		a.headsCommand(), a.mergeCommand(), a.stampCommand(), a.resolveCommand(), a.checkCommand(), a.lintCommand(), a.testCommand(), a.driftCommand(), a.hashCommand(), a.validateCommand(), a.waitCommand(), a.versionCommand())
	addCompletion(root)
	return root
}

// configure checks the common flags and fills those that were not given from environment and configuration file.
func (a *app) configure(cmd *cobra.Command) error {
	known := []string{"text", "json"}
	if cmd.Name() == "lint" {
		known = output.Formats()
	}
	if !slices.Contains(known, a.format) {
		format := a.format
		a.format = "text"
		return fmt.Errorf("--format %s: write %s", format, strings.Join(known, " or "))
	}
	if standsAlone(cmd) {
		return nil
	}
	return a.loadProject(cmd.Flags())
}

// arguments wraps a check of the number of arguments, so that a violation is a usage error.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

var stepArgument = regexp.MustCompile(`^-[0-9]+$`)

// positionalSteps moves arguments such as -1, which cobra takes for flags, behind a --, so that `plinth down -1` and
// `plinth down -1 --yes` work. One that is the value of the flag before it stays there.
func positionalSteps(root *cobra.Command, args []string) []string {
	cmd, _, err := root.Find(args)
	if err != nil {
		cmd = root
	}
	var rest, steps []string
	for i, arg := range args {
		if arg == "--" {
			if len(steps) == 0 {
				return args
			}
			return append(append(append(rest, "--"), steps...), args[i+1:]...)
		}
		if stepArgument.MatchString(arg) && (i == 0 || !takesValue(cmd, args[i-1])) {
			steps = append(steps, arg)
			continue
		}
		rest = append(rest, arg)
	}
	if steps == nil {
		return args
	}
	return append(append(rest, "--"), steps...)
}

// takesValue tells whether an argument is a flag whose value is the next argument.
func takesValue(cmd *cobra.Command, arg string) bool {
	name, long := strings.CutPrefix(arg, "--")
	f := cmd.Flag(name)
	return long && f != nil && f.NoOptDefVal == ""
}

// say writes a line of talk to stderr.
func (a *app) say(format string, args ...any) {
	if !a.quiet {
		fmt.Fprintf(a.err, format+"\n", args...)
	}
}

// print writes a line of the result to stdout.
func (a *app) print(format string, args ...any) { fmt.Fprintf(a.out, format+"\n", args...) }

// json writes the one object that the JSON format has.
func (a *app) json(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
