package emulate_test

import "fmt"

// evexTwoSources and evexOneSource are packed instructions without scalar forms, tried in every shape.
var evexTwoSources = []string{"VXORPS", "VXORPD", "VANDPS", "VANDPD", "VANDNPS", "VANDNPD", "VORPS", "VORPD", "VPXORD",
	"VPXORQ", "VPANDD", "VPANDQ",
	"VPORD", "VPORQ", "VPANDND", "VPANDNQ", "VPTERNLOGD $0x96,", "VPTERNLOGQ $0xca,", "VSHUFPS $0x1b,", "VSHUFPD $0xa5,",
	"VUNPCKLPS", "VUNPCKHPS",
	"VUNPCKLPD", "VUNPCKHPD", "VPERMILPS", "VPERMILPD", "VPERMI2PS", "VPERMI2PD", "VPERMT2PS", "VPERMT2PD", "VPERMI2D",
	"VPERMT2D", "VPERMI2Q", "VPERMT2Q",
	"VALIGND $5,", "VALIGNQ $3,", "VBLENDMPS", "VBLENDMPD", "VPBLENDMD", "VPBLENDMQ", "VPADDD", "VPADDQ", "VPSUBD", "VPSUBQ",
	"VPMULUDQ", "VPMULLD", "VPMULLQ",
	"VPMINSD", "VPMINUD", "VPMAXSD", "VPMAXUD", "VPSLLVD", "VPSLLVQ", "VPSRLVD", "VPSRLVQ", "VPSRAVD", "VSCALEFPS",
	"VSCALEFPD"}

var evexOneSource = []string{"VSQRTPS", "VSQRTPD", "VPSHUFD $0x39,", "VPERMILPS $0xb1,", "VPERMILPD $0x55,", "VPSLLD $5,",
	"VPSRLD $31,", "VPSRAD $40,", "VPROLD $13,", "VPROLD $0,", "VPROLD $61,", "VPROLQ $40,",
	"VPSLLQ $5,", "VPSRLQ $63,", "VCVTDQ2PS", "VCVTPS2DQ", "VCVTTPS2DQ", "VGETEXPPS", "VGETEXPPD",
	"VRNDSCALEPS $0,", "VRNDSCALEPS $1,", "VRNDSCALEPS $2,", "VRNDSCALEPS $3,", "VRNDSCALEPS $4,", "VRNDSCALEPS $0x20,",
	"VRNDSCALEPS $0xf3,",
	"VRNDSCALEPD $0,", "VRNDSCALEPD $1,", "VRNDSCALEPD $2,", "VRNDSCALEPD $0xf3,", "VRNDSCALEPD $0x50,"}

var evexShuffleLines = []string{
	"VMOVSHDUP Z1, K1, Z3", "VMOVSLDUP 64(R10), Z3", "VMOVDDUP Z1, Z3", "VMOVDDUP 8(R10), X19", "VMOVDDUP Y17, K1, Y3",
	"VPERMPD $0x1b, Z1, K1, Z3", "VPERMQ $0x4e, 64(R10), Z3", "VPERMPS Z1, Z2, K1, Z3", "VPERMPD Z1, Z2, K1, Z3",
	"VPERMD Y17, Y2, Y3",
	"VPERMQ.BCST 8(R10), Z2, Z3", "VSHUFF32X4 $0x4e, Z1, Z2, K1, Z3", "VSHUFF64X2 $0xb1, Z1, Z2, Z3",
	"VSHUFF32X4 $1, Y1, Y18, Y3",
	"VSHUFI32X4 $0x1b, 64(R10), Z2, Z3", "VSHUFI64X2 $2, Y1, Y2, K1, Y19",
	"VINSERTF32X4 $2, X1, Z2, K1, Z3", "VINSERTF64X2 $3, 16(R10), Z2, Z3", "VINSERTF32X8 $1, Y1, Z2, Z3",
	"VINSERTF64X4 $0, 32(R10), Z2, K1, Z3",
	"VINSERTI32X4 $1, X1, Y2, Y19", "VEXTRACTF32X4 $3, Z1, X3", "VEXTRACTF32X4 $2, Z1, K1, 16(R10)",
	"VEXTRACTF64X4 $1, Z1, Y3",
	"VEXTRACTF64X4 $1, Z17, K1, 32(R10)", "VEXTRACTF32X8 $1, Z1, K1, Y3", "VEXTRACTF64X2.Z $2, Z1, K1, X3",
	"VEXTRACTI32X4 $1, Y17, X3",
	"VINSERTPS $0x9a, X17, X2, X3", "VEXTRACTPS $2, X17, AX", "VPEXTRQ $1, X17, AX", "VPEXTRD $3, X17, 4(R10)",
	"VINSERTI32X8 $1, Y1, Z2, K1, Z3", "VINSERTI64X2 $1, X1, Z2, Z3", "VINSERTI64X4 $1, Y17, Z2, Z3",
	"VEXTRACTI32X8 $1, Z1, Y3",
	"VEXTRACTI64X2 $3, Z1, 16(R10)", "VEXTRACTI64X4 $1, Z1, K1, Y3", "VPINSRQ $1, AX, X18, X3", "VPINSRD $2, AX, X18, X3",
}

var evexOtherLines = func() []string {
	lines := []string{
		"VPMOVM2D K1, Z3", "VPMOVM2Q K1, Y3", "VPMOVD2M Z1, K4", "VPMOVQ2M Z17, K4", "VPTESTMD Z1, Z2, K1, K4",
		"VPTESTMQ.BCST 8(R10), Z2, K4",
		"VPSLLD X1, Z2, K1, Z3", "VPSRLQ 16(R10), Z2, Z3", "VPSRAD X17, Y2, Y3", "VPMOVSXDQ Y1, K1, Z3",
		"VPMOVZXDQ 32(R10), Z3",
		"VCVTPS2PD Y1, K1, Z3", "VCVTPS2PD 32(R10), Z3", "VCVTPS2PD.BCST 4(R10), Z3", "VCVTPD2PS Z1, K1, Y3",
		"VCVTPD2PS.BCST.Z 8(R10), K1, Y3",
		"VCVTPD2PSX X17, K1, X3", "VCVTDQ2PD Y1, K1, Z3", "VCVTPD2DQ Z1, Y3", "VCVTTPD2DQ Z1, K1, Y3",
		"VCVTSS2SD X17, X2, K1, X3", "VCVTSD2SS.Z X1, X2, K1, X19",
		"VCVTSI2SSL AX, X18, X3", "VCVTSI2SDQ AX, X2, X19", "VCVTTSD2SI X17, AX",
		"VCVTSI2SSQ AX, X18, X3", "VCVTSI2SDL AX, X18, X3", "VCVTTSD2SIQ X17, AX", "VCVTTSS2SI X17, AX",
		"VCVTTSS2SIQ X17, AX",
		"VCVTSD2SI X17, AX", "VCVTSD2SIQ X17, AX", "VCVTSS2SI X17, AX", "VCVTSS2SIQ X17, AX", "VPSLLQ X17, Z2, Z3",
		"VPSRLD X1, Z18, K1, Z3", "VCVTPH2PS Y1, K1, Z3", "VCVTPH2PS 32(R10), K1, Z3",
		"VCVTPS2PH $0, Z1, K1, Y3", "VCVTPS2PH $4, Z1, K1, 32(R10)", "VCVTPS2PH.Z $1, Y17, K1, X3",
		"VRNDSCALESS $0x31, X1, X2, K1, X3", "VRNDSCALESD $1, 8(R10), X2, X19", "VSCALEFSS X1, X2, K1, X3",
		"VSCALEFSD X17, X2, X3",
		"flags CZSOP: VUCOMISS X17, X2", "flags CZSOP: VUCOMISD 8(R10), X18",
	}
	for imm := range 32 {
		lines = append(lines, fmt.Sprintf("VCMPPS $%d, Z1, Z2, K1, K4", imm), fmt.Sprintf("VCMPPD $%d, 64(R10), Z18, K4",
			imm),
			fmt.Sprintf("VCMPSS $%d, X17, X2, K1, K4", imm), fmt.Sprintf("VCMPSD $%d, X1, X18, K4", imm))
	}
	for imm := range 8 {
		for _, op := range []string{"VPCMPD", "VPCMPUD", "VPCMPQ", "VPCMPUQ"} {
			lines = append(lines, fmt.Sprintf("%s $%d, Z1, Z2, K1, K4", op, imm), fmt.Sprintf("%s.BCST $%d, 8(R10), Z2, K4",
				op, imm))
		}
	}
	for _, op := range []string{"VPADDSW", "VPSUBUSW", "VPMAXUW"} { // of words: nothing is broadcast
		lines = append(lines, shapes(op, " Z1, Z2, Z3", " Z17, Z2, K1, Z19", ".Z Z1, Z18, K2, Z3", " 64(R10), Z2, K1, Z3", " Y17, Y18, K1, Y19",
			" 32(R10), X2, K1, X3")...)
	}
	lines = append(lines, shapes("VPSRLW $15,", " Z1, K1, Z3", ".Z Z17, K2, Z19", " 64(R10), K1, Z3", " Y17, K1, Y3", " X1, X19")...)
	for _, op := range []string{"VPCMPEQD", "VPCMPEQQ", "VPCMPGTD", "VPCMPGTQ"} {
		lines = append(lines, op+" Z1, Z2, K1, K4", op+" Z1, Z1, K4", op+".BCST 8(R10), Y2, K1, K4")
	}
	return lines
}()

func maskLines() []string {
	var lines []string
	for _, s := range []string{"B", "W", "D", "Q"} {
		for _, op := range []string{"KAND", "KANDN", "KOR", "KXOR", "KXNOR", "KADD"} {
			lines = append(lines, op+s+" K1, K2, K3")
		}
		lines = append(lines, "KNOT"+s+" K1, K3", "KMOV"+s+" K1, K3", "KMOV"+s+" AX, K3", "KMOV"+s+" K1, AX",
			"KMOV"+s+" 8(R10), K3", "KMOV"+s+" K1, 8(R10)",
			"KSHIFTL"+s+" $3, K1, K3", "KSHIFTR"+s+" $5, K1, K3", "KSHIFTL"+s+" $64, K1, K3", "KSHIFTR"+s+" $0, K1, K3",
			"flags CZSOP: KORTEST"+s+" K1, K2", "flags CZSOP: KTEST"+s+" K1, K2",
			"flags CZSOP: KXNOR"+s+" K1, K1, K1; KORTEST"+s+" K1, K2",
			"flags CZSOP: KXOR"+s+" K1, K1, K1; KORTEST"+s+" K1, K1")
	}
	return append(lines, "KUNPCKBW K1, K2, K3", "KUNPCKWD K1, K2, K3", "KUNPCKDQ K1, K2, K3")
}
