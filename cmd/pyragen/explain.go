package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pyragen/pyragen/spec"
)

// explained is one line of explain --json: a kernel and an instruction set.
type explained struct {
	Package string   `json:"package"`
	Op      string   `json:"op"`
	Type    string   `json:"type"`
	ISA     string   `json:"isa"`
	Used    bool     `json:"used"`
	Reasons []string `json:"reasons"`
	Len     int      `json:"len"`
	Batch   int      `json:"batch"`
	Heads   int      `json:"heads"`
	Dim     int      `json:"dim"`
	Levels  []int    `json:"levels"`
	Nodes   int      `json:"nodes"`
	Slots   int      `json:"slots"`
	Edges   int      `json:"edges"`              // of one pyramid
	Why     []string `json:"directed,omitempty"` // why the graph is directed
	Flops   int64    `json:"flops"`
	Bytes   int64    `json:"bytes"`

	Intensity float64   `json:"intensity"`              // flops for each byte
	Registers int       `json:"registers,omitempty"`    // vector registers that a function of the kernel needs at most; assembly only
	Of        int       `json:"registers_of,omitempty"` // of those that there are
	Functions int       `json:"functions,omitempty"`    // in assembly
	Code      int       `json:"code_bytes,omitempty"`   // of all of them, at most
	Roofline  *roofline `json:"roofline,omitempty"`     // where bandwidth and peak are known
}

func (a *app) explainCommand() *cobra.Command {
	var n sizes
	var m machine
	var on string
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Say per kernel and instruction set whether it is used and why, and what a call costs",
		Long: `Explain says for each kernel which instruction set runs on this machine and why not the others, and what a call has to do at
least: nodes and edges of the pyramid, or of a graph of the kind that --on names, floating-point operations, bytes read and written once, and
operations for each byte. It says whether a pyramid is directed, and why, and of kernels in assembly how many vector registers their functions need and how much code
they are, at most.

The roofline is the least time of a call: bytes over bandwidth, or operations over peak, whichever is longer. Bandwidth and peak are
those that --bandwidth and --peak give, or with --measure those of this machine, of all its processors: a copy of arrays that no cache
holds, and multiply-adds of values in registers (of kernels in Go, products and sums of scalars). That takes a second or so and 256 MiB.
Operands that fit the caches may be faster than memory is.`,
		Example: `  pyragen explain --window 3 --strides 4,4,4 --dim 64 --len 10000
  pyragen explain --ops attention --types f32 --measure
  pyragen explain --bandwidth 40 --peak 300 --json`,
		Args: noArgs,
	}
	r := requestFlags(cmd)
	cmd.Flags().IntVar(&n.len, "len", 1000, "leaves; of a table, nodes")
	cmd.Flags().StringVar(&on, "on", "citations", "for a table: `kind` of graph, "+tableKinds())
	cmd.Flags().IntVar(&n.batch, "batch", 1, "batch size")
	cmd.Flags().IntVar(&n.heads, "heads", 1, "heads")
	cmd.Flags().IntVar(&n.dim, "head-dim", 64, "dimension of a package for any dim")
	m.flags(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		if err := m.check(cmd); err != nil {
			return err
		}
		for _, f := range []struct {
			flag  string
			value int
		}{{"len", n.len}, {"batch", n.batch}, {"heads", n.heads}, {"head-dim", n.dim}} {
			if f.value < 1 || f.value > 1<<31-1 {
				return usagef("--%s must be a whole number from 1, got %d", f.flag, f.value)
			}
		}
		specs, err := r.specs()
		if err != nil {
			return err
		}
		for _, s := range specs {
			if err := a.explain(s, n, on, &m); err != nil {
				return err
			}
		}
		return nil
	}
	return cmd
}

// explain prints the kernels of one package.
func (a *app) explain(s spec.Spec, n sizes, on string, m *machine) error {
	s = s.Canonical()
	if s.Dim != 0 {
		n.dim = s.Dim
	}
	code, err := emittedBy(s)
	if err != nil {
		return err
	}
	g, err := newTableGraph(s, on, n.len)
	if err != nil {
		return err
	}
	pick, why := choose(s.ISA, code.features, a.getenv("PYRAGEN_ISA"))
	if !a.json && s.IsPyramid() {
		fmt.Fprintf(a.stdout, "%s: %s\n", s.Package, directed(s))
	}
	for _, op := range s.Ops {
		for _, typ := range s.Types {
			c, err := costOf(s, op, typ, n, g)
			if err != nil {
				return err
			}
			if !a.json {
				fmt.Fprintf(a.stdout, "%s %s %s: levels %v, %d nodes, %d slots, %d edges, %sflop, %sB for batch %d, heads %d, dim %d\n", s.Package, op, typ,
					c.levels, c.nodes, c.slots, c.edges, quantity(float64(c.flops)), quantity(float64(c.bytes)), n.batch, n.heads, n.dim)
				fmt.Fprintf(a.stdout, "  %s flop/B: limited by memory where peak/bandwidth is more, by arithmetic elsewhere\n", quantity(c.intensity()))
			}
			for _, isa := range s.ISA {
				k := code.kernels[kernelKey(op, typ, isa)]
				e := explained{Package: s.Package, Op: op, Type: typ, ISA: isa, Used: isa == pick, Reasons: why[isa], Len: n.len, Batch: n.batch,
					Heads: n.heads, Dim: n.dim, Levels: c.levels, Nodes: c.nodes, Slots: c.slots, Edges: c.edges, Why: s.Directed(), Flops: c.flops, Bytes: c.bytes,
					Intensity: c.intensity(), Registers: k.registers, Of: k.of, Functions: k.functions, Code: k.code,
					Roofline: m.roofline(c, isa, typ, len(lacks(isa, features(isa))) == 0)}
				if err := a.line(e, e.String()); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// String is the explanation for a terminal: a line, and one each for the code and the roofline of a kernel that has them.
func (e explained) String() string {
	word := "refused"
	if e.Used {
		word = "used"
	}
	text := fmt.Sprintf("  %-7s %-8s %s", e.ISA, word, strings.Join(e.Reasons, "; "))
	if e.Functions > 0 {
		text += fmt.Sprintf("\n%10s%d functions of at most %sB in all, %d of %d vector registers", "", e.Functions, quantity(float64(e.Code)), e.Registers, e.Of)
	}
	if e.Roofline != nil {
		text += fmt.Sprintf("\n%10s%s", "", e.Roofline)
	}
	return text
}

// choose says which of the instruction sets a generated package runs here, and the reasons for each. Asked is PYRAGEN_ISA.
func choose(isas []string, needed map[string][]feature, asked string) (pick string, why map[string][]string) {
	why = map[string][]string{}
	for _, isa := range isas {
		if len(lacks(isa, needed[isa])) == 0 {
			pick = isa
		}
	}
	forced := false
	for _, isa := range isas {
		if isa == asked && len(lacks(isa, needed[isa])) == 0 {
			pick, forced = isa, true
		}
	}
	for _, isa := range isas {
		missing := lacks(isa, needed[isa])
		switch {
		case len(missing) > 0:
			why[isa] = []string{"this machine lacks " + strings.Join(missing, ", ")}
		case isa == pick && forced:
			why[isa] = []string{"PYRAGEN_ISA=" + asked + " asks for it"}
		case isa == pick && isa == "go":
			why[isa] = []string{"it is the best of these that runs here"}
		case isa == pick:
			why[isa] = []string{"this machine has what it needs: " + names(needed[isa])}
		case forced:
			why[isa] = []string{"PYRAGEN_ISA=" + asked + " asks for another"}
		default:
			why[isa] = []string{pick + " is faster"}
		}
	}
	if asked != "" && !forced {
		why[pick] = append(why[pick], fmt.Sprintf("PYRAGEN_ISA=%+q cannot be followed", asked))
	}
	return pick, why
}

// names lists features in a line.
func names(fs []feature) string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Name)
	}
	return strings.Join(out, ", ")
}
