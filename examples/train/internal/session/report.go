package session

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pyragen/pyragen/examples/ett/pyramid"
	"github.com/pyragen/pyragen/examples/train/internal/pam"
	"github.com/pyragen/pyragen/examples/train/internal/tensor"
	"github.com/pyragen/pyragen/examples/train/internal/train"
	"github.com/pyragen/pyragen/examples/train/internal/windows"
)

// Losses of float64 agree step by step within so much, relative, over the first steps. Later, and in float32, training has made the
// differences of roundings larger, as it makes any difference.
const (
	agreeWithin = 1e-9
	agreeSteps  = 200
)

// report prints what was trained, and how well and how fast. Its error is a [*Differ] if the two ways do not agree.
func report[T tensor.Float](out io.Writer, o Options, w *windows.Windows, r *train.Run[T], results []windows.Score) error {
	var text strings.Builder
	fmt.Fprintf(&text, "series     %s\n", w.Series)
	fmt.Fprintf(&text, "windows    %d steps before, %d to forecast: %d to train on, %d to validate, %d to test\n",
		o.History, windows.Horizon, w.Train.Len(), w.Valid.Len(), w.Test.Len())
	shape := pyramid.New(pam.Strides(), o.History)
	fmt.Fprintf(&text, "pyramid    window %d, strides %s: levels of %s = %d nodes\n", pam.Window, joined(pam.Strides(), ","),
		joined(shape.Levels, " + "), shape.Nodes())
	fmt.Fprintf(&text, "model      %d layers of %d heads of dim %d: %d weights in %s; batches of %d windows, Adam at %v, %d steps\n",
		layers, heads, pam.Dim, r.Learners[0].Size(), o.Type, o.Batch, o.Rate, r.Steps())
	fmt.Fprintf(&text, "kernels    %s; generated: %s on %d cores, naive: plain Go on one\n\n", o.Kernels, pam.ISA(), runtime.GOMAXPROCS(0))

	t := tabwriter.NewWriter(&text, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "seed\tkernels\ttime per step\tof it attention\tlast loss\tvalidation\ttest MSE\ttest MAE\t")
	for i, l := range r.Learners {
		step, attention := median(l.Took)
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%.4f\t%.4f\t%.4f\t%.4f\t\n", l.Seed, l.Kernels, milli(step), milli(attention),
			l.Losses[len(l.Losses)-1], l.LeastError(), results[i].MSE, results[i].MAE)
	}
	for _, name := range []string{windows.SameAsLast, windows.SameAsBefore} {
		s := w.Baseline(name, w.Test.Every(1))
		fmt.Fprintf(t, "\t%s\t\t\t\t%.4f\t%.4f\t%.4f\t\n", name, w.Baseline(name, w.Valid.Every(windows.Horizon)).MSE, s.MSE, s.MAE)
	}
	t.Flush()
	verdict := compare(&text, o, r, results)
	fmt.Fprintf(&text, "\npictures   %s, %s\n", o.path(lossesName), o.path(forecastName))
	if _, err := io.WriteString(out, text.String()); err != nil {
		return err
	}
	return verdict
}

// compare says how far the two ways are from each other.
func compare[T tensor.Float](text io.Writer, o Options, r *train.Run[T], results []windows.Score) error {
	if o.Kernels != Both {
		return nil
	}
	steps := min(agreeSteps, r.Steps())
	first := r.Disagreement(steps)
	fmt.Fprintf(text, "\nlosses     the two ways agree within %.1e, relative, in the first %d steps, and within %.1e in all %d\n",
		first, steps, r.Disagreement(r.Steps()), r.Steps())
	if o.Type == "f64" && !(first <= agreeWithin) {
		return &Differ{fmt.Sprintf("losses differ by %.1e, relative, in the first %d steps, want at most %.0e", first, steps, agreeWithin)}
	}
	if o.Seeds == 1 {
		return nil
	}
	generated, naive := every(results, 0), every(results, 1)
	mean1, spread1 := moments(generated)
	mean2, spread2 := moments(naive)
	pair := 0.0
	for i := range generated {
		pair = max(pair, math.Abs(generated[i]-naive[i]))
	}
	fmt.Fprintf(text, "tests      MSE over %d seeds: generated %.5f, spread %.5f; naive %.5f, spread %.5f\n",
		o.Seeds, mean1, spread1, mean2, spread2)
	fmt.Fprintf(text, "           the means differ by %.1e, the two of one seed by at most %.1e\n", math.Abs(mean1-mean2), pair)
	if d, spread := math.Abs(mean1-mean2), min(spread1, spread2); !(d < spread) {
		return &Differ{fmt.Sprintf("test errors differ by %.1e between the two ways, want less than %.1e, their spread over seeds", d, spread)}
	}
	return nil
}

// every is the MSE of one of the two ways, for each seed.
func every(results []windows.Score, way int) (mse []float64) {
	for i := way; i < len(results); i += 2 {
		mse = append(mse, results[i].MSE)
	}
	return mse
}

// moments are the mean and the standard deviation of a sample.
func moments(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		deviation += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, math.Sqrt(deviation)
}

func median(took []train.Time) (step, attention time.Duration) {
	var steps, attentions []time.Duration
	for _, t := range took {
		steps, attentions = append(steps, t.Step), append(attentions, t.Attention)
	}
	slices.Sort(steps)
	slices.Sort(attentions)
	return steps[len(steps)/2], attentions[len(attentions)/2]
}

func milli(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1e3) }

func joined(numbers []int, sep string) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, sep)
}
