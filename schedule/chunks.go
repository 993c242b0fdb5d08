package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// chunkNote marks the loop over the nodes of a chunk.
const chunkNote = "chunk"

var chunksStep = Step{
	Name: "chunks",
	Args: "LOOP NODES",
	Doc: `run the nodes of a table graph in chunks that have about as much work each, however unevenly edges are spread; LOOP is the loop over
the batch, NODES that over the nodes in it

	parallel for b in 0..batch {
	  for i in 0..nodes {
	    z[b, i, 0, 0] = x[b, i, 0, 0]
	  }
	}
->
	parallel for task in 0..batch*chunks {
	  let b = task/chunks
	  let chunk = task%chunks
	  for i in cuts[chunk, 0]..cuts[chunk, 1] { // chunk
	    z[b, i, 0, 0] = x[b, i, 0, 0]
	  }
	}

The cuts, i32[chunks, 2], are an argument: they are made with the graph, in any order, so that chunks of more work can come first. The
iterations must be independent; if the loop is parallel, the chunks are.`,
	Run: func(n *Nest, args []string) error {
		if n.Graph.Kind != ir.Table {
			return fmt.Errorf("got a pyramid, want a table graph, which comes with cuts; use `tile`")
		}
		chunks := ir.Var("chunks")
		cuts, first := n.buffer("cuts"), false
		if cuts == nil {
			cuts, first = &ir.Buffer{Name: "cuts", Type: ir.I32, Role: ir.In, Space: ir.Memory, Dims: []ir.Index{chunks, ir.Int(2)}}, true
		}
		err := n.eachFor(args[0], func(loop *ir.For) ([]ir.Stmt, error) {
			if len(loop.Body) != 1 {
				return nil, fmt.Errorf("loop %s holds %s, want a loop over the nodes alone; fuse them first", loop.Var, contents(loop.Body))
			}
			nodes, ok := loop.Body[0].(*ir.For)
			if !ok || !named(nodes, args[1]) || !ir.Same(nodes.Lo, ir.Int(0)) || !ir.Same(nodes.Hi, ir.Var("nodes")) || !ir.Same(loop.Lo, ir.Int(0)) {
				return nil, fmt.Errorf("loop %s holds %s, want loop %s over all nodes, 0..nodes", loop.Var, contents(loop.Body), args[1])
			}
			for _, l := range []*ir.For{loop, nodes} {
				if err := independent(l); err != nil {
					return nil, err
				}
			}
			task, chunk := ir.Var(n.fresh("task")), ir.Var(n.fresh("chunk"))
			c := *nodes
			c.Lo = &ir.Gather{Table: cuts, At: []ir.Index{chunk, ir.Int(0)}}
			c.Hi = &ir.Gather{Table: cuts, At: []ir.Index{chunk, ir.Int(1)}}
			c.Note, c.Stage = chunkNote, ""
			return []ir.Stmt{&ir.For{Var: string(task), Lo: ir.Int(0), Hi: ir.Times(loop.Hi, chunks), Step: 1, Parallel: loop.Parallel, Body: []ir.Stmt{
				&ir.Let{Var: loop.Var, Value: ir.Quo(task, chunks)},
				&ir.Let{Var: string(chunk), Value: ir.Rem(task, chunks)},
				&c,
			}}}, nil
		})
		if err != nil || !first {
			return err
		}
		n.used["chunks"] = true
		n.Sizes = append(n.Sizes[:len(n.Sizes):len(n.Sizes)], "chunks")
		n.Buffers = append(n.Buffers[:len(n.Buffers):len(n.Buffers)], cuts)
		return nil
	},
}
