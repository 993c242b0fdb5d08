package schedule_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// request is one kernel within the limits of R20.
type request struct {
	op     string
	typ    ir.Type
	graph  ir.Graph
	dim    int
	target schedule.Target
}

func (r request) String() string {
	return fmt.Sprintf("%s %s w=%d s=%v dim=%d %s", r.op, r.typ, r.graph.Window, r.graph.Strides, r.dim, r.target.Name)
}

// kernel builds what is asked for.
func (r request) kernel(t *testing.T) *ir.Kernel {
	t.Helper()
	op, err := ops.ByName(r.op)
	if err != nil {
		t.Fatal(err)
	}
	return op.Build(ops.Options{Type: r.typ, Graph: r.graph, Dim: r.dim})
}

// The limits of R20, which package spec enforces.
const (
	mostWindow  = 129
	mostStride  = 64
	mostStrides = 15 // 16 levels
	mostDim     = 1024
	mostTime    = 2 * time.Second
	mostMemory  = 512 << 20
)

// corners are requests at the limits, where schedules are longest.
func corners() []request {
	deep := func(c int) []int {
		var s []int
		for range mostStrides {
			s = append(s, c)
		}
		return s
	}
	var out []request
	for n, g := range []ir.Graph{
		{Kind: ir.Pyramid, Window: mostWindow, Strides: deep(mostStride)},
		{Kind: ir.Pyramid, Window: mostWindow - 1, Strides: deep(1)},
		{Kind: ir.Pyramid, Window: 1, Strides: deep(2)},
		{Kind: ir.Pyramid, Window: mostWindow},
		{Kind: ir.Pyramid, Window: 5, Strides: []int{64, 1, 63}},
	} {
		for d, dim := range []int{0, 1, 100, mostDim - 1, mostDim} {
			op := []string{"scores", "context", "reverse"}[(n+d)%3]
			typ := []ir.Type{ir.F32, ir.F64}[d%2]
			out = append(out, request{op, typ, g, dim, schedule.Targets[(n+2*d)%3]})
		}
	}
	return out
}

// sampled draws requests from the whole range: small and large windows, few and many levels, dims around multiples of the lanes.
func sampled(n int) []request {
	r := rand.New(rand.NewPCG(20, 1))
	pick := func(list ...int) int { return list[r.IntN(len(list))] }
	var out []request
	for range n {
		g := ir.Graph{Kind: ir.Pyramid, Window: 1 + r.IntN(pick(8, 16, mostWindow))}
		for range r.IntN(1 + pick(2, 4, mostStrides)) {
			g.Strides = append(g.Strides, 1+r.IntN(pick(4, 30, mostStride)))
		}
		dim := pick(0, 1+r.IntN(17), 8*(1+r.IntN(16))+r.IntN(2), 1+r.IntN(mostDim))
		op := []string{"scores", "context", "reverse"}[r.IntN(3)]
		out = append(out, request{op, []ir.Type{ir.F32, ir.F64}[r.IntN(2)], g, dim, schedule.Targets[r.IntN(len(schedule.Targets))]})
	}
	return out
}

// TestLimits is check R20: the default schedule of whatever the spec allows is found and fits the registers, in 2 seconds and
// 512 MiB.
func TestLimits(t *testing.T) {
	more := 40
	if os.Getenv("PYRAGEN_LONG") != "" {
		more = 3000
	}
	for _, r := range append(corners(), sampled(more)...) {
		k := r.kernel(t)
		s, err := schedule.Default(k, r.target)
		if err != nil {
			t.Fatalf("%v: %v", r, err)
		}
		p, err := within(t, r, func() (*ir.Program, error) { return schedule.Run(k, s, nil) })
		if err != nil {
			t.Errorf("%v: %v\n%s", r, err, s)
			continue
		}
		if len(p.Funcs) == 0 {
			t.Errorf("%v: the program has no functions", r)
		}
		if r.target.VectorRegs > 0 {
			for _, f := range p.Funcs {
				if need := schedule.Registers(f); need.Total() > r.target.VectorRegs {
					t.Errorf("%v: %s needs %+v registers, %d are there", r, f.Name, need, r.target.VectorRegs)
				}
			}
		}
	}
}

// within runs what takes at most mostTime and allocates at most mostMemory. On a machine with other work the shortest of some tries
// counts.
func within(t *testing.T, r request, run func() (*ir.Program, error)) (p *ir.Program, err error) {
	t.Helper()
	least := time.Duration(1<<63 - 1)
	for try := 0; try < 5 && least > mostTime; try++ {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		p, err = run()
		least = min(least, time.Since(start))
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > mostMemory {
			t.Errorf("%v: scheduling allocated %d MiB, want at most %d", r, allocated>>20, mostMemory>>20)
		}
	}
	if least > mostTime {
		t.Errorf("%v: scheduling took %v, want at most %v", r, least, mostTime)
	}
	return p, err
}
