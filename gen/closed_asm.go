package gen

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The lines that an assembly file may have. Where an operand names a symbol, it is of a table of the same file.
var (
	asmText   = regexp.MustCompile(`^TEXT\s+·([A-Za-z_]\w*)\(SB\),\s*NOSPLIT(\|NOFRAME)?,\s*\$-?\d+-\d+$`)
	asmGlobl  = regexp.MustCompile(`^GLOBL\s+([A-Za-z_]\w*)<>\(SB\),\s*RODATA\|NOPTR,\s*\$\d+$`)
	asmData   = regexp.MustCompile(`^DATA\s+([A-Za-z_]\w*)<>\+\d+\(SB\)/[1248],\s*\$(\(-?[\d.e+-]+\)|-?[\w.]+)$`)
	asmLabel  = regexp.MustCompile(`^[A-Za-z_]\w*:$`)
	asmInstr  = regexp.MustCompile(`^([A-Z][A-Z0-9]*)(\.[A-Z][A-Z0-9.]*)?(\s+[A-Za-z_0-9$()<>+*,.\s-]+)?$`)
	asmSymbol = regexp.MustCompile(`([^\s,(]*)\(SB\)`)
	asmTable  = regexp.MustCompile(`^([A-Za-z_]\w*)<>(\+\d+)?$`)
)

// asmInclude is the one line for the preprocessor.
const asmInclude = `#include "textflag.h"`

// notInstructions are mnemonics that hide instructions, leave the function, or speak to the linker.
var notInstructions = []string{"TEXT", "GLOBL", "DATA", "FUNCDATA", "PCDATA", "BYTE", "WORD", "LONG", "QUAD", "CALL", "SYSCALL",
	"SYSENTER", "INT", "HLT", "IN", "OUT", "WRMSR", "RDMSR", "UNDEF", "END"}

// closedAsm checks an assembly file. Its functions are added to texts.
func closedAsm(f File, want Expect, texts map[string]bool) error {
	c := asmFile{}
	for n, line := range strings.Split(string(f.Content), "\n") {
		if err := c.line(line); err != nil {
			return fmt.Errorf("gen: %s:%d: %w", f.Name, n+1, err)
		}
	}
	for _, name := range c.texts {
		texts[name] = true
	}
	wantConstraints := []string{}
	if want.Constraint != "" {
		wantConstraints = append(wantConstraints, want.Constraint)
	}
	err := errors.Join(
		sameSet("build constraint", c.constraints, wantConstraints),
		sameSet("includes", c.includes, []string{asmInclude}),
		sameSet("functions", c.texts, want.Texts),
		sameSet("tables", c.tables, want.Tables),
		sameSet("tables that are used but not there", minus(slices.Compact(slices.Sorted(slices.Values(c.used))), c.tables), nil),
	)
	if err != nil {
		return fmt.Errorf("gen: %s: %w", f.Name, err)
	}
	return nil
}

// asmFile is what was found in an assembly file.
type asmFile struct {
	constraints, includes, texts, tables []string
	used                                 []string // tables that are read
}

func (c *asmFile) line(line string) error {
	code, comment, _ := strings.Cut(line, "//")
	if strings.HasPrefix(comment, "go:") {
		rest, ok := strings.CutPrefix(comment, "go:build ")
		if !ok || strings.TrimSpace(code) != "" || len(c.texts) > 0 {
			return fmt.Errorf("got the directive //%.60q, want none", comment)
		}
		c.constraints = append(c.constraints, rest)
	}
	code = strings.TrimSpace(code)
	switch {
	case code == "" || asmLabel.MatchString(code):
		return nil
	case code == asmInclude:
		c.includes = append(c.includes, code)
		return nil
	}
	if m := asmText.FindStringSubmatch(code); m != nil {
		c.texts = append(c.texts, m[1])
		return nil
	}
	if m := asmGlobl.FindStringSubmatch(code); m != nil {
		c.tables = append(c.tables, m[1])
		return nil
	}
	if m := asmData.FindStringSubmatch(code); m != nil {
		c.used = append(c.used, m[1])
		return nil
	}
	return c.instruction(code)
}

func (c *asmFile) instruction(code string) error {
	m := asmInstr.FindStringSubmatch(code)
	if m == nil || slices.Contains(notInstructions, m[1]) {
		return fmt.Errorf("got %.80q, want an instruction, a label, TEXT, or read-only data", code)
	}
	for _, symbol := range asmSymbol.FindAllStringSubmatch(code, -1) {
		table := asmTable.FindStringSubmatch(symbol[1])
		if table == nil {
			return fmt.Errorf("got the symbol %q in %.80q, want only tables of this file", symbol[1], code)
		}
		c.used = append(c.used, table[1])
	}
	return nil
}
