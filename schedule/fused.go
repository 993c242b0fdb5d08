package schedule

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// laneHeads is how many heads the stages between scores and rows work on at once: as many as a reduce tree has lanes, so that its
// result is stored and loaded again as one vector.
const laneHeads = treeWidth

// attention schedules scores, softmax and context of a node as one walk: the scores of a block of heads go to a small array, the
// softmax runs over its slots with a head in every lane, and the rows are summed while the weights are near.
func (s *chooser) attention() {
	scores := s.fuseAttention()
	s.add("levels", "i")
	s.add("segments", "j")
	s.dotsOf("s", 4, false)
	s.rowsOf("out")
	s.slotsOf("m", "e")
	s.prefetch("i", "s.q", "s.k", "out.v")
	if s.lanes > 1 {
		s.add("contract")
		s.add("tree")
	}
	s.pairs() // while rows are loops
	s.walk()
	if s.lanes == 1 {
		return
	}
	atOnce := nodesAtOnce
	if s.dim > 0 && s.dim <= s.lanes { // a row of one vector is little work
		atOnce *= 2
	}
	s.nodesApart("i", atOnce, slices.Concat([]string{scores}, s.ifCopied("biasc"), []string{"lsec"})...)
	s.lanesOfNodes("i", "m", s.lanes)
	s.headsAlone(scores)
}

// fuseAttention makes one walk of the stages of attention, with small arrays for scores and weights, and returns the stage whose result
// the softmax reads.
func (s *chooser) fuseAttention() (scores string) {
	s.cacheBias()
	scores = "s"
	if s.kernel.Buffer("mask") != nil {
		scores = "x" // its keys' masks come from memory, once
	} else {
		s.add("inline", "x")
	}
	arrays := slices.Compact([]string{"s", scores, "e"})
	s.fuseSoftmax(slices.Concat(arrays, s.ifDropped("ez"), s.ifCopied("biasc"))...)
	return scores
}

// fuseSoftmax makes one walk of a softmax and the stages around it, with small arrays for its scores, its weights and what else is named.
func (s *chooser) fuseSoftmax(arrays ...string) {
	if s.lanes == 1 {
		s.fuseNodes()
		s.add("fuse", "h")
	} else {
		s.add("cache", "lse")
		s.fuseNodes()
		for _, stage := range []string{"e", "sum", "r", "lsec"} {
			s.add("fuse", stage+".h")
		}
	}
	s.add("fuse", "sum.j")
	s.shrink(arrays...)
	s.shrink("m", "sum", "r")
	if s.lanes > 1 {
		s.shrink("lsec")
		for _, t := range arrays {
			s.add("transpose", t)
		}
	}
}

// headsAlone has the heads of one node in the lanes of the stages of attention that go between memory and arrays.
func (s *chooser) headsAlone(scores string) {
	for _, t := range slices.Concat([]string{"lse"}, slices.DeleteFunc([]string{scores}, func(t string) bool { return t == "s" }), s.ifDropped("ez")) {
		s.add("vectorise", t+".h", laneHeads, "mask")
	}
}

// dropped reports whether weights are dropped: then there are stages of weights with and without the factors z, and in the gradient
// of these.
func (s *chooser) dropped() bool { return s.kernel.Buffer("seed") != nil }

// ifDropped are stages that are there where weights are dropped.
func (s *chooser) ifDropped(stages ...string) []string {
	if s.dropped() {
		return stages
	}
	return nil
}

// cacheBias copies the bias of edges, of which the slots lie side by side, to an array with a head in every lane.
func (s *chooser) cacheBias() {
	if s.copied() {
		s.add("cache", "bias")
	}
}

// copied reports whether there are copies of a bias.
func (s *chooser) copied() bool { return s.lanes > 1 && s.kernel.Buffer("bias") != nil }

// ifCopied are stages that are there where there are copies of a bias.
func (s *chooser) ifCopied(stages ...string) []string {
	if s.copied() {
		return stages
	}
	return nil
}

// biasGrad schedules the gradient of a bias, where there is one: a row of slots at a time.
func (s *chooser) biasGrad() {
	if s.kernel.Buffer("dbias") != nil && s.lanes > 1 {
		s.add("vectorise", "dbias.e", s.lanes, "mask")
	}
}

// attentionGrad schedules the gradients of attention as one walk. What a node needs of the edges that point to it is computed again
// at the other end, from rows that are near: nothing is kept of edges beyond a tile.
//
// Leaves go apart, a few in turn, reuse the edges of leaves beside them, and hand those to their parents over: the rows of a turn stay in the
// first-level cache, and are asked for evenly, not in bursts. Where families are short beside the window, all levels but the highest do so.
func (s *chooser) attentionGrad() {
	biased, apart := s.kernel.Buffer("bias") != nil, s.apart()
	dp := "dp" // the dots; with dropout dp is them times z
	if s.dropped() {
		s.add("inline", "dp")
		dp = "dpz"
	}
	s.add("inline", "dx")
	s.cacheBias()
	for _, t := range slices.Concat([]string{"ds"}, s.ifDropped("pz"), []string{"p"}, s.ifDropped("z"), []string{dp, "delta", "s"}, s.ifCopied("biasc")) {
		s.add("gather", t)
	}
	if apart {
		s.add("cache", "lse")
	}
	s.fuseNodes()
	if s.lanes == 1 {
		s.add("fuse", "h")
	}
	edges := slices.Concat([]string{"s", "p", dp, "ds", "st", "pt", dp + "t", "deltat", "dst"}, s.ifDropped("z", "zt", "pzt"), s.ifCopied("biasc", "biasct"))
	s.shrink("delta")
	s.shrink(edges...)
	if apart {
		s.shrink("lsec")
	}
	if s.lanes > 1 {
		for _, t := range edges {
			s.add("transpose", t)
		}
	}
	if s.lanes > 1 && biased { // too many stages for one function
		s.add("distribute", "hb", "dbias")
		s.add("distribute", "i", "dbias")
	}
	if apart {
		s.add("reorder", "i", "hb")
	}
	s.add("levels", "i")
	s.add("segments", "j")
	alone := []string{"pt", "dst"} // stages with the heads of one node in their lanes
	parts := false                 // of what parents sum over their children
	switch {
	case apart:
		if s.joins() {
			s.walk("leaf", "joined")
		} else {
			s.walk("leaf")
		}
		if s.handsOver() {
			s.add("handover", "pt,dst")
			if parts = s.sumsParts(); parts {
				s.add("partial", "dq,dk,dv")
			} else {
				alone = append(alone, "pUp", "ptDown", "dsUp", "dstDown")
			}
		}
	case s.long():
		s.walk("i", "alike")
	default:
		s.walk()
	}
	if apart {
		s.leavesApart()
		alone = append(alone, "lsec")
		lanes := min(s.lanes, laneHeads*s.leavesInTurn())
		if s.kernel.Buffer("mask") == nil {
			s.lanesOfNodes("leaf", "p", lanes)
		} else { // the masks of keys come from memory
			alone = append(alone, "p")
		}
		s.lanesOfNodes("leaf", "ds", lanes)
	} else {
		alone = append(alone, "p", "ds")
	}
	if s.lanes > 1 {
		for _, t := range append(alone, s.ifDropped("z", "zt", "pzt")...) {
			s.add("vectorise", t+".h", laneHeads, "mask")
		}
	}
	pieces := 1 // of a row that are written out
	if apart {
		pieces = 4
	}
	for _, t := range []string{"s", dp, "delta"} {
		s.dotsOf(t, pieces, false)
	}
	for _, t := range []string{"st", dp + "t", "deltat"} {
		s.dotsOf(t, 1, true) // there are six of these stages in a function
	}
	for _, t := range []string{"dq", "dk", "dv"} {
		s.rowsOf(t)
		if parts {
			s.partsOf(t + "Part")
		}
	}
	s.biasGrad()
	if s.dropped() {
		s.slotsOf("ds", "dst") // draws take much code
	} else {
		s.slotsOf("p", "ds", "pt", "dst")
	}
	if apart {
		s.prefetch("leaf", "dq.k", dp+".v", "delta.out")                     // in as many parts: evenly, not in bursts
		s.ahead("leaf", s.rowsOfBytes(1<<10)+1, []string{"dk.q", "dv.dout"}) // these run behind
	} else {
		s.prefetch("i", "s.k", dp+".v", "st.q", dp+"t.dout", "deltat.out")
	}
	if s.lanes > 1 {
		s.add("contract")
		s.add("tree")
	}
	s.pairs()
}

// copies has the rows of parents, which all their leaves use in a gradient, converted once for these where each family has a loop.
func (s *chooser) copies() {
	g := s.kernel.Graph
	if s.kernel.Name != "attention-grad" || s.isTable() || !s.apart() || len(g.Strides) == 0 || g.Causal != ir.CausalNone || s.joins() {
		return
	}
	if !s.kernel.Storage().Narrow() || s.dim == 0 || s.dim%s.target.Lanes(s.kernel.Type) != 0 || laneHeads*s.dim > mostCopied {
		return
	}
	if g.Links != ir.LinksDown { // leaves see them
		s.add("copy", "k", "f")
		s.add("copy", "v", "f")
	}
	if g.Links != ir.LinksUp { // they see leaves
		s.add("copy", "q", "f")
		s.add("copy", "dout", "f")
	}
}

// apart reports whether the leaves of a gradient go through its stages apart from other nodes; without neighbours there is nothing to share.
func (s *chooser) apart() bool {
	return s.lanes > 1 && s.window() > 1 && s.kernel.Buffer("bias") == nil && !s.long()
}

// handsOver reports whether children and their parents share what they compute of the edges between them in the schedule of a gradient.
func (s *chooser) handsOver() bool {
	g := s.kernel.Graph
	if s.kernel.Name != "attention-grad" || !s.apart() || s.dropped() || !everyChild(g) || len(g.Strides) < 2 || g.Strides[0] == 1 || !wholeFamilies(g, 0) {
		return false
	}
	_, _, leaves := s.tile()
	return leaves <= mostHanded
}

// fewChildren is how many children a parent has at most that go through a stage in a few turns: its sums would be begun and ended as often
// as added to.
const fewChildren = 8

// mostParts is how many bytes the sums of the parents of a tile may take, of each of three results: what is left of a second-level cache
// beside the rows.
const mostParts = 32 << 10

// sumsParts reports whether leaves add to the sums of their parents, rather than that these go through all their rows again.
func (s *chooser) sumsParts() bool {
	stride := s.kernel.Graph.Strides[0]
	_, _, leaves := s.tile()
	bytes := 2 * leaves / stride * laneHeads * s.dim * s.kernel.Type.Size()
	return s.dim >= s.lanes && stride > fewChildren && bytes <= mostParts
}

// writtenOut is how many pieces of a row are written out one after the other, so that a short row needs no loop.
const writtenOut = 8

// partsOf schedules the sums that leaves add to: nothing of them stays in registers.
func (s *chooser) partsOf(stage string) {
	s.add("vectorise", stage+".d", s.lanes, "mask")
	if pieces := s.dim / s.lanes; pieces >= 2 {
		s.add("unroll", stage+".d", min(pieces, writtenOut))
	}
}

// long reports whether a gradient's code is so long that no child gets code of its own and no leaves go apart: there are more ancestors to
// point at, or children that differ where draws, a bias, masked pieces or a pointer for each head make the code of each twice as long.
func (s *chooser) long() bool {
	g := s.kernel.Graph
	whole := s.dim > 0 && s.dim%s.lanes == 0
	return g.Up() > 1 || g.Causal == ir.CausalStrict || g.Causal == ir.CausalLast && (s.dropped() || s.kernel.Buffer("bias") != nil || !whole)
}

// rowsAhead is how many nodes before its use a row is asked for, at most: the time that memory takes where a node is little arithmetic.
const rowsAhead = 12

// prefetch asks for the rows of inputs, each where a stage walks along it, before they are used. The arithmetic of a few rows takes as long as
// memory does; what is asked for earlier is gone from the first-level cache when it is used.
func (s *chooser) prefetch(loop string, rows ...string) {
	bytes := 2 << 10
	if s.kernel.Name == "attention-grad" {
		bytes = 1 << 10 // of each of twice as many inputs
	}
	s.ahead(loop, s.rowsOfBytes(bytes), rows)
}

// rowsOfBytes is how many rows of a block of heads are so many bytes, at least one and no more than are asked for ahead.
func (s *chooser) rowsOfBytes(bytes int) int {
	return max(1, min(bytes/s.rowBytes(), rowsAhead))
}

// rowBytes is the size of the rows of a node's heads that are worked on at once.
func (s *chooser) rowBytes() int { return laneHeads * max(s.dim, 1) * s.kernel.Storage().Size() }

// ahead asks for rows of at least a cache line so many iterations of a loop before they are used, with the word far or none.
func (s *chooser) ahead(loop string, iterations int, rows []string, far ...any) {
	if s.lanes == 1 || s.dim == 0 || s.dim*s.kernel.Storage().Size() < lineBytes {
		return
	}
	for _, r := range rows {
		s.add("prefetch", append([]any{r, loop, iterations}, far...)...)
	}
}

// nodesAtOnce is how many nodes go through a stage before the next stage begins: enough to hide the latency of one behind others, and few
// enough for their rows to stay in the first-level cache.
const nodesAtOnce = 4

// leavesAtOnce is how many leaves of a family share the edges of a gradient, joinedAtOnce how many nodes where families are joined, and mostAtOnce with
// wide windows: at the ends of so many some edges are computed twice.
const (
	leavesAtOnce = 32
	joinedAtOnce = 64
	mostAtOnce   = 128
)

// leavesInTurn is how many of them, a power of two, go through a stage before the next stage begins: a gradient has eight rows of a leaf. Where a window
// has few edges one long enough row, or a few short ones, are enough to do; two are worth more than what they drive out of the first-level
// cache where rows are longer.
func (s *chooser) leavesInTurn() int {
	const most, fewEdges = 8, 3
	least, bytes := 2, 2<<10
	if s.dim == 0 {
		return least
	}
	if s.window() <= fewEdges && s.reuses() && s.rowBytes() <= 1<<10 {
		least, bytes = 1, 1<<10
	}
	return 1 << (bits.Len(uint(min(max(least, s.rowsOfBytes(bytes)), most))) - 1)
}

// leavesApart runs the stages of a gradient's leaves one after the other, and takes of the gathered edges what leaves beside have computed.
func (s *chooser) leavesApart() {
	atOnce := s.leavesInTurn()
	switch {
	case s.joins():
		atOnce = min(max(joinedAtOnce, s.window()), mostAtOnce)
	case s.reuses():
		atOnce = leavesAtOnce
	}
	s.add("split", "leaf", atOnce, "ib", "clip")
	s.add("distribute", "leaf", "lsec,p,delta,ds,dq,dst")
	if s.reuses() {
		s.add("reuse", "dst.leaf", "pt,dst", s.leavesInTurn(), "turn")
	}
	if s.reuses() && s.handsOver() && !s.joins() {
		s.add("invariant", "deltat", "ib")
	}
}

// reuses reports whether leaves of a gradient take what those beside them have computed: with dropout weights times z are not computed at this
// end, and with a dilation most leaves may be at an end of those that go through the stages together.
func (s *chooser) reuses() bool {
	return !s.dropped() && reusable(s.kernel.Graph) && (s.kernel.Graph.Gap() == 1 || 2*s.again() <= joinedAtOnce*s.window())
}

// again is how many edges of a window the leaves at the two ends compute again.
func (s *chooser) again() int {
	left, right := beside(s.window())
	return (left*(left+1)/2 + right*(right+1)/2) * s.kernel.Graph.Gap()
}

// joins reports whether families go through the stages of a gradient as one: where those of one would, at its two ends, compute more than a sixth of
// its edges again.
func (s *chooser) joins() bool {
	if !s.reuses() || !s.handsOver() {
		return false
	}
	return 6*s.again() > s.firstStride()*s.window()
}

// nodesApart runs the stages of a few nodes one after the other, each up to where one of the buffers is complete.
func (s *chooser) nodesApart(i string, count int, complete ...string) {
	s.add("split", i, count, "ib", "clip")
	s.add("reorder", i, "hb")
	s.add("distribute", i, strings.Join(complete, ","))
}

// lanesOfNodes puts the heads of several nodes into so many lanes of the stages that are one with the named one; at edges, where nodes
// come one by one, the heads of one.
func (s *chooser) lanesOfNodes(i, stage string, lanes int) {
	s.add("pad", stage+".h", laneHeads)
	s.add("flatten", i, stage+".h")
	s.add("pad", stage+"."+i+"h", lanes)
	s.add("vectorise", stage+"."+i+"h", lanes, "perfect")
	s.add("vectorise", stage+".h", laneHeads, "perfect")
}

// fuseNodes makes one walk of the walks of all stages. On a target with vectors a block of heads is worked on at once.
func (s *chooser) fuseNodes() {
	if s.lanes > 1 {
		s.add("split", "h", laneHeads, "hb", "clip")
	}
	s.add("fuse", "b")
	s.add("fuse", "i")
	if s.lanes > 1 {
		s.add("fuse", "hb")
	}
}

func (s *chooser) shrink(temps ...string) {
	for _, t := range temps {
		s.add("shrink", t)
	}
}

// dotsOf schedules a stage of dots whose results go to a temporary: a block of heads side by side, so that one tree sums a slot of
// each, and of each head as many slots as there are registers for, up to three: more do not hide more. Heads take turns in reading long rows. So
// many pieces of a row are written out, of a short row all if any, where they are not converted. Gathered dots are few.
func (s *chooser) dotsOf(stage string, unroll int, gathered bool) {
	if s.dim == 1 { // no loop over d
		return
	}
	if s.lanes == 1 {
		s.add("unroll", stage+".d", 4)
		return
	}
	s.add("vectorise", stage+".d", s.lanes, "mask")
	heads := laneHeads
	if s.dim == 0 {
		heads = 2 // rows of heads lie an unknown distance apart: each takes a pointer
		if s.kernel.Graph.Up() > 1 && s.kernel.Storage().Narrow() {
			heads = 1 // each piece is converted, in as many loops as there are levels: more is too much code
		}
	}
	besides := 3 // a row, an operand and a scalar
	whole := s.dim > 0 && s.dim%s.lanes == 0
	if !whole {
		besides++ // a mask
	}
	most := max(1, min(3, (s.target.VectorRegs-besides)/heads)) // an accumulator each
	jam := []any{stage + ".h", heads, "rest"}
	if whole && !gathered && stage != "delta" {
		jam = append(jam, "turn")
	}
	s.add("jam", jam...)
	if stage != "delta" && (whole || !gathered) {
		s.add("jam", stage+".j", tileOf(s.window(), most))
	}
	if stage != "delta" && s.manyChildren(gathered) && (whole || unroll > 1) { // a masked piece makes every loop twice as long
		s.add("jam", stage+".c", tileOf(s.firstStride(), most))
	}
	if pieces := s.dim / s.lanes; pieces >= 2 {
		if unroll > 1 && pieces <= writtenOut && !s.kernel.Storage().Narrow() {
			unroll = pieces
		}
		s.add("unroll", stage+".d", min(pieces, unroll))
	}
}

// firstStride is the stride of the leaves, 1 without levels.
func (s *chooser) firstStride() int {
	if st := s.kernel.Graph.Strides; len(st) > 0 {
		return st[0]
	}
	return 1
}

// rowsOf schedules a stage of rows: in pieces of as many accumulators as hide the latency of the multiply-add.
func (s *chooser) rowsOf(stage string) {
	const most = 8
	if s.lanes > 1 && s.dim != 1 {
		s.add("vectorise", stage+".d", s.lanes, "mask")
	}
	pieces := s.dim / s.lanes
	switch {
	case s.dim == 0:
		s.add("jam", stage+".d", 4)
	case pieces >= 2:
		u := min(pieces, most)
		s.add("jam", stage+".d", u)
		if rest := pieces % u; rest >= 2 {
			s.add("jam", stage+".d", rest)
		}
	}
	if heads := s.headsOfRows(pieces); heads > 1 {
		s.add("jam", stage+".h", heads, "rest")
	}
	slots := 9
	if s.kernel.Graph.Up() > 1 {
		return // as many loops as there are levels are long enough
	}
	switch rounds := s.kernel.Name == "attention-grad" && s.kernel.Storage() == ir.BF16 && !s.paired(); { // each vector by itself
	case rounds && s.dropped():
		slots = 1 // both are long
	case s.dim%s.lanes != 0, s.dim == 0 && s.dropped(), rounds:
		slots = 3 // a masked piece makes the code twice as long, and draws and rounding are long
	}
	s.add("unroll", stage+".j", tileOf(s.window(), slots))
}

// slotsOf schedules stages over slots of a window: a few side by side, so that one hides the latency of the other.
func (s *chooser) slotsOf(stages ...string) {
	for _, t := range stages {
		s.add("unroll", t+".j", tileOf(s.window(), 4))
	}
}

// softmax schedules the softmax of rows, several nodes at a time as in attention.
func (s *chooser) softmax() {
	s.softmaxOfRows()
	s.walk()
	if s.lanes == 1 {
		return
	}
	s.nodesApart("i", nodesAtOnce, "sc", "lsec")
	s.lanesOfNodes("i", "m", s.lanes)
	s.add("vectorise", "lse.h", laneHeads, "mask")
}

// softmaxOfRows schedules a node's part of a softmax. On a target with vectors its scores go to a small array first, so that heads can be in
// its lanes: most rows are too short for that.
func (s *chooser) softmaxOfRows() {
	if s.lanes == 1 {
		s.fuseSoftmax("e")
		s.neighbours()
		s.slotsOf("m", "e", "p")
		return
	}
	s.add("cache", "s")
	s.fuseSoftmax("sc", "e")
	s.neighbours()
	s.slotsOf("sc", "m", "e", "p")
	s.emptySlots("p")
	s.add("contract")
}

// softmaxGrad schedules the row of a head at a time: a few numbers of a window, and the vectors that children and empty slots fill.
func (s *chooser) softmaxGrad() {
	s.add("fuse", "b")
	s.add("fuse", "i")
	s.add("fuse", "h")
	s.shrink("delta")
	s.neighbours()
	s.slotsOf("delta", "ds")
	if s.lanes > 1 {
		if s.manyChildren(false) && s.firstStride() >= s.lanes {
			s.add("vectorise", "delta.c", s.lanes, "mask")
			s.add("vectorise", "ds.c", s.lanes, "mask")
		}
		s.emptySlots("ds")
		s.add("contract")
	}
}

// emptySlots fills those of a stage's rows.
func (s *chooser) emptySlots(stage string) { s.add("vectorise", stage+".e", s.lanes, "mask") }
