#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Every fuzz target on its corpus, which holds samples of each format and what fuzzing found.
. "$(dirname "$0")/../lib/tap.sh"

exits 0 "${MAKE:-make}" -s -C "$root" BUILD="$build" fuzz-programs
for target in "$root"/tests/fuzz/fuzz_*.c; do
    name=$(basename "$target" .c)
    name=${name#fuzz_}
    samples=("$root/tests/fuzz/corpus/$name"/*)
    exits 0 "$build/tests/fuzz/$name" "${samples[@]}"
    is "$out" "${#samples[@]} inputs" "$name took all of its corpus"
    ok "which is more than one sample" test "${#samples[@]}" -gt 1
done
