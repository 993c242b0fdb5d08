package ops

import "github.com/pyragen/pyragen/ir"

// The sizes that [Spaced] adds: elements from the row of a node, heads*dim of them, to that of the next.
const (
	RowStride  = "rowStride"  // in q, k and v, and in x and y
	GradStride = "gradStride" // in dq, dk and dv
)

// Spaced lets the rows of a kernel's tensors lie apart: those that are computed from, and the gradients of q, k and v. So these may be
// parts of one tensor, for example of (batch, node, 3, head, dim). What is computed stays the same. It changes k, and returns it.
func Spaced(k *ir.Kernel) *ir.Kernel {
	for _, s := range []struct {
		size  string
		role  ir.Role
		names []string
	}{{RowStride, ir.In, []string{"q", "k", "v", "x", "y"}}, {GradStride, ir.Out, []string{"dq", "dk", "dv"}}} {
		found := false
		for _, name := range s.names {
			if buf := k.Buffer(name); buf != nil && buf.Role == s.role {
				buf.Steps = []ir.Index{nil, ir.Var(s.size), nil, nil}
				found = true
			}
		}
		if found {
			k.Sizes = append(k.Sizes, s.size)
		}
	}
	return k
}
