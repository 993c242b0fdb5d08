package mutate

// goFaults are those of the Go around the kernels. It is the same text in every package, so that one is enough.
func goFaults() []Fault {
	api := func(name, doc string, kind Kind, pattern, replacement string) Fault {
		return Fault{Name: name, Doc: doc, Kind: kind, Targets: []string{"go"}, source: inLines(".go", replaced(pattern, replacement))}
	}
	return []Fault{
		api("task-lost", "the workers leave out the last task", Value, `divide\(max\(0, tasks\), `, `divide(max(0, tasks-1), `),
		api("task-beyond", "the workers do one task more than there are", Memory, `divide\(max\(0, tasks\), `, `divide(max(0, tasks)+1, `),
		api("long-operand", "an operand that is too long is not refused", Memory, ` \|\| t\.length-l\.length\(\) > l\.stride-l\.row:`, `:`),
		api("short-operand", "an operand that is too short is not refused", Memory, `case t\.length < l\.length\(\) \|\| `, `case `),
		api("overlap", "an output that overlaps an input is not refused", Memory, `if a >= b\+uintptr\(m\.length.* \{`, `if a != b {`),
	}
}
