package emulate

import (
	"cmp"
	"debug/elf"
	"fmt"
	"slices"
	"strings"
)

// An Image is the code and the data of a linked program.
type Image struct {
	path       string
	code, data []*Region    // executable and other segments
	symbols    []elf.Symbol // functions and data, by address, then size
}

// A Func is a function of an image, decoded.
type Func struct {
	Name  string
	Addr  uint64
	Code  []byte
	Insts []Inst // in the order of their addresses
}

// Load reads a linked ELF program for amd64, such as `go build` or `go test -c` makes for linux. It needs the symbol table.
func Load(path string) (*Image, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, fmt.Errorf("emulate: %s is no linked ELF program: %w", path, err)
	}
	defer f.Close()
	if f.Machine != elf.EM_X86_64 {
		return nil, fmt.Errorf("emulate: %s is code for %v, want amd64: build it with GOOS=linux GOARCH=amd64", path, f.Machine)
	}
	im := &Image{path: path}
	if err := im.loadSegments(f); err != nil {
		return nil, err
	}
	symbols, err := f.Symbols()
	if err != nil {
		return nil, fmt.Errorf("emulate: %s: %w: build it without -ldflags=-s", path, err)
	}
	for _, s := range symbols {
		if t := elf.ST_TYPE(s.Info); t == elf.STT_FUNC || t == elf.STT_OBJECT {
			im.symbols = append(im.symbols, s)
		}
	}
	slices.SortStableFunc(im.symbols, func(a, b elf.Symbol) int {
		return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(a.Size, b.Size))
	})
	return im, nil
}

func (im *Image) loadSegments(f *elf.File) error {
	for _, p := range f.Progs {
		if p.Type != elf.PT_LOAD || p.Memsz == 0 {
			continue
		}
		b := make([]byte, p.Memsz)
		if _, err := p.ReadAt(b[:p.Filesz], 0); err != nil {
			return fmt.Errorf("emulate: %s: segment at %#x: %w", im.path, p.Vaddr, err)
		}
		r := &Region{Name: fmt.Sprintf("segment %#x", p.Vaddr), Addr: p.Vaddr, Data: b, ReadOnly: true}
		if p.Flags&elf.PF_X != 0 {
			im.code = append(im.code, r)
		} else {
			im.data = append(im.data, r)
		}
	}
	return nil
}

// region returns the data symbol that holds all of [addr, addr+n), read-only, or nil. Where the linker names no symbol, it is
// what lies between the symbols around it.
func (im *Image) region(addr uint64, n int) *Region {
	if im == nil {
		return nil
	}
	for _, s := range im.data {
		if addr < s.Addr || addr >= s.end() {
			continue
		}
		next, _ := slices.BinarySearchFunc(im.symbols, addr+1, func(y elf.Symbol, at uint64) int { return cmp.Compare(y.Value, at) })
		low, high, name := s.Addr, s.end(), s.Name
		if next < len(im.symbols) {
			high = min(high, im.symbols[next].Value)
		}
		if next > 0 {
			if y := im.symbols[next-1]; y.Value+y.Size > addr {
				low, high, name = y.Value, y.Value+y.Size, y.Name
			} else {
				low = max(low, y.Value+y.Size)
			}
		}
		if high-addr < uint64(n) {
			return nil
		}
		return &Region{Name: name, Addr: low, Data: s.Data[low-s.Addr : high-s.Addr], ReadOnly: true}
	}
	return nil
}

// Func decodes the function with the given symbol name, import path included: "scratch/pkg.scoresF32AVX2Leaf". Of a function
// that has both, it is the assembly (ABI0) and not the wrapper around it. Code that is not in the tables is a *DecodeError.
func (im *Image) Func(name string) (*Func, error) {
	var wrapper *elf.Symbol
	for i := range im.symbols {
		s := &im.symbols[i]
		if elf.ST_TYPE(s.Info) != elf.STT_FUNC {
			continue
		}
		if s.Name == name+".abi0" {
			return im.decode(name, s)
		}
		if s.Name == name {
			wrapper = s
		}
	}
	if wrapper != nil {
		return im.decode(name, wrapper)
	}
	return nil, fmt.Errorf("emulate: %s has no function %q; %s", im.path, name, im.similar(name))
}

// similar lists functions of the package of name, or says that there are none.
func (im *Image) similar(name string) string {
	prefix := name[:strings.LastIndexByte(name, '.')+1]
	var found []string
	for _, s := range im.symbols {
		if elf.ST_TYPE(s.Info) == elf.STT_FUNC && strings.HasPrefix(s.Name, prefix) && prefix != "" && len(found) < 5 {
			found = append(found, strings.TrimSuffix(s.Name, ".abi0"))
		}
	}
	if found == nil {
		return fmt.Sprintf("nor any other function of %q (the linker drops what main does not reach)", strings.TrimSuffix(prefix, "."))
	}
	return "it has " + strings.Join(found, ", ")
}

func (im *Image) decode(name string, s *elf.Symbol) (*Func, error) {
	for _, seg := range im.code {
		if s.Value >= seg.Addr && s.Value+s.Size <= seg.end() {
			return DecodeFunc(name, s.Value, seg.Data[s.Value-seg.Addr:][:s.Size])
		}
	}
	return nil, fmt.Errorf("emulate: %s: function %s at %#x lies in no segment", im.path, name, s.Value)
}

// DecodeFunc decodes the function whose code stands at addr. Code that is not in the tables is a *DecodeError.
func DecodeFunc(name string, addr uint64, code []byte) (*Func, error) {
	fn := &Func{Name: name, Addr: addr, Code: code}
	index := map[uint64]int{}
	for at := 0; at < len(code); {
		in, err := Decode(code[at:], addr+uint64(at))
		if err != nil {
			err.(*DecodeError).Func = name
			return nil, err
		}
		index[in.Addr] = len(fn.Insts)
		fn.Insts = append(fn.Insts, in)
		at += in.Len
	}
	if len(fn.Insts) == 0 {
		return nil, fmt.Errorf("emulate: function %s has no code", name)
	}
	for i := range fn.Insts {
		in := &fn.Insts[i]
		for _, a := range in.Args {
			if a.Kind == Target {
				t, ok := index[uint64(a.Imm)]
				if in.target = t; !ok {
					in.target = -1
				}
			}
		}
	}
	return fn, nil
}
