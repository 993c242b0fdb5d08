package papers

import (
	"reflect"
	"testing"
)

// TestMake: papers cite earlier ones, each once; some cite none and many, some are cited by none and very many; the same seed makes the same.
func TestMake(t *testing.T) {
	const n = 1200
	c := Make(n, 1)
	if !reflect.DeepEqual(c, Make(n, 1)) || reflect.DeepEqual(c, Make(n, 2)) {
		t.Error("want the same papers of the same seed alone")
	}
	keys, queries, seen, inTopic := make([]int, n), make([]int, n), map[[2]int32]bool{}, 0
	for e, q := range c.Queries {
		k := c.Keys[e]
		if k >= q || seen[[2]int32{q, k}] || c.Papers[k].Year > c.Papers[q].Year {
			t.Fatalf("paper %d cites %d twice or before it is there", q, k)
		}
		seen[[2]int32{q, k}] = true
		keys[q]++
		queries[k]++
		if c.Papers[q].Topic == c.Papers[k].Topic {
			inTopic++
		}
	}
	most := func(list []int) (most, none int) {
		for _, x := range list {
			most = max(most, x)
			if x == 0 {
				none++
			}
		}
		return most, none
	}
	longest, without := most(keys)
	famous, unread := most(queries)
	if longest < 30 || without < 1 || famous < 100 || unread < n/10 {
		t.Errorf("got at most %d keys, %d papers without; at most %d queries, %d papers without", longest, without, famous, unread)
	}
	if share := float64(inTopic) / float64(len(c.Keys)); share < 0.7 || share > 0.95 {
		t.Errorf("%.2f of the edges stay in a topic", share)
	}
}

// TestShuffle keeps the edges.
func TestShuffle(t *testing.T) {
	c, d := Make(100, 3), Make(100, 3)
	d.Shuffle(3)
	count := func(c Corpus) map[[2]int32]int {
		m := map[[2]int32]int{}
		for e := range c.Keys {
			m[[2]int32{c.Queries[e], c.Keys[e]}]++
		}
		return m
	}
	if reflect.DeepEqual(c, d) || !reflect.DeepEqual(count(c), count(d)) {
		t.Error("want the same edges in another order")
	}
}
