package fixed

// The last-level cache is taken to have at least leastCache bytes, also where none is described, and at most mostCache: virtual machines are told of
// that of their host, of which they get a part.
const (
	leastCache = 32 << 20
	mostCache  = 128 << 20
)

// cachedBytes is how much should be expected to stay in the last-level cache: half of it. The other half is for what else there is.
var cachedBytes = min(max(lastCache(cpuid), leastCache), mostCache) / 2

// uncached reports whether so many bytes are more than should be expected to stay in the last-level cache.
func uncached(bytes int) bool { return bytes > cachedBytes }

// lastCache returns the bytes of the cache of the highest level that the instruction CPUID describes, 0 if it describes none. A leaf has a subleaf for
// each cache: leaf 4 on processors of Intel, on those of AMD the one of their topology extensions, in the same form. The latter goes first, as
// hypervisors may make up the former.
func lastCache(cpuid func(leaf, sub uint32) (eax, ebx, ecx, edx uint32)) int {
	leaf := uint32(4)
	last, _, _, _ := cpuid(0, 0)
	lastExtended, _, _, _ := cpuid(0x80000000, 0)
	_, _, extensions, _ := cpuid(0x80000001, 0)
	switch {
	case lastExtended >= 0x8000001d && extensions>>22&1 == 1:
		leaf = 0x8000001d
	case last < leaf:
		return 0
	}
	bytes, highest := 0, uint32(0)
	for sub := range uint32(16) { // there are four or five, and one of no kind behind them
		eax, ebx, ecx, _ := cpuid(leaf, sub)
		kind, level := eax&31, eax>>5&7
		if kind == 0 {
			break
		}
		if kind != 2 && level > highest { // 2: of instructions
			ways, parts, line, sets := int(ebx>>22)+1, int(ebx>>12&0x3ff)+1, int(ebx&0xfff)+1, int(ecx)+1
			bytes, highest = ways*parts*line*sets, level
		}
	}
	return bytes
}
