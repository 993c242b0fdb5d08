package pyragen_test

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
	"github.com/pyragen/pyragen/schedule"
)

// A kernel is read from its text and run by the interpreter: each node of the first level above the leaves is the mean of its
// children.
func Example_interpreter() {
	k, err := ir.ParseKernel(`kernel mean f32 {
	  pyramid window 3 strides 4
	  size len
	  in x: f32[len]
	  out z: f32[n(1)]

	  z[i < n(1)] = sum(c < C(0): x[i*C(0) + c]) / 4.0
	}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	x := &ir.Array{Type: ir.F32, F32: []float32{1, 2, 3, 4, 5, 6, 7, 8}}
	z := ir.NewArray(ir.F32, 2)
	if err := ir.RunKernel(k, map[string]int64{"len": 8}, ir.Args{"x": x, "z": z}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(z.F32)
	// Output: [2.5 6.5]
}

// The same sum in two orders: one after the other, as the kernel says, and by lanes and a tree of adds, as the schedule for AVX2
// says. The exact value is 10.
func Example_orderOfSums() {
	graph := ir.Graph{Kind: ir.Pyramid, Window: 1}
	k := ops.Scores(ops.Options{Type: ir.F32, Graph: graph, Dim: 16})
	target, err := schedule.FindTarget("avx2")
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := schedule.Default(k, target)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := schedule.Run(k, s, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	sizes := map[string]int64{"batch": 1, "len": 1, "heads": 1}
	ones := make([]float32, 16)
	for i := range ones {
		ones[i] = 1
	}
	args := func() ir.Args {
		x := make([]float32, 16)
		copy(x, []float32{1e8, 1, 2, 3, 4, 0, 0, 0, -1e8})
		return ir.Args{"s": ir.NewArray(ir.F32, 2), "x": {Type: ir.F32, F32: x}, "y": {Type: ir.F32, F32: ones},
			"padding": {Type: ir.F32, F32: []float32{0}}}
	}
	asKernel, asProgram := args(), args()
	if err := ir.RunKernel(k, sizes, asKernel); err != nil {
		fmt.Println(err)
		return
	}
	if err := ir.RunProgram(p, sizes, asProgram); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("kernel ", asKernel["s"].F32[0])
	fmt.Println("program", asProgram["s"].F32[0])
	// Output:
	// kernel  0
	// program 10
}

// A step that is not legal is refused, with the reason.
func Example_refused() {
	graph := ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}
	k := ops.Scores(ops.Options{Type: ir.F32, Graph: graph, Dim: 20})
	s, err := schedule.Parse(`schedule scores f32 avx2
		vectorise d 8 perfect`)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = schedule.Run(k, s, nil)
	fmt.Println(err)
	// Output:
	// scores f32 w=3 s=4 avx2: vectorise d 8 perfect: loop d: got 20 iterations, want a multiple of 8 lanes for a perfect tail; use mask or cut
}
