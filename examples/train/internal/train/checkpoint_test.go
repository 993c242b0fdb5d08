package train

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// TestResume: a run that is stopped twice, and goes on each time in another process, is to the last bit the run that never was.
func TestResume(t *testing.T) {
	testResume[float32](t, "f32")
	testResume[float64](t, "f64")
}

func testResume[T tensor.Float](t *testing.T, typ string) {
	const steps = 55
	c := small(typ)
	c.Seeds = []uint64{1, 2}
	whole := newRun[T](t, c)
	goOn(t, whole, steps)

	file := filepath.Join(t.TempDir(), "run.ckpt")
	for _, until := range []int{13, 40} {
		r := newRun[T](t, c)
		if until > 13 {
			if err := r.Load(file); err != nil {
				t.Fatal(err)
			}
		}
		ctx, stop := context.WithCancel(context.Background())
		watch := func() {
			if r.Steps() == until {
				stop()
			}
		}
		if err := r.Train(ctx, steps, func() error { return r.Save(file) }, watch); !errors.Is(err, ErrStopped) || r.Steps() != until {
			t.Fatalf("got %v after %d steps, want to be stopped after %d", err, r.Steps(), until)
		}
		if err := r.Finish(); err != nil { // the report of a run that was too short; no checkpoint has it
			t.Fatal(err)
		}
	}
	last := newRun[T](t, c)
	if err := last.Load(file); err != nil {
		t.Fatal(err)
	}
	goOn(t, last, steps)
	for i, l := range last.Learners {
		want, got := whole.Learners[i].State, l.State
		if len(got.Took) != steps {
			t.Errorf("%s: %d times of steps, want %d", l.Name(), len(got.Took), steps)
		}
		got.Took, want.Took = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s, %s: the losses or weights differ from those of a run without a stop", typ, l.Name())
		}
		if !reflect.DeepEqual(l.params, whole.Learners[i].params) {
			t.Errorf("%s, %s: the model does not have the weights of the state", typ, l.Name())
		}
	}
}

// TestFinish: it validates where the last step was not followed by that, once.
func TestFinish(t *testing.T) {
	r := newRun[float32](t, small("f32"))
	goOn(t, r, 20)
	for _, want := range []int{1, 2} {
		if err := r.Finish(); err != nil {
			t.Fatal(err)
		}
		if n := len(r.Learners[0].Valid); n != want {
			t.Errorf("%d validations after %d steps, want %d", n, r.Steps(), want)
		}
		goOn(t, r, 21)
	}
}

// TestLoadRefuses: what is wrong with a checkpoint is said in a line, and the run is as it was.
func TestLoadRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.ckpt")
	saved := newRun[float32](t, small("f32"))
	goOn(t, saved, 3)
	if err := saved.Save(file); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := append([]byte{}, good...)
	flipped[len(flipped)/2] ^= 1
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"no checkpoint": {[]byte("date,OT\n"), "is no checkpoint of this program, want one that it wrote"},
		"empty":         {nil, "is no checkpoint of this program"},
		"begins well":   {[]byte(magic), "is damaged, its checksum is wrong; train anew without -resume"},
		"torn":          {good[:len(good)-1], "is damaged"},
		"a bit":         {flipped, "is damaged"},
	} {
		if err := os.WriteFile(file, c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		refuses(t, name, newRun[float32](t, small("f32")), file, c.want)
	}
	if err := os.WriteFile(file, good, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(c *Config){
		"-data: series embedded there, series other here":     func(c *Config) { c.Series = "other" },
		"-type: f32 there, f64 here":                          func(c *Config) { c.Type = "f64" },
		"-kernels: [generated naive] there, [generated] here": func(c *Config) { c.Kernels = c.Kernels[:1] },
		"-seed and -seeds: [1] there, [1 2] here":             func(c *Config) { c.Seeds = []uint64{1, 2} },
		"-history: 43 there, 44 here":                         func(c *Config) { c.History = 44 },
		"layers: 2 there, 3 here":                             func(c *Config) { c.Layers = 3 },
		"heads: 1 there, 2 here":                              func(c *Config) { c.Heads = 2 },
		"-batch: 4 there, 5 here":                             func(c *Config) { c.Batch = 5 },
		"-rate: 0.003 there, 0.001 here":                      func(c *Config) { c.Rate = 0.001 },
		"steps between validations: 20 there, 10 here":        func(c *Config) { c.Validate = 10 },
	} {
		c := small("f32")
		change(&c)
		refuses(t, want, newRun[float32](t, c), file, "has other settings, "+want+"; give the same, or train anew without -resume")
	}
	refuses(t, "no file", newRun[float32](t, small("f32")), file+"2", "no such file")
}

func refuses[T tensor.Float](t *testing.T, name string, r *Run[T], file, want string) {
	t.Helper()
	err := r.Load(file)
	if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%s: got %v, want %s", name, err, want)
	}
	if r.Steps() != 0 {
		t.Errorf("%s: the run is after %d steps", name, r.Steps())
	}
}

// TestOtherVersions: a checkpoint with the same settings but another model is refused, not half used.
func TestOtherVersions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.ckpt")
	for want, change := range map[string]func(r *Run[float32]){
		"has 1 models, want 2":                 func(r *Run[float32]) { r.Learners = r.Learners[:1] },
		"model 2 (seed 1, generated) is not":   func(r *Run[float32]) { r.Learners[1].Kernels = r.Learners[0].Kernels },
		"model 1 has weights of another":       func(r *Run[float32]) { r.Learners[0].Weights = r.Learners[0].Weights[1:] },
		"model 2 has weights of another":       func(r *Run[float32]) { r.Learners[1].Adam.V[0] = nil },
		"model 1 has weights of another shape": func(r *Run[float32]) { r.Learners[0].Best = r.Learners[0].Weights[1:] },
		"model 1 (seed 1, generated) is not":   func(r *Run[float32]) { r.Learners[0].Adam.Steps++ },
		"model 2 (seed 1, naive) is not that":  func(r *Run[float32]) { r.Learners[1].Losses = nil },
	} {
		r := newRun[float32](t, small("f32"))
		goOn(t, r, 2)
		change(r)
		if err := r.Save(file); err != nil {
			t.Fatal(err)
		}
		refuses(t, want, newRun[float32](t, small("f32")), file, want)
	}
}

// TestStopInTest: a long test can be stopped too.
func TestStopInTest(t *testing.T) {
	r := newRun[float32](t, small("f32"))
	goOn(t, r, 20)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := r.Learners[0].Test(ctx, 4); !errors.Is(err, ErrStopped) {
		t.Errorf("got %v, want %v", err, ErrStopped)
	}
}
