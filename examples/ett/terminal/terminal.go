// Package terminal has what commands need to speak to people.
package terminal

import (
	"io"
	"os"
	"strings"
)

// Is says whether a person reads what is written.
func Is(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// OneLine is the text of an error; file names with line breaks or control characters do not make more of it than one line.
func OneLine(err error) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, err.Error())
}
