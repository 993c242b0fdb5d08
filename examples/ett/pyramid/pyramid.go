// Package pyramid numbers the nodes of an attention pyramid and fills coarse nodes from their children.
package pyramid

// Pyramid is the levels of nodes over a series. Nodes are numbered level by level, leaves first, as the generated kernels have them.
type Pyramid struct {
	Strides []int // children of a node, from the first coarse level up
	Levels  []int // sizes of the levels, leaves first
	first   []int // number of the first node of each level
}

// New builds the pyramid over some leaves: each level has a stride-th of the nodes below, rounded down, until that is none.
func New(strides []int, leaves int) Pyramid {
	p := Pyramid{Strides: strides, Levels: []int{leaves}, first: []int{0}}
	for l, c := range strides {
		size := p.Levels[l] / c
		if size == 0 {
			break
		}
		p.first = append(p.first, p.first[l]+p.Levels[l])
		p.Levels = append(p.Levels, size)
	}
	return p
}

// Nodes is the number of nodes of all levels.
func (p Pyramid) Nodes() int {
	top := len(p.Levels) - 1
	return p.first[top] + p.Levels[top]
}

// Node is the number of node i of level l.
func (p Pyramid) Node(l, i int) int { return p.first[l] + i }

// Children is the half-open range of the children of node i of level l > 0, counted within the level below. The last node of a
// level also has what is left over.
func (p Pyramid) Children(l, i int) (lo, hi int) {
	lo, hi = i*p.Strides[l-1], (i+1)*p.Strides[l-1]
	if i == p.Levels[l]-1 {
		hi = p.Levels[l-1]
	}
	return lo, hi
}

// Span is the half-open range of the leaves below node i of level l.
func (p Pyramid) Span(l, i int) (lo, hi int) {
	lo, hi = i, i+1
	for ; l > 0; l-- {
		first, _ := p.Children(l, lo)
		_, last := p.Children(l, hi-1)
		lo, hi = first, last
	}
	return lo, hi
}

// Steps is the number of leaves below a node of level l, the last one aside.
func (p Pyramid) Steps(l int) int {
	steps := 1
	for _, c := range p.Strides[:l] {
		steps *= c
	}
	return steps
}

// Fill takes rows of the given width, one a leaf, and returns one a node: each coarse row is the mean of its children's rows.
func (p Pyramid) Fill(leaves []float64, width int) []float64 {
	rows := make([]float64, p.Nodes()*width)
	copy(rows, leaves)
	for l := 1; l < len(p.Levels); l++ {
		for i := range p.Levels[l] {
			row := rows[p.Node(l, i)*width:][:width]
			lo, hi := p.Children(l, i)
			for c := lo; c < hi; c++ {
				for f, x := range rows[p.Node(l-1, c)*width:][:width] {
					row[f] += x / float64(hi-lo)
				}
			}
		}
	}
	return rows
}
