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
	asmSymbol = regexp.MustCompile(`([^\s,(]*)\(SB\)`)
	asmTable  = regexp.MustCompile(`^([A-Za-z_]\w*)<>(\+\d+)?$`)
)

// asmInclude is the one line for the preprocessor.
const asmInclude = `#include "textflag.h"`

// notInstructions are mnemonics that hide instructions, leave the function, or speak to the linker.
var notInstructions = []string{"TEXT", "GLOBL", "DATA", "FUNCDATA", "PCDATA", "BYTE", "WORD", "LONG", "QUAD", "CALL", "SYSCALL",
	"SYSENTER", "INT", "HLT", "IN", "OUT", "WRMSR", "RDMSR", "UNDEF", "END"}

// closedAsm checks an assembly file and returns its functions.
func closedAsm(f File, want Expect) (texts []string, err error) {
	c := asmFile{}
	for n, line := range strings.Split(string(f.Content), "\n") {
		if err := c.line(line); err != nil {
			return nil, fmt.Errorf("gen: %s:%d: %w", f.Name, n+1, err)
		}
	}
	wantConstraints := []string{}
	if want.Constraint != "" {
		wantConstraints = append(wantConstraints, want.Constraint)
	}
	err = errors.Join(
		sameSet("build constraint", c.constraints, wantConstraints),
		sameSet("includes", c.includes, []string{asmInclude}),
		sameSet("functions", c.texts, want.Texts),
		sameSet("tables", c.tables, want.Tables),
		sameSet("tables that are used but not there", minus(slices.Compact(slices.Sorted(slices.Values(c.used))), c.tables), nil),
	)
	if err != nil {
		return nil, fmt.Errorf("gen: %s: %w", f.Name, err)
	}
	return c.texts, nil
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
	if code == "" {
		return nil
	}
	if mnemonic, ok := asmInstruction(code); ok && !slices.Contains(notInstructions, mnemonic) {
		return c.symbols(code)
	}
	if asmLabel.MatchString(code) {
		return nil
	}
	if code == asmInclude {
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
	return fmt.Errorf("got %.80q, want an instruction, a label, TEXT, or read-only data", code)
}

// asmInstruction reports whether a line is an instruction by its characters, and returns the mnemonic: capitals and digits, suffixes
// behind dots, then operands. Nearly all lines are, so that this is no regular expression, which would take ten times as long.
func asmInstruction(code string) (mnemonic string, ok bool) {
	capital := func(r rune) bool { return r >= 'A' && r <= 'Z' }
	digit := func(r rune) bool { return r >= '0' && r <= '9' }
	mnemonic, operands := cutWhile(code, func(r rune) bool { return capital(r) || digit(r) })
	if mnemonic == "" || digit(rune(mnemonic[0])) {
		return mnemonic, false
	}
	if suffixes, found := strings.CutPrefix(operands, "."); found {
		if suffixes == "" || !capital(rune(suffixes[0])) {
			return mnemonic, false
		}
		_, operands = cutWhile(suffixes, func(r rune) bool { return capital(r) || digit(r) || r == '.' })
	}
	if operands != "" && !strings.ContainsRune(" \t", rune(operands[0])) {
		return mnemonic, false
	}
	_, rest := cutWhile(operands, func(r rune) bool {
		return capital(r) || digit(r) || r >= 'a' && r <= 'z' || strings.ContainsRune("_$()<>+*,.- \t", r)
	})
	return mnemonic, rest == ""
}

// cutWhile cuts a text before the first rune that is not wanted.
func cutWhile(s string, want func(rune) bool) (before, after string) {
	k := strings.IndexFunc(s, func(r rune) bool { return !want(r) })
	if k < 0 {
		return s, ""
	}
	return s[:k], s[k:]
}

// symbols notes the tables that an instruction names.
func (c *asmFile) symbols(code string) error {
	if !strings.Contains(code, "(SB)") {
		return nil
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
