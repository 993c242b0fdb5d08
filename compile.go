// Package pyragen turns a spec into the files of a Go package with kernels for exactly that pyramid: the ops as tensor
// expressions, a schedule for each target, and the table of back ends.
package pyragen

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/pyragen/pyragen/gen/goasm"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/gen/gosrc"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
	"github.com/pyragen/pyragen/spec"
)

// Backends is the table of back ends: the files of a package.
var Backends = []gen.Backend{goasm.Backend(gosrc.FuncName), gosrc.Kernels, gosrc.Drivers, gosrc.Dispatch, gosrc.API, gosrc.Graph}

// Compile returns the files of a spec's package, by name. A spec that is not valid is an error of type [spec.Problems].
func Compile(s *spec.Spec) ([]gen.File, error) {
	u, err := Unit(s)
	if err != nil {
		return nil, err
	}
	return gen.Emit(u, Backends)
}

// Unit schedules a program for each op, type and instruction set of a spec.
func Unit(s *spec.Spec) (*gen.Unit, error) {
	if err := s.Validate().Err(); err != nil {
		return nil, err
	}
	c := s.Canonical()
	u := &gen.Unit{Spec: c}
	type request struct{ op, typ, isa string }
	var requests []request
	for _, op := range c.Ops {
		for _, typ := range c.Types {
			for _, isa := range withGo(c.ISA) {
				requests = append(requests, request{op, typ, isa})
			}
		}
	}
	u.Programs = make([]*ir.Program, len(requests))
	errs := make([]error, len(requests))
	next := make(chan int)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				r := requests[i]
				k, sched, err := kernel(&c, r.op, r.typ, r.isa)
				if err == nil {
					u.Programs[i], err = schedule.Run(k, sched, nil)
				}
				errs[i] = err
			}
		})
	}
	for i := range slices.Backward(requests) { // the last ops are the largest: no processor is left with one alone at the end
		next <- i
	}
	close(next)
	group.Wait()
	if err := cmp.Or(errs...); err != nil {
		return nil, err
	}
	return u, nil
}

// withGo adds the portable target, which runs where no other can.
func withGo(isas []string) []string {
	for _, isa := range isas {
		if isa == "go" {
			return isas
		}
	}
	return append([]string{"go"}, isas...)
}

// kernel builds an op's expression for a spec and the default schedule for a target.
func kernel(s *spec.Spec, opName, typ, isa string) (*ir.Kernel, schedule.Schedule, error) {
	op, err := ops.ByName(opName)
	if err != nil {
		return nil, schedule.Schedule{}, err
	}
	t, err := ir.ParseType(typ)
	if err != nil {
		return nil, schedule.Schedule{}, err
	}
	target, err := schedule.FindTarget(isa)
	if err != nil {
		return nil, schedule.Schedule{}, err
	}
	k := ops.Spaced(op.Build(ops.Options{Type: t, Graph: graph(s), Dim: s.Dim, Slots: fixedSlots(s),
		Mask: slices.Contains(s.With, "mask"), Bias: slices.Contains(s.With, "bias"), Dropout: slices.Contains(s.With, "dropout")}))
	sched, err := schedule.Default(k, target)
	return k, sched, err
}

// fixedSlots is how many slots the kernels of a table are made for, 0 for any. An array with one place has no axis that a schedule could name:
// for one slot they are made for any.
func fixedSlots(s *spec.Spec) int {
	if s.Slots == 1 {
		return 0
	}
	return s.Slots
}

// graph is the graph of a spec in canonical form.
func graph(s *spec.Spec) ir.Graph {
	if s.IsTable() {
		return ir.Graph{Kind: ir.Table}
	}
	causal := map[string]ir.Causal{"": ir.CausalNone, "last": ir.CausalLast, "strict": ir.CausalStrict}
	links := map[string]ir.Links{"": ir.LinksBoth, "up": ir.LinksUp, "down": ir.LinksDown}
	return ir.Graph{Kind: ir.Pyramid, Window: s.Window, Strides: s.Strides,
		Windows: s.Windows, Dilation: s.Dilation, Causal: causal[s.Causal], Links: links[s.Links], Ancestors: s.Ancestors}
}

// Neighbours returns the graph of a pyramid over so many leaves as kernels have it: a row a node, with the node in each slot, -1 where it is
// empty.
func Neighbours(s *spec.Spec, leaves int) ([][]int, error) {
	if err := s.Validate().Err(); err != nil {
		return nil, err
	}
	c := s.Canonical()
	p, err := graph(&c).Levels(int64(leaves))
	if err != nil {
		return nil, err
	}
	rows := make([][]int, p.Nodes)
	for i := range rows {
		rows[i] = make([]int, p.Slots)
		for j := range rows[i] {
			rows[i][j] = int(p.Nbr(int64(i), int64(j)))
		}
	}
	return rows, nil
}

// Stage is a kernel at one point of its way from the expression to the files.
type Stage struct {
	Name string // expression, schedule, lower, a step such as "jam h 2", a pass, go, asm
	Doc  string
	Text string
}

// Stages returns all stages of one op, type and instruction set, in order.
func Stages(s *spec.Spec, op, typ, isa string) ([]Stage, error) {
	if err := s.Validate().Err(); err != nil {
		return nil, err
	}
	c := s.Canonical()
	k, sched, err := kernel(&c, op, typ, isa)
	if err != nil {
		return nil, err
	}
	stages := []Stage{
		{"expression", "what is computed", k.String()},
		{"schedule", "how, chosen by the cost model", sched.String()},
	}
	p, err := schedule.Run(k, sched, func(name, doc string, p *ir.Program) {
		stages = append(stages, Stage{name, doc, p.String()})
	})
	if err != nil {
		return nil, err
	}
	files, err := gen.Emit(&gen.Unit{Spec: c, Programs: []*ir.Program{p}}, kernelBackends)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		name, doc := "go", "the Go source of "+f.Name
		if strings.HasSuffix(f.Name, ".s") {
			name, doc = "asm", "the assembly of "+f.Name
		}
		stages = append(stages, Stage{name, doc, string(f.Content)})
	}
	return stages, nil
}

// kernelBackends write kernels without the package around them.
var kernelBackends = []gen.Backend{goasm.Backend(gosrc.FuncName), gosrc.Kernels, gosrc.Drivers}

// String names a stage.
func (s Stage) String() string { return fmt.Sprintf("%s: %s", s.Name, s.Doc) }
