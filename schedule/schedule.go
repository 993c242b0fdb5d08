package schedule

import (
	"fmt"
	"strings"

	"github.com/pyragen/pyragen/ir"
)

// Schedule is an ordered list of steps for one kernel on one target.
type Schedule struct {
	Op     string
	Type   ir.Type // that tensors are stored in
	Target string
	Steps  []Action
}

// Action is one use of a step.
type Action struct {
	Step string
	Args []string
}

// String returns the action as a line of the text form: the step and its arguments, separated by blanks.
func (a Action) String() string { return strings.Join(append([]string{a.Step}, a.Args...), " ") }

// String returns the text form: a head line, then an action a line.
func (s Schedule) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "schedule %s %s %s\n", s.Op, s.Type, s.Target)
	for _, a := range s.Steps {
		fmt.Fprintf(&b, "  %s\n", a)
	}
	return b.String()
}

// maxText and maxActions bound what Parse reads.
const (
	maxText    = 64 << 10
	maxActions = 256
)

// Parse reads the text form. Blank lines and what follows a # are passed over. Errors name the line.
func Parse(text string) (Schedule, error) {
	var s Schedule
	if len(text) > maxText {
		return s, fmt.Errorf("schedule of %d bytes; at most %d are read", len(text), maxText)
	}
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case s.Op == "":
			if len(words) != 4 || words[0] != "schedule" {
				return s, fmt.Errorf("line %d: got %q, want `schedule OP TYPE TARGET` first", n+1, strings.TrimSpace(line))
			}
			t, err := ir.ParseType(words[2])
			if err != nil {
				return s, fmt.Errorf("line %d: %v", n+1, err)
			}
			if _, err := FindTarget(words[3]); err != nil {
				return s, fmt.Errorf("line %d: %v", n+1, err)
			}
			s = Schedule{Op: words[1], Type: t, Target: words[3]}
		default:
			step, err := FindStep(words[0])
			if err == nil {
				err = step.checkArgs(words[1:])
			}
			if err != nil {
				return s, fmt.Errorf("line %d: %v", n+1, err)
			}
			if len(s.Steps) == maxActions {
				return s, fmt.Errorf("line %d: more than %d steps", n+1, maxActions)
			}
			s.Steps = append(s.Steps, Action{words[0], words[1:]})
		}
	}
	if s.Op == "" {
		return s, fmt.Errorf("empty schedule; want `schedule OP TYPE TARGET` first")
	}
	return s, nil
}
