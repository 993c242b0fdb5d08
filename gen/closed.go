package gen

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Expect is everything that a file may hold, said by its back end from the unit and not read from the emitted text. Lists are in any
// order.
type Expect struct {
	Constraint string   // the build constraint, as behind //go:build; "" for none
	Package    string   // Go: the package clause
	Imports    []string // Go: import paths
	Decls      []string // Go: what is declared at the top: constants, types, variables, functions; methods as Type.Name
	Directives []string // Go: directives with the function that they stand above, such as "go:noescape scoresF32AVX2Leaf"
	Texts      []string // assembly: functions
	Tables     []string // assembly: read-only data of the file, without <>
}

// Closed reads files as the Go tools will and compares what is in each with the expectation of the same index: nothing may be
// missing, and nothing more may stand there, whatever text found its way into a name or a comment. It also matches the functions
// without body with those of the assembly.
func Closed(files []File, expect []Expect) error {
	found, err := closedFiles(files, expect)
	if err != nil {
		return err
	}
	return matched(files, found)
}

// closedFiles checks each file by itself, and returns its functions without body if it is Go, its functions if it is assembly.
func closedFiles(files []File, expect []Expect) (found [][]string, err error) {
	if len(files) != len(expect) {
		return nil, fmt.Errorf("gen: got %d files and %d expectations, want one a file", len(files), len(expect))
	}
	for i, f := range files {
		check := closedGo
		if isAsm(f) {
			check = closedAsm
		}
		functions, open := check(f, expect[i])
		found, err = append(found, functions), errors.Join(err, open)
	}
	return found, err
}

// matched wants the functions without body in Go files, found in the file of the same index, to be those of the assembly.
func matched(files []File, found [][]string) error {
	stubs, texts := map[string]bool{}, map[string]bool{} // several Go files may declare one function
	for i, f := range files {
		set := stubs
		if isAsm(f) {
			set = texts
		}
		for _, name := range found[i] {
			set[name] = true
		}
	}
	if err := sameSet("functions without body, and those of the assembly", keys(stubs), keys(texts)); err != nil {
		return fmt.Errorf("gen: %w", err)
	}
	return nil
}

func isAsm(f File) bool { return strings.HasSuffix(f.Name, ".s") }

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// sameSet returns an error that names what got has and want has not, and the other way round. Repetitions count.
func sameSet(what string, got, want []string) error {
	extra, missing := minus(got, want), minus(want, got)
	if len(extra) == 0 && len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("%s: got %+q beyond what is expected, lacks %+q", what, extra, missing)
}

// minus returns the elements of a that are left when each of b has taken away one equal to it.
func minus(a, b []string) []string {
	count := map[string]int{}
	for _, s := range b {
		count[s]++
	}
	var left []string
	for _, s := range a {
		if count[s]--; count[s] < 0 {
			left = append(left, s)
		}
	}
	slices.Sort(left)
	return left
}
