//go:build unix

package gen

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func init() {
	children["write for ever"] = func(dir string) error {
		for i := 0; ; i++ {
			if _, err := Write(dir, version(i%2)); err != nil {
				return err
			}
		}
	}
	children["write often"] = func(dir string) error {
		for i := range 60 {
			if _, err := Write(dir, version(i%2)); err != nil {
				return err
			}
		}
		return nil
	}
}

// version is one of two packages that differ in every file, and in one that only the second has.
func version(v int) []File {
	text := strings.Repeat("// version "+strconv.Itoa(v)+"\n", 4000)
	files := []File{ours("pam.go", text), ours("pam_amd64.go", text), ours("pam_amd64.s", text)}
	if v == 1 {
		files = append(files, ours("pam_generic.go", text))
	}
	return files
}

// wantWhole wants each file of ours that is there to be of one version from its first byte to its last. Temporary files are counted.
func wantWhole(t *testing.T, dir string) (temps int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	versions := append(version(1), version(0)...)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempPrefix) {
			temps++
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) { // removed since the folder was read
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		whole := false
		for _, f := range versions {
			whole = whole || f.Name == e.Name() && bytes.Equal(f.Content, b)
		}
		if !whole {
			t.Fatalf("%s is torn or of no version: %d bytes", e.Name(), len(b))
		}
	}
	return temps
}

// TestKill kills a writer at any moment, again and again in one folder (R19): no file is ever torn, the next run is not held up by
// what the killed one left, and the last one cleans it up. PYRAGEN_LONG=1 kills ten times as often.
func TestKill(t *testing.T) {
	kills := 200
	if os.Getenv("PYRAGEN_LONG") != "" {
		kills = 2000
	}
	dir := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 0))
	caught := 0
	for k := range kills {
		cmd := child("write for ever", dir)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rnd.IntN(30_000)) * time.Microsecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil || stderr.Len() > 0 {
			t.Fatalf("kill %d, seed %d: the writer ended by itself: %v %s", k, seed, err, stderr.Bytes())
		}
		if wantWhole(t, dir) > 0 {
			caught++
		}
	}
	if caught == 0 {
		t.Errorf("none of %d kills was between the start of a write and its rename; the test says nothing", kills)
	}
	if _, err := Write(dir, version(0)); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, dir), "pam.go pam_amd64.go pam_amd64.s"; got != want {
		t.Errorf("got %s after the last write, want %s", got, want)
	}
	t.Logf("%d of %d kills left a temporary file", caught, kills)
}

// TestTwoWriters has two processes write different packages to one folder while this one reads: no file is torn, no write fails, and
// one of the two packages is what stays, whole.
func TestTwoWriters(t *testing.T) {
	dir := t.TempDir()
	var writers sync.WaitGroup
	done := make(chan struct{})
	for range 2 {
		writers.Go(func() {
			if out, err := child("write often", dir).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	go func() { writers.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
			wantWhole(t, dir)
		}
	}
	if temps := wantWhole(t, dir); temps > 0 {
		t.Errorf("got %d temporary files left", temps)
	}
	// Both end with version 1.
	states, err := Check(dir, version(1))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		if s.State != OK {
			t.Errorf("got %s %s, want one package whole", s.File, s.State)
		}
	}
}

// TestLockWaits holds the lock of a folder, as a run in another process would, until a write has surely come to wait for it.
func TestLockWaits(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	unlock, err := lock(root)
	if err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() {
		_, err := Write(dir, version(0))
		written <- err
	}()
	time.Sleep(50 * time.Millisecond)
	select {
	case err := <-written:
		t.Fatalf("got a write (%v) while another run had the folder", err)
	default:
	}
	if got := names(t, dir); got != "" {
		t.Errorf("got %s before the lock was free", got)
	}
	unlock()
	if err := <-written; err != nil {
		t.Error(err)
	}
}
