package emulate_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/verify/emulate"
)

const tiny = `package main

func main() { leaf(nil) }

func leaf(p *float32)
`

const tinyAsm = `#include "textflag.h"

TEXT ·leaf(SB), NOSPLIT, $0-8
	VZEROUPPER
	RET
`

// TestLoadRefuses damages a program in every way that Load must notice.
func TestLoadRefuses(t *testing.T) {
	good, err := os.ReadFile(buildModule(t, map[string]string{"main.go": tiny, "asm_amd64.s": tinyAsm}))
	if err != nil {
		t.Fatal(err)
	}
	load := func(b []byte) error {
		path := filepath.Join(t.TempDir(), "program")
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := emulate.Load(path)
		return err
	}
	if err := load(good); err != nil {
		t.Fatal(err)
	}
	const machine, sectionTable, sectionNumbers = 0x12, 0x28, 0x3c // offsets in the ELF header
	for _, c := range []struct {
		damage func(b []byte) []byte
		want   string
	}{
		{func([]byte) []byte { return []byte("#!/bin/sh\n") }, "no linked ELF program"},
		{func(b []byte) []byte { binary.LittleEndian.PutUint16(b[machine:], 183); return b }, "GOOS=linux GOARCH=amd64"},
		{func(b []byte) []byte { return b[:len(b)/8] }, "no linked ELF program"},
		{func(b []byte) []byte { clear(b[sectionTable:][:8]); clear(b[sectionNumbers:][:4]); return b }, "without -ldflags=-s"},
	} {
		if err := load(c.damage(append([]byte{}, good...))); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Load = %v, want %q", err, c.want)
		}
	}
	if _, err := emulate.Load(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("Load of a missing file gave no error")
	}
}

func TestFuncNames(t *testing.T) {
	image, err := emulate.Load(buildModule(t, map[string]string{"main.go": tiny, "asm_amd64.s": tinyAsm}))
	if err != nil {
		t.Fatal(err)
	}
	fn, err := image.Func("main.leaf")
	if err != nil {
		t.Fatal(err)
	}
	if len(fn.Insts) != 2 || fn.Insts[0].String() != "VZEROUPPER" || fn.Insts[1].String() != "RET" {
		t.Errorf("main.leaf is %v, want the assembly, not its wrapper", fn.Insts)
	}
	for name, want := range map[string]string{
		"main.lea":  `no function "main.lea"; it has main.`,
		"nowhere.f": `nor any other function of "nowhere" (the linker drops what main does not reach)`,
		"plain":     "nor any other function",
	} {
		if _, err := image.Func(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Func(%q) = %v, want %q", name, err, want)
		}
	}
}

func TestFrame(t *testing.T) {
	got := emulate.Frame(uint64(1)<<40, float32(1), float32(2), float32(3), -1, 1.5)
	want := "\x00\x00\x00\x00\x00\x01\x00\x00" + "\x00\x00\x80\x3f" + "\x00\x00\x00\x40" + "\x00\x00\x40\x40" + "\x00\x00\x00\x00" +
		"\xff\xff\xff\xff\xff\xff\xff\xff" + "\x00\x00\x00\x00\x00\x00\xf8\x3f"
	if string(got) != want {
		t.Errorf("got % x, want % x", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("Frame took a string")
		}
	}()
	emulate.Frame("text")
}
