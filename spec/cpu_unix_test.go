//go:build unix

package spec_test

import (
	"syscall"
	"time"
)

// cpuTime is how long this process has computed: what else the machine does is not in it.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
