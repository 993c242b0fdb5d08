package mutate

// goFaults are those of the Go around the kernels. It is the same text in every package, so that one is enough.
func goFaults() []Fault {
	api := func(name, doc string, kind Kind, pattern, replacement string) Fault {
		return Fault{Name: name, Doc: doc, Kind: kind, Targets: []string{"go"}, source: inLines(".go", replaced(pattern, replacement))}
	}
	return []Fault{
		api("task-lost", "one worker leaves out the last task", Value, `for i := range tasks \{`, `for i := range tasks - 1 {`),
		api("task-beyond", "several workers do one task more than there are", Memory, `if i >= int64\(tasks\) \{`, `if i > int64(tasks) {`),
		api("long-operand", "an operand that is too long is not refused", Memory, `case t\.length != want:`, `case t.length < want:`),
		api("short-operand", "an operand that is too short is not refused", Memory, `case t\.length != want:`, `case t.length > want:`),
		api("overlap", "an output that overlaps an input is not refused", Memory, `return a < b\+uintptr.*`, `return a == b`),
	}
}
