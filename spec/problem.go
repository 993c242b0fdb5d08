package spec

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is one thing wrong with a request, in a form that a person can act on.
type Problem struct {
	Place string // pyragen.yaml:12:7, --window, or empty for a Spec made in code
	Field string // key of the entry: window, strides, ...; empty where it is about the whole file
	Item  int    // of a list, from 1; 0 where it is about the whole field
	Code  string // PYRnnn, explained in [Codes]
	Text  string // what was wanted, what it got
	Fix   string // what to do
}

// Error returns one line: place, wanted and got, code, fix.
func (p *Problem) Error() string {
	s := p.Text + " (" + p.Code + ")"
	if p.Place != "" {
		s = p.Place + ": " + s
	}
	if p.Fix != "" {
		s += "; " + p.Fix
	}
	return s
}

// Problems is everything wrong with a request, in the order of the file.
type Problems []*Problem

// Error returns a line a problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns ps as an error, nil if there is none.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// quote returns s in double quotes, in ASCII and short: what a stranger wrote must not end a line, hide in it or fill it.
func quote(s string) string {
	const most = 48
	if len(s) <= most {
		return strconv.QuoteToASCII(s)
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.QuoteToASCII(s[:cut]) + "..."
}

// fileName returns a file name as errors show it: itself where it is printable, else quoted.
func fileName(s string) string {
	for _, c := range s {
		if !strconv.IsPrint(c) || c == utf8.RuneError {
			return strconv.QuoteToASCII(s)
		}
	}
	return s
}
