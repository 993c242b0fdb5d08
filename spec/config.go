package spec

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// reader walks the tree of a pyragen.yaml. It keeps going after a problem, so that one run shows them all.
type reader struct {
	file  string
	found []located
}

type located struct {
	*Problem
	line, column int
}

// fail notes a problem at a node.
func (r *reader) fail(n ast.Node, p *Problem) {
	at := start(n)
	p.Place = place(r.file, n)
	r.found = append(r.found, located{p, at.Line, at.Column})
}

// config reads the top level: `packages:` and nothing else.
func (r *reader) config(body ast.Node) []Target {
	const fix = "list one below `packages:`, as `pyragen init` does"
	if body == nil {
		r.found = append(r.found, located{Problem: &Problem{Place: r.file, Code: "PYR020",
			Text: "a configuration must list at least one package, got an empty file", Fix: fix}})
		return nil
	}
	var entries ast.Node
	pairs, ok := r.mapping(body, "a configuration", "packages:")
	if !ok {
		return nil
	}
	known, _ := r.unique(pairs, "the only key of a configuration is ", []string{"packages"})
	for _, p := range known {
		entries = p.Value
	}
	if entries == nil {
		if len(r.found) == 0 {
			r.fail(body, &Problem{Code: "PYR015", Text: "a configuration must have the key packages, got none", Fix: fix})
		}
		return nil
	}
	if _, null := entries.(*ast.NullNode); null {
		r.fail(entries, &Problem{Code: "PYR020", Text: "a configuration must list at least one package, got none", Fix: fix})
		return nil
	}
	items, ok := r.sequence(entries, "packages", "put a dash before each package, as `pyragen init` does")
	if !ok {
		return nil
	}
	if len(items) < 1 || len(items) > MaxPackages {
		r.fail(entries, &Problem{Code: "PYR020", Text: fmt.Sprintf("a configuration must list 1 to %d packages, got %d", MaxPackages, len(items)), Fix: fix})
		return nil
	}
	return r.targets(items)
}

// targets reads the entries and checks that no two share a folder.
func (r *reader) targets(items []ast.Node) []Target {
	var targets []Target
	folders := map[string]string{}
	for _, item := range items {
		t, where := r.entry(item)
		if t == nil {
			continue
		}
		targets = append(targets, *t)
		if first, twice := folders[sameFolder(t.Out)]; twice {
			r.fail(where, &Problem{Field: "out", Code: "PYR019",
				Text: fmt.Sprintf("each package must have a folder of its own, got %s again, first at %s", quote(t.Out), first),
				Fix:  "give it another out"})
		} else {
			folders[sameFolder(t.Out)] = place(r.file, where)
		}
	}
	return targets
}

// entryKeys are the keys of an entry, in the order in which they are documented.
func entryKeys() []string {
	return []string{"pkg", "out", "graph", "slots", "window", "strides", "dilation", "causal", "links", "ancestors", "dim", "types", "ops", "with", "isa"}
}

// entry reads one package. The node is that of its folder, or of the entry. It is nil if the folder is not known.
func (r *reader) entry(item ast.Node) (*Target, ast.Node) {
	pairs, ok := r.mapping(item, "a package", "pkg: pam")
	if !ok {
		return nil, nil
	}
	var t Target
	nodes := map[string]ast.Node{} // of the fields that have a value of the right type
	items := map[string][]ast.Node{}
	known, meant := r.unique(pairs, "keys must be of ", entryKeys())
	for _, p := range known {
		key := p.Key.GetToken().Value
		n, ok := p.Value, false
		switch key {
		case "pkg":
			t.Package, ok = r.text(n, key, key, "pam")
		case "out":
			t.Out, ok = r.text(n, key, key, "internal/pam")
		case "graph":
			t.Graph, ok = r.text(n, key, key, "table")
		case "slots":
			t.Slots, ok = r.number(n, key, key, "16")
		case "window":
			if _, byLevel := n.(*ast.SequenceNode); byLevel {
				t.Windows, items[key], ok = listOf(r, n, key, "a window", "[5, 3, 3]", r.number)
			} else {
				t.Window, ok = r.number(n, key, key, "3")
			}
		case "dilation":
			t.Dilation, ok = r.number(n, key, key, "2")
		case "causal":
			t.Causal, ok = r.text(n, key, key, "last")
		case "links":
			t.Links, ok = r.text(n, key, key, "up")
		case "ancestors":
			if word, isText := n.(*ast.StringNode); isText && word.Value == "root" {
				t.Ancestors, ok = ToRoot, true
			} else {
				t.Ancestors, ok = r.number(n, key, key, "2")
			}
		case "dim":
			t.Dim, ok = r.number(n, key, key, "64")
		case "strides":
			t.Strides, items[key], ok = listOf(r, n, key, "a stride", "[4, 4, 4]", r.number)
		case "types":
			t.Types, items[key], ok = listOf(r, n, key, "a type", "[f32, f64]", r.text)
		case "ops":
			t.Ops, items[key], ok = listOf(r, n, key, "an op", "[scores, context]", r.text)
		case "with":
			t.With, items[key], ok = listOf(r, n, key, "a feature", "[mask, bias, dropout]", r.text)
		case "isa":
			t.ISA, items[key], ok = listOf(r, n, key, "an instruction set", "[go, avx2]", r.text)
		}
		if ok {
			nodes[key] = n
		}
	}
	needed := []string{"pkg", "dim"}
	if t.IsPyramid() && (!meant["graph"] || nodes["graph"] != nil) {
		needed = []string{"pkg", "window", "strides", "dim"}
	}
	for _, key := range needed {
		if !meant[key] {
			r.fail(firstKey(pairs, item), missing(key, key))
		}
	}
	for _, p := range t.Validate() {
		at := nodes[p.Field]
		if at == nil {
			continue // missing or of the wrong type, which is reported already
		}
		if p.Item > 0 {
			at = items[p.Field][p.Item-1]
		}
		r.fail(at, p)
	}
	where := item
	if n, ok := nodes["out"]; ok {
		where = n
		if p := checkOut(t.Out); p != nil {
			r.fail(n, p)
			return nil, nil
		}
	} else if n, ok := nodes["pkg"]; ok && checkPackage(t.Package) == nil {
		t.Out, where = t.Package, n
	} else {
		return nil, nil
	}
	return &t, where
}

func firstKey(pairs []*ast.MappingValueNode, item ast.Node) ast.Node {
	if len(pairs) > 0 {
		return pairs[0].Key
	}
	return item
}

// missing is the problem of a field without a value, by the name under which the user writes it.
func missing(field, name string) *Problem {
	fix := map[string]string{
		"pkg":     "add the Go package name, such as pam",
		"window":  "add the nodes of its own level that a node sees, such as 3",
		"strides": "add the children of a node of each level, such as 4, 4, 4, or an empty list for sliding-window attention",
		"dim":     "add the head dimension, such as 64, or 0 for any at run time",
	}[field]
	return &Problem{Field: field, Code: "PYR015", Text: name + " must be given, got nothing", Fix: fix}
}
