package gosrc

import (
	"slices"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/schedule"
)

// APISpec is what the API of a package follows from.
type APISpec struct {
	Package  string
	Table    bool                // the graph is given at run time
	Slots    int                 // of a table; 0: any
	Window   int                 // of a pyramid
	Strides  []int               // of a pyramid
	Variant  Variant             // of a pyramid
	Dim      int                 // 0: any, a run-time size
	Programs []*ir.Program       // one for each driver of the package; every op and type has one for the target go
	Features map[string][]string // of other targets: the fields of cpu.X86 (such as HasAVX2) that must be true for it to run
}

// API is the back end of what users call.
var API = gen.Backend{
	Name: "api",
	Doc:  "writes NAME.go: constants, sizes, one function an op and type, checks of arguments, choice of instructions, workers",
	After: map[string]string{
		"go":    "it calls the drivers of the portable target",
		"goasm": "that every target has features is checked, and those come from the instructions that were emitted",
	},
	Emit: func(u *gen.Unit, p *gen.Package) error { return addAPI(u, p, apiFile) },
}

// Dispatch is the back end of the instruction sets to choose from, on either side of the build constraint.
var Dispatch = gen.Backend{
	Name: "dispatch",
	Doc:  "writes NAME_isa.go and NAME_noasm.go: the instruction sets beside portable Go, and what they need",
	After: map[string]string{
		"goasm":   "the features that decide come from the instructions that were emitted",
		"drivers": "it lists the drivers of the assembly",
	},
	Emit: func(u *gen.Unit, p *gen.Package) error { return addAPI(u, p, isaFile, noasmFile) },
}

// addAPI adds files of the API, as far as the package has them.
func addAPI(u *gen.Unit, p *gen.Package, parts ...apiPart) error {
	s := APISpec{Package: u.Spec.Package, Table: u.Spec.IsTable(), Slots: u.Spec.Slots, Window: u.Spec.Window, Strides: u.Spec.Strides,
		Variant: variantOf(u), Dim: u.Spec.Dim,
		Programs: u.Programs, Features: p.Features}
	for _, part := range parts {
		text, want, err := s.emit(part, u.Header())
		if err != nil {
			return err
		}
		if text != nil {
			p.Add(gen.File{Name: s.Package + part.end, Content: text}, want)
		}
	}
	return nil
}

// EmitAPI writes NAME.go: what users call. The header is the comment that the file starts with.
func EmitAPI(s APISpec, header string) ([]byte, error) { return textOf(s.emit(apiFile, header)) }

// EmitISA writes NAME_isa.go: the drivers that there are where assembly can be used, and what the CPU must have for them. It is nil
// for a package without assembly.
func EmitISA(s APISpec, header string) ([]byte, error) { return textOf(s.emit(isaFile, header)) }

// EmitNoasm writes NAME_noasm.go, which stands in for NAME_isa.go everywhere else. It is nil for a package without assembly.
func EmitNoasm(s APISpec, header string) ([]byte, error) { return textOf(s.emit(noasmFile, header)) }

func textOf(text []byte, _ gen.Expect, err error) ([]byte, error) { return text, err }

// apiFunc is an exported function: an op for one type.
type apiFunc struct {
	op      apiOp
	typ     ir.Type                // of its tensors
	drivers map[string]*ir.Program // by target
}

// funcs returns the exported functions in the order of the programs.
func (s APISpec) funcs(where *string) []*apiFunc {
	var fs []*apiFunc
	for _, p := range s.Programs {
		*where = p.Name + " " + p.Storage().String() + " " + p.Target
		op := findAPIOp(p.Name).with(p)
		op.checkProgram(p)
		s.checkSizes(p)
		s.checkTables(p)
		i := slices.IndexFunc(fs, func(f *apiFunc) bool { return f.op.name == p.Name && f.typ == p.Storage() })
		if i < 0 {
			i = len(fs)
			fs = append(fs, &apiFunc{op, p.Storage(), map[string]*ir.Program{}})
		}
		if fs[i].drivers[p.Target] != nil {
			fail("got a second program, want one for each op, type and target")
		}
		fs[i].drivers[p.Target] = p
	}
	for _, f := range fs {
		*where = f.op.name + " " + f.typ.String()
		if f.drivers["go"] == nil {
			fail("got no program for the target go, want one: it is what runs where no other can")
		}
	}
	return fs
}

// checkSizes compares the run-time sizes of a program with those that the API passes on.
func (s APISpec) checkSizes(p *ir.Program) {
	want := []string{"batch", "len", "heads"}
	if s.Table {
		s.checkTableSizes(p)
		return
	}
	if s.Dim == 0 {
		want = append(want, "dim")
	}
	for _, size := range rowStrides {
		if slices.ContainsFunc(p.Buffers, func(b *ir.Buffer) bool { return rowStep(b) == size }) {
			want = append(want, size)
		}
	}
	if !slices.Equal(p.Sizes, want) {
		fail("got the sizes %v, want %v", p.Sizes, want)
	}
}

// targets returns the targets of the programs, the best last.
func (s APISpec) targets() (names []string) {
	for _, t := range schedule.Targets {
		if slices.ContainsFunc(s.Programs, func(p *ir.Program) bool { return p.Target == t.Name }) {
			names = append(names, t.Name)
		}
	}
	return names
}

// driver returns the program that runs for a target: its own, or that of the best one below.
func (f *apiFunc) driver(targets []string, target string) *ir.Program {
	for i := slices.Index(targets, target); i > 0; i-- {
		if p := f.drivers[targets[i]]; p != nil {
			return p
		}
	}
	return f.drivers["go"]
}
