package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pyragen/pyragen/spec"
)

// The exit codes of design section 4.
const (
	exitFailed   = 1
	exitUsage    = 2
	exitStale    = 3
	exitVerify   = 4
	exitRejected = 5
)

// usageError is a command line that is not understood.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// outcome ends a command with an exit code. Its text may be empty when stdout has said everything.
type outcome struct {
	code int
	text string
}

func (o outcome) Error() string { return o.text }

// report maps an error of a command to an exit code and to the text for stderr.
func report(ctx context.Context, command string, err error) (code int, text string) {
	var rejected spec.Problems
	var usage usageError
	var end outcome
	switch {
	case ctx.Err() != nil:
		return exitFailed, "pyragen: interrupted"
	case errors.As(err, &rejected):
		return exitRejected, rejected.Error()
	case errors.As(err, &usage):
		return exitUsage, "pyragen: " + visible(err.Error()) + "; see `" + command + " --help`"
	case errors.As(err, &end):
		if end.text == "" {
			return end.code, ""
		}
		return end.code, "pyragen: " + end.text
	}
	return exitFailed, "pyragen: " + err.Error()
}

// visible puts on one line what may hold whatever somebody typed.
func visible(text string) string {
	quoted := strconv.Quote(text)
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted[1 : len(quoted)-1])
}
