package verify

import "slices"

// StrideField is the field of a generated package's Sizes that says how far the rows of nodes lie apart in an operand; "" for one whose
// rows never do.
func (o Operand) StrideField() string {
	switch o.Name {
	case "q", "k", "v", "x", "y":
		return "RowStride"
	case "dq", "dk", "dv":
		return "GradStride"
	}
	return ""
}

// operands are the outputs, then the inputs.
func (op Op) operands() []Operand { return slices.Concat(op.Outputs, op.Inputs) }

// Stride is how far the rows of nodes lie apart in an operand, in elements; 0 where there are no gaps between them.
func (c Case) Stride(op Op, o Operand) int {
	field := o.StrideField()
	if field == "" || c.Gap == 0 && !c.Packed {
		return 0
	}
	parts := 0
	for _, other := range op.operands() {
		if other.StrideField() == field && (c.Packed || parts == 0) {
			parts++
		}
	}
	return parts*c.Sizes.Heads*c.Sizes.Dim + c.Gap
}

// space says in a request where the rows of the operands lie. Packed ones share the memory of the first of them.
func (j *job) space(q *Request) {
	row := j.c.Sizes.Heads * j.c.Sizes.Dim * j.t.Bytes
	first, parts := map[string]int{}, map[string]int{}
	for i, o := range j.op.operands() {
		stride, field := j.c.Stride(j.op, o), o.StrideField()
		if stride == 0 {
			q.Spacing = append(q.Spacing, Spacing{})
			continue
		}
		s := Spacing{Row: row, Stride: stride * j.t.Bytes}
		if j.c.Packed && parts[field] > 0 {
			s.With, s.At = first[field], parts[field]*row
		} else {
			first[field] = i + 1
		}
		parts[field]++
		q.Spacing = append(q.Spacing, s)
		if field == "RowStride" {
			q.RowStride = stride
		} else {
			q.GradStride = stride
		}
	}
	if len(parts) == 0 {
		q.Spacing = nil
	}
}
