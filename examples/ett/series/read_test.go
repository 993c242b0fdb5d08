package series

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

const good = "date,HUFL,OT\n2016-07-01 00:00:00,5.8,30.5\n2016-07-01 01:00:00,5.7,27.75\n2016-07-01 02:00:00,5.1,-2e1\n"

func TestRead(t *testing.T) {
	for name, text := range map[string]string{
		"plain":                  good,
		"target in the middle":   "date,OT,HUFL\n2016-07-01 00:00:00,30.5,5\n2016-07-01 01:00:00,27.75,5\n2016-07-01 02:00:00,-20,5\n",
		"no end of line":         strings.TrimSuffix(good, "\n"),
		"Windows":                "\ufeff" + strings.ReplaceAll(good, "\n", "\r\n"),
		"blank lines at its end": good + "\n\r\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read(iotest.OneByteReader(strings.NewReader(text)), "x.csv", 3)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := fmt.Sprintln(s.Name, s.Values, s.Step), "x.csv [30.5 27.75 -20] 1h0m0s\n"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if got, want := s.Last(1).Start, time.Date(2016, 7, 1, 2, 0, 0, 0, time.UTC); !got.Equal(want) || s.Last(1).Values[0] != -20 {
				t.Errorf("the last row is %v at %v, want -20 at %v", s.Last(1).Values, got, want)
			}
		})
	}
}

func TestReadSaysWhatIsWrongAndWhere(t *testing.T) {
	row := func(n int, fields string) string { return good + fmt.Sprintf("2016-07-01 %02d:00:00,%s\n", n, fields) }
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "x.csv:1:1: the file is empty, want a header such as date,HUFL,OT"},
		{"one blank line", "\n", `x.csv:1:1: the first column is "", want date; is this a CSV file in the form of ETTh1?`},
		{"header only", "date,OT\n", "x.csv:2:1: the file ends after 0 rows, want at least 3"},
		{"too short", good[:strings.LastIndex(good, "2016")], "x.csv:4:1: the file ends after 2 rows, want at least 3"},
		{"other first column", "time,OT\n", `x.csv:1:1: the first column is "time", want date; is this a CSV file in the form of ETTh1?`},
		{"semicolons", "date;HUFL;OT\n", `x.csv:1:1: the first column is "date;HUFL;OT", want date; is this a CSV file in the form of ETTh1?`},
		{"no target", "date,HUFL,ot\n", `x.csv:1:13: the header has no column OT, got "date,HUFL,ot"`},
		{"target twice", "date,OT,OT\n", `x.csv:1:9: column "OT" is there twice`},
		{"column without name", "date,,OT\n", "x.csv:1:6: column 2 has no name"},
		{"a picture", "\x89PNG\r\n\x1a\n", "x.csv:1:1: byte 0x89 is not text; is this a CSV file?"},
		{"a NUL", row(3, "5\x00,1"), "x.csv:5:22: byte 0x00 is not text; is this a CSV file?"},
		{"Latin-1", "date,H\xe9,OT\n", "x.csv:1:7: byte 0xe9 is not text; is this a CSV file?"},
		{"huge line", good + strings.Repeat("7", MaxLine+1), "x.csv:5:65536: line of more than 65536 bytes, want at most that; is this a CSV file?"},
		{"field missing", row(3, "5.1"), "x.csv:5:1: row of 2 fields, want 3 as in the header"},
		{"field too many", row(3, "5.1,5,5"), "x.csv:5:1: row of 4 fields, want 3 as in the header"},
		{"blank line", good + "\n\n" + good[13:], "x.csv:5:1: blank line between rows, want a row of 3 fields"},
		{"not a number", row(3, "5.1,warm"), `x.csv:5:25: OT = "warm" is not a number`},
		{"not a number, not the target", row(3, "x,5.1"), `x.csv:5:21: HUFL = "x" is not a number`},
		{"a space", row(3, "5.1, 5"), `x.csv:5:25: OT = " 5" is not a number`},
		{"decimal comma in quotes", row(3, `5.1,"5`), `x.csv:5:25: OT = "\"5" is not a number`},
		{"hexadecimal", row(3, "5.1,0x1p3"), `x.csv:5:25: OT = "0x1p3" is not a number`},
		{"missing value", row(3, "5.1,"), `x.csv:5:25: OT = "" is missing, want a number`},
		{"NaN", row(3, "5.1,NaN"), `x.csv:5:25: OT = "NaN" is not finite, want a number`},
		{"infinity", row(3, "-Inf,5.1"), `x.csv:5:21: HUFL = "-Inf" is not finite, want a number`},
		{"beyond float64", row(3, "5.1,1e999"), `x.csv:5:25: OT = "1e999" is too large, want at most 1e+12 in size`},
		{"large", row(3, "5.1,-1e13"), `x.csv:5:25: OT = "-1e13" is too large, want at most 1e+12 in size`},
		{"not a time", good + "yesterday,1,1\n", `x.csv:5:1: date = "yesterday", want a time such as 2016-07-01 00:00:00`},
		{"no such day", good + "2016-02-30 00:00:00,1,1\n", `x.csv:5:1: date = "2016-02-30 00:00:00", want a time such as 2016-07-01 00:00:00`},
		{"fraction of a second", good + "2016-07-01 03:00:00.5,1,1\n", `x.csv:5:1: date = "2016-07-01 03:00:00.5", want a time such as 2016-07-01 00:00:00`},
		{"gap", row(4, "1,1"), `x.csv:5:1: date = "2016-07-01 04:00:00" is 2h0m0s after the row before, want 1h0m0s as between the first two; fill gaps before`},
		{"same time again", row(2, "1,1"), `x.csv:5:1: date = "2016-07-01 02:00:00" is 0s after the row before, want 1h0m0s as between the first two; fill gaps before`},
		{"backwards", "date,OT\n2016-07-01 01:00:00,1\n2016-07-01 00:00:00,1\n", `x.csv:3:1: date = "2016-07-01 00:00:00" is not after the row before`},
		{"too long in time", "date,OT\n1700-01-01 00:00:00,1\n2000-01-01 00:00:00,1\n", `x.csv:3:1: date = "2000-01-01 00:00:00" is more than 200 years after the first row, want at most that`},
		{"hostile", row(3, "5.1,"+strings.Repeat("\u202e", 40)), `x.csv:5:25: OT = "` + strings.Repeat(`\u202e`, 20) + `"... is not a number`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text), "x.csv", 3)
			if err == nil || err.Error() != c.want {
				t.Fatalf("got  %v\nwant %s", err, c.want)
			}
			if !errors.As(err, new(*Error)) {
				t.Errorf("got a %T, want *Error", err)
			}
		})
	}
}

func TestReadStopsAtEndlessInput(t *testing.T) {
	for name, line := range map[string]string{"zeros": "\x00", "no line ends": "7", "line ends only": "\n"} {
		if _, err := Read(endless(line), "x.csv", 3); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	var header strings.Builder
	header.WriteString("date,OT\n")
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range MaxRows + 1 {
		header.WriteString(start.Add(time.Duration(i) * time.Second).Format(Layout))
		header.WriteString(",1\n")
	}
	want := "x.csv:1048578:1: more than 1048576 rows, want at most that"
	if _, err := Read(strings.NewReader(header.String()), "x.csv", 3); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// endless repeats itself.
type endless string

func (e endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = e[i%len(e)]
	}
	return len(b), nil
}

func TestReadPassesOnWhatTheReaderSays(t *testing.T) {
	broken := errors.New("cable cut")
	r := io.MultiReader(strings.NewReader(good), iotest.ErrReader(broken))
	if _, err := Read(r, "x.csv", 3); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "x.csv: ") {
		t.Errorf("got %v, want x.csv: %v", err, broken)
	}
}

// FuzzRead: any bytes give a series of finite numbers or an error of one line of text.
func FuzzRead(f *testing.F) {
	f.Add(good)
	f.Add("date,OT\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Read(strings.NewReader(text), "x.csv", 1)
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(c rune) bool { return c < ' ' }) {
				t.Errorf("more than a line: %q", err)
			}
			return
		}
		for i, x := range s.Values {
			if !(x >= -MaxValue && x <= MaxValue) {
				t.Errorf("value %d is %v", i, x)
			}
		}
	})
}
