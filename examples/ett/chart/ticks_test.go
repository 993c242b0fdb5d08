package chart

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pyragen/pyragen/examples/ett/series"
)

func TestTimeTicks(t *testing.T) {
	s := series.Series{Start: time.Date(2024, 2, 28, 22, 30, 0, 0, time.UTC)}
	for _, c := range []struct {
		step  time.Duration
		steps int
		want  string
	}{
		{time.Hour, 72, "1.5 Feb 29 00:00,13.5 Feb 29 12:00,25.5 Mar 1 00:00,37.5 Mar 1 12:00,49.5 Mar 2 00:00,61.5 Mar 2 12:00"},
		{time.Hour, 200, "1.5 Thu Feb 29,25.5 Fri Mar 1,49.5 Sat Mar 2,73.5 Sun Mar 3,97.5 Mon Mar 4,121.5 Tue Mar 5,145.5 Wed Mar 6,169.5 Thu Mar 7,193.5 Fri Mar 8"},
		{time.Second, 100, "0 22:30:00,10 22:30:10,20 22:30:20,30 22:30:30,40 22:30:40,50 22:30:50,60 22:31:00,70 22:31:10,80 22:31:20,90 22:31:30,100 22:31:40"},
	} {
		s.Step = c.step
		var got []string
		for _, tick := range TimeTicks(s, 0, c.steps) {
			got = append(got, fmt.Sprint(tick.Value, " ", tick.Label))
		}
		if text := strings.Join(got, ","); text != c.want {
			t.Errorf("%d steps of %v:\ngot  %s\nwant %s", c.steps, c.step, text, c.want)
		}
	}
}
