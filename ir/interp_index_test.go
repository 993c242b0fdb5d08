package ir

import "testing"

// TestOperandPlus: sums that grow from one operand do not see each other's terms, and terms with the coefficient 0 are none.
func TestOperandPlus(t *testing.T) {
	m := &machine[float32]{ints: []int64{2, 3, 5, 7, 11, 13}}
	place := func(slot int) operand[float32] { return operand[float32]{coef: 1, slot: slot} }
	twenty := computed(func(*machine[float32]) int64 { return 20 })
	one := operand[float32]{base: 1}

	stem := place(0).plus(place(1), 10).plus(place(2), 100).plus(place(3), 1).plus(twenty, 1000).plus(one, 4)
	left, right := stem.plus(place(4), 1), stem.plus(place(5), 1).plus(twenty, -1)
	const want = 2 + 30 + 500 + 7 + 20_000 + 4
	for _, c := range []struct {
		name string
		o    operand[float32]
		want int64
	}{
		{"stem", stem, want}, {"left", left, want + 11}, {"right", right, want + 13 - 20},
		{"twice", stem.plus(stem, 1), 2 * want}, {"constant and variable", one.plus(place(4), 3), 34},
		{"constant", one.plus(one, 1), 2}, {"none of a variable", one.plus(place(4), 0), 1},
	} {
		if got := c.o.eval(m); got != c.want {
			t.Errorf("%s is %d, want %d", c.name, got, c.want)
		}
	}
	if o := one.plus(place(4), 0).plus(one, 1); !o.isConst() {
		t.Errorf("%+v has no variable, but is not constant", o)
	}
}
