//go:build amd64 && gc && !purego && !noasm

package peak

// Twelve multiply-adds a turn, in chains of their own: as many as any processor needs to have every unit busy. The values are 0.

//go:noescape
func fmaF32AVX2(turns int)

//go:noescape
func fmaF64AVX2(turns int)

//go:noescape
func fmaF32AVX512(turns int)

//go:noescape
func fmaF64AVX512(turns int)

// loopOf is the loop of an instruction set and the operations of a turn.
func loopOf(isa string, bytes int) (loop func(turns int), perTurn int) {
	switch {
	case isa == "avx2" && bytes == 4:
		return fmaF32AVX2, 2 * 12 * 8
	case isa == "avx2":
		return fmaF64AVX2, 2 * 12 * 4
	case isa == "avx512" && bytes == 4:
		return fmaF32AVX512, 2 * 12 * 16
	case isa == "avx512":
		return fmaF64AVX512, 2 * 12 * 8
	}
	return portableOf(bytes), portableFlops
}
