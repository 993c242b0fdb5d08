package mutate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/spec"
)

// Kind says what a fault may do.
type Kind string

// The kinds. A fault of memory or of the ABI can do harm beyond the results of the call, so that each must be found.
const (
	Value  Kind = "value"  // wrong results
	Memory Kind = "memory" // touches what is not there, or is not the call's
	ABI    Kind = "abi"    // leaves registers as Go does not expect them
)

// Fault is one way in which a back end may go wrong.
type Fault struct {
	Name, Doc string
	Kind      Kind
	Targets   []string // instruction sets whose code can have it; nil: all
	Ops       []string // ops that can have it; nil: all

	// One of these: it changes a scheduled program before it is emitted, or the text of a file.
	program func(p *ir.Program, here func() bool)
	source  *source
}

// source is a fault in the text of the file with that ending of its name.
type source struct {
	file string
	edit func(lines []string, here func() bool) []string
}

// Subject is a generated package of one op, type and instruction set.
type Subject struct {
	Spec  spec.Spec
	Files []gen.File
	unit  *gen.Unit
}

// NewSubject generates the package of a spec with one op, one type and, beside Go, at most one instruction set.
func NewSubject(s spec.Spec) (*Subject, error) {
	unit, err := pyragen.Unit(&s)
	if err != nil {
		return nil, err
	}
	files, err := gen.Emit(unit, pyragen.Backends)
	return &Subject{s, files, unit}, err
}

// ISA is the instruction set whose code may have faults.
func (s *Subject) ISA() string { return s.unit.Spec.ISA[len(s.unit.Spec.ISA)-1] }

// Name tells subjects apart.
func (s *Subject) Name() string {
	c := s.unit.Spec
	name := fmt.Sprintf("%s %s %s w=%d s=%v d=%d", c.Ops[0], c.Types[0], s.ISA(), c.Window, c.Strides, c.Dim)
	if c.IsTable() {
		name = fmt.Sprintf("%s %s %s table d=%d", c.Ops[0], c.Types[0], s.ISA(), c.Dim)
	}
	if len(c.With) > 0 {
		name += " with " + strings.Join(c.With, ",")
	}
	return name
}

// Sites counts the places where a fault can be seeded.
func (s *Subject) Sites(f Fault) int {
	if f.Targets != nil && !slices.Contains(f.Targets, s.ISA()) || f.Ops != nil && !slices.Contains(f.Ops, s.unit.Spec.Ops[0]) {
		return 0
	}
	none := sites{want: -1}
	if f.program != nil {
		f.program(clone(s.program()), none.here)
	} else if i := s.file(f.source.file); i >= 0 {
		f.source.edit(strings.Split(string(s.Files[i].Content), "\n"), none.here)
	}
	return none.met
}

// Mutant returns the files of the package with a fault at one of its sites, counted from 0.
func (s *Subject) Mutant(f Fault, site int) ([]gen.File, error) {
	at := sites{want: site}
	files, err := s.seed(f, &at)
	switch {
	case err != nil:
	case site < 0 || site >= at.met:
		err = fmt.Errorf("want a site from 0 to %d, got %d", at.met-1, site)
	case slices.EqualFunc(files, s.Files, func(a, b gen.File) bool { return bytes.Equal(a.Content, b.Content) }):
		err = fmt.Errorf("site %d: the files are as they were", site)
	}
	if err != nil {
		return nil, fmt.Errorf("mutate: %s: %s: %w", s.Name(), f.Name, err)
	}
	return files, nil
}

func (s *Subject) seed(f Fault, at *sites) ([]gen.File, error) {
	if f.program != nil {
		unit := *s.unit
		unit.Programs = slices.Clone(unit.Programs)
		i := slices.Index(unit.Programs, s.program())
		unit.Programs[i] = clone(unit.Programs[i])
		f.program(unit.Programs[i], at.here)
		return gen.Emit(&unit, pyragen.Backends)
	}
	i := s.file(f.source.file)
	if i < 0 {
		return nil, fmt.Errorf("there is no file *%s", f.source.file)
	}
	files := slices.Clone(s.Files)
	lines := f.source.edit(strings.Split(string(files[i].Content), "\n"), at.here)
	files[i].Content = []byte(strings.Join(lines, "\n"))
	return files, nil
}

// program is that of the instruction set.
func (s *Subject) program() *ir.Program { return s.unit.For(s.ISA())[0] }

// file is the place of the file with an ending of its name behind the package's, or -1.
func (s *Subject) file(end string) int {
	return slices.IndexFunc(s.Files, func(f gen.File) bool { return f.Name == s.Spec.Package+end })
}

// sites counts the places that a fault meets and picks one.
type sites struct{ want, met int }

func (s *sites) here() bool {
	s.met++
	return s.met-1 == s.want
}

// clone copies a program as far as faults change it: statements and what they hold are replaced, not changed.
func clone(p *ir.Program) *ir.Program {
	c := *p
	c.Funcs = nil
	copies := map[*ir.Func]*ir.Func{}
	for _, f := range p.Funcs {
		g := *f
		copies[f] = &g
		c.Funcs = append(c.Funcs, &g)
	}
	c.Body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		if call, ok := s.(*ir.Call); ok {
			s = &ir.Call{Func: copies[call.Func], Args: call.Args}
		}
		return []ir.Stmt{s}
	}}.OfStmts(p.Body)
	return &c
}
