package goasm

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// cpuid is the function by which drivers find out the size of the last-level cache, and its text; it runs on every amd64.
func cpuid() (Stub, []byte, error) {
	stub := Stub{Name: "cpuid", Signature: "(leaf, sub uint32) (eax, ebx, ecx, edx uint32)", Doc: "the instruction CPUID"}
	ctx := build.NewContext()
	ctx.Function(stub.Name)
	ctx.Attributes(attr.NOSPLIT)
	ctx.SignatureExpr("func" + stub.Signature)
	ctx.Comment(stub.Doc)
	ctx.Load(ctx.Param("leaf"), reg.EAX)
	ctx.Load(ctx.Param("sub"), reg.ECX)
	ctx.CPUID()
	for n, r := range []reg.Register{reg.EAX, reg.EBX, reg.ECX, reg.EDX} {
		ctx.Store(r, ctx.ReturnIndex(n))
	}
	ctx.RET()
	file, err := ctx.Result()
	if err != nil {
		return stub, nil, fmt.Errorf("goasm: internal error: %w", err)
	}
	fn := file.Functions()[0]
	code := instructions(fn)
	stub.Instructions, stub.Bytes = len(code), codeBytes(code, 0)
	text, err := printedSection(fn)
	return stub, text, err
}
