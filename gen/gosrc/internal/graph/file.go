package graph

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// A saved graph is graphMark, then numbers of 32 bits, the lowest byte first: how many nodes, slots and edges there are; how many keys
// each row has; the key of each edge; the slot of each edge; and the CRC-32C of everything before it.
const graphMark = "pyragen graph 1\n"

var graphSums = crc32.MakeTable(crc32.Castagnoli)

// WriteTo saves the graph in a form that [ReadGraph] reads, in any package and on any machine. It returns the number of bytes written.
func (g *Graph) WriteTo(w io.Writer) (int64, error) {
	f := graphWriter{w: w, sum: crc32.New(graphSums), part: append(make([]byte, 0, 1<<16), graphMark...)}
	f.put(int32(g.nodes), int32(g.slots), int32(g.Edges()))
	for i := range g.nodes {
		f.put(g.keyAt[i+1] - g.keyAt[i])
	}
	f.put(g.keyNode[:g.Edges()]...)
	f.put(g.keySlot...)
	f.flush()
	f.put(int32(f.sum.Sum32()))
	f.flush()
	if f.err != nil {
		return f.n, fmt.Errorf("%s.Graph.WriteTo: %w", packageName, f.err)
	}
	return f.n, nil
}

// graphWriter writes parts of a saved graph.
type graphWriter struct {
	w    io.Writer
	sum  hash.Hash32
	part []byte
	n    int64
	err  error
}

// put adds numbers.
func (f *graphWriter) put(list ...int32) {
	for _, x := range list {
		if len(f.part)+4 > cap(f.part) {
			f.flush()
		}
		f.part = binary.LittleEndian.AppendUint32(f.part, uint32(x))
	}
}

// flush writes what has been put, unless something went wrong before.
func (f *graphWriter) flush() {
	f.sum.Write(f.part)
	if f.err == nil {
		var n int
		n, f.err = f.w.Write(f.part)
		f.n += int64(n)
	}
	f.part = f.part[:0]
}

// ReadGraph reads a graph that [Graph.WriteTo] has saved, and nothing behind it. Everything is checked as for a new graph; what is cut
// off, damaged or no graph is an error. Where the reader is at its end it matches [io.EOF]. Memory is needed as far as there is something
// to read, whatever sizes the input claims.
func ReadGraph(r io.Reader) (*Graph, error) {
	g, err := readGraph(r, Slots)
	if err != nil {
		return nil, fmt.Errorf("%s.ReadGraph: %w", packageName, err)
	}
	return g, nil
}

func readGraph(r io.Reader, fixed int) (*Graph, error) {
	f := graphReader{r: r, sum: crc32.New(graphSums), part: make([]byte, 1<<16)}
	mark := f.bytes(len(graphMark))
	if f.err == nil && string(mark) != graphMark {
		return nil, fmt.Errorf("got %q at the start, want %q", mark, graphMark)
	}
	head := f.numbers(3)
	if f.err != nil {
		return nil, f.err
	}
	nodes, slots, edges := int(head[0]), int(head[1]), int(head[2])
	if nodes < 1 || nodes > maxGraph || slots < 1 || slots > maxGraph || edges < 0 || edges > maxGraph {
		return nil, fmt.Errorf("got %d nodes, %d slots and %d edges, want 1, 1 and 0 to %d", nodes, slots, edges, maxGraph)
	}
	if fixed > 0 && slots > fixed {
		return nil, fmt.Errorf("got %d slots, want at most %d, which the package was generated for", slots, fixed)
	}
	rows, keyNode, keySlot := f.numbers(nodes), f.numbers(edges), f.numbers(edges)
	sum := f.sum.Sum32()
	last := f.numbers(1)
	if f.err != nil {
		return nil, f.err
	}
	if uint32(last[0]) != sum {
		return nil, fmt.Errorf("got the checksum %#08x, want %#08x: the graph is damaged", uint32(last[0]), sum)
	}
	keyAt, err := checkSaved(rows, keyNode, keySlot, slots)
	if err != nil {
		return nil, err
	}
	return newGraph(max(slots, fixed), keyAt, keyNode, keySlot)
}

// checkSaved looks at rows that nobody has checked, and returns where each starts.
func checkSaved(rows, keyNode, keySlot []int32, slots int) (keyAt []int32, err error) {
	keyAt = make([]int32, len(rows)+1)
	for i, n := range rows {
		if n < 0 || int(n) > len(keyNode)-int(keyAt[i]) {
			return nil, fmt.Errorf("row %d: got %d keys, want 0 to %d, as many as edges are left", i, n, len(keyNode)-int(keyAt[i]))
		}
		keyAt[i+1] = keyAt[i] + n
	}
	if sum := int(keyAt[len(rows)]); sum != len(keyNode) {
		return nil, fmt.Errorf("got %d keys in all rows, want %d, one an edge", sum, len(keyNode))
	}
	for i := range rows {
		least := int32(0)
		for e := keyAt[i]; e < keyAt[i+1]; e++ {
			k, j := keyNode[e], keySlot[e]
			if j < least || int(j) >= slots {
				return nil, fmt.Errorf("row %d: got slot %d, want ascending ones, %d to %d", i, j, least, slots-1)
			}
			if uint(k) >= uint(len(rows)) {
				return nil, fmt.Errorf("row %d, slot %d: got key %d, want one of the nodes, 0 to %d", i, j, k, len(rows)-1)
			}
			least = j + 1
		}
	}
	return keyAt, nil
}

// graphReader reads parts of a saved graph, as long as nothing goes wrong.
type graphReader struct {
	r    io.Reader
	sum  hash.Hash32
	part []byte
	n    int64
	err  error
}

// bytes reads n bytes, at most a part. They are valid until the next call.
func (f *graphReader) bytes(n int) []byte {
	if f.err != nil {
		return nil
	}
	got, err := io.ReadFull(f.r, f.part[:n])
	if errors.Is(err, io.EOF) && f.n > 0 {
		err = io.ErrUnexpectedEOF
	}
	if f.n += int64(got); err != nil {
		f.err = fmt.Errorf("after %d bytes: %w", f.n, err)
		return nil
	}
	f.sum.Write(f.part[:n])
	return f.part[:n]
}

// numbers reads n numbers, a part at a time.
func (f *graphReader) numbers(n int) (list []int32) {
	for len(list) < n && f.err == nil {
		part := f.bytes(4 * min(n-len(list), len(f.part)/4))
		for ; len(part) > 0; part = part[4:] {
			list = append(list, int32(binary.LittleEndian.Uint32(part)))
		}
	}
	return list
}
