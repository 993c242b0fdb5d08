package schedule

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// Step is a named rewrite of a loop nest. Run returns an error where the rewrite is not legal, and leaves its input as it is.
type Step struct {
	Name string
	Args string // usage, for example "LOOP COUNT"
	Doc  string // what it does, then the IR before and after
	Run  func(n *Nest, args []string) error

	Loops bool // works on loops wherever they are, those of functions too
}

// Nest is the program under rewriting.
type Nest struct {
	*ir.Program
	Target   Target
	used     map[string]bool   // names taken by buffers, masks and variables
	numbers  map[string]int    // the last number that a name was made with, by its base
	gathered map[string]string // temporaries that gather has made -> what they are at the other end
	joined   ir.Var            // what names the parent of a node in the one loop over those of all families; empty: each family has a loop
	tile     []*ir.Buffer      // memory of a tile, which its functions share
	stray    *ir.Buffer        // memory that a function would need of its caller
	open     ir.Index          // an index map without closed form in a function
}

func emptyNest(p *ir.Program, t Target) *Nest {
	return &Nest{Program: p, Target: t, used: map[string]bool{}, numbers: map[string]int{}, gathered: map[string]string{}}
}

// newNest takes a program up for rewriting.
func newNest(p *ir.Program, t Target) *Nest {
	n := emptyNest(p, t)
	for _, s := range p.Sizes {
		n.used[s] = true
	}
	for _, b := range p.Buffers {
		n.used[b.Name] = true
	}
	addDeclared(n.used, p.Body)
	return n
}

// Steps are all steps, in the order in which a schedule usually has them.
var Steps = []Step{
	inlineStep, gatherStep, cacheStep, sinkStep, fuseStep, shrinkStep, transposeStep, levelsStep, segmentsStep, compressStep, edgewiseStep, chunksStep, vectoriseStep, contractStep, jamStep, unrollStep,
	treeStep, stageStep, reorderStep, specialiseStep, tileStep, parallelStep, peelStep, edgesStep, familiesStep, handoverStep, partialStep, splitStep, distributeStep, reuseStep, invariantStep, padStep, flattenStep, streamStep, prefetchStep, pairsStep, copyStep,
}

// FindStep returns the step of that name.
func FindStep(name string) (Step, error) {
	var names []string
	for _, s := range Steps {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Step{}, fmt.Errorf("unknown step %q; use one of %s", name, strings.Join(names, ", "))
}

// checkArgs compares the number of arguments with the usage: words in brackets may be left out.
func (s Step) checkArgs(args []string) error {
	most := strings.Fields(s.Args)
	least := 0
	for _, a := range most {
		if !strings.HasPrefix(a, "[") {
			least++
		}
	}
	if len(args) < least || len(args) > len(most) {
		plural := "s"
		if len(args) == 1 {
			plural = ""
		}
		return fmt.Errorf("got %d argument%s, want `%s`", len(args), plural, strings.TrimSpace(s.Name+" "+s.Args))
	}
	return nil
}

// Error is a step that was refused, or a pass that found no way.
type Error struct {
	Kernel string // op, type, pyramid and target
	Action Action
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %v", e.Kernel, e.Action, e.Err) }

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// Describe names a program for errors: op, type, target, and the graph: a table, or window, strides and what a variant of the pyramid has besides.
func Describe(p *ir.Program) string {
	if p.Graph.Kind == ir.Table {
		return fmt.Sprintf("%s %s table %s", p.Name, p.Type, p.Target)
	}
	numbers := func(list ...int) string {
		return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ","), "[]")
	}
	g := p.Graph
	strides, windows := numbers(g.Strides...), numbers(g.Window)
	if strides == "" {
		strides = "-"
	}
	if g.Windows != nil {
		windows = numbers(g.Windows...)
	}
	return fmt.Sprintf("%s %s w=%s s=%s%s %s", p.Name, p.Storage(), windows, strides, g.Variant(), p.Target)
}

// missing is the error of a step that finds nothing to work on.
type missing struct{ error }

func missingf(format string, args ...any) error { return missing{fmt.Errorf(format, args...)} }

// apply runs one action, on the driver and on the functions that there are already: what it works on must be in one of them.
func (n *Nest) apply(a Action) error {
	step, err := FindStep(a.Step)
	if err == nil {
		err = step.checkArgs(a.Args)
	}
	if err == nil {
		err = n.everywhere(step, a.Args)
	}
	if err != nil {
		return &Error{Describe(n.Program), a, err}
	}
	return nil
}

// everywhere runs a step with the body of the driver as that of the nest and, if it is one for loops, of every function in turn.
func (n *Nest) everywhere(step Step, args []string) error {
	var nothing missing
	functions := n.Funcs // it may make more
	worst := step.Run(n, args)
	if worst != nil && !errors.As(worst, &nothing) {
		return worst
	}
	if err := fits(statements(n.Body)); err != nil || !step.Loops {
		return cmp.Or(worst, err)
	}
	driver := n.Body
	defer func() { n.Body = driver }()
	for _, f := range functions {
		n.Body = f.Body
		switch err := step.Run(n, args); {
		case err == nil:
			worst = nil
		case !errors.As(err, &nothing):
			return err
		}
		if err := fits(statements(n.Body)); err != nil {
			return err
		}
		f.Body = n.Body
	}
	return worst
}

// count parses a positive count of at most limit.
func count(arg string, limit int) (int, error) {
	v, err := strconv.Atoi(arg)
	if err != nil || v < 1 || v > limit {
		return 0, fmt.Errorf("got %q, want a number from 1 to %d", arg, limit)
	}
	return v, nil
}

// fresh returns a name that is not taken yet: base, or base with a number.
func (n *Nest) fresh(base string) string {
	base = strings.TrimRight(base, "0123456789")
	name := base
	for n.used[name] {
		n.numbers[base]++
		name = base + strconv.Itoa(n.numbers[base])
	}
	n.used[name] = true
	return name
}

// eachBlock rewrites every block of a nest, inner ones first. What stays as it was is shared.
func eachBlock(body []ir.Stmt, f func([]ir.Stmt) ([]ir.Stmt, error)) ([]ir.Stmt, error) {
	out := slices.Clip(body)
	for i, s := range body {
		t, err := eachBlockIn(s, f)
		if err != nil {
			return nil, err
		}
		if t != s && sameBlock(out, body) {
			out = slices.Clone(body)
		}
		if t != s {
			out[i] = t
		}
	}
	return f(out)
}

// eachBlockIn rewrites the blocks of a statement.
func eachBlockIn(s ir.Stmt, f func([]ir.Stmt) ([]ir.Stmt, error)) (ir.Stmt, error) {
	switch e := s.(type) {
	case *ir.For:
		body, err := eachBlock(e.Body, f)
		if err != nil || sameBlock(body, e.Body) {
			return s, err
		}
		c := *e
		c.Body = body
		return &c, nil
	case *ir.If:
		then, err := eachBlock(e.Then, f)
		if err != nil {
			return s, err
		}
		els, err := eachBlock(e.Else, f)
		if err != nil || sameBlock(then, e.Then) && sameBlock(els, e.Else) {
			return s, err
		}
		c := *e
		c.Then, c.Else = then, els
		return &c, nil
	}
	return s, nil
}

// sameBlock reports whether two blocks are one and the same.
func sameBlock(a, b []ir.Stmt) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// eachBody rewrites every block of the driver and of the functions.
func (n *Nest) eachBody(f func([]ir.Stmt) ([]ir.Stmt, error)) error {
	body, err := eachBlock(n.Body, f)
	if err != nil {
		return err
	}
	funcs := make(map[*ir.Func]*ir.Func, len(n.Funcs))
	list := make([]*ir.Func, len(n.Funcs))
	for i, fn := range n.Funcs {
		c := *fn
		if c.Body, err = eachBlock(fn.Body, f); err != nil {
			return err
		}
		funcs[fn], list[i] = &c, &c
	}
	n.Funcs = list
	n.Body = ir.Rewrite{Stmt: func(s ir.Stmt) []ir.Stmt {
		if call, ok := s.(*ir.Call); ok {
			return []ir.Stmt{&ir.Call{Func: funcs[call.Func], Args: call.Args}}
		}
		return []ir.Stmt{s}
	}}.OfStmts(body)
	return nil
}

// named reports whether a loop has a name: its variable's, or that behind the name of its stage, as in s.d for the loop d of the
// stage that computes s; there the number may be left out that tells loops of several stages apart.
func named(loop *ir.For, name string) bool {
	if stage, v, ok := strings.Cut(name, "."); ok {
		return loop.Stage == stage && (loop.Var == v || strings.TrimRight(loop.Var, "0123456789") == v)
	}
	return loop.Var == name
}

// eachFor replaces every loop over v that runs in steps of one; it is an error if there is none.
func (n *Nest) eachFor(v string, f func(*ir.For) ([]ir.Stmt, error)) error {
	return n.eachForStep(v, 1, f)
}

// eachFinest replaces every loop over v that runs in the smallest steps of all loops over v: what vectorising, unrolling and
// jamming have left to take.
func (n *Nest) eachFinest(v string, f func(*ir.For) ([]ir.Stmt, error)) error {
	var finest int64
	ir.Each(n.Body, func(s ir.Stmt) {
		if loop, ok := s.(*ir.For); ok && named(loop, v) && (finest == 0 || loop.Step < finest) {
			finest = loop.Step
		}
	})
	return n.eachForStep(v, finest, f)
}

// eachForStep replaces every loop over v that runs in the given steps.
func (n *Nest) eachForStep(v string, step int64, f func(*ir.For) ([]ir.Stmt, error)) error {
	found := false
	wanted := func(s ir.Stmt) bool {
		loop, ok := s.(*ir.For)
		return ok && named(loop, v) && loop.Step == step
	}
	body, err := eachBlock(n.Body, func(block []ir.Stmt) ([]ir.Stmt, error) {
		if !slices.ContainsFunc(block, wanted) {
			return block, nil
		}
		var out []ir.Stmt
		for _, s := range block {
			if !wanted(s) {
				out = append(out, s)
				continue
			}
			loop := s.(*ir.For)
			found = true
			repl, err := f(loop)
			if err != nil {
				return nil, err
			}
			out = append(out, repl...)
		}
		return out, nil
	})
	if err != nil {
		return err
	}
	if !found {
		return n.noLoop(v)
	}
	n.Body = body
	return nil
}

// noLoop says which loops there are.
func (n *Nest) noLoop(v string) error {
	seen := map[string]bool{}
	var names []string
	ir.Each(n.Body, func(s ir.Stmt) {
		if loop, ok := s.(*ir.For); ok && !seen[loop.Var] && loop.Step == 1 {
			seen[loop.Var] = true
			names = append(names, loop.Var)
		}
	})
	if len(names) == 0 {
		return missingf("got loop %q, want one in steps of one, of which there is none; leave the step out", v)
	}
	return missingf("got loop %q, want one in steps of one: %s", v, strings.Join(names, ", "))
}
