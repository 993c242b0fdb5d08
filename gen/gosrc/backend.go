package gosrc

import (
	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/ir"
)

// Kernels is the back end of the portable target.
var Kernels = gen.Backend{
	Name: "go",
	Doc:  "writes NAME_generic.go: the kernels and drivers of the target go",
	Emit: func(u *gen.Unit, p *gen.Package) error {
		return add(u, p, "_generic.go", u.For("go"), kernels)
	},
}

// Drivers is the back end of the Go side of the assembly.
var Drivers = gen.Backend{
	Name: "drivers",
	Doc:  "writes NAME_amd64.go: declarations of the functions in assembly, and the drivers that call them",
	Emit: func(u *gen.Unit, p *gen.Package) error {
		return add(u, p, "_amd64.go", vectorPrograms(u), asmDrivers)
	},
}

// Twins is the back end of the Go twins of the assembly, for tests.
var Twins = gen.Backend{
	Name: "twins",
	Doc:  "writes NAME_twin.go: the programs of the assembly in Go, lane by lane",
	Emit: func(u *gen.Unit, p *gen.Package) error {
		return add(u, p, "_twin.go", vectorPrograms(u), twins)
	},
}

func vectorPrograms(u *gen.Unit) []*ir.Program { return append(u.For("avx2"), u.For("avx512")...) }

// add adds a file of the programs, none if there are none.
func add(u *gen.Unit, p *gen.Package, end string, programs []*ir.Program,
	write func(pkg string, programs []*ir.Program, header string) (*source, error)) error {
	if len(programs) == 0 {
		return nil
	}
	pkg := u.Spec.Package
	s, err := write(pkg, programs, u.Header())
	if err != nil {
		return err
	}
	p.Add(gen.File{Name: pkg + end, Content: s.text}, s.Expect)
	return nil
}
