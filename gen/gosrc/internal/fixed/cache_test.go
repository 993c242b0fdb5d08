package fixed

import "testing"

// described is a cache as CPUID describes it.
type described struct {
	kind, level, ways, parts, line, sets uint32
}

// processor is one that describes these caches in these leaves.
type processor struct {
	last, lastExtended, extensions uint32
	caches                         map[uint32][]described
}

func (p processor) cpuid(leaf, sub uint32) (eax, ebx, ecx, edx uint32) {
	switch leaf {
	case 0:
		return p.last, 0x756e6547, 0x6c65746e, 0x49656e69
	case 0x80000000:
		return p.lastExtended, 0, 0, 0
	case 0x80000001:
		return 0, 0, p.extensions, 0
	}
	if list := p.caches[leaf]; int(sub) < len(list) {
		c := list[sub]
		return 1<<14 | c.level<<5 | c.kind, (c.ways-1)<<22 | (c.parts-1)<<12 | (c.line - 1), c.sets - 1, 4
	}
	return 0, 0, 0, 0
}

// TestLastCache has processors as they are, and as hypervisors may make them up.
func TestLastCache(t *testing.T) {
	const intel, amd = 4, 0x8000001d
	first := []described{{1, 1, 12, 1, 64, 64}, {2, 1, 8, 1, 64, 64}, {3, 2, 16, 1, 64, 2048}}
	with := func(c ...described) []described { return append(first[:3:3], c...) }
	third := described{3, 3, 16, 1, 64, 32768}    // 32 MiB
	inParts := described{3, 3, 15, 2, 64, 262144} // 480 MiB
	fourth := described{3, 4, 16, 16, 64, 8192}   // 128 MiB
	endless := make([]described, 100)
	for i := range endless {
		endless[i] = third
	}
	for _, c := range []struct {
		name string
		p    processor
		want int
	}{
		{"nothing described", processor{}, 0},
		{"too old for leaf 4", processor{last: 2, caches: map[uint32][]described{intel: with(third)}}, 0},
		{"no caches", processor{last: 13}, 0},
		{"two levels", processor{last: 13, caches: map[uint32][]described{intel: first}}, 2 << 20},
		{"three levels", processor{last: 27, lastExtended: 0x80000008, caches: map[uint32][]described{intel: with(third)}}, 32 << 20},
		{"in parts", processor{last: 27, caches: map[uint32][]described{intel: with(inParts)}}, 480 << 20},
		{"four levels", processor{last: 27, caches: map[uint32][]described{intel: with(third, fourth)}}, 128 << 20},
		{"the highest first", processor{last: 27, caches: map[uint32][]described{intel: {third, first[0], first[2]}}}, 32 << 20},
		{"instructions alone", processor{last: 27, caches: map[uint32][]described{intel: with(described{2, 3, 16, 1, 64, 32768})}}, 2 << 20},
		{"AMD", processor{last: 16, lastExtended: 0x80000023, extensions: 1 << 22, caches: map[uint32][]described{amd: with(third)}}, 32 << 20},
		{"AMD with leaf 4 made up", processor{last: 16, lastExtended: 0x80000023, extensions: 1<<22 | 1,
			caches: map[uint32][]described{intel: with(fourth), amd: with(third)}}, 32 << 20},
		{"AMD without extensions", processor{last: 16, lastExtended: 0x80000023, caches: map[uint32][]described{intel: first, amd: with(third)}}, 2 << 20},
		{"AMD without that leaf", processor{last: 3, lastExtended: 0x8000001c, extensions: 1 << 22, caches: map[uint32][]described{amd: with(third)}}, 0},
		{"without end", processor{last: 27, caches: map[uint32][]described{intel: endless}}, 32 << 20},
	} {
		if got := lastCache(c.p.cpuid); got != c.want {
			t.Errorf("%s: got %d bytes, want %d", c.name, got, c.want)
		}
	}
}

// TestUncached: of a processor that describes nothing, 16 MiB are expected to stay in its cache, and no byte more.
func TestUncached(t *testing.T) {
	if uncached(leastCache/2) || !uncached(leastCache/2+1) {
		t.Errorf("the limit is %d, want %d", cachedBytes, leastCache/2)
	}
}
