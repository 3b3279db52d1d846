package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/plinth-db/plinth/migrate"
)

func (a *app) checkProgress() error {
	switch a.progress {
	case "auto", "bar", "plain", "json":
		return nil
	}
	return fmt.Errorf("--progress %s: write auto, bar, plain or json", a.progress)
}

// observer tells a user on stderr what goes on: by a bar on a terminal, else line by line, or as one JSON object a line.
func (a *app) observer() func(migrate.Event) {
	switch {
	case a.progress == "json":
		return a.eventJSON
	case a.quiet:
		return func(migrate.Event) {}
	case a.progress == "bar", a.progress == "auto" && a.onTerminal():
		a.bar = &barProgress{app: a}
		return a.bar.observe
	}
	return a.sparingly(a.eventLine)
}

// sparingly passes on what a file does while it runs only every ten seconds: who reads the lines of a long run wants to find the rest.
func (a *app) sparingly(f func(migrate.Event)) func(migrate.Event) {
	var last time.Time
	return func(e migrate.Event) {
		if e.Kind == migrate.EventRunning {
			if time.Since(last) < 10*time.Second {
				return
			}
			last = time.Now()
		}
		f(e)
	}
}

func (a *app) onTerminal() bool { return isTerminal(a.err) }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// eventLine is an event in words.
func (a *app) eventLine(e migrate.Event) {
	if text := describe(e); text != "" {
		a.say("%s", text)
	}
}

// describe is "" for what needs no line of its own.
func describe(e migrate.Event) string {
	switch e.Kind {
	case migrate.EventWaiting:
		return "waiting for another migration run: " + e.Detail
	case migrate.EventStart:
		return fmt.Sprintf("%s %s %s ...", verb(e), e.Version, e.Name)
	case migrate.EventRunning:
		text := fmt.Sprintf("%s %s for %v", verb(e), e.Version, e.Duration.Round(time.Second))
		if e.Detail != "" {
			text += ": " + e.Detail
		}
		return text
	case migrate.EventBlocked:
		return "blocked: " + e.Detail
	case migrate.EventResumed:
		return fmt.Sprintf("resuming %s: %s", e.Version, e.Detail)
	case migrate.EventSettled:
		return fmt.Sprintf("%s: %s", e.Version, e.Detail)
	}
	return ""
}

func verb(e migrate.Event) string {
	if e.Direction == migrate.DirectionDown {
		return "reverting"
	}
	return "applying"
}

// eventJSON is an event for a program.
func (a *app) eventJSON(e migrate.Event) {
	enc := json.NewEncoder(a.err)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(map[string]any{
		"event": e.Kind, "at": time.Now().UTC(), "version": orNull(e.Version), "name": orNull(e.Name), "direction": orNull(string(e.Direction)),
		"number": e.Number, "total": e.Total, "elapsed_ms": milliseconds(e.Duration), "detail": orNull(e.Detail),
	})
}

// barProgress is one bar for the run, with the file that runs; what should stay to be read is a line above it.
type barProgress struct {
	app *app
	bar *progressbar.ProgressBar
}

func (b *barProgress) observe(e migrate.Event) {
	if b.bar == nil && e.Total > 0 {
		b.bar = progressbar.NewOptions(e.Total, progressbar.OptionSetWriter(b.app.err), progressbar.OptionShowCount(), progressbar.OptionSetWidth(20),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(50*time.Millisecond), progressbar.OptionSetElapsedTime(true),
			progressbar.OptionSetPredictTime(false), progressbar.OptionUseANSICodes(true), progressbar.OptionEnableColorCodes(!b.app.noColor))
	}
	switch {
	case b.bar == nil:
		b.app.eventLine(e)
	case e.Kind == migrate.EventStart, e.Kind == migrate.EventRunning:
		b.bar.Describe(b.fit(strings.TrimSuffix(describe(e), " ...")))
	case e.Kind == migrate.EventDone:
		_ = b.bar.Set(e.Number)
	default:
		_ = b.bar.Clear()
		b.app.eventLine(e)
	}
}

// fit leaves room for the bar behind the text.
func (b *barProgress) fit(text string) string {
	const bar = 45
	width := 80
	if f, ok := b.app.err.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			width = w
		}
	}
	if r := []rune(text); len(r) > width-bar {
		return string(r[:max(10, width-bar)]) + "…"
	}
	return text
}

// clear takes the bar away when the run has ended before its last file.
func (b *barProgress) clear() {
	if b != nil && b.bar != nil {
		_ = b.bar.Clear()
	}
}
