//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package gen

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// lock keeps other runs out of a folder until unlock is called. The lock is on the folder itself, so that no file is left and the
// system lets go of it when a run is killed. A file system without locks goes without: a file is then still never torn.
func lock(root *os.Root) (unlock func(), err error) {
	dir, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		err = syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil || errors.Is(err, errors.ErrUnsupported) || err == syscall.ENOLCK:
			return func() { dir.Close() }, nil
		case err != syscall.EWOULDBLOCK && err != syscall.EINTR:
			dir.Close()
			return nil, err
		case time.Since(start) > lockWait:
			dir.Close()
			return nil, errLocked
		}
	}
}
