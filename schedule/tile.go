package schedule

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

var tileStep = Step{
	Name: "tile",
	Args: "LOOP LEVEL COUNT",
	Doc: `walk the pyramid in tiles of COUNT nodes of a level with all nodes below them, so that the children of a node are near
when it comes; LOOP is the loop over the batch

	parallel for b in 0..batch {
	  for i0 in 0..n0 { // level 0
	    z[b, i0, 0, 0] = x[b, i0, 0, 0]
	  }
	  for i1 in 0..n1 { // level 1
	    z[b, off1 + i1, 0, 0] = x[b, off1 + i1, 0, 0]
	  }
	}
->
	let tiles = max(1, (n1 + 3)/4)
	parallel for task in 0..batch*tiles {
	  let b = task/tiles
	  let tile = task%tiles
	  let from0 = tile*100
	  let to0 = tile + 1 == tiles ? n0 : (tile + 1)*100
	  for i0 in from0..to0 { // level 0
	    z[b, i0, 0, 0] = x[b, i0, 0, 0]
	  }
	  let from1 = tile*4
	  let to1 = tile + 1 == tiles ? n1 : (tile + 1)*4
	  for i1 in from1..to1 { // level 1
	    z[b, off1 + i1, 0, 0] = x[b, off1 + i1, 0, 0]
	  }
	}

The last tile takes what is left of each level. Levels above LEVEL are dealt out evenly. The iterations must be independent; if the
loop is parallel, the tiles are.`,
	Run: func(n *Nest, args []string) error {
		level, err := levelNumber(args[1], len(n.Graph.Strides))
		if err != nil {
			return err
		}
		size, err := count(args[2], 1<<20)
		if err != nil {
			return fmt.Errorf("nodes a tile: %v", err)
		}
		return n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			if !ir.Same(loop.Lo, ir.Int(0)) {
				return nil, fmt.Errorf("loop %s runs over %s, want it from 0; tile before other steps change it", loop.Var, span(loop))
			}
			if err := independent(loop); err != nil {
				return nil, err
			}
			tiles, task, t := ir.Var(n.fresh("tiles")), ir.Var(n.fresh("task")), ir.Var(n.fresh("tile"))
			blocks, walk := blocksOfTile(loop.Body)
			var tiled []ir.Stmt
			for _, s := range walk {
				nodes, ok := s.(*ir.For)
				l := levelOf(nodes)
				if !ok || l < 0 {
					return nil, fmt.Errorf("loop %s holds %s, want the loops over the nodes of levels alone; use `specialise` first", loop.Var, contents(loop.Body))
				}
				if !ir.Same(nodes.Lo, ir.Int(0)) || !ir.Same(nodes.Hi, levelN(l)) {
					return nil, fmt.Errorf("loop %s runs over %s, want all nodes of level %d, 0..n%d; tile once, before `peel`", nodes.Var, span(nodes), l, l)
				}
				if err := independent(nodes); err != nil {
					return nil, err
				}
				tiled = append(tiled, tileLevel(n.Graph, nodes, l, level, size, t, tiles)...)
			}
			if blocks != nil {
				c := *blocks
				c.Body = tiled
				tiled = []ir.Stmt{&c}
			}
			body := append([]ir.Stmt{
				&ir.Let{Var: loop.Var, Value: ir.Quo(task, tiles)},
				&ir.Let{Var: string(t), Value: ir.Rem(task, tiles)},
			}, tiled...)
			count := ir.Most(ir.Int(1), ir.Quo(ir.Plus(levelN(level), ir.Int(int64(size-1))), ir.Int(int64(size))))
			return []ir.Stmt{
				&ir.Let{Var: string(tiles), Value: count},
				&ir.For{Var: string(task), Lo: ir.Int(0), Hi: ir.Times(loop.Hi, tiles), Step: 1, Body: body, Parallel: loop.Parallel},
			}, nil
		})
	},
}

// blocksOfTile takes the loop over blocks, such as those of heads, from the walk over the levels, if there is one around it.
func blocksOfTile(body []ir.Stmt) (blocks *ir.For, walk []ir.Stmt) {
	if len(body) == 1 {
		if loop, ok := body[0].(*ir.For); ok && levelOf(loop) < 0 {
			return loop, loop.Body
		}
	}
	return nil, body
}

// tileLevel restricts the loop over the nodes of level l to those of tile t.
func tileLevel(g ir.Graph, nodes *ir.For, l, level, size int, t, tiles ir.Var) []ir.Stmt {
	var lo, hi ir.Index
	n := levelN(l)
	if l <= level {
		below := size
		for _, c := range g.Strides[l:level] {
			below *= c
		}
		next := ir.Plus(t, ir.Int(1))
		lo = ir.Times(t, ir.Int(int64(below)))
		hi = &ir.Pick{Cond: &ir.Compare{Op: ir.EQ, X: next, Y: tiles}, X: n, Y: ir.Times(next, ir.Int(int64(below)))}
	} else {
		// n/tiles nodes each, one more in the first n%tiles; written so that no product exceeds n.
		share := func(t ir.Index) ir.Index {
			return ir.Plus(ir.Times(t, ir.Quo(n, tiles)), ir.Least(t, ir.Rem(n, tiles)))
		}
		lo, hi = share(t), share(ir.Plus(t, ir.Int(1)))
	}
	from, to := fmt.Sprintf("from%d", l), fmt.Sprintf("to%d", l)
	c := *nodes
	c.Lo, c.Hi = ir.Var(from), ir.Var(to)
	return []ir.Stmt{&ir.Let{Var: from, Value: lo}, &ir.Let{Var: to, Value: hi}, &c}
}

// levelNumber parses a level, 0 to top.
func levelNumber(arg string, top int) (int, error) {
	l, err := count(arg+"", 16)
	if arg == "0" {
		return 0, nil
	}
	if err != nil || l > top {
		return 0, fmt.Errorf("level: got %q, want a number from 0 to %d", arg, top)
	}
	return l, nil
}

// levelOf returns the level of a specialised loop over nodes, i0, i1, ..., or -1.
func levelOf(loop *ir.For) int {
	if loop == nil || loop.Step != 1 {
		return -1
	}
	note, ok := strings.CutPrefix(loop.Note, "level ")
	l, err := strconv.Atoi(note[:len(note)-len(strings.TrimLeft(note, "0123456789"))])
	if !ok || err != nil {
		return -1
	}
	return l
}
