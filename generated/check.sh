#!/bin/sh
# Removes the committed packages, makes them again in a scratch folder and compares: they must be what the compiler writes today.
set -eu
cd "$(dirname "$0")"
go run ../cmd/pyragen gen --check
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp pyragen.yaml "$scratch"
go build -o "$scratch/pyragen" ../cmd/pyragen
(cd "$scratch" && ./pyragen gen)
for package in ett fig4 anydim; do
	diff -r "$package" "$scratch/$package" || {
		echo "generated/$package differs from what \`go generate ./generated\` writes; run it and commit" >&2
		exit 1
	}
done
for example in ett train graph; do
	(cd "../examples/$example" && go tool pyragen gen --check >/dev/null) || {
		echo "examples/$example/internal is stale; run \`go generate ./...\` there and commit" >&2
		exit 1
	}
done
echo "generated: ett, fig4 and anydim are what the compiler writes"
