package schedule

import (
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// declarations are what the examples in the docs of steps and passes refer to.
const declarations = `
  pyramid window 3 strides 25
  size batch, len, heads
  out s: f32[batch, nodes, heads, slots]
  out z: f32[batch, nodes, heads, 64]
  in x: f32[batch, nodes, heads, 64]
  in y: f32[batch, nodes, heads, 64]
  in p: f32[batch, nodes, heads, slots]
  in padding: f32
  temp m: f32[batch, nodes, heads]
  temp g: f32[batch, nodes, heads, slots]
`

// halfDeclarations are what the example for 16 bits refers to besides.
const halfDeclarations = `  out zh: bf16[batch, nodes, heads, 64]
  in xh: bf16[batch, nodes, heads, 64]
`

// tableDeclarations are what the examples of steps for tables refer to.
const tableDeclarations = `
  table
  size batch, nodes, heads, slots, in_slots
  out s: f32[batch, nodes, heads, slots]
  out z: f32[batch, nodes, heads, 64]
  in x: f32[batch, nodes, heads, 64]
  in y: f32[batch, nodes, heads, 64]
  in qk: i32[nodes, slots]
  in kq: i32[nodes, in_slots]
  in m: i32[nodes, in_slots]
  in padding: f32
  temp g: f32[batch, nodes, heads, slots]
`

// listDeclarations are what the example for lists of edges refers to besides.
const listDeclarations = `  size edges
  in qk_at: i32[nodes + 1]
  in qk_slot: i32[edges]
  in kq_at: i32[nodes + 1]
  in kq_node: i32[edges]
  in kq_slot: i32[edges]
`

// funcDeclarations are the same in a function, where batch and node are one subscript.
const funcDeclarations = `
  out z: f32[rows, 1, 64]
  in x: f32[rows, 1, 64]
`

// example returns the IR before and after that a doc shows: the lines that a tab indents, with a line `->` between the two.
func example(doc string) (before, after string, ok bool) {
	side := &before
	for line := range strings.Lines(doc) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "->":
			side, ok = &after, true
		case strings.HasPrefix(line, "\t"):
			*side += line[1:] + "\n"
		case line == "" && *side != "":
			*side += "\n"
		}
	}
	trim := func(s string) string { return strings.TrimRight(s, "\n") + "\n" }
	return trim(before), trim(after), ok
}

// nestOf reads a block as the body of a program for AVX2 over a pyramid.
func nestOf(t *testing.T, block string) *Nest {
	t.Helper()
	return nestWith(t, declarations, block)
}

// nestWith reads a block as the body of a program for AVX2.
func nestWith(t *testing.T, declarations, block string) *Nest {
	t.Helper()
	body, funcs, _ := strings.Cut(block, "\nfunc ")
	if funcs != "" {
		funcs = "\nfunc " + strings.Replace(funcs, "{\n", "{"+funcDeclarations+"\n", 1)
	}
	p, err := ir.ParseProgram("program doc f32 avx2 {" + declarations + "\n" + body + "}\n" + funcs)
	if err != nil {
		t.Fatalf("%v in\n%s", err, block)
	}
	target, err := FindTarget("avx2")
	if err != nil {
		t.Fatal(err)
	}
	return newNest(p, target)
}

// text prints a nest as docs show it: its body, then its functions without their declarations.
func text(n *Nest) string {
	out := ir.FormatStmts(n.Body)
	for _, f := range n.Funcs {
		out += "\nfunc " + f.Name + "(" + strings.Join(f.Ints, ", ") + ") {\n"
		for line := range strings.Lines(ir.FormatStmts(f.Body)) {
			out += "  " + line
		}
		out += "}\n"
	}
	return out
}

// stepArgs are the arguments that the examples use.
var stepArgs = map[string]string{
	"inline": "m", "gather": "g", "sink": "m", "transpose": "e", "fuse": "h", "shrink": "m", "levels": "i", "segments": "j", "vectorise": "d 8 mask", "contract": "", "jam": "h 2", "unroll": "j 2", "tree": "",
	"stage": "x d", "reorder": "i h", "specialise": "l", "tile": "b 1 4", "parallel": "b", "peel": "i", "edges": "", "families": "i f", "split": "i 25 f", "compress": "qk", "edgewise": "g", "chunks": "b i", "distribute": "i e", "cache": "z", "reuse": "k pt", "handover": "pt", "partial": "z", "invariant": "e leaf", "pad": "h 4", "flatten": "i h",
	"stream": "z 512", "prefetch": "x i 12", "copy": "x f", "pairs": "",
}

// TestStepDocs runs every step on the IR that its doc shows.
func TestStepDocs(t *testing.T) {
	for _, s := range Steps {
		t.Run(s.Name, func(t *testing.T) {
			before, after, ok := example(s.Doc)
			args, known := stepArgs[s.Name]
			if !ok || !known {
				t.Fatal("the doc shows no IR before and after, or the test knows no arguments for it")
			}
			of := declarations
			switch s.Name {
			case "compress", "chunks":
				of = tableDeclarations
			case "edgewise":
				of = tableDeclarations + listDeclarations
			}
			if s.Name == "pairs" {
				of += halfDeclarations
			}
			n := nestWith(t, of, before)
			n.gathered["pt"] = "p"
			if err := n.apply(Action{s.Name, strings.Fields(args)}); err != nil {
				t.Fatal(err)
			}
			if got := text(n); got != after {
				t.Errorf("%s %s: the doc shows\n%s\nbut it gives\n%s", s.Name, args, after, got)
			}
		})
	}
}

// TestPassDocs runs every pass on the IR that its doc shows.
func TestPassDocs(t *testing.T) {
	for _, p := range Passes {
		if p.Name == stepsPass.Name || p.Name == budgetPass.Name {
			continue // has no rewrite of its own
		}
		t.Run(p.Name, func(t *testing.T) {
			before, after, ok := example(p.Doc)
			if !ok {
				t.Fatal("the doc shows no IR before and after")
			}
			n := nestOf(t, before)
			if err := p.Run(n, Schedule{}); err != nil {
				t.Fatal(err)
			}
			if got := text(n); got != after {
				t.Errorf("%s: the doc shows\n%s\nbut it gives\n%s", p.Name, after, got)
			}
		})
	}
}

// TestOrders checks the pass table against the reasons beside it.
func TestOrders(t *testing.T) {
	at := map[string]int{}
	for i, p := range Passes {
		if p.Name == "" || p.Doc == "" || p.Run == nil {
			t.Errorf("pass %d (%q) lacks a name, a doc or a function", i, p.Name)
		}
		at[p.Name] = i
	}
	constrained := map[string]bool{}
	for _, o := range Orders {
		b, ok1 := at[o.Before]
		a, ok2 := at[o.After]
		switch {
		case !ok1 || !ok2:
			t.Errorf("order %s before %s names a pass that is not in the table", o.Before, o.After)
		case b >= a:
			t.Errorf("%s must come before %s: %s", o.Before, o.After, o.Why)
		case o.Why == "":
			t.Errorf("%s before %s: no reason given", o.Before, o.After)
		}
		constrained[o.Before], constrained[o.After] = true, true
	}
	for _, p := range Passes {
		if !constrained[p.Name] {
			t.Errorf("no order says where %s stands", p.Name)
		}
	}
}
