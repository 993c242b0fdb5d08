package verify

import "fmt"

// tableSpec is a package of table graphs without files, ops, types and instruction sets.
func tableSpec(slots, dim int) Package {
	return Package{Name: fmt.Sprintf("t%dd%d", slots, dim), Table: true, Slots: slots, Dim: dim}
}

// TableSpecs are the specs over which the grid runs on table graphs: dimensions that kernels treat differently, fixed and any, slots fixed
// and any, one time as many as the dimension.
func TableSpecs() []Package {
	specs := []Package{tableSpec(0, 8), tableSpec(16, 64), tableSpec(0, 0), tableSpec(9, 9), tableSpec(0, 33), tableSpec(1, 3)}
	for i := range specs {
		specs[i].Ops = gridOps(i)
		specs[i].Types = [][]string{{"f32", "f64"}, {"f32"}, {"f64"}, {"f32", "bf16"}, {"f64", "f16"}, {"f32"}}[i]
	}
	specs[0].With = []string{"mask", "bias", "dropout"}
	specs[1].With = []string{"mask", "bias"}
	specs[2].Ops = []string{"scores", "context", "reverse", "softmax", "softmax-grad", "attention", "attention-grad"}
	return specs
}

// tableGrid lists the cases of a package of table graphs: every kind of graph from one node up, with hubs that are a chunk of work alone
// and with several chunks; gaps, special values and wrong calls as for pyramids, on the kinds in turns.
func tableGrid(p Package, quick bool) []Case {
	b := newGridBuilder(p, quick, p.Slots)
	kinds := Tables()
	add := func(kind string, nodes int) {
		b.add(nodes)
		b.cases[len(b.cases)-1].Graph = kind
	}
	sizes := []int{1, 2, 3, 17, 40, 7, 65, 4, 33, 100, 16, 5}
	for i, k := range kinds {
		for s, nodes := range sizes {
			if !quick || (s+i)%3 == 0 {
				add(k.Name, nodes)
			}
		}
	}
	add("hub-in", 1300)
	add("random", 700)
	add("citations", 500)
	add("hub-out", 1030)
	spaced := 8
	if !quick {
		spaced = 200
		for i := range 1400 {
			add(kinds[i%len(kinds)].Name, 1+b.r.IntN(1+b.r.IntN(600)))
		}
	}
	b.spaced(spaced)
	b.specials()
	b.misuses()
	for i := range b.cases {
		if b.cases[i].Graph == "" {
			b.cases[i].Graph = kinds[i%len(kinds)].Name
		}
	}
	return b.cases
}
