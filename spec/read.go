package spec

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"unicode"
	"unicode/utf8"
)

// ReadFile reads a pyragen.yaml. The error is [Problems]; places begin with the name as given.
func ReadFile(name string) ([]Target, error) {
	wrong := func(got string) error {
		return Problems{{Place: fileName(name), Code: "PYR001", Text: "a readable configuration file is needed, got " + got,
			Fix: "run `pyragen init`, or name another file with --config"}}
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, wrong("no such file")
	case err != nil:
		return nil, wrong(cause(err))
	case info.IsDir():
		return nil, wrong("a directory")
	case !info.Mode().IsRegular(): // a pipe or a device may never end
		return nil, wrong("something that is not a regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, wrong(cause(err))
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, MaxConfig+1))
	if err != nil {
		return nil, wrong(cause(err))
	}
	return Parse(name, src)
}

// cause is the system's reason without the path, which the place names already.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// Parse reads the text of a pyragen.yaml; file is only for places. The error is [Problems]: everything that is wrong, or, where
// the text is no YAML, the first thing.
func Parse(file string, src []byte) ([]Target, error) {
	file = fileName(file)
	if p := checkText(file, src); p != nil {
		return nil, Problems{p}
	}
	body, p := parseYAML(file, string(src))
	if p != nil {
		return nil, Problems{p}
	}
	r := &reader{file: file}
	targets := r.config(body)
	slices.SortStableFunc(r.found, func(a, b located) int {
		if a.line != b.line {
			return a.line - b.line
		}
		return a.column - b.column
	})
	var ps Problems
	for _, f := range r.found {
		ps = append(ps, f.Problem)
	}
	if err := ps.Err(); err != nil {
		return nil, err
	}
	return targets, nil
}

// checkText refuses bytes that a person could not see in an editor.
func checkText(file string, src []byte) *Problem {
	if len(src) > MaxConfig {
		return &Problem{Place: file, Code: "PYR002", Text: fmt.Sprintf("a configuration must have at most %d bytes, got more", MaxConfig),
			Fix: "split it over several folders"}
	}
	line, column := 1, 1
	for i := 0; i < len(src); {
		c, size := utf8.DecodeRune(src[i:])
		got, fix := "", "save the file as UTF-8"
		switch {
		case c == utf8.RuneError && size == 1:
			got = fmt.Sprintf("the byte %#02x, which is not UTF-8", src[i])
		case i == 0 && c == '\ufeff':
			got, fix = "a byte order mark", "save the file as UTF-8 without it"
		case c == '\t':
			got, fix = "a tab", "indent with spaces"
		case c == '\n', c == '\r' && i+1 < len(src) && src[i+1] == '\n':
		case !unicode.IsPrint(c):
			got, fix = fmt.Sprintf("the invisible character %U", c), "remove it"
		}
		if got != "" {
			return &Problem{Place: fmt.Sprintf("%s:%d:%d", file, line, column), Code: "PYR012", Text: "only plain text is read, got " + got, Fix: fix}
		}
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
		i += size
	}
	return nil
}
