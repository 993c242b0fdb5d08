package demo

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/pyragen/pyragen/examples/graph/internal/check"
	"github.com/pyragen/pyragen/examples/graph/internal/cite"
	"github.com/pyragen/pyragen/examples/graph/internal/layer"
	"github.com/pyragen/pyragen/examples/graph/internal/papers"
	"github.com/pyragen/pyragen/examples/graph/internal/picture"
	"github.com/pyragen/pyragen/verify"
)

// row is a line of the table.
type row struct {
	typ, isa                     string
	attention, gradient, receive time.Duration
	check.Worst
}

// Run makes papers, runs the layer on every instruction set and in both types, prints what came out and returns the picture.
func Run(o Options, stdout io.Writer) (png []byte, err error) {
	c := papers.Make(o.Papers, o.Seed)
	c.Shuffle(o.Seed)
	from := time.Now()
	g, err := cite.NewGraphCOO(c.Queries, c.Keys, len(c.Papers))
	if err != nil {
		return nil, err
	}
	made := time.Since(from)
	var file bytes.Buffer
	if _, err := g.WriteTo(&file); err != nil {
		return nil, err
	}
	saved := file.Len()
	if g, err = cite.ReadGraph(&file); err != nil { // from here on it is what was read
		return nil, err
	}
	truth, err := check.Graph(c.Queries, c.Keys, len(c.Papers))
	if err != nil {
		return nil, err
	}

	single := layer.New(layer.F32(), c, g, o.Seed)
	double := layer.New(layer.F64(), c, g, o.Seed)
	var rows []row
	for _, isa := range cite.ISAs() {
		if err := cite.SetISA(isa); err != nil {
			return nil, err
		}
		a, err := measure(single, truth, "f32", isa)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", isa, err)
		}
		b, err := measure(double, truth, "f64", isa)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", isa, err)
		}
		rows = append(rows, a, b)
	}
	if err := report(stdout, g, made, saved, rows); err != nil {
		return nil, err
	}
	return draw(c, g, double).PNG()
}

// measure runs and checks a layer, and takes the best time of a few runs of each part.
func measure[T layer.Float](l *layer.Layer[T], truth *verify.Graph, typ, isa string) (r row, err error) {
	r.typ, r.isa = typ, isa
	for _, part := range []struct {
		run  func() error
		best *time.Duration
	}{{l.Attend, &r.attention}, {l.Gradients, &r.gradient}, {l.Receive, &r.receive}} {
		for i := range 5 {
			from := time.Now()
			if err := part.run(); err != nil {
				return r, err
			}
			if took := time.Since(from); i == 0 || took < *part.best {
				*part.best = took
			}
		}
	}
	r.Worst, err = check.Layer(l, truth)
	return r, err
}

// report prints the graph, and a line a type and instruction set.
func report(w io.Writer, g *cite.Graph, made time.Duration, saved int, rows []row) error {
	var text strings.Builder
	none, alone, most := 0, 0, 0
	for i := range g.Nodes() {
		keys, _ := g.Keys(i)
		queries, _ := g.Queries(i)
		most = max(most, len(queries))
		if len(keys) == 0 {
			none++
		}
		if len(queries) == 0 {
			alone++
		}
	}
	fmt.Fprintf(&text, "graph      %d papers with %d citations, made of edges in any order in %s; %d bytes saved and read again\n",
		g.Nodes(), g.Edges(), milli(made), saved)
	fmt.Fprintf(&text, "keys       a paper cites up to %d others, %d papers cite none\n", g.Slots(), none)
	fmt.Fprintf(&text, "queries    a paper is cited by up to %d others, %d papers by none; undirected: %v\n", most, alone, g.Undirected())
	fmt.Fprintf(&text, "attention  %d heads of dim %d\n\n", layer.Heads, cite.Dim)
	fmt.Fprintf(&text, "Generated kernels on %d cores: attention and its gradient in q, k and v, fused; and what each paper receives, by scores,\n"+
		"softmax and reverse. Every number is checked against the float64 truth; the worst error is the one closest to its bound:\n\n",
		runtime.GOMAXPROCS(0))
	t := tabwriter.NewWriter(&text, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "type\tISA\tattention\tgradient\treceived\tnumbers\tworst error\tits bound\t")
	for _, r := range rows {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d\t%.1e\t%.1e\t\n", r.typ, r.isa, milli(r.attention), milli(r.gradient), milli(r.receive),
			r.Numbers, r.Err, r.Bound)
	}
	t.Flush()
	_, err := io.WriteString(w, text.String())
	return err
}

func milli(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1e3) }

// draw shows the first head, and the edges of a paper that has some either way.
func draw(c papers.Corpus, g *cite.Graph, l *layer.Layer[float64]) picture.Picture {
	p := picture.Picture{Topics: papers.Topics, Title: "Attention over a citation graph",
		Subtitle: "A paper attends to those that it cites. Its gradient comes back from those that cite it: another list, as the graph is directed. " +
			"Lines are as broad as weights."}
	best := -1
	for i := range g.Nodes() {
		keys, _ := g.Keys(i)
		queries, _ := g.Queries(i)
		p.Papers = append(p.Papers, picture.Paper{Year: c.Papers[i].Year, Topic: c.Papers[i].Topic,
			Received: l.Received[i*layer.Heads*cite.Dim], Keys: len(keys), Queries: len(queries)})
		if few := min(len(keys), len(queries)); few > best && few <= 12 && len(queries) <= 24 && len(keys) <= 24 {
			p.Chosen, best = i, few
		}
	}
	weight := func(i, slot int32) float64 { return l.Weights[int(i)*layer.Heads*g.Slots()+int(slot)] }
	keys, slots := g.Keys(p.Chosen)
	for e, key := range keys {
		p.Keys = append(p.Keys, picture.End{Paper: int(key), Weight: weight(int32(p.Chosen), slots[e])})
	}
	queries, slots := g.Queries(p.Chosen)
	for e, query := range queries {
		p.Queries = append(p.Queries, picture.End{Paper: int(query), Weight: weight(query, slots[e])})
	}
	return p
}
