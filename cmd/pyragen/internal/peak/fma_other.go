//go:build !(amd64 && gc && !purego && !noasm)

package peak

// loopOf is the loop of portable Go, which is all that runs here, and the operations of a turn.
func loopOf(_ string, bytes int) (loop func(turns int), perTurn int) {
	return portableOf(bytes), portableFlops
}
