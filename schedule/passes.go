package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// Pass is one stage of lowering, from IR to IR.
type Pass struct {
	Name string
	Doc  string // what it does, then the IR before and after
	Run  func(n *Nest, s Schedule) error
}

// Passes is how a kernel becomes a program: every pass in its order, after Lower.
var Passes = []Pass{stepsPass, simplifyPass, outlinePass, hoistPass, forwardPass, beginPass, packPass, reloadPass, intrinsicsPass, sharePass, namesPass, budgetPass}

// Orders says which pass comes before which, and why.
var Orders = []struct{ Before, After, Why string }{
	{"steps", "simplify", "steps leave bounds that only a level's constants and the peeled edges decide"},
	{"simplify", "outline", "interiors that have become equal must look equal to become one function"},
	{"simplify", "forward", "a loop that runs once must be gone before its register is seen to be written once"},
	{"simplify", "begin", "a loop that runs once must be gone before its term is seen to be the first"},
	{"begin", "share", "a term must stand where it is used before equal values are looked for"},
	{"forward", "pack", "a lane must stand where it is stored before neighbours are looked for"},
	{"forward", "share", "a value must stand where it is used before equal values are looked for"},
	{"pack", "reload", "what is stored as one vector is loaded as one"},
	{"reload", "share", "a load that a register stands for is not there to be shared"},
	{"simplify", "share", "subscripts are compared in normal form"},
	{"steps", "intrinsics", "to steps an exponential is one value"},
	{"pack", "intrinsics", "a value must stand where it is stored before statements are put in front of it"},
	{"intrinsics", "share", "what an exponential loads may be what neighbours load"},
	{"intrinsics", "names", "polynomials make registers"},
	{"intrinsics", "budget", "polynomials need registers"},
	{"share", "names", "sharing makes registers"},
	{"outline", "hoist", "what a function is given does not change in it"},
	{"outline", "names", "names count from one in every function"},
	{"outline", "budget", "registers are counted by function"},
}

var stepsPass = Pass{
	Name: "steps",
	Doc:  "apply the schedule, step by step",
	Run: func(n *Nest, s Schedule) error {
		for _, a := range s.Steps {
			if err := n.apply(a); err != nil {
				return err
			}
		}
		return nil
	},
}

var simplifyPass = Pass{
	Name: "simplify",
	Doc: `fold what bounds, conditions and assumptions decide; drop loops that never run, unwrap those that run once

	assume first0*25 >= 1
	for i in first0*25..n0 {
	  for j in max(0, 1 - i)..3 {
	    s[0, i, 0, j] = padding
	  }
	}
->
	assume first0*25 >= 1
	for i in first0*25..n0 {
	  for j in 0..3 {
	    s[0, i, 0, j] = padding
	  }
	}`,
	Run: func(n *Nest, _ Schedule) error {
		n.Body = n.positiveSizes().SimplifyStmts(n.Body)
		for _, f := range n.Funcs {
			f.Body = ir.Facts(nil).SimplifyStmts(f.Body)
		}
		return nil
	},
}

// positiveSizes are the facts that the caller's checks guarantee: every size is at least 1.
func (n *Nest) positiveSizes() ir.Facts {
	var f ir.Facts
	for _, s := range n.Sizes {
		f = f.With(ir.Minus(ir.Var(s), ir.Int(1)))
	}
	return f
}

// Trace is told of the program after lowering, after every step and after every pass.
type Trace func(stage, doc string, p *ir.Program)

// Run schedules a kernel. The result is verified; a trace sees every stage on the way.
func Run(k *ir.Kernel, s Schedule, trace Trace) (*ir.Program, error) {
	t, err := FindTarget(s.Target)
	if err != nil {
		return nil, err
	}
	n, err := Lower(k, t)
	if err != nil {
		return nil, err
	}
	if trace != nil {
		trace("lower", "the naive loop nest: a loop an axis, reductions as loops over an accumulator", n.snapshot())
	}
	for _, pass := range Passes {
		if pass.Name == stepsPass.Name && trace != nil {
			for _, a := range s.Steps {
				if err := n.apply(a); err != nil {
					return nil, err
				}
				step, _ := FindStep(a.Step)
				trace(a.String(), step.Doc, n.snapshot())
			}
			continue
		}
		if err := pass.Run(n, s); err != nil {
			return nil, err
		}
		if trace != nil {
			trace(pass.Name, pass.Doc, n.snapshot())
		}
	}
	if err := n.Program.Verify(); err != nil {
		return nil, fmt.Errorf("%s: internal error: the scheduled program is not well-formed: %v", Describe(n.Program), err)
	}
	if err := n.Program.VerifyScheduled(); err != nil {
		return nil, &Error{Describe(n.Program), Action{Step: "verify"}, fmt.Errorf("the schedule leaves what no back end takes: %v; compare it with the default schedule", err)}
	}
	return n.Program, nil
}

// snapshot copies the program; statements are never changed in place.
func (n *Nest) snapshot() *ir.Program {
	p := *n.Program
	return &p
}
