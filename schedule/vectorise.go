package schedule

import (
	"fmt"
	"slices"

	"github.com/pyragen/pyragen/ir"
)

var vectoriseStep = Step{
	Name:  "vectorise",
	Loops: true,
	Args:  "LOOP LANES TAIL",
	Doc: `run LANES iterations of a loop at once; the loop is elementwise, or sums into one accumulator

	alloc acc: f32
	acc = 0.0
	for d in 0..20 {
	  acc = acc + x[0, 0, 0, d]*y[0, 0, 0, d]
	}
	s[0, 0, 0, 0] = acc
->
	alloc acc: f32
	acc = 0.0
	alloc v: f32x8
	v = broadcast(0.0, 8)
	for d in 0..16 step 8 {
	  v = v + x[0, 0, 0, d:8] * y[0, 0, 0, d:8]
	}
	if 4 > 0 { // tail
	  mask mask: f32x8 = 4
	  v = v + x[0, 0, 0, 16:8 if mask] * y[0, 0, 0, 16:8 if mask]
	}
	acc = hsum(v)
	s[0, 0, 0, 0] = acc

TAIL says what happens to the iterations that are left over: mask, as above, never touches what lies behind the last element
and needs masked loads and stores, and a loop that never has more iterations than lanes becomes that tail alone; cut runs them one by one; perfect is refused unless there are none.
To a sum that other loops have begun the lanes are added: acc = acc + hsum(v).`,
	Run: func(n *Nest, args []string) error {
		lanes, err := count(args[1], 64)
		if err != nil || lanes < 2 || lanes&(lanes-1) != 0 {
			return fmt.Errorf("lanes: got %q, want a power of two, such as the %d of a vector of %s", args[1], n.Target.Lanes(n.Type), n.Type)
		}
		switch most := n.Target.Lanes(n.Type); {
		case most == 1:
			return fmt.Errorf("lanes: got %d, want none: target %s has no vectors; leave the step out", lanes, n.Target.Name)
		case lanes > most:
			return fmt.Errorf("lanes: got %d of %s, want at most the %d of a vector of %s", lanes, n.Type, most, n.Target.Name)
		}
		switch args[2] {
		case "mask", "cut", "perfect":
		default:
			return fmt.Errorf("tail: got %q, want mask, cut or perfect", args[2])
		}
		found := false
		wanted := func(s ir.Stmt) bool {
			loop, ok := s.(*ir.For)
			return ok && named(loop, args[0]) && loop.Step == 1
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
				v := &vectoriser{nest: n, loop: loop, lanes: lanes, tail: args[2]}
				var err error
				if out, err = v.replace(out); err != nil {
					return nil, fmt.Errorf("loop %s: %v", loop.Var, err)
				}
			}
			return out, nil
		})
		if err != nil {
			return err
		}
		if !found {
			return n.noLoop(args[0])
		}
		n.Body = body
		return nil
	},
}

// vectoriser turns one loop into a vector loop and its tail.
type vectoriser struct {
	nest  *Nest
	loop  *ir.For
	lanes int
	tail  string
	acc   *ir.Buffer                // scalar accumulator of a sum over the loop, or nil
	begun bool                      // the sum has terms before the loop
	vec   map[*ir.Buffer]*ir.Buffer // scalar register buffer -> its vector
	mask  string
}

// replace appends what stands in place of the loop to the statements before it.
func (v *vectoriser) replace(before []ir.Stmt) ([]ir.Stmt, error) {
	v.vec = map[*ir.Buffer]*ir.Buffer{}
	out := before
	accs := accumulators(v.loop.Body)
	if len(accs) > 1 {
		return nil, fmt.Errorf("got sums into %s and %s, want one; vectorise before jam", accs[0].Name, accs[1].Name)
	}
	if len(accs) == 1 {
		v.acc = accs[0]
		vec := v.vector(v.acc)
		var err error
		if v.begun, err = begun(before, v.acc); err != nil {
			return nil, err
		}
		out = append(out, &ir.Alloc{Buf: vec}, &ir.Store{Buf: vec, Value: v.broadcast(&ir.Const{Type: vec.Type})})
	}

	trips := ir.Minus(v.loop.Hi, v.loop.Lo)
	whole := ir.Times(ir.Quo(trips, ir.Int(int64(v.lanes))), ir.Int(int64(v.lanes)))
	rest := ir.Facts(nil).Simplify(ir.Rem(trips, ir.Int(int64(v.lanes))))
	if v.tail == "perfect" && !ir.Same(rest, ir.Int(0)) {
		return nil, fmt.Errorf("got %s iterations, want a multiple of %d lanes for a perfect tail; use mask or cut", ir.FormatIndex(ir.Facts(nil).Simplify(trips)), v.lanes)
	}
	_, fixed := v.loop.Hi.(ir.Int)
	if most, ok := atMost(v.loop.Hi); !fixed && v.tail == "mask" && v.acc == nil && ok && ir.Same(v.loop.Lo, ir.Int(0)) && most <= int64(v.lanes) {
		return v.once(out)
	}
	end := ir.Facts(nil).Simplify(ir.Plus(v.loop.Lo, whole))

	main := *v.loop
	main.Hi, main.Step = end, int64(v.lanes)
	var err error
	if main.Body, err = v.block(v.loop.Body); err != nil {
		return nil, err
	}
	out = append(out, &main)
	some := &ir.Compare{Op: ir.GT, X: rest, Y: ir.Int(0)}
	if v.tail == "mask" && ir.Facts(nil).Decide(some) >= 0 {
		v.mask = v.nest.fresh("mask")
		body, err := v.block(v.nest.renamed(v.loop.Body))
		if err != nil {
			return nil, err
		}
		body = ir.Substitute(map[ir.Var]ir.Index{ir.Var(v.loop.Var): end}).OfStmts(body)
		mask := &ir.LetMask{Name: v.mask, Type: v.nest.Type, Lanes: v.lanes, Count: rest}
		out = append(out, &ir.If{Cond: some, Then: append([]ir.Stmt{mask}, body...), Note: "tail"})
	}
	if v.acc != nil {
		var total ir.Expr = &ir.HSum{X: &ir.Load{Buf: v.vec[v.acc], Width: 1}}
		if v.begun {
			total = sum(&ir.Load{Buf: v.acc, Width: 1}, total)
		}
		out = append(out, &ir.Store{Buf: v.acc, Value: total})
	}
	if v.tail == "cut" {
		cut := *v.loop
		cut.Lo, cut.Body = end, v.nest.renamed(v.loop.Body)
		out = append(out, &cut)
	}
	return out, nil
}

// once appends a loop of at most as many iterations as there are lanes, all of it under one mask.
func (v *vectoriser) once(out []ir.Stmt) ([]ir.Stmt, error) {
	v.mask = v.nest.fresh("mask")
	body, err := v.block(v.loop.Body)
	if err != nil {
		return nil, err
	}
	used := false
	ir.Rewrite{Mask: func(m string) string {
		used = used || m == v.mask
		return m
	}}.OfStmts(body)
	if used {
		out = append(out, &ir.LetMask{Name: v.mask, Type: v.nest.Type, Lanes: v.lanes, Count: v.loop.Hi})
	}
	return append(out, ir.Substitute(map[ir.Var]ir.Index{ir.Var(v.loop.Var): ir.Int(0)}).OfStmts(body)...), nil
}

// accumulators returns the registers from outside that the loop stores to.
func accumulators(body []ir.Stmt) []*ir.Buffer {
	inside := map[*ir.Buffer]bool{}
	var accs []*ir.Buffer
	ir.Each(body, func(s ir.Stmt) {
		switch e := s.(type) {
		case *ir.Alloc:
			inside[e.Buf] = true
		case *ir.Store:
			if e.Buf.Space == ir.Register && !inside[e.Buf] && !slices.Contains(accs, e.Buf) {
				accs = append(accs, e.Buf)
			}
		}
	})
	return accs
}

// begun reports whether the accumulator has terms before the loop. It must start from the constant +0, as every lane does.
func begun(before []ir.Stmt, acc *ir.Buffer) (terms bool, err error) {
	for _, s := range slices.Backward(before) {
		if e, ok := s.(*ir.Store); ok && e.Buf == acc && !addsTo(e) {
			if c, ok := e.Value.(*ir.Const); ok && c.Value == 0 {
				return terms, nil
			}
			break
		}
		terms = terms || slices.Contains(accumulators([]ir.Stmt{s}), acc)
	}
	return false, fmt.Errorf("got an accumulator %s without a start, want `%s = 0.0` in the block before the loop; vectorise before other steps move it", acc.Name, acc.Name)
}

func (v *vectoriser) vector(b *ir.Buffer) *ir.Buffer {
	if v.vec[b] == nil {
		c := *b
		c.Name, c.Lanes = v.nest.fresh("v"), v.lanes
		v.vec[b] = &c
	}
	return v.vec[b]
}

func (v *vectoriser) broadcast(x ir.Expr) ir.Expr { return &ir.Broadcast{X: x, Width: v.lanes} }

// depends reports whether x depends on the loop's variable.
func (v *vectoriser) depends(x ir.Index) bool {
	return !ir.FreeOf(x, map[ir.Var]bool{ir.Var(v.loop.Var): true})
}

// contiguous reports whether consecutive iterations touch consecutive elements (true), or all the same one (false).
func (v *vectoriser) contiguous(b *ir.Buffer, at []ir.Index) (bool, error) {
	for i, x := range at {
		coef, affine := ir.PolyOf(x).Coef(ir.Var(v.loop.Var))
		step := coef.IsConst() && coef.Const == 1
		switch {
		case affine && coef.IsConst() && coef.Const == 0:
		case affine && step && i == len(at)-1:
			return true, nil
		default:
			return false, fmt.Errorf("got %s at %s in dimension %d, want the last one of %d, in steps of one, or none; vectorise another loop", b.Name, ir.FormatIndex(x), i, len(at))
		}
	}
	return false, nil
}
