package ir

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seedForms adds every text of the tests that starts with a word.
func seedForms(f *testing.F, word string) {
	files, err := filepath.Glob("testdata/*.pyr")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if _, body, _ := strings.Cut(string(src), "\n\n"); strings.HasPrefix(body, word) {
			f.Add(body)
		}
	}
	for _, test := range append(syntaxErrors, verifyErrors...) {
		if strings.HasPrefix(test.src, word) {
			f.Add(test.src)
		}
	}
}

// checkParse wants an error that points into src, or what reads back from its own text; neither may panic.
func checkParse(t *testing.T, src string, f form, err error) {
	if err == nil {
		_ = f.Verify()
		roundTrip(t, f)
		return
	}
	var e *SyntaxError
	if !errors.As(err, &e) {
		t.Fatalf("got error %v of type %T, want a *SyntaxError", err, err)
	}
	lines := strings.Split(src, "\n")
	if e.Line < 1 || e.Line > len(lines) || e.Col < 1 || e.Col > len(lines[e.Line-1])+1 || e.Msg == "" {
		t.Fatalf("got error %v, want a place in the text", e)
	}
}

func FuzzParseKernel(f *testing.F) {
	seedForms(f, "kernel ")
	f.Fuzz(func(t *testing.T, src string) {
		k, err := ParseKernel(src)
		checkParse(t, src, k, err)
	})
}

func FuzzParseProgram(f *testing.F) {
	seedForms(f, "program ")
	f.Fuzz(func(t *testing.T, src string) {
		p, err := ParseProgram(src)
		if p != nil {
			_ = p.VerifyScheduled()
		}
		checkParse(t, src, p, err)
	})
}
