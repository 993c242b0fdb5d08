package verify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// caseFile is case.json.
type caseFile struct {
	Name    string  `json:"name"`
	Graph   string  `json:"graph"`
	Window  int     `json:"window"`
	Strides []int   `json:"strides"`
	Len     int     `json:"len"`
	Nodes   int     `json:"nodes"`
	Slots   int     `json:"slots"`
	Batch   int     `json:"batch"`
	Heads   int     `json:"heads"`
	Dim     int     `json:"dim"`
	Dtype   string  `json:"dtype"`
	Scale   float64 `json:"scale"`
	Padding float64 `json:"padding"`
	Causal  bool    `json:"causal"` // a table that was cut from the pyramid of window, strides and len
}

func readCaseFile(path string) (caseFile, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return caseFile{}, fmt.Errorf("%s: missing, every case directory has one", path)
	}
	if err != nil {
		return caseFile{}, err
	}
	var c caseFile
	if err := json.Unmarshal(text, &c); err != nil {
		return caseFile{}, fmt.Errorf("%s: %w", path, err)
	}
	if want := filepath.Base(filepath.Dir(path)); c.Name != want {
		return caseFile{}, fmt.Errorf("%s: name %q, want %q as the directory", path, c.Name, want)
	}
	if c.Graph != "pyramid" && c.Graph != "table" {
		return caseFile{}, fmt.Errorf("%s: graph %q, want pyramid or table", path, c.Graph)
	}
	if c.Dtype != "float64" {
		return caseFile{}, fmt.Errorf("%s: dtype %q, want float64", path, c.Dtype)
	}
	for _, s := range []struct {
		name  string
		value int
	}{{"len", c.Len}, {"nodes", c.Nodes}, {"slots", c.Slots}, {"batch", c.Batch}, {"heads", c.Heads}, {"dim", c.Dim}} {
		if s.value < 1 {
			return caseFile{}, fmt.Errorf("%s: %s = %d, want >= 1", path, s.name, s.value)
		}
	}
	return c, nil
}

func readTable(path string, nodes, slots int) ([][]int, error) {
	flat, err := readNpy[int32](path, "<i4", []int{nodes, slots})
	if err != nil {
		return nil, err
	}
	table := make([][]int, nodes)
	for i := range table {
		table[i] = make([]int, slots)
		for s := range table[i] {
			table[i][s] = int(flat[i*slots+s])
		}
	}
	return table, nil
}

func sameTable(table [][]int, g *Graph) error {
	if len(table) != g.Nodes() || len(table[0]) != g.Slots {
		return fmt.Errorf("%d nodes with %d slots, the definition gives %d with %d", len(table), len(table[0]), g.Nodes(), g.Slots)
	}
	for i, row := range table {
		for s, j := range row {
			if j != g.Neighbours[i][s] {
				return fmt.Errorf("node %d slot %d holds %d, the definition gives %d", i, s, j, g.Neighbours[i][s])
			}
		}
	}
	return nil
}
