package main

import (
	"fmt"
	"slices"
)

// memory holds a region an operand, outputs first, and one a list of the graph. They are reused from request to request.
type memory struct{ regions, lists []*region }

// run is one placement of the operands and one number of workers.
type run struct {
	atEnd   bool
	workers int
}

func (r run) String() string {
	place := "start"
	if r.atEnd {
		place = "end"
	}
	return fmt.Sprintf("workers=%d, operands at the %s of memory", r.workers, place)
}

// answer runs the kernel with operands against the page after them, with every number of workers, then against the page before them. All
// runs must give the same bits.
func (m *memory) answer(q Request, isa string) Response {
	if q.Call < 0 || q.Call >= len(calls) {
		return Response{Failure: fmt.Sprintf("no call %d: %d were built", q.Call, len(calls))}
	}
	c := calls[q.Call]
	p := packages[c.pkg]
	if err := p.setISA(isa); err != nil {
		return Response{Failure: fmt.Sprintf("SetISA(%q): %v", isa, err)}
	}
	if got := p.isa(); got != isa {
		return Response{Failure: fmt.Sprintf("after SetISA(%q), ISA() = %q", isa, got)}
	}

	g, err := graphFor(q, p)
	if err != nil {
		return Response{Failure: err.Error()}
	}
	lists := listsOf(g)

	var resp Response
	for _, atEnd := range []bool{true, false} {
		workers := q.Workers
		if !atEnd {
			workers = workers[:1]
		}
		if failure, run := m.placed(q, c, atEnd, workers, g, lists, &resp.Outputs); failure != "" {
			resp.Failure, resp.Run = failure, run.String()
			return resp
		}
	}
	if g != nil {
		resp.Nodes, resp.Slots = g.Nodes(), g.Slots()
	} else {
		resp.Nodes, resp.Slots = p.nodes(q.Len), p.slots(q.Len)
	}
	return resp
}

// placed lays out the operands and calls the kernel with every number of workers. The first outputs of all are those that others must equal.
func (m *memory) placed(q Request, c call, atEnd bool, workers []int, g graph, lists []list, first *[][]byte) (failure string, at run) {
	at = run{atEnd, workers[0]}
	a, err := m.place(q, c, atEnd)
	if err == nil {
		err = m.placeGraph(lists, atEnd)
	}
	if err != nil {
		return err.Error(), at
	}
	a.graph = g
	if q.Overlap > 0 {
		overlap(q, c, a)
	}
	for _, w := range workers {
		at.workers, a.workers = w, w
		var outputs [][]byte
		if outputs, failure = m.once(q, c, a, lists); failure != "" {
			break
		}
		if *first == nil {
			*first = outputs
		} else if failure = otherBits(q, c, outputs, *first, at); failure != "" {
			break
		}
	}
	if err := m.unlock(); err != nil {
		return err.Error(), at
	}
	return failure, at
}

// otherBits says where outputs differ from those of the first run.
func otherBits(q Request, c call, outputs, first [][]byte, r run) string {
	for o, out := range outputs {
		if at := firstDifference(out, first[o], c.elements[o].size); at >= 0 {
			return fmt.Sprintf("%s[%d] has other bits with %v than with %v", q.OutputNames[o], at, r, run{true, q.Workers[0]})
		}
	}
	return ""
}

// once fills the outputs with marks, calls the kernel and looks at everything that it may have touched.
func (m *memory) once(q Request, c call, a arguments, lists []list) (outputs [][]byte, failure string) {
	for i, size := range q.OutputBytes {
		q.spacing(i).each(size, func(at, _, row int) { fillMarks(a.tensors[i][at:at+row], c.elements[i]) })
	}
	before := readState()
	failure = m.call(q, c, a, lists)
	if damage := before.changed(); damage != "" && failure == "" {
		failure = damage
	}
	for i := range q.OutputBytes {
		outputs = append(outputs, q.spacing(i).gather(a.tensors[i], q.bytes(i)))
	}
	if failure == "" {
		failure = m.inspect(q, c, a, outputs, lists)
	}
	return outputs, failure
}

// place makes room for operands, each flush against an unreadable page, and fills inputs with the request's numbers, to be read only.
func (m *memory) place(q Request, c call, atEnd bool) (arguments, error) {
	a := arguments{batch: q.Batch, len: q.Len, heads: q.Heads, dim: q.Dim, rowStride: q.RowStride, gradStride: q.GradStride,
		scalar: q.Scalar, dropout: q.Dropout, seed: q.Seed}
	operands := len(q.OutputBytes) + len(q.Inputs)
	for len(m.regions) < operands {
		m.regions = append(m.regions, &region{})
	}
	for i := range operands {
		if q.owner(i) != i { // it comes after that of its memory
			a.tensors = append(a.tensors, a.tensors[q.owner(i)][q.spacing(i).At:])
			continue
		}
		b, err := m.regions[i].place(q.memoryOf(i), atEnd)
		if err != nil {
			return a, err
		}
		fillGaps(b, c.elements[i])
		a.tensors = append(a.tensors, b)
	}
	for i, in := range q.Inputs {
		q.spacing(len(q.OutputBytes)+i).spread(a.tensors[len(q.OutputBytes)+i], in)
	}
	for i := len(q.OutputBytes); i < operands; i++ {
		if err := m.regions[q.owner(i)].lock(); err != nil {
			return a, err
		}
	}
	return a, nil
}

// unlock makes all memory writable again.
func (m *memory) unlock() error {
	for _, r := range slices.Concat(m.regions, m.lists) {
		if err := r.unlock(); err != nil {
			return err
		}
	}
	return nil
}

// call runs the kernel; a fault or a panic in it becomes a failure.
func (m *memory) call(q Request, c call, a arguments, lists []list) (failure string) {
	defer func() {
		if p := recover(); p != nil {
			failure = m.explain(q, p, lists)
		}
	}()
	err := c.run(a)
	if err == nil {
		return ""
	}
	for i, name := range q.OutputNames {
		if _, n := findMarks(q.spacing(i).gather(a.tensors[i], q.bytes(i)), c.elements[i]); n*c.elements[i].size < q.bytes(i) {
			return fmt.Sprintf("wrote to %s, then refused: %v", name, err)
		}
	}
	return fmt.Sprintf("refused: %v", err)
}

// overlap replaces the first output and one input by views of the same memory that share one element.
func overlap(q Request, c call, a arguments) {
	in := len(q.OutputBytes) + q.Overlap - 1
	first, second := len(a.tensors[0]), len(a.tensors[in])
	size := c.elements[0].size
	both := make([]byte, first+second-size)
	a.tensors[0], a.tensors[in] = both[:first:first], both[first-size:]
	fillMarks(both, c.elements[0])
}

// explain says which operand a faulting address belongs to.
func (m *memory) explain(q Request, p any, lists []list) string {
	fault, ok := p.(interface{ Addr() uintptr })
	if !ok {
		return fmt.Sprintf("panic: %v", p)
	}
	for i, name := range q.names() {
		if where := m.regions[q.owner(i)].locate(fault.Addr()); where != "" {
			return fmt.Sprintf("fault: access to %s of %s", where, name)
		}
	}
	for i, l := range lists {
		if where := m.lists[i].locate(fault.Addr()); where != "" {
			return fmt.Sprintf("fault: access to %s of %s of the graph", where, l.name)
		}
	}
	return fmt.Sprintf("fault: access to %#x, near no operand", fault.Addr())
}

func (q Request) names() []string {
	return append(append([]string{}, q.OutputNames...), q.InputNames...)
}

// inspect looks for unwritten elements, changed inputs and writes beside an operand or between its rows.
func (m *memory) inspect(q Request, c call, a arguments, outputs [][]byte, lists []list) string {
	for i, l := range lists {
		if where := m.lists[i].overwritten(); where != "" {
			return fmt.Sprintf("wrote %s of %s of the graph", where, l.name)
		}
	}
	for i, name := range q.names() {
		if where := m.regions[q.owner(i)].overwritten(); where != "" {
			return fmt.Sprintf("wrote %s of %s", where, name)
		}
		if i < len(outputs) {
			if at, n := findMarks(outputs[i], c.elements[i]); n > 0 {
				return fmt.Sprintf("left %d elements of %s unwritten, the first at %s[%d]", n, name, name, at)
			}
			continue
		}
		in := q.Inputs[i-len(outputs)]
		if at := firstDifference(q.spacing(i).gather(a.tensors[i], len(in)), in, c.elements[i].size); at >= 0 {
			return fmt.Sprintf("changed the input at %s[%d]", name, at)
		}
	}
	return q.gaps(a.tensors, c.elements)
}
