package ir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sameIR compares structures: a list of none is as good as no list, NaN equals NaN.
var sameIR = cmp.Options{cmpopts.EquateEmpty(), cmpopts.EquateNaNs()}

// form is a kernel or a program.
type form interface {
	String() string
	Verify() error
}

// parseForm reads a kernel or a program, as the text says.
func parseForm(src string) (form, error) {
	for line := range strings.Lines(src) {
		switch {
		case strings.HasPrefix(line, "program "):
			return nonNil(ParseProgram(src))
		case strings.HasPrefix(line, "kernel "):
			return nonNil(ParseKernel(src))
		}
	}
	return nonNil(ParseKernel(src))
}

// nonNil keeps a nil pointer from becoming a form.
func nonNil[T form](f T, err error) (form, error) {
	if err != nil {
		return nil, err
	}
	return f, nil
}

// roundTrip checks that f's text reads back as f.
func roundTrip(t interface {
	Helper()
	Fatalf(string, ...any)
}, f form) {
	t.Helper()
	text := f.String()
	again, err := parseForm(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if diff := cmp.Diff(f, again, sameIR); diff != "" {
		t.Fatalf("read back differently (-printed +read):\n%s\n%s", diff, text)
	}
	if got := again.String(); got != text {
		t.Fatalf("printed differently:\n%s\nthen\n%s", text, got)
	}
}

func TestRoundTripBuilt(t *testing.T) {
	roundTrip(t, scoresKernel())
	roundTrip(t, rowsProgram())
}

// TestGolden reads testdata/*.pyr, one feature a file, checks it and prints it: it must come out as it is.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.pyr")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".pyr"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			f, err := parseForm(string(src))
			if err != nil {
				t.Fatalf("%s:%v", file, err)
			}
			if err := f.Verify(); err != nil {
				t.Fatal(err)
			}
			_, body, _ := strings.Cut(string(src), "\n\n") // after the comment on top
			if diff := cmp.Diff(body, f.String()); diff != "" {
				t.Errorf("%s is printed differently (-file +printed):\n%s", file, diff)
			}
			roundTrip(t, f)
		})
	}
}
