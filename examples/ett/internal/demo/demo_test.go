package demo

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/pyragen/pyragen/examples/ett/internal/attention"
	"github.com/pyragen/pyragen/examples/ett/internal/pam"
	"github.com/pyragen/pyragen/examples/ett/series"
)

func small(t *testing.T, rows int) demo {
	t.Helper()
	s, err := series.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	d, err := newDemo(s.Last(rows), 1, NewProgress(io.Discard, false))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestWrongNumberIsFound breaks one number of each op's result, by a little more than rounding does.
func TestWrongNumberIsFound(t *testing.T) {
	d := small(t, 100)
	good := attention.F32()
	for op, broken := range map[string]func(k *attention.Kernels[float32]){
		"attention f32: out[5]": func(k *attention.Kernels[float32]) {
			k.Attention = func(out, lse, q, key, v []float32, scale float32, n pam.Sizes) error {
				err := good.Attention(out, lse, q, key, v, scale, n)
				out[5] += 1e-4
				return err
			}
		},
		"attention f32: lse[1]": func(k *attention.Kernels[float32]) {
			k.Attention = func(out, lse, q, key, v []float32, scale float32, n pam.Sizes) error {
				err := good.Attention(out, lse, q, key, v, scale, n)
				lse[1] += 1e-4
				return err
			}
		},
		"attention-grad f32: dk[2]": func(k *attention.Kernels[float32]) {
			k.Gradient = func(dq, dk, dv, q, key, v, out, lse, dout []float32, scale float32, n pam.Sizes) error {
				err := good.Gradient(dq, dk, dv, q, key, v, out, lse, dout, scale, n)
				dk[2] += 1e-3
				return err
			}
		},
		"attention-grad f32: dv[0]": func(k *attention.Kernels[float32]) {
			k.Gradient = func(dq, dk, dv, q, key, v, out, lse, dout []float32, scale float32, n pam.Sizes) error {
				err := good.Gradient(dq, dk, dv, q, key, v, out, lse, dout, scale, n)
				dv[0] = 0
				return err
			}
		},
		"softmax f32: p[1]": func(k *attention.Kernels[float32]) {
			k.Softmax = func(p, lse, s []float32, n pam.Sizes) error {
				err := good.Softmax(p, lse, s, n)
				p[1] *= 1.0001
				return err
			}
		},
		"scores f32: ": func(k *attention.Kernels[float32]) {
			k.Scores = func(s, x, y []float32, padding float32, n pam.Sizes) error {
				err := good.Scores(s, x, y, padding, n)
				s[1] *= 1.0001 // slot 1 is the node itself
				return err
			}
		},
		"context f32: ": func(k *attention.Kernels[float32]) {
			k.Context = func(z, p, y []float32, n pam.Sizes) error {
				err := good.Context(z, p, y, n)
				z[len(z)-1] += 1e-4
				return err
			}
		},
		"reverse f32: ": func(k *attention.Kernels[float32]) {
			k.Reverse = func(z, p, y []float32, n pam.Sizes) error {
				err := good.Reverse(z, p, y, n)
				z[0] = 0
				return err
			}
		},
	} {
		k := good
		broken(&k)
		_, err := runLayer(d, "f32", k)
		wrong := new(WrongNumber)
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "wrong number on "+pam.ISA()+": "+op) {
			t.Errorf("%s: got %v", op, err)
		}
	}
	if _, err := runLayer(d, "f32", good); err != nil {
		t.Errorf("unbroken: %v", err)
	}
}

// TestGradientIsNotFaster: the gradient is no other way to compute attention, so no ratio is claimed for it.
func TestGradientIsNotFaster(t *testing.T) {
	dense, l := rival{Way: "dense, masked", Took: time.Second}, rival{Way: "attention", Took: 2 * time.Millisecond}
	if got := faster(dense, l); got != "500 x" {
		t.Errorf("attention is %q faster, want 500 x", got)
	}
	l.Way = gradientWay
	if got := faster(dense, l); got != "-" {
		t.Errorf("the gradient is %q faster, want -", got)
	}
}

// TestAsking: on each level the nodes over the last 24 steps share the same weight, and no others have any.
func TestAsking(t *testing.T) {
	d := small(t, 100) // levels of 100, 25, 6 and 1
	weight := d.asking()
	for l, first := range []int{76, 19, 4, 0} {
		size := d.shape.Levels[l]
		for i := range size {
			want := 0.0
			if i >= first {
				want = 0.25 / float64(size-first)
			}
			if got := weight[d.shape.Node(l, i)]; math.Abs(got-want) > 1e-15 {
				t.Errorf("level %d node %d has %v, want %v", l, i, got, want)
			}
		}
	}
}

func TestProgressIsForLongWork(t *testing.T) {
	var out bytes.Buffer
	p := NewProgress(&out, true)
	p.Step("early")
	p.Clear()
	if out.Len() > 0 {
		t.Errorf("wrote %q at once", &out)
	}
	p.begun = time.Now().Add(-3 * time.Second)
	p.Step("checking %s", "scores")
	p.Clear()
	p.Clear()
	if got, want := out.String(), "\r\x1b[Kchecking scores ...\r\x1b[K"; got != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
	out.Reset()
	q := NewProgress(&out, false)
	q.begun = p.begun
	q.Step("off")
	if out.Len() > 0 {
		t.Errorf("wrote %q though it is off", &out)
	}
}
