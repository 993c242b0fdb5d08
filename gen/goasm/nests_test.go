package goasm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pyragen/pyragen/ir"
)

// nests are programs about loops, integers and addresses; they are written for one width.
var nests = []struct {
	name, text string
	sizes      []map[string]int64
}{
	{"strides", `program strides T TARGET {
  size n, heads, slots
  in x: T[n, heads, 2W]
  in y: T[n, heads, 2W]
  out s: T[n, heads, slots]
  call rows(n - 2, heads, slots, 1)
}

// rows before and after, two heads at a time, a head that is left over
func rows(m, heads, slots, row) {
  in x: T[rows, heads, 2W]
  in y: T[rows, heads, 2W]
  out s: T[rows, heads, slots]
  for i in 0..m {
    for h in 0..heads/2*2 step 2 {
      alloc a, b, c: V
      a = broadcast(0.0, W)
      b = a
      c = a
      for d in 0..2W step W {
        a = fma(x[row + i, h, d:W], y[row + i - 1, h, d:W], a)
        b = fma(x[row + i, h + 1, d:W], y[row + i, h + 1, d:W], b)
        c = fma(x[row + i, h, d:W], y[row + i + 1, h, d:W], c)
      }
      s[row + i, h, 0] = hsum(a)
      s[row + i, h + 1, slots - 1] = hsum(b)
      s[row + i - 1, h, 1] = hsum(c)
    }
    for h in heads/2*2..heads {
      for d in 0..2W {
        s[row + i, h, d%2] = x[row + i, h, d]
      }
    }
  }
}`, []map[string]int64{
		{"n": 3, "heads": 1, "slots": 2}, {"n": 2, "heads": 2, "slots": 3}, {"n": 5, "heads": 2, "slots": 4}, {"n": 9, "heads": 5, "slots": 7},
	}},

	{"families", `program families T TARGET {
  size n, heads
  in x: T[n, heads, W]
  out z: T[n, heads, W]
  call families(n/6, heads, 0)
  call tail(n/6*6, n, heads)
}

// pointers run on from family to family
func families(m, heads, row) {
  in x: T[rows, heads, W]
  out z: T[rows, heads, W]
  for f in 0..m {
    for i in 0..3 {
      for j in 0..2 {
        for h in 0..heads {
          z[row + f*6 + i*2 + j, h, 0:W] = x[row + f*6 + 5 - i*2 - j, h, 0:W] - x[row + f, h, 0:W]
        }
      }
      for h in 0..heads {
        for g in 0..heads {
          z[row + f*6 + i, h, 0:W] = z[row + f*6 + i, h, 0:W] + x[row + f*6, g, 0:W]
        }
      }
    }
  }
}

func tail(lo, hi, heads) {
  in x: T[rows, heads, W]
  out z: T[rows, heads, W]
  for i in lo..hi {
    for h in 0..heads {
      z[i, h, 0:W] = x[i, h, 0:W]
    }
  }
}`, []map[string]int64{{"n": 0, "heads": 1}, {"n": 6, "heads": 1}, {"n": 20, "heads": 3}}},

	// The loop over j does not run in every iteration of the one over i, so pointers must not count on it.
	{"sometimes", `program sometimes T TARGET {
  size n, k
  in x: T[n, 4, W]
  out z: T[n, 4, W]
  call sometimes(n, k)
}

func sometimes(n, k) {
  in x: T[n, 4, W]
  out z: T[n, 4, W]
  for i in 0..n {
    if i%k != 1 {
      for j in 0..4 {
        for l in 0..1 {
          for d in 0..W step W {
            z[i, j, d:W] = x[i, j, d:W]
          }
        }
        for l in 0..k {
          z[i, j, 0:W] = z[i, j, 0:W] + x[i, j, 0:W]
        }
      }
    }
  }
}`, []map[string]int64{{"n": 9, "k": 3}, {"n": 4, "k": 2}}},

	// What one branch loads is not there on the other one, nor behind both.
	{"branches", `program branches T TARGET {
  size n
  in x: T[n, 3, W]
  in y: T[n, 3, W]
  out z: T[n, 3, W]
  call branches(n)
}

func branches(n) {
  in x: T[n, 3, W]
  in y: T[n, 3, W]
  out z: T[n, 3, W]
  for i in 0..n {
    if i%3 == 0 {
      z[i, 0, 0:W] = x[i, 0, 0:W]
    } else {
      if i%3 == 1 {
        z[i, 0, 0:W] = -y[i, 0, 0:W]
      } else {
        z[i, 1, 0:W] = y[i, 1, 0:W]
      }
      z[i, 2, 0:W] = y[i, 2, 0:W]
    }
    z[i, 2, 0:W] = z[i, 2, 0:W] + (y[i, 0, 0] > 0.0 ? x[i, 2, 0:W] : y[i, 1, 0:W]) + x[i, 1, 0:W]
    for j in 0..2 {
      z[i, j, 0:W] = z[i, j, 0:W] + x[i, j, 0:W]
    }
    z[i, 1, 0:W] = (z[i, 0, 0] > 0.0 ? x[i, 0, 0:W] : x[i, 1, 0:W]*y[i, 0, 0:W]) - y[i, 1, 0:W]
    for j in 0..2 {
      z[i, j, 0:W] = z[i, j, 0:W] + x[i, j, 0:W]
    }
    let q = x[i, 0, 1] > 0.0 && y[i, 0, 1] > 0.0 ? 1 : 2
    z[i, q, 0:W] = z[i, q, 0:W]*y[i, 2, 0:W]
  }
}`, sizesOf("n", 13)},

	{"lets", `program lets T TARGET {
  size n
  in x: T[n, W]
  out z: T[n, 3, W]
  call lets(n)
}

// addresses of what lets name, in loops that use the same names again
func lets(n) {
  in x: T[n, W]
  out z: T[n, 3, W]
  let top = n - 1
  for i in 0..n {
    let q = min(i*2, top)
    let r = q + 1
    for j in 0..2 {
      let at = (q + j)/2
      z[i, j, 0:W] = x[at, 0:W]
    }
    for j in 2..3 {
      z[i, j, 0:W] = x[max(r - 2, 0), 0:W] + x[q, 0:W]
    }
  }
  for i in 0..n/2 {
    let q = i/2
    for j in 0..3 {
      z[q + i, j, 0:W] = z[q + i, j, 0:W] + x[i, 0:W]*x[i*i%n, 0:W]
    }
  }
}`, sizesOf("n", 1, 2, 7, 20)},

	// What a let changes from family to family, a pointer that runs on does not follow.
	{"shifted", `program shifted T TARGET {
  size n, m
  in x: T[m, W]
  out z: T[m, 2, W]
  call shifted(n)
}

func shifted(n) {
  in x: T[rows, W]
  out z: T[rows, 2, W]
  for i in 0..n {
    let q = i%3
    for j in 0..2 {
      for h in 0..2 {
        z[2*i + j, h, 0:W] = x[2*i + j + q + h, 0:W]
      }
    }
  }
}`, []map[string]int64{{"n": 1, "m": 5}, {"n": 5, "m": 14}}},

	// Pointers run on only where the last step ends at the bound of the family.
	{"uneven", `program uneven T TARGET {
  size n, m
  in x: T[m, W]
  out z: T[m, 2, W]
  call uneven(n)
}

func uneven(n) {
  in x: T[rows, W]
  out z: T[rows, 2, W]
  for i in 0..n {
    for j in 0..3 step 2 {
      for h in 0..2 {
        z[2*i + j, h, 0:W] = x[4*i + j + h, 0:W]
      }
    }
  }
}`, []map[string]int64{{"n": 4, "m": 16}}},

	// More arguments that index memory than there are registers.
	{"offsets", `program offsets T TARGET {
  size n
  in x: T[n, 16]
  in y: T[n, 16]
  out z: T[n, 16]
  call offsets(n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 3, 2, 1)
}

func offsets(n, a, b, c, d, e, f, m, h, k, l, o, q) {
  in x: T[n, 16]
  in y: T[n, 16]
  out z: T[n, 16]
  for i in 0..n {
    z[i, a:W] = x[i, b:W] + y[i, c:W] - x[i, d:W]*y[i, e:W]
    z[i, k:W] = x[i, f:W] + y[i, m:W] - x[i, h:W]*y[i, l:W]
    z[i, o:W] = z[i, o:W] + x[i, q:W] + x[n - i - 1, o:W]
  }
}`, sizesOf("n", 1, 6)},

	{"integers", `program integers T TARGET {
  size n
  in x: T[64, W]
  out z: T[n, 16, W]
  for i in 0..n {
    call integers(i, 3*i - 7, 7 - 2*i, i + 1)
  }
}

// every operator on integers of either sign, by the row that it picks
func integers(i, a, b, c) {
  in x: T[64, W]
  out z: T[rows, 16, W]
  let d0 = a/4
  let d1 = a/5
  let d2 = a%4
  let d3 = a%5
  let d4 = (a + b)/c
  let d5 = (a*b)%c
  let d6 = min(a, b)
  let d7 = max(a*2, b - 1)
  let d8 = a < b ? a : c > 3 && a >= 2 ? b : c
  let d9 = (a > b ? a/c : b/c) + (a == b ? 1 : a != 5 ? 2 : 3)
  let d10 = a/1*3%64
  let d11 = a/4096 + a/1000003
  z[i, 0, 0:W] = x[d0 + 20, 0:W]
  z[i, 1, 0:W] = x[d1 + 20, 0:W]
  z[i, 2, 0:W] = x[d2, 0:W]
  z[i, 3, 0:W] = x[d3, 0:W]
  z[i, 4, 0:W] = x[d4 + 30, 0:W]
  z[i, 5, 0:W] = x[d5, 0:W]
  z[i, 6, 0:W] = x[d6 + 50, 0:W]
  z[i, 7, 0:W] = x[d7 + 9, 0:W]
  z[i, 8, 0:W] = x[d8 + 30, 0:W]
  z[i, 9, 0:W] = x[d9 + 30, 0:W]
  z[i, 10, 0:W] = x[d10, 0:W]
  z[i, 11, 0:W] = x[d11 + 2, 0:W]
  z[i, 12, 0:W] = x[(a + 40)/3 + (b + 30)/7, 0:W]
  for j in a..b step 3 {
    z[i, 13, 0:W] = x[j + 20, 0:W]
  }
  for j in min(a, 2)..max(b, c)/2 step 5 {
    z[i, 14, 0:W] = x[j*2 + 20, 0:W]
  }
  if a < 0 && b >= 0 {
    z[i, 15, 0:W] = x[1, 0:W]
  } else {
    if a <= b && c != 4 {
      z[i, 15, 0:W] = x[2, 0:W]
    }
  }
}`, sizesOf("n", 12)},

	{"empty", `program empty T TARGET {
  size n
  in x: T[n, W]
  out z: T[n, W]
  call empty(0 - n, 0, n)
}

func empty(low, none, n) {
  in x: T[n, W]
  out z: T[n, W]
  for i in 0..none {
    z[i - 1, 0:W] = x[i - 1, 0:W]
  }
  for i in 0..low {
    z[i - 1, 0:W] = x[i - 1, 0:W]
  }
  for i in n..n - 3 step 2 {
    z[i, 0:W] = x[i, 0:W]
  }
  for i in 4..4 {
    z[i, 0:W] = x[i, 0:W]
  }
  for i in 3..9 step 6 {
    z[i, 0:W] = x[i - 3, 0:W]
  }
  for i in low..0 {
    z[i + n, 0:W] = x[-1 - i, 0:W]
  }
}`, sizesOf("n", 8)},

	{"backwards", `program backwards T TARGET {
  size n, m
  in p: T[n, m]
  in y: T[n, W]
  out z: T[n, W]
  call backwards(n, m)
}

// the reverse walks p down a diagonal
func backwards(n, m) {
  in p: T[n, m]
  in y: T[n, W]
  out z: T[n, W]
  for i in 0..n - m {
    alloc acc: V
    acc = broadcast(0.0, W)
    for j in 0..m {
      acc = fma(broadcast(p[i + j, m - 1 - j], W), y[i + j, 0:W], acc)
    }
    z[i, 0:W] = acc
  }
}`, []map[string]int64{{"n": 3, "m": 1}, {"n": 9, "m": 3}, {"n": 4, "m": 4}}},
}

// TestNests runs them in assembly and in the interpreter.
func TestNests(t *testing.T) {
	var jobs []job
	for _, target := range targets(t) {
		for k, f := range []form{{target, ir.F32, 8}, {target, ir.F64, 4}} {
			for _, n := range nests {
				p := f.parse(t, n.name, n.text)
				for _, sizes := range n.sizes {
					jobs = append(jobs, job{p, sizes, arguments(p, sizes), k == 0})
				}
			}
		}
	}
	scratch(t, jobs)
}

// manyRows has so many rows with distances of their own that their pointers do not fit the registers, in a nest so deep that
// counters and strides do not either.
func manyRows(rows int) string {
	var b strings.Builder
	b.WriteString("program many T TARGET {\n  size n, a, b\n  in x: T[n, a, b, W]\n  out z: T[n, a, b, W]\n  call many(n, a, b)\n}\n\n")
	b.WriteString("func many(n, a, b) {\n  in x: T[n, a, b, W]\n  out z: T[n, a, b, W]\n")
	fmt.Fprintf(&b, "  for i in 0..n - %d {\n    for j in 0..a {\n      for k in 0..b {\n        alloc acc: V\n        acc = x[i, j, k, 0:W]\n", rows)
	b.WriteString("        for l in 0..b {\n")
	for r := range rows {
		fmt.Fprintf(&b, "          acc = fma(x[i + %d, j, l, 0:W], x[l, j, k, 0:W], acc)\n", r)
	}
	b.WriteString("        }\n        z[i, j, k, 0:W] = acc\n")
	for r := range rows {
		fmt.Fprintf(&b, "        z[i + %d, j, k, 0:W] = x[i + %d, j, k, 0:W]\n", r, rows-r)
	}
	b.WriteString("      }\n    }\n  }\n}\n")
	return b.String()
}

// TestManyPointers: what does not fit registers is on the stack, and what does not fit that is computed from what does.
func TestManyPointers(t *testing.T) {
	var jobs []job
	for _, target := range targets(t) {
		for _, rows := range []int{4, 9, 14, 20, 90, 158} {
			p := form{target, ir.F32, 8}.parse(t, "many", manyRows(rows))
			p.Name += fmt.Sprint(rows, "_")
			sizes := map[string]int64{"n": int64(rows) + 3, "a": 2, "b": 3}
			jobs = append(jobs, job{p, sizes, arguments(p, sizes), false})
		}
	}
	scratch(t, jobs)
}
