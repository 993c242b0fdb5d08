package main

import (
	"encoding/json"
	"fmt"
	"html/template"
	"runtime"
	"strings"
)

// benchWriter writes measurements as they come.
type benchWriter interface {
	add(*measurement) error
	end() error
}

// benchFormats are the ways to write measurements, by the name that --format takes.
var benchFormats = map[string]func(*app) benchWriter{
	"text": func(a *app) benchWriter { return &benchText{app: a} },
	"go":   func(a *app) benchWriter { return &benchGo{app: a} },
	"json": func(a *app) benchWriter { return benchJSON{a} },
	"html": func(a *app) benchWriter { return &benchHTML{app: a} },
}

// benchText is a table for people.
type benchText struct {
	*app
	rows int
}

func (b *benchText) add(m *measurement) error {
	if b.rows == 0 {
		fmt.Fprintf(b.stdout, "%-12s %-8s %-4s %-6s %4s %8s %5s %5s %7s %14s %11s %9s %9s\n", "package", "op", "type", "isa", "dim", "len", "batch", "heads",
			"workers", "ns/op", "spread", "GFLOP/s", "GB/s")
	}
	b.rows++
	_, err := fmt.Fprintf(b.stdout, "%-12s %-8s %-4s %-6s %4d %8d %5d %5d %7d %14.0f %11s %9.2f %9.2f\n", m.Package, m.Op, m.Type, m.ISA, m.Dim, m.Len,
		m.Batch, m.Heads, m.Workers, m.NsPerOp, spread(m.Samples), float64(m.Flops)/m.NsPerOp, float64(m.Bytes)/m.NsPerOp)
	return err
}

func (b *benchText) end() error { return nil }

// benchGo is the format of go test -bench, a line a sample.
type benchGo struct {
	*app
	pkg string
}

func (b *benchGo) add(m *measurement) error {
	if b.pkg != m.Package {
		b.pkg = m.Package
		fmt.Fprintf(b.stdout, "goos: %s\ngoarch: %s\npkg: %s\n", runtime.GOOS, runtime.GOARCH, m.Package)
	}
	name := fmt.Sprintf("Benchmark%s/%s/%s/dim=%d/len=%d/batch=%d/heads=%d/workers=%d-%d", strings.ToUpper(m.Op[:1])+m.Op[1:], m.Type, m.ISA, m.Dim, m.Len,
		m.Batch, m.Heads, m.Workers, runtime.GOMAXPROCS(0))
	for _, ns := range m.Samples {
		if _, err := fmt.Fprintf(b.stdout, "%s\t%d\t%.1f ns/op\t%.2f MB/s\n", name, m.iterations, ns, 1e3*float64(m.Bytes)/ns); err != nil {
			return err
		}
	}
	return nil
}

func (b *benchGo) end() error { return nil }

// benchJSON is design section 6.
type benchJSON struct{ *app }

func (b benchJSON) add(m *measurement) error { return json.NewEncoder(b.stdout).Encode(m) }
func (b benchJSON) end() error               { return nil }

// benchHTML is one page with bars, written at the end.
type benchHTML struct {
	*app
	rows []*measurement
}

func (b *benchHTML) add(m *measurement) error {
	b.rows = append(b.rows, m)
	return nil
}

func (b *benchHTML) end() error {
	most := 0.0
	for _, m := range b.rows {
		most = max(most, float64(m.Flops)/m.NsPerOp)
	}
	return benchPage.Execute(b.stdout, map[string]any{"Rows": b.rows, "Most": most})
}

var benchPage = template.Must(template.New("bench").Funcs(template.FuncMap{
	"rate": func(amount int64, ns float64) string { return fmt.Sprintf("%.2f", float64(amount)/ns) },
	"percent": func(m *measurement, most float64) string {
		return fmt.Sprintf("%.1f", 100*float64(m.Flops)/m.NsPerOp/most)
	},
	"time": func(ns float64) string { return fmt.Sprintf("%.0f", ns) },
}).Parse(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>pyragen bench</title>
<style>
body { font: 15px/1.4 sans-serif; margin: 2em; }
table { border-collapse: collapse; }
th, td { padding: .2em .8em; text-align: right; border-bottom: 1px solid #ddd; }
th:nth-child(-n+4), td:nth-child(-n+4) { text-align: left; }
td:last-child { width: 20em; }
.bar { height: 1em; background: #3b76af; }
</style>
<h1>pyragen bench</h1>
<table>
<tr><th>package<th>op<th>type<th>isa<th>dim<th>len<th>batch<th>heads<th>workers<th>ns/op<th>GB/s<th>GFLOP/s<th></tr>
{{- range .Rows}}
<tr><td>{{.Package}}<td>{{.Op}}<td>{{.Type}}<td>{{.ISA}}<td>{{.Dim}}<td>{{.Len}}<td>{{.Batch}}<td>{{.Heads}}<td>{{.Workers}}<td>{{time .NsPerOp}}
<td>{{rate .Bytes .NsPerOp}}<td>{{rate .Flops .NsPerOp}}<td><div class="bar" style="width: {{percent . $.Most}}%"></div></tr>
{{- end}}
</table>
</html>
`))
