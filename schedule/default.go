package schedule

import (
	"strconv"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// Default returns the schedule that the cost model chooses for a kernel on a target.
//
// The walk is the same for all: tiles of the pyramid with the families that they hold, edges peeled off, all workers. Inside, a
// kernel whose results are dots (scores) runs the dots of neighbouring slots and heads side by side; one whose results are rows
// (context, reverse) keeps a piece of the row in registers while the slots go by.
func Default(k *ir.Kernel, t Target) (Schedule, error) {
	s := &chooser{kernel: k, target: t, lanes: lanesOf(k, t), dim: fixedDim(k)}
	if s.isTable() {
		s.table()
		s.pairs()
	} else {
		s.pyramid()
	}
	s.copies()
	s.results()
	return Schedule{Op: k.Name, Type: k.Storage(), Target: t.Name, Steps: s.steps}, nil
}

// mostPaired is the largest head dimension whose elements are loaded and stored in pairs of vectors: what makes pairs of a row's remaining vectors
// is too much code for longer ones.
const mostPaired = 128

// pairs has bfloat16 loaded and stored two vectors at a time where rows are whole pairs.
func (s *chooser) pairs() {
	softmax := strings.HasPrefix(s.kernel.Name, "softmax")
	if s.kernel.Storage() == ir.BF16 && !softmax && s.paired() {
		s.add("pairs")
	}
}

// paired reports whether rows of bfloat16 are whole pairs, and not too many.
func (s *chooser) paired() bool {
	return s.lanes > 1 && s.dim > 0 && s.dim <= mostPaired && s.dim%(2*s.lanes) == 0
}

// pyramid schedules a kernel over a pyramid.
func (s *chooser) pyramid() {
	switch s.kernel.Name {
	case "attention":
		s.attention()
	case "attention-grad":
		s.attentionGrad()
	case "softmax":
		s.softmax()
	case "softmax-grad":
		s.softmaxGrad()
		s.walk()
	default:
		s.single()
		s.pairs()
		s.walk()
	}
}

// single schedules a kernel of one stage.
func (s *chooser) single() {
	s.add("levels", "i")
	s.add("segments", "j")
	if s.kernel.Stages[len(s.kernel.Stages)-1].Axes[3].Name == "j" {
		s.dots()
	} else {
		s.rows()
	}
}

type chooser struct {
	kernel *ir.Kernel
	target Target
	lanes  int // of the vectors that rows are taken in
	dim    int // 0: any
	steps  []Action
}

// lanesOf is how many lanes vectors have for rows of a kernel: those of the target, or half of them with AVX-512 where that leaves less of a short row to a mask. A
// masked piece takes longer than a whole one, and the numbers that fill a whole row of it are not worth two pieces.
func lanesOf(k *ir.Kernel, t Target) int {
	lanes, dim := t.Lanes(k.Type), fixedDim(k)
	fits := dim <= lanes/2 || lanes < dim && dim < 3*lanes && dim%lanes != 0
	if t.VectorBytes == 64 && dim > 0 && fits {
		return lanes / 2
	}
	return lanes
}

func (s *chooser) add(step string, args ...any) {
	a := Action{Step: step}
	for _, x := range args {
		switch v := x.(type) {
		case int:
			a.Args = append(a.Args, strconv.Itoa(v))
		case string:
			a.Args = append(a.Args, v)
		}
	}
	s.steps = append(s.steps, a)
}

// fixedDim returns the head dimension, 0 if it is a run-time size.
func fixedDim(k *ir.Kernel) int {
	for _, c := range k.Consts {
		if c.Name == "dim" {
			return int(c.Value)
		}
	}
	return 0
}

// dots schedules a sum over d for every slot. A tile of u dots of one head shares a row of x: u accumulators, one row piece, and
// the other operand from memory. Two heads side by side fill a reduce tree where the window alone does not.
func (s *chooser) dots() {
	w := s.window()
	if s.lanes > 1 {
		s.add("vectorise", "d", s.lanes, "mask")
		s.add("vectorise", "e", s.lanes, "mask")
		s.add("contract")
	}
	u := tileOf(w, 5)
	s.add("jam", "j", u)
	if s.manyChildren(false) {
		s.add("jam", "c", treeWidth)
	}
	if s.lanes > 1 {
		// With any dim the rows of two heads are an unknown distance apart: each takes a pointer of its own.
		pointers := s.dim > 0 || 2*(max(u, treeWidth)+1) <= 10
		if pointers && 2*max(u, treeWidth)+2+3+scalarRegs <= s.target.VectorRegs {
			s.add("jam", "h", 2)
		}
		s.add("tree")
	}
	if pieces := s.dim / max(s.lanes, 1); pieces >= 2 {
		s.add("unroll", "d", min(pieces, 4))
	} else if s.lanes == 1 {
		s.add("unroll", "d", 4)
	}
	s.prefetchRows("x", "y")
}

// manyChildren reports whether a node may see several of its children, or, of gathered edges, be seen by several.
func (s *chooser) manyChildren(gathered bool) bool {
	g := s.kernel.Graph
	switch {
	case s.isTable():
		return false
	case s.kernel.Graph.Up() > 1 && s.fused(): // there are as many loops over what is below a node
		return false
	case gathered:
		return g.Links != ir.LinksDown && g.Causal == ir.CausalNone
	}
	return g.Links != ir.LinksUp && g.Causal != ir.CausalStrict
}

// scalarRegs is how many registers hold scalar arguments and a mask.
const scalarRegs = 2

// rows schedules a sum over slots for every d. The row is computed in pieces of as many accumulators as fit.
func (s *chooser) rows() {
	if s.lanes > 1 {
		s.add("vectorise", "d", s.lanes, "mask")
		s.add("contract")
	}
	most := 8 // pieces in registers: enough to hide the latency of the multiply-add, a quarter to spare
	pieces := s.dim / s.lanes
	switch {
	case s.dim == 0:
		s.add("jam", "d", 4)
	case pieces >= 2:
		u := min(pieces, most)
		s.add("jam", "d", u)
		if rest := pieces % u; rest >= 2 {
			s.add("jam", "d", rest)
		}
	}
	if heads := s.headsOfRows(pieces); heads > 1 {
		s.add("jam", "h", heads)
	}
	s.add("unroll", "j", tileOf(s.window(), 9))
	s.prefetchRows("y")
}

// prefetchRows asks for the rows of inputs of a kernel of one stage before they are used; those at the other ends of a table's edges are y's.
func (s *chooser) prefetchRows(rows ...string) {
	if s.isTable() {
		s.prefetchEdges("y")
	} else {
		s.prefetch("i", rows...)
	}
}

// walk orders the nodes: tiles of leaves with their families, edges apart. What is given besides are arguments of `families`.
func (s *chooser) walk(families ...any) {
	level, nodes, leaves := s.tile()
	s.add("specialise", "l")
	s.add("parallel", "b")
	s.add("tile", "b", level, nodes)
	switch {
	case s.kernel.Graph.Up() > 1:
		s.add("peel", "i", 1) // above the leaves there are as many loops as levels below, too many pointers for an interior
	case s.handsOver():
		s.add("peel", "i", s.few(64))
	case s.fused() && leaves/nodes >= 16:
		s.add("peel", "i", len(s.kernel.Graph.Strides)) // the top has few nodes
	default:
		s.add("peel", "i")
	}
	s.add("edges")
	s.add("families", append([]any{"i", "f"}, families...)...)
}

// tileBytes is how large the rows of a block of heads are that a tile has of each tensor, at least: to begin a tile takes as long as a few leaves, and what
// parents read of their children again is to be in a second-level cache, better near its beginning for attention, whose parents do little but read.
const (
	tileBytes          = 128 << 10
	attentionTileBytes = 64 << 10
)

// mostTiled is how many leaves that are at most, so that short series have some tiles for every worker.
const mostTiled = 256

// tile is how many nodes of a level a tile has with all nodes below them, and how many leaves these are.
func (s *chooser) tile() (level, nodes, leaves int) {
	strides := s.kernel.Graph.Strides
	leaves = 1
	for level < len(strides) && leaves < 16 {
		leaves *= strides[level]
		level++
	}
	dim := s.dim
	if dim == 0 { // it is given at run time, and about that as a rule
		dim = 64
	}
	bytes := tileBytes
	if s.kernel.Name == "attention" {
		bytes = attentionTileBytes
	}
	least := min(max(64, bytes/(laneHeads*dim*s.kernel.Storage().Size())), mostTiled)
	nodes = max(1, (least+leaves-1)/leaves)
	return level, nodes, nodes * leaves
}

// few is the lowest level, above that of the leaves' parents, on which a node has so many leaves that all are treated as edges.
func (s *chooser) few(leaves int64) int {
	level, g := 2, s.kernel.Graph
	for level < len(g.Strides) && g.Span(0, level) < leaves {
		level++
	}
	return level
}

// fused reports whether the kernel is one of several stages, whose functions are long: there are as few of them as can be.
func (s *chooser) fused() bool { return len(s.kernel.Stages) > 1 }

// streamFrom is the size, in KiB, from which results are stored past the cache: half of a common second-level cache.
const streamFrom = 512

// results stores large rows past the cache where they are whole vectors, or can be written in pieces of 16 bytes. Those of gradients over pyramids are large
// where their eight tensors do not stay in the last-level cache: their stores come from three stages and wait for each other where they go past it. So do
// pieces, of which several fill a line.
func (s *chooser) results() {
	var rows []string
	for _, b := range s.kernel.Buffers {
		if b.Role == ir.Out && b.Dims[len(b.Dims)-1] == ir.Index(ir.Var("dim")) {
			rows = append(rows, b.Name)
		}
	}
	if len(rows) == 0 || s.lanes == 1 || s.dim == 0 {
		return
	}
	whole := s.dim%s.lanes == 0
	if t := s.kernel.Storage(); whole || !t.Narrow() && s.dim*t.Size()%16 == 0 {
		from := any(streamFrom)
		if !whole || s.kernel.Name == "attention-grad" && !s.isTable() {
			from = "cache"
		}
		args := []any{strings.Join(rows, ","), from}
		if s.fused() {
			args = append(args, s.levelsOfRows())
		}
		s.add("stream", args...)
	}
}

// levelsOfRows is how many levels have more than an eighth of the rows that the leaves have: the others are not worth the code.
func (s *chooser) levelsOfRows() int {
	levels, leaves := 1, 1
	for _, stride := range s.kernel.Graph.Strides {
		if leaves *= stride; leaves >= 8 {
			break
		}
		levels++
	}
	return levels
}

// tileOf returns the largest divisor of n that is at most limit, or limit where that is less than half of it.
func tileOf(n, limit int) int {
	for d := min(n, limit); d > limit/2; d-- {
		if n%d == 0 {
			return d
		}
	}
	return min(n, limit)
}
