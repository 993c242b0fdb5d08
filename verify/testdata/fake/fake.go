// Package fake obeys the contract of a generated package, and breaks it in the way that its constant fault names. The harness tests
// build it once a fault.
package fake

import (
	"fmt"
	"math"
	"os"
	"sync"
	"unsafe"
)

const Dim = 0 // Window, strides and fault are in a file that the test writes

func Strides() []int { return strides }

var isa = "go"

func ISAs() []string { return []string{"go", "avx2"} }

func ISA() string { return isa }

func SetISA(name string) error {
	if fault != "ignores-isa" {
		isa = name
	}
	return nil
}

type Sizes struct {
	Batch, Len, Heads int
	Dim               int // any
	RowStride         int // of x and y
	GradStride        int // of nothing here
	Workers           int
}

// apart is how far the rows of x and y lie apart.
func (n Sizes) apart() int {
	if n.RowStride == 0 || fault == "no-stride" {
		return n.Heads * n.Dim
	}
	return n.RowStride
}

// first is the number of the first element of a node's row and head in x and y.
func (n Sizes) first(batch, node, head int) int {
	return (batch*nodeCount(n.Len)+node)*n.apart() + head*n.Dim
}

func levels(n int) []int {
	sizes := []int{n}
	for _, c := range Strides() {
		if n /= c; n == 0 {
			break
		}
		sizes = append(sizes, n)
	}
	return sizes
}

func Nodes(n int) int {
	if fault == "nodes" {
		return nodeCount(n) + 1
	}
	return nodeCount(n)
}

func nodeCount(n int) int {
	sum := 0
	for _, size := range levels(n) {
		sum += size
	}
	return sum
}

func Slots(n int) int {
	most := 0
	sizes := levels(n)
	for l := 1; l < len(sizes); l++ {
		most = max(most, sizes[l-1]-(sizes[l]-1)*Strides()[l-1])
	}
	return Window + most + 1
}

// row lists the neighbours of a node by slot.
func row(node, leaves int) []int {
	sizes := levels(leaves)
	l, first, below := 0, 0, 0
	for node-first >= sizes[l] {
		below = first
		first += sizes[l]
		l++
	}
	i := node - first
	keys := make([]int, Slots(leaves))
	for s := range keys {
		keys[s] = -1
	}
	for s := range Window {
		j := i - Window/2 + s
		if fault == "window" && i == 5 {
			j++
		}
		if 0 <= j && j < sizes[l] {
			keys[s] = first + j
		}
	}
	if l > 0 {
		c := Strides()[l-1]
		to := (i + 1) * c
		if i == sizes[l]-1 {
			to = sizes[l-1]
			if fault == "lost-child" && to > (i+1)*c {
				to--
			}
		}
		for child := i * c; child < to; child++ {
			keys[Window+child-i*c] = below + child
		}
	}
	if l+1 < len(sizes) {
		parent := i / Strides()[l]
		if fault != "clamp" {
			parent = min(parent, sizes[l+1]-1)
		}
		if parent < sizes[l+1] {
			keys[len(keys)-1] = first + sizes[l] + parent
		}
	}
	return keys
}

type float interface{ float32 | float64 }

// at is an element without a bounds check, as assembly sees it.
func at[T float](s []T, i int) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(s)), i*int(unsafe.Sizeof(s[0]))))
}

// touch are the faults that do not depend on the op.
func touch[T float](out, a, b []T, n Sizes) (extra T) {
	switch fault {
	case "read-past-end":
		return 0 * *at(b, len(b))
	case "read-before-start":
		return 0 * *at(a, -1)
	case "read-far":
		return 0 * *at(a, len(a)+5000)
	case "write-past-end":
		*at(out, len(out)) = 1
	case "write-before-start":
		*at(out, -1) = 1
	case "read-gap":
		if n.RowStride > 0 {
			return 0 * b[n.Heads*n.Dim]
		}
	case "write-input-gap":
		if n.RowStride > 0 {
			*at(b, n.Heads*n.Dim) = 1
		}
	case "write-input":
		*at(b, 2) = 1
	case "panic":
		var p *T
		*p = 1
	case "index":
		out[len(out)] = 1
	case "exit":
		os.Exit(3)
	case "fatal":
		var g sync.WaitGroup
		g.Add(1)
		go func() {
			defer g.Done()
			*at(out, len(out)) = 1
		}()
		g.Wait()
	case "deadlock":
		if n.Len == 9 {
			select {}
		}
	case "spin":
		for n.Len == 9 {
		}
	case "state":
		breakState()
	case "direction":
		breakDirection()
	case "soil":
		soil()
	case "load-past-end":
		load(unsafe.Pointer(at(b, len(b)-3)))
	}
	return 0
}

// spoil are the faults that show in the results.
func spoil[T float](out []T, n Sizes) {
	switch fault {
	case "workers":
		if n.Workers > 2 {
			out[0] = T(math.Nextafter(float64(float32(out[0]))*1.0000002, 9))
		}
	case "precision":
		for i := range out {
			out[i] = T(math.Float32frombits(math.Float32bits(float32(out[i])) &^ 0x3f))
		}
	case "noisy":
		for i := range out {
			if math.Abs(float64(out[i])) < 1e6 { // not the padding
				out[i] *= 1 + 0x1p-20
			}
		}
	case "last-bit":
		out[3] = T(math.Nextafter32(float32(out[3]), 0))
	case "single":
		for i := range out {
			out[i] = T(float32(out[i]))
		}
	case "zeros":
		for i := range out {
			if i%40 == 7 {
				out[i] *= 0
			}
		}
	}
}

func scores[T float](s, x, y []T, padding T, n Sizes) error {
	if fault == "refuses" && n.Len < 4 {
		return fmt.Errorf("fake.Scores: len = %d, want >= 4", n.Len)
	}
	extra := touch(s, x, y, n)
	nodes, slots := nodeCount(n.Len), Slots(n.Len)
	for b := range n.Batch {
		for i := range nodes {
			for h := range n.Heads {
				to := (b*nodes+i)*n.Heads + h
				for j, key := range row(i, n.Len) {
					sum := extra
					if key < 0 {
						sum = padding
						if fault == "padding" {
							sum *= 2
						}
					} else {
						query, from := n.first(b, i, h), n.first(b, key, h)
						for d := range n.Dim {
							sum += T(x[query+d] * y[from+d])
						}
					}
					s[to*slots+j] = sum
				}
			}
		}
	}
	spoil(s, n)
	return nil
}

func context[T float](z, p, y []T, n Sizes) error {
	extra := touch(z, p, y, n)
	nodes, slots := nodeCount(n.Len), Slots(n.Len)
	for b := range n.Batch {
		for i := range nodes {
			for h := range n.Heads {
				to := (b*nodes+i)*n.Heads + h
				for d := range n.Dim {
					if fault == "unwritten" && to*n.Dim+d == len(z)-1 {
						continue
					}
					sum := extra
					for j, key := range row(i, n.Len) {
						if key < 0 && fault == "empty-slot" {
							sum += p[to*slots+j] * 0
						} else if key >= 0 {
							sum += T(p[to*slots+j] * y[n.first(b, key, h)+d])
						}
					}
					z[to*n.Dim+d] = sum
				}
			}
		}
	}
	spoil(z, n)
	return nil
}

func reverse[T float](z, p, y []T, n Sizes) error {
	extra := touch(z, p, y, n)
	nodes, slots := nodeCount(n.Len), Slots(n.Len)
	for i := range z {
		z[i] = extra
	}
	for b := range n.Batch {
		for i := range nodes {
			for j, key := range row(i, n.Len) {
				if key < 0 {
					continue
				}
				for h := range n.Heads {
					from, to := (b*nodes+i)*n.Heads+h, (b*nodes+key)*n.Heads+h
					for d := range n.Dim {
						z[to*n.Dim+d] += T(p[from*slots+j] * y[n.first(b, i, h)+d])
					}
				}
			}
		}
	}
	spoil(z, n)
	return nil
}

// operand is what checkCall needs to know of a tensor.
type operand struct {
	name       string
	n, width   int
	start, end uintptr
	gap        int // between rows, in elements
}

func view[T float](name string, s []T, width int) operand {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(s)))
	return operand{name, len(s), width, start, start + uintptr(len(s))*unsafe.Sizeof(T(0)), 0}
}

// spaced views x or y.
func spaced[T float](name string, s []T, n Sizes) operand {
	o := view(name, s, n.Dim)
	if n.RowStride > 0 {
		o.gap = n.RowStride - n.Heads*n.Dim
	}
	return o
}

// checkCall refuses wrong sizes, lengths and overlaps. The first operand is the output.
func checkCall(function string, n Sizes, operands func(slots int) []operand) error {
	total := 1
	for _, size := range []struct {
		name string
		n    int
	}{{"Batch", n.Batch}, {"Len", n.Len}, {"Heads", n.Heads}, {"Dim", n.Dim}} {
		if size.n < 1 {
			return fmt.Errorf("fake.%s: %s = %d, want >= 1", function, size.name, size.n)
		}
		if size.n > 1<<40/total {
			return fmt.Errorf("fake.%s: %s = %d: the sizes overflow", function, size.name, size.n)
		}
		total *= size.n
	}
	list := operands(Slots(n.Len))
	for i, o := range list {
		want := n.Batch * nodeCount(n.Len) * n.Heads * o.width
		if want += (n.Batch*nodeCount(n.Len) - 1) * o.gap; want <= o.n && o.n <= want+o.gap {
			want = o.n
		}
		if fault == "accepts-short" && o.n < want {
			continue
		}
		if fault == "names-none" && o.n != want {
			return fmt.Errorf("fake.%s: wrong length", function)
		}
		if o.n != want {
			return fmt.Errorf("fake.%s: len(%s) = %d, want %d", function, o.name, o.n, want)
		}
		if fault != "accepts-overlap" && i > 0 && o.start < list[0].end && list[0].start < o.end {
			return fmt.Errorf("fake.%s: %s overlaps %s", function, list[0].name, o.name)
		}
	}
	return nil
}

func early[T float](out []T) {
	if fault == "writes-early" && len(out) > 0 {
		out[0] = 1
	}
}

func callScores[T float](function string, s, x, y []T, padding T, n Sizes) error {
	early(s)
	err := checkCall(function, n, func(slots int) []operand {
		return []operand{view("s", s, slots), spaced("x", x, n), spaced("y", y, n)}
	})
	if err != nil {
		return err
	}
	return scores(s, x, y, padding, n)
}

func callWeighted[T float](function string, run func(z, p, y []T, n Sizes) error, z, p, y []T, n Sizes) error {
	early(z)
	err := checkCall(function, n, func(slots int) []operand {
		return []operand{view("z", z, n.Dim), view("p", p, slots), spaced("y", y, n)}
	})
	if err != nil {
		return err
	}
	return run(z, p, y, n)
}

func ScoresF32(s, x, y []float32, padding float32, n Sizes) error {
	return callScores("ScoresF32", s, x, y, padding, n)
}

func ScoresF64(s, x, y []float64, padding float64, n Sizes) error {
	return callScores("ScoresF64", s, x, y, padding, n)
}

func ContextF32(z, p, y []float32, n Sizes) error {
	return callWeighted("ContextF32", context, z, p, y, n)
}

func ContextF64(z, p, y []float64, n Sizes) error {
	return callWeighted("ContextF64", context, z, p, y, n)
}

func ReverseF32(z, p, y []float32, n Sizes) error {
	return callWeighted("ReverseF32", reverse, z, p, y, n)
}

func ReverseF64(z, p, y []float64, n Sizes) error {
	name := "ReverseF64"
	if fault == "names-other" {
		name = "ContextF32"
	}
	return callWeighted(name, reverse, z, p, y, n)
}
