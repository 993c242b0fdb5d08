package graph

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// saved is a graph of 3 nodes and its bytes.
func saved(t *testing.T) (*Graph, []byte) {
	t.Helper()
	g, err := NewGraph([]int32{1, -1, 2, -1, -1, -1, 0, 2, -1}, 3)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return g, b.Bytes()
}

// TestFile reads what was written, more than one part and one behind the other, from a reader that gives little at a time.
func TestFile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var b bytes.Buffer
	var want []*Graph
	for _, nodes := range []int{1, 2, 40, 70_000} {
		g, err := NewGraph(random(r, nodes, 5), 5)
		if err != nil {
			t.Fatal(err)
		}
		before := b.Len()
		if n, err := g.WriteTo(&b); err != nil || int(n) != b.Len()-before {
			t.Fatalf("got %d bytes and %v, %d were written", n, err, b.Len()-before)
		}
		want = append(want, g)
	}
	in := iotest.HalfReader(&b)
	for i := range want {
		g, err := ReadGraph(in)
		if err != nil || !reflect.DeepEqual(g, want[i]) {
			t.Errorf("graph %d: got another one than was written, %v", i, err)
		}
	}
	if _, err := ReadGraph(in); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the end", err)
	}
}

// TestFileForm: the bytes of version 1 stay as they are.
func TestFileForm(t *testing.T) {
	_, got := saved(t)
	want := []byte("pyragen graph 1\n")
	for _, x := range []uint32{3, 3, 4, 2, 0, 2, 1, 2, 0, 2, 0, 2, 0, 1} {
		want = binary.LittleEndian.AppendUint32(want, x)
	}
	want = binary.LittleEndian.AppendUint32(want, crc32.Checksum(want, crc32.MakeTable(crc32.Castagnoli)))
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%x\nwant\n%x", got, want)
	}
}

// TestFileDamaged: every bit counts, and every byte.
func TestFileDamaged(t *testing.T) {
	_, whole := saved(t)
	for i := range whole {
		if _, err := ReadGraph(bytes.NewReader(whole[:i])); err == nil || i > 0 && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut off after %d bytes: got %v", i, err)
		}
		for bit := range 8 {
			damaged := slices.Clone(whole)
			damaged[i] ^= 1 << bit
			if _, err := ReadGraph(bytes.NewReader(damaged)); err == nil || !strings.HasPrefix(err.Error(), "graph.ReadGraph: ") {
				t.Errorf("byte %d, bit %d: got %v", i, bit, err)
			}
		}
	}
	if _, err := ReadGraph(iotest.ErrReader(errors.ErrUnsupported)); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("got %v, want the error of the reader", err)
	}
}

// TestFileHostile: a right checksum is no proof.
func TestFileHostile(t *testing.T) {
	for _, c := range []struct {
		numbers []int32
		fixed   int
		want    string
	}{
		{[]int32{0, 1, 0}, 0, "got 0 nodes, 1 slots and 0 edges, want 1, 1 and 0 to 2147483646"},
		{[]int32{-1, 1, 0}, 0, "got -1 nodes, 1 slots and 0 edges, want 1, 1 and 0 to 2147483646"},
		{[]int32{1, 0, 0}, 0, "got 1 nodes, 0 slots and 0 edges, want 1, 1 and 0 to 2147483646"},
		{[]int32{1, 1, -1}, 0, "got 1 nodes, 1 slots and -1 edges, want 1, 1 and 0 to 2147483646"},
		{[]int32{1, 4, 0, 0}, 3, "got 4 slots, want at most 3, which the package was generated for"},
		{[]int32{2, 1, 1, 1, 1, 0, 0}, 0, "row 1: got 1 keys, want 0 to 0, as many as edges are left"},
		{[]int32{2, 1, 1, -1, 2, 0, 0}, 0, "row 0: got -1 keys, want 0 to 1, as many as edges are left"},
		{[]int32{2, 1, 1, 0, 0, 0, 0}, 0, "got 0 keys in all rows, want 1, one an edge"},
		{[]int32{2, 1, 1, 1, 0, 2, 0}, 0, "row 0, slot 0: got key 2, want one of the nodes, 0 to 1"},
		{[]int32{2, 1, 1, 1, 0, -1, 0}, 0, "row 0, slot 0: got key -1, want one of the nodes, 0 to 1"},
		{[]int32{2, 1, 1, 1, 0, 0, 1}, 0, "row 0: got slot 1, want ascending ones, 0 to 0"},
		{[]int32{2, 1, 1, 1, 0, 0, -1}, 0, "row 0: got slot -1, want ascending ones, 0 to 0"},
		{[]int32{2, 3, 2, 0, 2, 0, 1, 1, 1}, 0, "row 1: got slot 1, want ascending ones, 2 to 2"},
		{[]int32{2, 3, 2, 0, 2, 1, 1, 0, 2}, 0, "row 1: got key 1 in slots 0 and 2, want each key once"},
		{[]int32{2, 3, 2, 0, 2, 0, 1, 0, 2}, 4, ""},
	} {
		b := []byte(graphMark)
		for _, x := range c.numbers {
			b = binary.LittleEndian.AppendUint32(b, uint32(x))
		}
		b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, graphSums))
		g, err := readGraph(bytes.NewReader(b), c.fixed)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want || err == nil && g.Slots() != c.fixed {
			t.Errorf("%v: got  %s\nwant %s", c.numbers, got, c.want)
		}
	}
}

// TestFileMemory: sizes that are claimed cost nothing.
func TestFileMemory(t *testing.T) {
	b := []byte(graphMark)
	for range 3 {
		b = binary.LittleEndian.AppendUint32(b, maxGraph)
	}
	b = append(b, make([]byte, 1<<20)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := ReadGraph(bytes.NewReader(b)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
		t.Errorf("got %d bytes for an input of one MiB", n)
	}
}

// TestFileWriter: the error of a writer is handed on, with what was written before it.
func TestFileWriter(t *testing.T) {
	g, whole := saved(t)
	for n := range whole {
		w := &full{left: n}
		got, err := g.WriteTo(w)
		if int(got) != n || !errors.Is(err, io.ErrShortWrite) || err.Error() != "graph.Graph.WriteTo: short write" {
			t.Errorf("%d bytes: got %d, %v", n, got, err)
		}
	}
}

// full is a writer with room for some bytes.
type full struct{ left int }

func (f *full) Write(b []byte) (int, error) {
	if len(b) > f.left {
		return f.left, io.ErrShortWrite
	}
	f.left -= len(b)
	return len(b), nil
}

// FuzzReadGraph: whatever is read is refused, or is a graph that is written again as it was.
func FuzzReadGraph(f *testing.F) {
	g, _ := NewGraph([]int32{1, -1, 2, -1, -1, -1, 0, 2, -1}, 3)
	var b bytes.Buffer
	g.WriteTo(&b)
	f.Add(b.Bytes()[:b.Len()-4])
	f.Fuzz(func(t *testing.T, in []byte) {
		in = binary.LittleEndian.AppendUint32(slices.Clone(in), crc32.Checksum(in, graphSums))
		g, err := ReadGraph(bytes.NewReader(in))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if _, err := g.WriteTo(&out); err != nil || !bytes.HasPrefix(in, out.Bytes()) {
			t.Errorf("%v: another graph was written than was read", err)
		}
	})
}
