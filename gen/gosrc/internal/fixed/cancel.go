package fixed

import (
	"errors"
	"fmt"
)

// ErrCanceled is what the error of a call matches whose Sizes.Done was closed before it returned. Its outputs hold anything then.
var ErrCanceled = errors.New("canceled by Sizes.Done; the outputs are unspecified")

// canceled returns the error of a call that may have stopped early.
func canceled(op string, done <-chan struct{}) error {
	if closed(done) {
		return fmt.Errorf("%s.%s: %w", packageName, op, ErrCanceled)
	}
	return nil
}

// closed reports whether a channel has been closed. One that is nil never is.
func closed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
