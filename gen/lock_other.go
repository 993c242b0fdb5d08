//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package gen

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// lockFile stands in a folder while a run writes there. A run that is killed leaves it.
const lockFile = ".pyragen.lock"

// lock keeps other runs out of a folder until unlock is called.
func lock(root *os.Root) (unlock func(), err error) {
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		file, err := root.OpenFile(lockFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		switch {
		case err == nil:
			return func() { file.Close(); root.Remove(lockFile) }, nil
		case !errors.Is(err, fs.ErrExist):
			return nil, err
		case time.Since(start) > lockWait:
			return nil, fmt.Errorf("%w; if none is running, remove %s", errLocked, lockFile)
		}
	}
}
