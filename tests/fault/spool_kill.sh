#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# kill -9 of a spool's process, again and again: each number that was acknowledged is there with its request, none twice,
# and each entry has an outcome.
. "$(dirname "$0")/../lib/tap.sh"

kills=4
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then kills=60; fi
RANDOM=$((HEADROOM_TEST_SEED % 32768))
note "seed $HEADROOM_TEST_SEED, $kills kills"
driver_find spool_driver

# Some kills hit the opening: they come within its first milliseconds.
kill_midway() { # DURABILITY NUMBER
    local pid
    "$driver" load "$work/$1" "$1" 64 100000000 print >"$work/$1.$2" 2>"$work/.err" &
    pid=$!
    if [ $(($2 % 4)) -eq 0 ]; then sleep "0.00$((RANDOM % 10))"; else sleep "0.$((RANDOM % 20 + 10))"; fi
    kill -KILL "$pid"
    wait "$pid" 2>"$work/.wait"
}

for durability in fsync write; do
    for ((i = 1; i <= kills; i++)); do kill_midway "$durability" "$i"; done
    # A line that the kill cut off was not read by anybody whole.
    for ((i = 1; i <= kills; i++)); do grep -E '^ack [0-9]+ [0-9]+$' "$work/$durability.$i"; done |
        awk '{ print $2, $3 }' | sort >"$work/acknowledged"
    exits 0 "$driver" list "$work/$durability"
    sed -nE 's/^([0-9]+) .*"label":"([0-9]+)"\} \{.*\}$/\1 \2/p' <<<"$out" | sort >"$work/kept"
    note "$durability: $(wc -l <"$work/acknowledged") acknowledged, $(wc -l <"$work/kept") kept"
    ok "$durability: some were acknowledged" test "$(wc -l <"$work/acknowledged")" -gt 1000
    is "$(comm -23 "$work/acknowledged" "$work/kept" | head -n 3)" '' "$durability: each acknowledged number is there, with its request"
    is "$(cut -d ' ' -f 1 "$work/acknowledged" | uniq -d | head -n 3)" '' "$durability: none was given out twice"
    is "$(wc -l <<<"$out")" "$(wc -l <"$work/kept")" "$durability: each entry is whole"
    ok "$durability: what was under way has an outcome that says so" grep -q '{"outcome":"unknown"}$' <<<"$out"
    exits 0 "$driver" drain "$work/$durability" 5000
    exits 0 "$driver" load "$work/$durability" "$durability" 8 100
done
