package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
)

// canAsk reports whether there is somebody to answer: stdin is a terminal.
func (a *app) canAsk() bool {
	stdin, ok := a.in.(*os.File)
	return ok && term.IsTerminal(int(stdin.Fd()))
}

// ask puts a question on stderr and reports whether it was answered with yes. The end of ctx, or of the input, is a no.
func (a *app) ask(ctx context.Context, question string) bool {
	fmt.Fprint(a.err, question+" [y/N] ")
	if a.answers == nil {
		a.answers = bufio.NewReader(a.in)
	}
	answer := make(chan string, 1)
	go func() {
		line, _ := a.answers.ReadString('\n')
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case line := <-answer:
		return line == "y" || line == "yes"
	case <-ctx.Done():
		fmt.Fprintln(a.err)
		return false
	}
}
