package spec

// The limits (R20 of the design). Beyond them code size and compile time grow past what a package should cost; a stride of 1 is
// inside: a level may be as large as the one below it, and the number of levels bounds the pyramid.
const (
	MaxWindow   = 129  // nodes
	MaxStride   = 64   // children of a node
	MaxDilation = 1024 // nodes
	MaxSeen     = 1024 // nodes below one that see it, where attention-grad is written

	MaxAncestors     = 6 // levels above of which a node sees its ancestor
	MaxGradAncestors = 3 // the same where attention-grad is written

	MaxLevels   = 16      // with the leaves, so one more than there are strides
	MaxDim      = 1024    // elements
	MaxSlots    = 4096    // of a table, where they are fixed
	MaxName     = 64      // bytes of a package name
	MaxOut      = 240     // bytes of an output folder
	MaxPackages = 256     // entries of pyragen.yaml
	MaxConfig   = 1 << 20 // bytes of pyragen.yaml
)

// The YAML parser takes time quadratic in keys and in depth; these keep its worst case below a second.
const (
	maxTokens = 16_384
	maxDepth  = 16
)
