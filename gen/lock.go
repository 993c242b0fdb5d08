package gen

import (
	"errors"
	"time"
)

// lockWait is how long a run waits for another: many times what writing a package takes.
const lockWait = 30 * time.Second

var errLocked = errors.New("another pyragen has been writing there for " + lockWait.String())
