// Package papers makes papers and what they cite.
package papers

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Topics is how many fields there are.
const Topics = 6

// Paper is a node of the graph.
type Paper struct {
	Year  float64
	Topic int
}

// Corpus are papers in the order of time, and edges: paper Queries[e] cites paper Keys[e], which is earlier.
type Corpus struct {
	Papers        []Paper
	Queries, Keys []int32
}

// surveyEvery is one in how many papers cites dozens of others.
const surveyEvery = 40

// Make makes n papers. Those that are cited already are more likely to be cited (Price, A general theory of bibliometric and other
// cumulative advantage processes, 1976), and those of the same topic far more.
func Make(n int, seed uint64) Corpus {
	r := rand.New(rand.NewPCG(seed, 1976))
	var c Corpus
	var urns [Topics][]int32 // each paper once, and once more for each time that it is cited
	for i := range n {
		p := Paper{Year: 1985 + 40*math.Sqrt(float64(i)/float64(n)), Topic: r.IntN(Topics)}
		references := 1 + int(4*r.ExpFloat64())
		if r.IntN(surveyEvery) == 0 {
			references = 30 + r.IntN(50)
		}
		var cited []int32
		for range references {
			topic := p.Topic
			if r.IntN(6) == 0 {
				topic = r.IntN(Topics)
			}
			if len(urns[topic]) == 0 {
				continue
			}
			if key := urns[topic][r.IntN(len(urns[topic]))]; !slices.Contains(cited, key) {
				cited = append(cited, key)
			}
		}
		for _, key := range cited {
			c.Queries, c.Keys = append(c.Queries, int32(i)), append(c.Keys, key)
			urns[c.Papers[key].Topic] = append(urns[c.Papers[key].Topic], key)
		}
		urns[p.Topic] = append(urns[p.Topic], int32(i))
		c.Papers = append(c.Papers, p)
	}
	return c
}

// Shuffle puts the edges in another order, as those of a file come in any.
func (c Corpus) Shuffle(seed uint64) {
	r := rand.New(rand.NewPCG(seed, 2))
	r.Shuffle(len(c.Keys), func(a, b int) {
		c.Queries[a], c.Queries[b] = c.Queries[b], c.Queries[a]
		c.Keys[a], c.Keys[b] = c.Keys[b], c.Keys[a]
	})
}
