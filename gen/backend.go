package gen

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/spec"
)

// Unit is what one package is made from: what was asked for, and a scheduled program for each op, type and instruction set.
type Unit struct {
	Spec     spec.Spec
	Programs []*ir.Program
}

// Header returns the header of every file of the unit's package.
func (u *Unit) Header() string { return Header(u.Spec.Text(), u.Spec.Hash()) }

// For returns the programs for one target, in order.
func (u *Unit) For(target string) []*ir.Program {
	var ps []*ir.Program
	for _, p := range u.Programs {
		if p.Target == target {
			ps = append(ps, p)
		}
	}
	return ps
}

// Package is what a back end makes of a unit.
type Package struct {
	Files []File

	// Features has, for each target with assembly, the fields of cpu.X86 (such as HasAVX2) that must be true for its instructions
	// to run. The back end that emits the instructions derives them; dispatch, which comes after it, reads them.
	Features map[string][]string

	expect []Expect // of the file with the same index
}

// Add adds a file and all that may stand in it.
func (p *Package) Add(f File, e Expect) {
	p.Files = append(p.Files, f)
	p.expect = append(p.expect, e)
}

// Backend is a way to write programs as files. Adding one is adding a value to the table that [Emit] is given.
type Backend struct {
	Name string
	Doc  string // one sentence: which files it writes
	// After has the back ends that must run before, if they are in the table, and for each the reason. Their features are those of the
	// package that Emit is given, which is for its own files alone.
	After map[string]string
	Emit  func(u *Unit, p *Package) error
}

// Emit runs the back ends of the table, each as soon as those before it have run that it comes after, and returns their files, by name,
// after checking that each holds exactly what its back end announced and that every Go declaration without a body has its assembly.
func Emit(u *Unit, table []Backend) ([]File, error) {
	if err := CheckTable(table); err != nil {
		return nil, err
	}
	runs := make([]run, len(table))
	for i := range table {
		runs[i] = run{Package: Package{Features: map[string][]string{}}, done: make(chan struct{}), checked: make(chan struct{})}
	}
	for i, b := range table {
		go func() {
			defer close(runs[i].checked)
			for j, before := range table[:i] {
				if _, ok := b.After[before.Name]; ok {
					<-runs[j].done
					maps.Copy(runs[i].Features, runs[j].Features)
				}
			}
			runs[i].err = b.Emit(u, &runs[i].Package)
			close(runs[i].done)
			runs[i].found, runs[i].open = closedFiles(runs[i].Files, runs[i].expect) // beside back ends that run still
		}()
	}
	var files []File
	var found [][]string
	var first, open error
	for i, b := range table {
		<-runs[i].checked
		if err := runs[i].err; err != nil && first == nil {
			first = fmt.Errorf("package %s: back end %s: %w", u.Spec.Package, b.Name, err)
		}
		files, found, open = append(files, runs[i].Files...), append(found, runs[i].found...), errors.Join(open, runs[i].open)
	}
	if first != nil {
		return nil, first
	}
	if open == nil {
		open = matched(files, found)
	}
	if err := errors.Join(checkFiles(files), open); err != nil {
		return nil, fmt.Errorf("package %s: %w", u.Spec.Package, err)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return files, nil
}

// run is a back end that runs, or has run.
type run struct {
	Package
	done    chan struct{} // closed when it has
	err     error
	checked chan struct{} // closed when its files have been, too
	found   [][]string    // functions that its files declare, or hold, in assembly
	open    error         // what is wrong with its files
}

// CheckTable returns what is wrong with a table of back ends: a name that is missing or used twice, or one that stands before
// another that it must follow.
func CheckTable(table []Backend) error {
	place := map[string]int{}
	for i, b := range table {
		if b.Name == "" || b.Doc == "" || b.Emit == nil {
			return fmt.Errorf("gen: back end %d (%q): want Name, Doc and Emit", i, b.Name)
		}
		if _, twice := place[b.Name]; twice {
			return fmt.Errorf("gen: back end %s stands twice in the table", b.Name)
		}
		place[b.Name] = i
	}
	for i, b := range table {
		for other, why := range b.After {
			if at, ok := place[other]; ok && at > i {
				return fmt.Errorf("gen: back end %s stands before %s, want it after: %s", b.Name, other, why)
			}
		}
	}
	return nil
}
