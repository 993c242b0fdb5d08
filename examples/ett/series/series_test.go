package series

import (
	"testing"
	"time"
)

func TestShort(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Hour: "1 h", 64 * time.Hour: "64 h", 24 * time.Hour: "24 h", 96 * time.Hour: "4 days", 15 * time.Minute: "15 min",
		90 * time.Minute: "90 min", 64 * time.Second: "64 s", 1500 * time.Millisecond: "1.5s",
	} {
		if got := Short(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
