#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The same history gives the same forecast to the last bit, whichever compiler and level built it; and none of it traps
# under the checks of floating point.
. "$(dirname "$0")/../lib/tap.sh"

cd "$root" || bail_out "no $root"
sources=(tests/lib/forecast_bits.c src/forecast/*.c src/base/error.c)
histories=${HEADROOM_TEST_FULL:+5000}
histories=${histories:-120}

# The build's own flags but those that vary here: what changes how a sum is reckoned must come from the Makefile.
mapfile -t flags < <(tr -s ' ' '\n' <"$build/flags" | grep -E '^-(f|std=|I|D)' | grep -vE 'sanitize|FORTIFY')

print_bits() { # NAME COMPILER FLAG…
    local name=$1 compiler=$2
    shift 2
    "$compiler" "${flags[@]}" "$@" -o "$work/$name" "${sources[@]}" -lm && "$work/$name" "$histories" >"$work/$name.bits"
}

like "${flags[*]}" '-ffp-contract=off' 'the build contracts no products'
print_bits first gcc -O2
is "$(grep -c '^history' "$work/first.bits")" "$histories" 'the forecasts of random histories, by gcc -O2'
unlike "$(grep -m 1 -E 'nan|inf' "$work/first.bits")" '.' 'none of them is infinite or no number'

floats=undefined,float-divide-by-zero,float-cast-overflow
builds=('gcc -O0' 'clang -O0' 'clang -O2' "gcc -O1 -fsanitize=$floats -fno-sanitize-recover=all"
    "clang -O1 -fsanitize=$floats -fno-sanitize-recover=all")
[ -z "${HEADROOM_TEST_FULL:-}" ] || builds+=('gcc -O3 -march=native' 'clang -O3 -march=native')
for built in "${builds[@]}"; do
    if ! command -v "${built%% *}" >"$work/.path"; then skip "the same bits by $built" 'it is not there'; continue; fi
    # shellcheck disable=SC2086 # the words of a build
    print_bits other $built
    ok "the same bits by $built" cmp "$work/first.bits" "$work/other.bits"
    rm -f "$work/other.bits"
done
