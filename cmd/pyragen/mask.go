package main

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/spec"
)

// masked is what show --mask --json prints.
type masked struct {
	Package string   `json:"package"`
	Len     int      `json:"len"`
	Levels  []int    `json:"levels"`
	Edges   int      `json:"edges"`
	Why     []string `json:"directed,omitempty"` // why the graph is directed
	Rows    []string `json:"rows"`               // of the picture
}

// maxMask is how many nodes a picture has at most: more are wider than a terminal.
const maxMask = 160

// mask prints which nodes each node sees: a row a query, a column a key, levels apart.
func (a *app) mask(s spec.Spec, leaves int) error {
	if s.IsTable() {
		return usagef("--mask is about pyramids; the edges of a table are known at run time alone")
	}
	s = s.Canonical()
	p := newPyramid(s, leaves)
	if p.nodes > maxMask {
		return usagef("--mask %d has %d nodes, and a picture has at most %d; take fewer leaves", leaves, p.nodes, maxMask)
	}
	rows, err := maskRows(s, leaves, p)
	if err != nil {
		return err
	}
	further := ""
	if s.Ancestors > 1 {
		further = ", a for further ancestors"
	}
	text := fmt.Sprintf("%s: %s\n%d leaves, levels %v, %d edges; a row is a node, with w for what it sees in its window, c for children, p for parents%s\n\n%s",
		s.Package, directed(s), leaves, p.levels, p.edges, further, strings.Join(rows, "\n"))
	return a.line(masked{s.Package, leaves, p.levels, p.edges, s.Directed(), rows}, text)
}

// maskRows draws the rows. An empty one, and a blank in the others, is between levels.
func maskRows(s spec.Spec, leaves int, p pyramid) ([]string, error) {
	edges, err := pyragen.Neighbours(&s, leaves)
	if err != nil {
		return nil, err
	}
	ends := map[int]bool{}
	end := 0
	for _, n := range p.levels {
		end += n
		ends[end-1] = end < p.nodes
	}
	var rows []string
	for i, row := range edges {
		seen := make([]byte, p.nodes)
		for k := range seen {
			seen[k] = '.'
		}
		for slot, k := range row {
			switch {
			case k < 0:
			case slot < s.Window:
				seen[k] = 'w'
			case slot < p.slots-max(1, s.Ancestors):
				seen[k] = 'c'
			case slot == p.slots-max(1, s.Ancestors):
				seen[k] = 'p'
			default:
				seen[k] = 'a'
			}
		}
		var b strings.Builder
		for k, mark := range seen {
			b.WriteByte(mark)
			if ends[k] {
				b.WriteByte(' ')
			}
		}
		rows = append(rows, b.String())
		if ends[i] {
			rows = append(rows, "")
		}
	}
	return rows, nil
}
