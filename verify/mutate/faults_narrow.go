package mutate

// NarrowFaults are those that only kernels of tensors in 16 bits can have: in the conversions of elements.
func NarrowFaults() []Fault {
	tail := instruction("wrong-word", "the last element of a tail is loaded into another lane", Value, replaced(`(VPINSRW\s+\$0x0)4`, "${1}5"))
	tail.Targets = []string{"avx2"}
	return []Fault{
		instruction("truncated", "a float16 is cut off, not rounded", Value, replaced(`(VCVTPS2PH\s+)\$0x00`, "$1$$0x03")),
		instruction("wrong-shift", "a bfloat16 is a place too low", Value, replaced(`(VPSLLD\s+)\$0x10`, "$1$$0x0f")),
		tail,
	}
}
