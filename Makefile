# Everything a fresh machine needs is fetched by the go command itself.
GO ?= go
DATA ?=
AGAINST ?= HEAD

.PHONY: demo train graph test quick generate check-generated lint verify-long bench-check bench-peers

# The main job on an embedded series; DATA=FILE reads a file in the ETTh1 form instead.
demo:
	cd examples/ett && $(GO) generate ./... && $(GO) run . $(if $(DATA),-data $(abspath $(DATA)))

# A forecaster, trained with generated attention and beside it with naive attention; DATA as above.
train:
	cd examples/train && $(GO) generate ./... && $(GO) run . $(if $(DATA),-data $(abspath $(DATA)))

# Attention over a citation graph, which is no pyramid.
graph:
	cd examples/graph && $(GO) generate ./... && $(GO) run .

# What CI runs: every module's tests, the committed packages remade and compared, static checks. lint has vetted the tests; collecting
# garbage half as often saves a tenth of the time.
test: export GOGC = 200
test: lint check-generated
	$(GO) test -vet=off -timeout 24m ./...
	cd examples/ett && $(GO) test -vet=off ./...
	cd examples/train && $(GO) test -vet=off ./...
	cd examples/graph && $(GO) test -vet=off ./...

# The tests of the packages alone.
quick:
	$(GO) test -short ./...

# Remakes the committed packages.
generate:
	$(GO) generate ./generated/...

# Removes, remakes and compares the committed packages.
check-generated:
	sh generated/check.sh

# vet on every kind of machine that the generated code is for, gofmt, staticcheck.
lint:
	sh .ci/lint

# The long column of the reliability page: hours.
verify-long:
	PYRAGEN_LONG=1 $(GO) test -timeout 0 ./...
	sh .ci/fuzz 10m

# Times the kernels that the compiler writes today beside the committed ones, or those of AGAINST, in turns; fails if one is slower by
# more than a tenth.
bench-check:
	cd generated && $(GO) run ../cmd/pyragen bench --pkg fig4 --types f32 --ops scores,context,reverse,attention,attention-grad \
		--len 1000,4000 --batch 4 --heads 4 --workers 2 --against $(AGAINST)

# Figures beside the peers of the README's table; PEERS is the folder with peers.py, PYTHON has numpy, torch and tvm.
bench-peers:
	sh .ci/bench-peers "$(PEERS)" "$(PYTHON)"
