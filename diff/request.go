package diff

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

// Request says which gradients of a kernel are wanted, and what their kernel may read.
type Request struct {
	Kernel string   // name of the kernel of gradients
	WRT    []string // inputs whose gradients are wanted, in this order
	Seeds  []string // outputs at which a gradient arrives; at the others it is 0
	Given  []string // outputs whose values the gradients may read; other values are computed again from the inputs

	// Hold names stages through which nothing is differentiated, since the seeded outputs do not depend on their values: the
	// maximum that a numerically safe softmax subtracts.
	Hold []string

	// Names gives the names of gradients, by the name of the buffer whose gradient it is. Without one it is that name behind a d.
	// Where a gradient is the negative of a simpler value, a temporary holds that value.
	Names map[string]string

	// Tables says which tables of a table graph belong together.
	Tables Tables
}

// Tables names the two directions of a table graph and their sizes: Nbr is i32[Nodes, Slots], Rev and RevSlot are i32[Nodes,
// InSlots]. Those that a gradient needs and the kernel does not have become arguments of the gradient.
type Tables struct {
	Nbr, Rev, RevSlot     string
	Nodes, Slots, InSlots string
}

// refusal is the panic by which the pass gives up; Gradient returns it.
type refusal struct{ error }

func refuse(format string, args ...any) { panic(refusal{fmt.Errorf(format, args...)}) }

// check refuses a request that does not fit the kernel.
func (r Request) check(k *ir.Kernel) {
	if len(r.WRT) == 0 || len(r.Seeds) == 0 {
		refuse("got %d inputs to differentiate by and %d outputs with a gradient, want at least one of each", len(r.WRT), len(r.Seeds))
	}
	for _, list := range []struct {
		what  string
		names []string
		roles []ir.Role
		want  string
	}{
		{"wrt", r.WRT, []ir.Role{ir.In}, "an input"},
		{"seed", r.Seeds, []ir.Role{ir.Out}, "an output"},
		{"given", r.Given, []ir.Role{ir.Out}, "an output"},
		{"hold", r.Hold, []ir.Role{ir.Out, ir.Temp}, "a buffer that a stage defines"},
	} {
		for n, name := range list.names {
			b := k.Buffer(name)
			if b == nil || !slices.Contains(list.roles, b.Role) || b.Type == ir.I32 {
				refuse("%s: got %q, want %s of the kernel that holds values", list.what, name, list.want)
			}
			if slices.Contains(list.names[:n], name) {
				refuse("%s: got %s twice, want it once", list.what, name)
			}
		}
	}
}
