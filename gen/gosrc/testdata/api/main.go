// Command main calls a generated package whose drivers are stubs, and prints what it says. The test of the API builds and runs it.
package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"scratch/anydim"
	"scratch/pam"

	"golang.org/x/sys/cpu"
)

func main() {
	switch os.Args[1] {
	case "isa":
		isa()
	case "errors":
		sizes()
		lengths()
		overflows()
		overlaps()
		spaced()
		canceled()
		fmt.Println(strings.Join([]string{
			fmt.Sprint("pam ", pam.Window, pam.Dim, pam.Strides(), pam.Nodes(5), pam.Slots(5), pam.Nodes(0), pam.Slots(-1)),
			fmt.Sprint("anydim ", anydim.Window, anydim.Dim, anydim.Strides(), anydim.Nodes(5), anydim.Slots(5)),
		}, "\n"))
	}
}

// isa prints what the CPU has and what the package makes of it; the arguments are instruction sets to set.
func isa() {
	x := cpu.X86
	fmt.Println(x.HasAVX, x.HasAVX2, x.HasFMA, x.HasAVX512F, x.HasAVX512DQ)
	fmt.Println(ran(), pam.ISA(), pam.ISAs(), pam.ISAErr())
	for _, name := range os.Args[2:] {
		err := pam.SetISA(name)
		fmt.Println(ran(), pam.ISA(), err)
	}
}

// ran says which stub runs: it leaves its number in the first element.
func ran() string {
	s, x, y := make([]float32, 108), make([]float32, 24), make([]float32, 24)
	if err := pam.ScoresF32(s, x, y, 0, ok); err != nil {
		return err.Error()
	}
	return []string{"none", "go", "avx2", "avx512"}[int(s[0])]
}

// ok are sizes for which s and p have 2*6*1*9 = 108 elements, and x, y and z 2*6*1*2 = 24.
var ok = pam.Sizes{Batch: 2, Len: 5, Heads: 1}

var anyOK = anydim.Sizes{Batch: 2, Len: 5, Heads: 1, Dim: 2}

// say prints what became of a call, whose output must be as it was if it was refused.
func say(name string, err error, output []float32) {
	switch wrote := len(output) > 0 && output[0] != 0; {
	case err != nil && wrote:
		fmt.Printf("%s: WROTE, AND THEN %v\n", name, err)
	case err == nil && !wrote:
		fmt.Printf("%s: NOTHING RAN\n", name)
	case err == nil:
		fmt.Printf("%s: ran\n", name)
	default:
		fmt.Printf("%s: %v\n", name, err)
	}
	clear(output)
}

func sizes() {
	s, x := make([]float32, 108), make([]float32, 24)
	for _, c := range []struct {
		name string
		set  func(n *pam.Sizes)
	}{
		{"as they should be", func(n *pam.Sizes) {}},
		{"workers", func(n *pam.Sizes) { n.Workers = 3 }},
		{"more workers than anyone has", func(n *pam.Sizes) { n.Workers = math.MaxInt }},
		{"no batch", func(n *pam.Sizes) { n.Batch = 0 }},
		{"negative batch", func(n *pam.Sizes) { n.Batch = -2 }},
		{"most negative batch", func(n *pam.Sizes) { n.Batch = math.MinInt }},
		{"no leaves", func(n *pam.Sizes) { n.Len = 0 }},
		{"negative leaves", func(n *pam.Sizes) { n.Len = -5 }},
		{"no heads", func(n *pam.Sizes) { n.Heads = 0 }},
		{"negative heads", func(n *pam.Sizes) { n.Heads = -1 }},
		{"two negative sizes", func(n *pam.Sizes) { n.Heads, n.Batch = -1, -2 }},
		{"negative workers", func(n *pam.Sizes) { n.Workers = -1 }},
		{"nothing set", func(n *pam.Sizes) { *n = pam.Sizes{} }},
		{"other sizes", func(n *pam.Sizes) { *n = pam.Sizes{Batch: 1, Len: 5, Heads: 1} }},
	} {
		n := ok
		c.set(&n)
		say(c.name, pam.ScoresF32(s, x, x, 0, n), s)
	}
	for _, c := range []struct {
		name string
		dim  int
	}{{"dim", 2}, {"no dim", 0}, {"negative dim", -2}, {"other dim", 3}, {"largest dim", math.MaxInt}} {
		n := anyOK
		n.Dim = c.dim
		say(c.name, anydim.ContextF32(x, s, make([]float32, 24), n), x)
	}
	z64 := make([]float64, 24)
	err := pam.ContextF64(z64, make([]float64, 108), make([]float64, 24), pam.Sizes{Batch: -1})
	fmt.Println("float64:", err)
}

// lengths hands each op each tensor in a wrong length.
func lengths() {
	for i, name := range []string{"first", "second", "third"} {
		for _, c := range []struct {
			name   string
			change func(x []float32) []float32
		}{
			{"nil", func([]float32) []float32 { return nil }},
			{"empty", func(x []float32) []float32 { return x[:0] }},
			{"short", func(x []float32) []float32 { return x[:len(x)-1] }},
			{"long", func(x []float32) []float32 { return append(x, 0) }},
		} {
			a := [3][]float32{make([]float32, 108), make([]float32, 24), make([]float32, 24)}
			a[i] = c.change(a[i])
			say(c.name+" "+name, pam.ScoresF32(a[0], a[1], a[2], 0, ok), a[0])
			b := [3][]float32{make([]float32, 24), make([]float32, 108), make([]float32, 24)}
			b[i] = c.change(b[i])
			say(c.name+" "+name, pam.ContextF32(b[0], b[1], b[2], ok), b[0])
			say(c.name+" "+name, pam.ReverseF32(b[0], b[1], b[2], ok), b[0])
		}
	}
	say("all wrong", pam.ContextF32(nil, nil, nil, ok), nil)
}

// overflows has sizes whose products do not fit. Were they computed as they come, some would be what is there.
func overflows() {
	s, x := make([]float32, 108), make([]float32, 24)
	for _, c := range []struct {
		name string
		n    pam.Sizes
	}{
		{"nodes", pam.Sizes{Batch: 1, Len: math.MaxInt, Heads: 1}},
		{"nodes by a little", pam.Sizes{Batch: 1, Len: math.MaxInt/4*3 + 3, Heads: 1}},
		{"batch", pam.Sizes{Batch: math.MaxInt, Len: 5, Heads: 1}},
		{"heads", pam.Sizes{Batch: 1, Len: 5, Heads: math.MaxInt}},
		{"both", pam.Sizes{Batch: math.MaxInt, Len: 5, Heads: math.MaxInt}},
		{"to nothing", pam.Sizes{Batch: math.MaxInt/2 + 1, Len: 5, Heads: 2}},
		{"to what is there", pam.Sizes{Batch: math.MaxInt/2 + 1 + 2, Len: 5, Heads: 1}},
		{"largest batch, no", pam.Sizes{Batch: math.MaxInt / 4 / 54, Len: 5, Heads: 1}},
		{"bytes alone", pam.Sizes{Batch: math.MaxInt/4/54 + 1, Len: 5, Heads: 1}},
		{"leaves", pam.Sizes{Batch: 1, Len: math.MaxInt / 2, Heads: 1}},
	} {
		say(c.name+" overflow", pam.ScoresF32(s, x, x, 0, c.n), s)
	}
	say("dim overflow", anydim.ContextF32(x, s, x, anydim.Sizes{Batch: 2, Len: 5, Heads: 1, Dim: math.MaxInt/8 + 1}), x)
}

func overlaps() {
	m := make([]float32, 1000)
	at := func(from, n int) []float32 { return m[from : from+n : from+n] }
	s, x, y := at(0, 108), at(200, 24), at(300, 24)
	say("apart", pam.ScoresF32(s, x, y, 0, ok), s)
	say("inputs are the same", pam.ScoresF32(s, x, x, 0, ok), s)
	say("inputs overlap", pam.ScoresF32(s, x, at(210, 24), 0, ok), s)
	say("input begins where the output ends", pam.ScoresF32(s, at(108, 24), y, 0, ok), s)
	say("output begins where the input ends", pam.ScoresF32(at(224, 108), x, at(0, 24), 0, ok), at(224, 108))
	say("input begins in the output", pam.ScoresF32(s, at(107, 24), y, 0, ok), s)
	say("input ends in the output", pam.ScoresF32(at(223, 108), x, at(0, 24), 0, ok), at(223, 108))
	say("second input in the output", pam.ScoresF32(s, x, at(50, 24), 0, ok), s)
	say("both inputs in the output", pam.ScoresF32(s, at(20, 24), at(50, 24), 0, ok), s)
	say("output is an input", pam.ContextF32(y, s, y, ok), y)
	say("output in an input", pam.ContextF32(at(10, 24), s, y, ok), at(10, 24))
	say("reverse in place", pam.ReverseF32(y, s, y, ok), y)
	say("wrong length and overlap", pam.ReverseF32(y, s, y[:20], ok), y)
	d := make([]float64, 200)
	fmt.Println("float64:", pam.ReverseF64(d[107:131], d[:108], d[131:155], ok))
	fmt.Println("float64:", pam.ReverseF64(d[108:132], d[:108], d[132:156], ok))
}

// spaced has rows that lie apart: x and y are parts of one tensor, and so are dq, dk and dv. There are 12 rows of 2 elements.
func spaced() {
	s, packed := make([]float32, 108), make([]float32, 12*6)
	n := ok
	n.RowStride = 6
	say("packed inputs", pam.ScoresF32(s, packed, packed[2:], 0, n), s)
	say("packed inputs that end with their rows", pam.ScoresF32(s, packed[:68], packed[2:70], 0, n), s)
	say("packed input too short", pam.ScoresF32(s, packed[:67], packed[2:], 0, n), s)
	say("packed input too long", pam.ScoresF32(s, packed, append(packed, 0), 0, n), s)
	say("inputs without gaps", pam.ScoresF32(s, packed[:24], packed[:24], 0, n), s)
	say("output in a gap", pam.ContextF32(packed[2:26], s, packed, n), packed[2:26])
	for _, stride := range []int{1, -2, math.MaxInt, math.MaxInt / 44, math.MaxInt/44 - 2} {
		n.RowStride = stride
		say(fmt.Sprint("stride ", strideText(stride)), pam.ScoresF32(s, packed, packed, 0, n), s)
	}
	n.RowStride, n.GradStride = 6, 6
	grads := make([]float32, 12*6)
	out, lse := make([]float32, 24), make([]float32, 12)
	grad := func(name string, dq, dk, dv []float32, n pam.Sizes) {
		say(name, pam.AttentionGradF32(dq, dk, dv, packed, packed[2:], packed[4:], out, lse, out, 1, n), dq)
	}
	grad("packed gradients", grads, grads[2:], grads[4:], n)
	grad("packed gradients in another order", grads[4:], grads, grads[2:], n)
	grad("gradients that share an element", grads, grads[1:], grads[4:], n)
	grad("gradients that share a row", grads, grads[2:], grads[2:], n)
	grad("gradients over inputs", packed, grads[2:], grads[4:], n)
	n.GradStride = 5
	grad("gradients closer together", grads[:57], grads[2:59], grads[4:61], n)
	n.GradStride = 0
	grad("gradients without gaps", grads[:24], grads[24:48], grads[48:], n)
	grad("gradients without gaps, packed", grads[:24], grads[2:26], grads[4:28], n)
}

// strideText is a stride the same on all machines.
func strideText(stride int) string {
	if stride < math.MaxInt/100 {
		return fmt.Sprint(stride)
	}
	return fmt.Sprint("most/", math.MaxInt/stride)
}

// canceled closes Done before a call and in the middle of it.
func canceled() {
	s, x := make([]float32, 108), make([]float32, 24)
	n := ok
	done := make(chan struct{})
	n.Done = done
	say("not canceled", pam.ScoresF32(s, x, x, 0, n), s)
	close(done)
	err := pam.ScoresF32(s, x, x, 0, n)
	fmt.Println("canceled:", err, errors.Is(err, pam.ErrCanceled), s[0])
	n.Batch = 0
	fmt.Println("wrong and canceled:", pam.ScoresF32(s, x, x, 0, n))
}
