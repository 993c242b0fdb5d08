package schedule

import (
	"fmt"

	"github.com/pyragen/pyragen/ir"
)

// random is a random number for all lanes: those of columns next to each other, or the same one in each.
func (v *vectoriser) random(e *ir.Random) (ir.Expr, error) {
	coef, affine := ir.PolyOf(e.Col).Coef(ir.Var(v.loop.Var))
	switch {
	case v.depends(e.Row) || !affine || !coef.IsConst() || coef.Const < 0 || coef.Const > 1:
		return nil, fmt.Errorf("got %s, want its column in steps of one, or none, and its row without %s; vectorise another loop",
			ir.FormatExpr(e), v.loop.Var)
	case coef.Const == 0:
		return v.broadcast(e), nil
	}
	c := *e
	c.Width = v.lanes
	return &c, nil
}

// random takes what the counter of a random number has from outside as arguments: its row is one of tensors, as a rule, and shares theirs.
func (o *outliner) random(e *ir.Random) ir.Expr {
	seed, _ := o.access(e.Seed, nil)
	return &ir.Random{Type: e.Type, Seed: seed, Row: o.value(e.Row, "row"), Col: o.value(e.Col, "col"), Width: e.Width}
}
