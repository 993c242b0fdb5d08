//go:build !unix

package spec_test

import "time"

var started = time.Now()

// cpuTime is the time that has passed, where the process's own is not to be had.
func cpuTime() time.Duration { return time.Since(started) }
