package demo

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pyragen/pyragen/examples/ett/internal/pam"
)

// report prints what was computed, how long it took, and how far from the truth it is.
func (d demo) report(w io.Writer, rows []row, near demo, rivals []rival) error {
	var text strings.Builder
	s, g := d.series, d.graph
	n := float64(g.Nodes())
	fmt.Fprintf(&text, "series     %s\n", s)
	fmt.Fprintf(&text, "pyramid    window %d, strides %s: levels of %s = %d nodes, %d edges (%.2g %% of %d x %d)\n", pam.Window,
		joined(pam.Strides(), ","), joined(d.shape.Levels, " + "), g.Nodes(), g.Edges(), 100*float64(g.Edges())/(n*n), g.Nodes(), g.Nodes())
	fmt.Fprintf(&text, "attention  %d heads of dim %d, projections of seed %d\n\n", heads, pam.Dim, d.seed)

	fmt.Fprintf(&text, "Generated kernels on all %d nodes and %d cores: attention and its gradient in q, k and v, fused; the same attention as\n"+
		"scores, softmax and context; and reverse. Every number is checked against the float64 truth; the worst error is the one\n"+
		"that comes closest to its bound:\n\n", g.Nodes(), runtime.GOMAXPROCS(0))
	t := tabwriter.NewWriter(&text, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "type\tISA\tattention\tgradient\tscores\tsoftmax\tcontext\treverse\tnumbers\tworst error\tits bound\t")
	for _, r := range rows {
		fmt.Fprintf(t, "%s\t%s\t", r.Type, r.ISA)
		for _, took := range []time.Duration{r.Attention, r.Gradient, r.Scores, r.Softmax, r.Context, r.Reverse} {
			fmt.Fprintf(t, "%s\t", milli(took))
		}
		fmt.Fprintf(t, "%d\t%.1e\t%.1e\t\n", r.Numbers, r.Err, r.Bound)
	}
	t.Flush()

	which := "the whole series"
	if near.series.Len() < s.Len() {
		which = fmt.Sprintf("the last %d values", near.series.Len())
	}
	fmt.Fprintf(&text, "\nq, k, v to out in float32 on one core over %s: dense attention under the %d x %d mask in plain Go,\n"+
		"the generated kernels in three steps, and the fused one. The fused gradient is beside them:\n\n",
		which, near.graph.Nodes(), near.graph.Nodes())
	t = tabwriter.NewWriter(&text, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tISA\ttime\tfaster\tnumbers\tworst error\tits bound\t")
	for _, r := range rivals {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%.1e\t%.1e\t\n", r.Way, r.ISA, milli(r.Took), faster(rivals[0], r), r.Numbers, r.Err, r.Bound)
	}
	t.Flush()
	_, err := io.WriteString(w, text.String())
	return err
}

// faster is how many times the time of r goes into that of base, or - where they compute different things.
func faster(base, r rival) string {
	if r.Way == gradientWay {
		return "-"
	}
	return fmt.Sprintf("%.0f x", float64(base.Took)/float64(r.Took))
}

func milli(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1e3) }

func joined(numbers []int, sep string) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, sep)
}
