package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/gen"
	"github.com/pyragen/pyragen/spec"
)

// TestCompare judges made-up samples: a difference counts if it is larger than the slack and unlikely to be chance.
func TestCompare(t *testing.T) {
	steady := func(ns float64) []float64 { return []float64{ns, ns + 1, ns - 1, ns + 2, ns - 2, ns} }
	for _, c := range []struct {
		name     string
		old, new []float64
		want     string
	}{
		{"equal", steady(100), steady(100), same},
		{"slower", steady(100), steady(150), slower},
		{"faster", steady(150), steady(100), faster},
		{"slower within the slack", steady(100), steady(108), same},
		{"slower by just more than the slack", steady(100), steady(111), slower},
		{"one outlier", steady(100), []float64{100, 99, 101, 100, 900, 98}, same},
		{"a larger median by chance", []float64{90, 80, 200, 210, 95, 205}, []float64{85, 210, 206, 92, 203, 198}, same},
		{"three samples are too few", steady(100)[:3], steady(200)[:3], same},
		{"four are enough", steady(100)[:fewestSamples], steady(200)[:fewestSamples], slower},
		{"all the same", []float64{5, 5, 5, 5}, []float64{5, 5, 5, 5}, same},
	} {
		got := compare(measurement{Op: "scores"}, timed{samples: c.old}, timed{samples: c.new, calls: 3}, 0.1)
		if got.Verdict != c.want {
			t.Errorf("%s: %s at ratio %.3f, p %.3f, want %s", c.name, got.Verdict, got.Ratio, got.P, c.want)
		}
		if got.Op != "scores" || got.OldNsPerOp != median(c.old) || got.NsPerOp != median(c.new) || got.Ratio != median(c.new)/median(c.old) {
			t.Errorf("%s: medians %v and %v, ratio %v", c.name, got.OldNsPerOp, got.NsPerOp, got.Ratio)
		}
	}
}

func TestPercent(t *testing.T) {
	for text, want := range map[string]float64{"10%": 0.1, "0%": 0, "2.5%": 0.025, "1000%": 10} {
		if got, err := parsePercent(text); got != want || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "%", "10", "-1%", "1001%", "NaN%", "ten%"} {
		if got, err := parsePercent(text); err == nil {
			t.Errorf("%q is accepted as %v", text, got)
		}
	}
}

// TestHeaderSpec: the header of a generated file names its spec, also after git has changed the ends of its lines.
func TestHeaderSpec(t *testing.T) {
	want := spec.Spec{Package: "pam", Window: 3, Strides: []int{4, 4}, Dim: 8, Types: []string{"f32"}, Ops: []string{"scores", "attention"},
		With: []string{"dropout"}}.Canonical()
	content := gen.Header(want.Text(), want.Hash()) + "package pam\n"
	for _, text := range []string{content, strings.ReplaceAll(content, "\n", "\r\n")} {
		if got, err := headerSpec(gen.File{Name: "pam.go", Content: []byte(text)}); err != nil || got.Text() != want.Text() {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
	}
	later := strings.Replace(content, "ops: [scores,", "ops: [sparsemax,", 1)
	if got, err := headerSpec(gen.File{Name: "pam.go", Content: []byte(later)}); err == nil || !strings.Contains(err.Error(), "pam.go names no spec") {
		t.Errorf("an unknown op: got %v, %v", got, err)
	}
}

// TestSlowedKernel calls the kernel three times where it was called once: it is reported and the command fails.
func TestSlowedKernel(t *testing.T) {
	if testing.Short() {
		t.Skip("builds kernels")
	}
	s := spec.Spec{Package: "pam", Window: 3, Strides: []int{4}, Dim: 8, Types: []string{"f32"}, Ops: []string{"scores", "context"}, ISA: []string{"go"}}
	packages, err := compileTimed([]spec.Spec{s, s})
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?m)^\tinUse\.Load\(\)\.scoresF32\(.*\)\n`)
	main := slices.IndexFunc(packages[0].files, func(f gen.File) bool { return f.Name == "pam.go" })
	good := packages[0].files[main].Content
	slow := call.ReplaceAll(good, []byte("$0$0$0"))
	if bytes.Equal(slow, good) {
		t.Fatalf("nothing to slow down in\n%s", good)
	}
	packages[0].files[main].Content = slow
	plan, err := planBench([]spec.Spec{s}, benchFlags{lens: "200", batches: "1", heads: "4", workers: "1", dims: "8"})
	if err != nil {
		t.Fatal(err)
	}
	plan, lacking := pair(plan, packages[1:])
	if len(plan) != 2 || len(lacking) > 0 {
		t.Fatalf("%d pairs, lacking %v", len(plan), lacking)
	}
	a, stdout, _ := quiet()
	err = a.timePairs(t.Context(), packages, plan, comparing{against: "before", slack: 0.5, asJSON: true, sampling: sampling{count: 8, calls: 20}})
	if err == nil {
		t.Fatalf("no kernel is slower\n%s", stdout)
	}
	if code, text := report(t.Context(), "pyragen bench", err); code != exitFailed || text != "pyragen: 1 of 2 kernels are slower than those of before by more than 50%" {
		t.Errorf("exit code %d, %q", code, text)
	}
	lines := strings.Split(stdout.String(), "\n")
	if !strings.Contains(lines[0], `"op":"scores"`) || !strings.Contains(lines[0], `"verdict":"slower"`) || !strings.Contains(lines[1], `"verdict":"same"`) {
		t.Errorf("scores is three times as slow, context as it was; got\n%s", stdout)
	}
}
