package train

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"os"

	"github.com/pyragen/pyragen/examples/ett/atomic"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
)

// magic begins a checkpoint. A SHA-256 of the rest follows, then the Config and the State of every learner as gobs, in which numbers
// keep all of their bits.
const magic = "pyragen examples/train checkpoint 1\n"

// Save writes a checkpoint: whole, or not at all.
func (r *Run[T]) Save(file string) error {
	var body bytes.Buffer
	enc := gob.NewEncoder(&body)
	states := make([]State[T], len(r.Learners))
	for i, l := range r.Learners {
		states[i] = l.State
	}
	for _, part := range []any{r.Config, states} {
		if err := enc.Encode(part); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	sum := sha256.Sum256(body.Bytes())
	return atomic.WriteFile(file, bytes.Join([][]byte{[]byte(magic), sum[:], body.Bytes()}, nil))
}

// Load goes on from a checkpoint. One of another configuration is refused.
func (r *Run[T]) Load(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	rest, ok := bytes.CutPrefix(content, []byte(magic))
	if !ok {
		return fmt.Errorf("%s: is no checkpoint of this program, want one that it wrote", file)
	}
	body := rest[min(sha256.Size, len(rest)):]
	if sum := sha256.Sum256(body); !bytes.HasPrefix(rest, sum[:]) {
		return fmt.Errorf("%s: is damaged, its checksum is wrong; train anew without -resume", file)
	}
	dec := gob.NewDecoder(bytes.NewReader(body))
	var c Config
	if err := dec.Decode(&c); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if d := r.Config.difference(c); d != "" {
		return fmt.Errorf("%s: has other settings, %s; give the same, or train anew without -resume", file, d)
	}
	var states []State[T]
	if err := dec.Decode(&states); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err := r.fits(states); err != nil {
		return fmt.Errorf("%s: %w; train anew without -resume", file, err)
	}
	for i, s := range states {
		l := r.Learners[i]
		l.load(s.Weights)
		s.Weights = l.Weights
		l.State = s
	}
	return nil
}

// fits checks what the rest of the package relies on: it guards against checkpoints of another version of this program.
func (r *Run[T]) fits(states []State[T]) error {
	if len(states) != len(r.Learners) {
		return fmt.Errorf("has %d models, want %d", len(states), len(r.Learners))
	}
	for i, s := range states {
		l := r.Learners[i]
		if s.Kernels != l.Kernels || s.Seed != l.Seed || len(s.Losses) != len(states[0].Losses) || len(s.Took) != len(s.Losses) ||
			s.Adam.Steps != len(s.Losses) {
			return fmt.Errorf("model %d (seed %d, %s) is not that of %s after as many steps as the others", i+1, s.Seed, s.Kernels, l.Name())
		}
		sets := [][][]T{s.Weights, s.Adam.M, s.Adam.V}
		if s.Best != nil {
			sets = append(sets, s.Best)
		}
		for _, set := range sets {
			if !sameShape(set, l.Weights) {
				return fmt.Errorf("model %d has weights of another shape", i+1)
			}
		}
	}
	return nil
}

func sameShape[T tensor.Float](a, b [][]T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if len(a[i]) != len(b[i]) {
			return false
		}
	}
	return true
}
