package pyragen_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/pyragen/pyragen"
	"github.com/pyragen/pyragen/spec"
)

// hashEnv makes TestDeterminism print the hash of a package instead of testing.
const hashEnv = "PYRAGEN_TEST_HASH"

// TestDeterminism makes a package in 100 processes that differ in cores, folder, home, time zone, language, environment and arguments,
// and by chance in the order of maps: it has one hash (R16). PYRAGEN_LONG=1 does so a thousand times.
func TestDeterminism(t *testing.T) {
	if os.Getenv(hashEnv) != "" {
		fmt.Println("hash " + packageHash(t))
		return
	}
	runs := 100
	switch {
	case os.Getenv("PYRAGEN_LONG") != "":
		runs = 1000
	case testing.Short():
		runs = 10
	}
	want := "hash " + packageHash(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for i := range runs {
		pick := func(list ...string) string { return list[i%len(list)] }
		cmd := exec.Command("/bin/sh", "-c", `umask "$1"; exec "$2" -test.run '^TestDeterminism$' -test.v `+strings.Repeat("-test.v ", i%3),
			"sh", pick("000", "022", "077", "0277"), self)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), hashEnv+"="+strconv.Itoa(i), "GOMAXPROCS="+pick("1", "2", "3", "8", "64"), "HOME="+pick("/", "/nowhere", cmd.Dir),
			"TZ="+pick("UTC", "Asia/Tokyo", "America/St_Johns"), "LANG="+pick("C", "de_DE.UTF-8", "tr_TR.UTF-8"), "GOGC="+pick("10", "100", "off"),
			"PYRAGEN_ISA="+pick("go", "avx2", ""), "GOARCH="+pick("arm64", "amd64"), "GOFLAGS="+pick("", "-tags=purego"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("run %d: %v\n%s", i, err, out)
		}
		if !strings.Contains(string(out), want+"\n") {
			t.Fatalf("run %d with %v: got\n%s\nwant %s", i, cmd.Env[len(os.Environ()):], out, want)
		}
	}
}

// packageHash is of the names and contents of a small package that goes through every back end.
func packageHash(t *testing.T) string {
	files, err := pyragen.Compile(&spec.Spec{Package: "pam", Window: 1, Strides: []int{2}, Dim: 4,
		Types: []string{"f32"}, Ops: []string{"scores", "reverse"}, ISA: []string{"avx2"}})
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%s %d\n%s", f.Name, len(f.Content), f.Content)
	}
	return fmt.Sprintf("%x of %d files", h.Sum(nil), len(files))
}
