package emulate_test

var shuffleLines = []string{
	"VSHUFPS $0x1b, Y1, Y2, Y3", "VSHUFPS $0xe4, X1, X2, X3", "VSHUFPD $6, Y1, Y2, Y3", "VSHUFPD $1, 64(R10), X2, X3",
	"VUNPCKLPS Y1, Y2, Y3", "VUNPCKHPS Y1, Y2, Y3", "VUNPCKLPD Y1, Y2, Y3", "VUNPCKHPD Y1, Y2, Y3",
	"VUNPCKHPD 64(R10), X2, X3",
	"VMOVSHDUP Y1, Y3", "VMOVSLDUP Y1, Y3", "VMOVDDUP Y1, Y3", "VMOVDDUP 8(R10), X3", "VMOVDDUP 32(R10), Y3",
	"VMOVSHDUP X1, X3",
	"VPERMILPS $0xb1, Y1, Y3", "VPERMILPS $0x4e, X1, X3", "VPERMILPD $5, Y1, Y3", "VPERMILPS Y1, Y2, Y3",
	"VPERMILPD Y1, Y2, Y3",
	"VPSHUFD $0x39, Y1, Y3", "VPSHUFD $0x39, X1, X3", "VPERM2F128 $1, Y1, Y2, Y3", "VPERM2F128 $0x31, Y1, Y2, Y3",
	"VPERM2F128 $0x28, Y1, Y2, Y3", "VPERM2I128 $0x83, 64(R10), Y2, Y3", "VPERMQ $0x4e, Y1, Y3", "VPERMPD $0x1b, 64(R10), Y3",
	"VPERMPS Y1, Y2, Y3", "VPERMD 64(R10), Y2, Y3", "VINSERTF128 $1, X1, Y2, Y3", "VINSERTF128 $0, 16(R10), Y2, Y3",
	"VINSERTI128 $1, X1, Y2, Y3", "VEXTRACTF128 $1, Y1, X3", "VEXTRACTF128 $0, Y1, 16(R10)", "VEXTRACTI128 $1, Y1, X3",
	"VINSERTPS $0x9a, X1, X2, X3", "VINSERTPS $0x60, 4(R10), X2, X3", "VEXTRACTPS $2, X1, AX", "VEXTRACTPS $3, X1, 4(R10)",
	"VPEXTRD $1, X1, AX", "VPEXTRQ $1, X1, AX", "VPINSRD $2, AX, X2, X3", "VPINSRQ $1, 8(R10), X2, X3",
	"VBLENDPS $0xa5, Y1, Y2, Y3", "VBLENDPS $6, X1, X2, X3", "VBLENDPD $9, Y1, Y2, Y3", "VPBLENDD $0x3c, Y1, Y2, Y3",
	"VBLENDVPS Y4, Y1, Y2, Y3", "VBLENDVPD Y4, Y1, Y2, Y3", "VBLENDVPS X4, 64(R10), X2, X3",
	"VHADDPS Y1, Y2, Y3", "VHADDPD Y1, Y2, Y3", "VHADDPS X1, X2, X3", "VHADDPD 64(R10), X2, X3", "VHSUBPS Y1, Y2, Y3",
	"VHSUBPD Y1, Y2, Y3",
	"VXORPS Y1, Y2, Y3", "VXORPD Y1, Y2, Y3", "VANDPS Y1, Y2, Y3", "VANDPD 64(R10), Y2, Y3", "VANDNPS Y1, Y2, Y3",
	"VANDNPD X1, X2, X3",
	"VORPS Y1, Y2, Y3", "VORPD X1, X2, X3", "VPXOR Y1, Y2, Y3", "VPAND X1, X2, X3", "VPOR Y1, Y2, Y3", "VPANDN Y1, Y2, Y3",
	"VPAND Y1, Y2, Y3", "VPANDN X1, X2, X3", "VPOR X1, X2, X3", "VPXOR X1, X2, X3",
}

var compareLines = func() []string {
	var lines []string
	for _, imm := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "17",
		"30"} {
		lines = append(lines, "VCMPPS $"+imm+", Y1, Y2, Y3", "VCMPPD $"+imm+", Y1, Y2, Y3", "VCMPSS $"+imm+", X1, X2, X3",
			"VCMPSD $"+imm+", 8(R10), X2, X3")
	}
	for _, op := range []string{"VUCOMISS", "VUCOMISD", "VCOMISS", "VCOMISD"} {
		lines = append(lines, "flags CZSOP: "+op+" X1, X2", "flags CZSOP: "+op+" 16(R10), X2")
	}
	return append(lines, "VMOVMSKPS Y1, AX", "VMOVMSKPD Y1, AX", "VMOVMSKPS X1, AX", "flags CZSOP: VPTEST Y1, Y2",
		"flags CZSOP: VTESTPS Y1, Y2",
		"flags CZSOP: VTESTPD X1, X2", "flags CZSOP: VPXOR Y1, Y1, Y1; VPTEST Y1, Y2", "flags CZSOP: VPTEST Y2, Y2")
}()

var convertLines = func() []string {
	lines := []string{
		"VCVTPS2PD X1, Y3", "VCVTPS2PD X1, X3", "VCVTPS2PD 16(R10), Y3", "VCVTPD2PSY Y1, X3", "VCVTPD2PSX X1, X3",
		"VCVTPD2PSY 64(R10), X3",
		"VCVTDQ2PS Y1, Y3", "VCVTPS2DQ Y1, Y3", "VCVTTPS2DQ Y1, Y3", "VCVTDQ2PD X1, Y3", "VCVTPD2DQY Y1, X3",
		"VCVTTPD2DQY Y1, X3", "VCVTPD2DQX X1, X3",
		"VCVTSS2SD X1, X2, X3", "VCVTSD2SS X1, X2, X3", "VCVTSS2SD 4(R10), X2, X3", "VCVTSI2SSL AX, X2, X3",
		"VCVTSI2SSQ AX, X2, X3",
		"VCVTSI2SDL AX, X2, X3", "VCVTSI2SDQ AX, X2, X3", "VCVTTSS2SI X1, AX", "VCVTTSS2SIQ X1, AX", "VCVTTSD2SI X1, AX",
		"VCVTTSD2SIQ X1, AX",
		"VCVTSS2SI X1, AX", "VCVTSS2SIQ X1, AX", "VCVTSD2SI X1, AX", "VCVTSD2SIQ 8(R10), AX", "VCVTPH2PS X1, Y3",
		"VCVTPH2PS 8(R10), X3",
	}
	for _, imm := range []string{"0", "1", "2", "3", "4", "5"} {
		lines = append(lines, "VCVTPS2PH $"+imm+", Y1, X3", "VCVTPS2PH $"+imm+", X1, X3", "VCVTPS2PH $"+imm+", Y1, 16(R10)",
			"VROUNDPS $"+imm+", Y1, Y3", "VROUNDPD $"+imm+", Y1, Y3", "VROUNDSS $"+imm+", X1, X2, X3",
			"VROUNDSD $"+imm+", 8(R10), X2, X3")
	}
	return lines
}()

var integerLines = func() []string {
	var lines []string
	for _, op := range []string{"VPADDD", "VPADDQ", "VPSUBD", "VPSUBQ", "VPMULUDQ", "VPMULLD", "VPMINSD", "VPMINUD",
		"VPMAXSD", "VPMAXUD", "VPADDSW", "VPSUBUSW", "VPMAXUW", "VPBLENDW $0xa5,",
		"VPCMPEQD", "VPCMPEQQ", "VPCMPGTD", "VPCMPGTQ"} {
		lines = append(lines, op+" Y1, Y2, Y3", op+" X1, X2, X3", op+" 64(R10), Y2, Y3")
	}
	lines = append(lines, "VPSRLW $15, Y1, Y3", "VPSRLW $3, X1, X3", "VPSRLW $16, Y1, Y3", "VPCMPEQD Y1, Y1, Y3", "VPMOVSXDQ X1, Y3", "VPMOVZXDQ 8(R10), X3", "VPMOVZXDQ X1, Y3",
		"VPMOVSXDQ X1, X3", "VPSRAVD Y1, Y2, Y3")
	for _, op := range []string{"VPSLLD", "VPSRLD", "VPSRAD", "VPSLLQ", "VPSRLQ"} {
		lines = append(lines, op+" $5, Y1, Y3", op+" $31, X1, X3", op+" $70, Y1, Y3", op+" X1, Y2, Y3",
			"VPMOVZXDQ X1, X1; VPSRLQ $26, X1, X1; "+op+" X1, X2, X3")
	}
	for _, op := range []string{"VPSLLVD", "VPSLLVQ", "VPSRLVD", "VPSRLVQ", "VPSRAVD"} {
		lines = append(lines, op+" Y1, Y2, Y3", "VPSRLD $27, Y1, Y1; "+op+" Y1, Y2, Y3")
	}
	return lines
}()
