package schedule

import (
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// Schedules of kernels over tables: rows of edges in place of segments, chunks of nodes in place of tiles. What is loaded from rows that
// lie anywhere is asked for before.

// table schedules a kernel over a table graph.
func (s *chooser) table() {
	switch s.kernel.Name {
	case "attention":
		s.tableAttention()
	case "attention-grad":
		s.tableGrad()
	case "softmax":
		s.tableSoftmax()
	case "softmax-grad":
		s.softmaxGrad()
	case "scores":
		s.compress()
		s.tableDots()
		s.prefetchEdges("y")
	default:
		s.compress()
		s.rows()
	}
	if !strings.HasPrefix(s.kernel.Name, "attention") { // which takes the nodes of a chunk apart
		s.parallelNodes("b")
	}
}

// parallelNodes runs the nodes of a walk, in a loop over the batch, in chunks on all workers.
func (s *chooser) parallelNodes(batch string) {
	s.add("parallel", batch)
	s.add("chunks", batch, "i")
}

// tableDots are the dots of a block of heads with a few nodes: what it takes to find a node is shared by the heads.
func (s *chooser) tableDots() {
	s.dotsOf("s", 4, false)
	if s.lanes == 1 {
		return
	}
	s.add("vectorise", "e", s.lanes, "mask")
	s.add("contract")
	s.add("tree")
}

// tableNodesAtOnce is how many nodes of a table have their scores before their softmax, where vectors are so long that those of a softmax leave one
// port idle: then a node's dots do not wait for the softmax of the one before.
const tableNodesAtOnce = 4

// tableAttention is attention on a table: the scores of a block of heads, for a few nodes or one, and then, node by node, their softmax with a head in
// every lane, and the rows.
func (s *chooser) tableAttention() {
	scores := s.fuseAttention()
	s.parallelNodes("b")
	s.compress()
	several := s.target.VectorBytes == 64
	if several {
		s.nodesApart("i", tableNodesAtOnce, slices.Concat([]string{scores}, s.ifCopied("biasc"))...)
	}
	s.dotsOf("s", 4, false)
	s.rowsOf("out")
	s.slotsOf("m", "e")
	s.prefetch("i", "s.q")
	if several { // dots come one after the other and use up rows faster than sums of rows, between softmaxes
		s.ahead("j", 16, []string{"s.k"}, "far")
		s.ahead("j", 8, []string{"out.v"}, "far")
	} else {
		s.prefetchEdges("s.k", "out.v")
	}
	if s.lanes == 1 {
		return
	}
	s.add("contract")
	s.add("tree")
	s.add("vectorise", "m.h", laneHeads, "mask")
	s.headsAlone(scores)
}

// tableSoftmax is the softmax of rows on a table, node by node.
func (s *chooser) tableSoftmax() {
	s.softmaxOfRows()
	if s.lanes == 1 {
		return
	}
	s.add("vectorise", "m.h", laneHeads, "mask")
	s.add("vectorise", "lse.h", laneHeads, "mask")
}

// tableGrad is the gradient of attention on a table, in two walks: along the keys of every node, and then along its queries, of whose edges the
// first walk has kept weights and their gradients. Edges may lead anywhere: to compute these again would take as many dots of rows as before.
func (s *chooser) tableGrad() {
	dp, p := "dp", "p" // the dots, and the weights; with dropout those of them times z
	if s.dropped() {
		s.add("inline", "dp")
		dp, p = "dpz", "pz"
	}
	s.add("inline", "dx")
	s.cacheBias()
	s.add("sink", "dk,dv")
	s.add("fuse", "dv.b")
	s.fuseNodes()
	if s.lanes == 1 {
		s.add("fuse", "h")
	}
	arrays := slices.Concat([]string{"s", dp}, s.ifDropped("z", "p"), s.ifCopied("biasc"))
	s.shrink("delta")
	s.shrink(arrays...)
	if s.lanes > 1 {
		for _, t := range arrays {
			s.add("transpose", t)
		}
	}
	s.parallelNodes("b")
	s.parallelNodes("dk.b")
	s.compress()
	s.add("edgewise", p+",ds")
	if s.lanes > 1 {
		for _, t := range append([]string{"p", "ds"}, s.ifDropped("z", "pz")...) {
			s.add("vectorise", t+".h", laneHeads, "mask")
		}
	}
	for _, t := range []string{"s", dp, "delta"} {
		s.dotsOf(t, 4, false)
	}
	for _, t := range []string{"dq", "dk", "dv"} {
		s.rowsOf(t)
	}
	s.biasGrad()
	if s.dropped() {
		s.slotsOf("ds")
	} else {
		s.slotsOf("p", "ds")
	}
	s.prefetch("i", "s.q", dp+".dout", "delta.out")
	s.prefetchEdges("s.k", dp+".v", "dk."+p+"Edges", "dk.q", "dv.dout")
	if s.lanes > 1 {
		s.add("contract")
		s.add("tree")
	}
}

// compress keeps of the kernel's tables the edges alone.
func (s *chooser) compress() {
	for _, t := range []string{queriesTable, keysTable} {
		if s.kernel.Buffer(t) != nil {
			s.add("compress", t)
		}
	}
}

// edgesAhead is how many edges before its use the row of the node at the other end is asked for: nothing else knows where it is.
const edgesAhead = 12

// prefetchEdges asks for the rows of inputs that stages walk to along edges. In the first-level cache those of so many edges would take
// the place of what is in use.
func (s *chooser) prefetchEdges(rows ...string) { s.ahead("j", edgesAhead, rows, "far") }

// headsOfRows is how many heads of a row are summed at once: on a table those that there are registers for, since finding the node at the
// other end of an edge takes as long as a few sums.
func (s *chooser) headsOfRows(pieces int) int {
	if !s.isTable() || pieces == 0 || s.dim%s.lanes != 0 {
		return 1
	}
	return min(laneHeads, s.target.VectorRegs*2/3/pieces)
}

// isTable reports whether the graph is a table.
func (s *chooser) isTable() bool { return s.kernel.Graph.Kind == ir.Table }

// neighbours gives the loops over neighbours their closed form, or their edges.
func (s *chooser) neighbours() {
	if s.isTable() {
		s.compress()
		return
	}
	s.add("levels", "i")
	s.add("segments", "j")
}

// edgesAtOnce is how many edges of a row go side by side, of which there are any number.
const edgesAtOnce = 4

// window is how many neighbours of a node there are as a rule, that may go side by side: those of its own level that a leaf sees, since most
// nodes are leaves, or a few edges.
func (s *chooser) window() int {
	if s.isTable() {
		return edgesAtOnce
	}
	return s.kernel.Graph.WindowSeen(0)
}
