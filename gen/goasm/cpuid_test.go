package goasm_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen/goasm"
	"github.com/pyragen/pyragen/ir"
	"github.com/pyragen/pyragen/ops"
)

// cacheMain prints what the drivers of a package go by.
const cacheMain = `package main

import "fmt"

func cpuid%s

func main() { fmt.Println(lastCache(cpuid), cachedBytes) }
`

// TestCPUID runs the instruction: the last-level cache is what Linux says that it is, and half of it is in use, within bounds. Without that
// condition there is no such function.
func TestCPUID(t *testing.T) {
	targets(t)
	build, err := ops.ByName("attention-grad")
	if err != nil {
		t.Fatal(err)
	}
	p := scheduled(t, build.Build(ops.Options{Type: ir.F32, Graph: ir.Graph{Kind: ir.Pyramid, Window: 3, Strides: []int{4}}, Dim: 64}), "avx2")
	a, err := goasm.Emit([]*ir.Program{p}, name)
	if err != nil {
		t.Fatal(err)
	}
	stub := a.Stubs[len(a.Stubs)-1]
	if stub.Name != "cpuid" {
		t.Fatalf("the last function is %s, want cpuid", stub.Name)
	}
	_, text, _ := strings.Cut(string(a.Source), "TEXT ·cpuid")
	text, _, _ = strings.Cut(text, "\nDATA")
	fixed, err := os.ReadFile(filepath.Join("..", "gosrc", "internal", "fixed", "cache.go"))
	if err != nil {
		t.Fatal(err)
	}
	var last, cached int
	out := runScratch(t, map[string]string{"main.go": fmt.Sprintf(cacheMain, stub.Signature), "cache.go": strings.Replace(string(fixed), "package fixed", "package main", 1),
		"cpuid_amd64.s": "#include \"textflag.h\"\n\nTEXT ·cpuid" + text}, nil)
	if _, err := fmt.Sscan(string(out), &last, &cached); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	t.Logf("last-level cache %d KiB, of which %d are in use", last>>10, cached>>10)
	if cached < 16<<20 || cached > 64<<20 {
		t.Errorf("%d bytes of the cache are in use, want 16 to 64 MiB", cached)
	}
	if want := lastCacheOfLinux(); want != 0 && last != want {
		t.Errorf("the last-level cache has %d bytes, Linux says %d", last, want)
	}
	if a, err = goasm.Emit([]*ir.Program{read(t, "testdata/dot.pyr")}, name); err != nil || strings.Contains(string(a.Source), "CPUID") {
		t.Errorf("a program that does not ask for the cache: %v\n%s", err, a.Source)
	}
}

// lastCacheOfLinux is the size of the cache of the highest level in sysfs, 0 where there is none.
func lastCacheOfLinux() (bytes int) {
	highest := 0
	dirs, _ := filepath.Glob("/sys/devices/system/cpu/cpu0/cache/index*")
	for _, dir := range dirs {
		number := func(file string) int {
			text, _ := os.ReadFile(filepath.Join(dir, file))
			n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(string(text)), "K"))
			return n
		}
		if level := number("level"); level > highest {
			highest, bytes = level, number("size")<<10
		}
	}
	return bytes
}
