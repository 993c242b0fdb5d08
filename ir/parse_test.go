package ir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
	if diff := difference(f, again); diff != "" {
		t.Fatalf("read back differently: %s\n%s", diff, text)
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

// TestFreeForm reads text that is right but not as it is printed.
func TestFreeForm(t *testing.T) {
	for _, test := range []struct{ src, want string }{
		{"kernel a-b-c f64 { table\n  size n,\n m // lost\n out z: f64[\nn]\n z[\ni < n\n] = // lost\n (1) + 2e0}",
			"kernel a-b-c f64 {\n  table\n  size n, m\n  out z: f64[n]\n\n  z[i < n] = 1.0 + 2.0\n}\n"},
		{"kernel k f32 { in c: f32\n out z: f32[3]\n z[i < 3] = 1 < c ? i < 1 ? 0 : 1 : 2 }",
			"kernel k f32 {\n  in c: f32\n  out z: f32[3]\n\n  z[i < 3] = 1.0 < c ? (i < 1 ? 0.0 : 1.0) : 2.0\n}\n"},
		{"program p f32 go {\n temp register r: f32x1\n r = -(2)}\n// a\n//\n//  b  c\nfunc f() {}",
			"program p f32 go {\n  temp register r: f32\n\n  r = -(2.0)\n}\n\n// a\n//\n// b c\nfunc f() {\n}\n"},
		{"// far\n\nprogram p f32 go {}\n// far\n\nfunc f() { if 0<1 {} else {} }",
			"program p f32 go {\n}\n\nfunc f() {\n  if 0 < 1 {\n  }\n}\n"},
	} {
		f, err := parseForm(test.src)
		if err != nil {
			t.Errorf("%v in %s", err, test.src)
		} else if f.String() != test.want {
			t.Errorf("got:\n%s\nwant:\n%s", f, test.want)
		}
	}
}
