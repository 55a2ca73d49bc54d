#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A disk that is full of requests alone: the spool opens on it after a kill, what is in it can be marked as drained, and
# then there is room for new requests, time and again; each one that was acknowledged is drained once. So it is also
# where the thread that moves the log of writes cannot keep up.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/disk.sh"

driver_find spool_driver
disk_mount 2m

# Loads until the disk is full, kills, drains.
fill_and_drain() { # DURABILITY CYCLE
    local name=$1.$2
    "$driver" load "$disk/$1" "$1" 16 100000000 print >"$work/$name" 2>"$work/$name.err" &
    pid=$!
    ok "$name: requests are recorded" within 60 says "$work/$name" '^ack ' 200
    ok 'until the disk is full' within 60 says "$work/$name" '^missed ' 50
    kill -KILL "$pid"
    wait "$pid" 2>"$work/.wait"
    exits 0 timeout 20 "$driver" drain "$disk/$1" 500 print
    printf '%s\n' "$out" >"$work/drained.$name"
}

has_threads() {
    mapfile -t threads < <(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -n)
    [ "${#threads[@]}" -ge 3 ]
}

while read -r durability cycles; do
    for ((cycle = 1; cycle <= cycles; cycle++)); do fill_and_drain "$durability" "$cycle"; done
    sed -nE 's/^([0-9]+) .*"label":"([0-9]+)"\}$/\1 \2/p' "$work/drained.$durability".* | sort >"$work/drained"
    awk '/^ack [0-9]+ [0-9]+$/ { print $2, $3 }' "$work/$durability".[1-9] | sort >"$work/acknowledged"
    is "$(comm -23 "$work/acknowledged" "$work/drained" | head -n 3)" '' "$durability: each acknowledged request is drained"
    is "$(cut -d ' ' -f 1 "$work/drained" | uniq -d | head -n 3)" '' 'none twice'
    is "$(cat "$work/$durability".[1-9] | grep -c '^lost ')" 0 'each one that was missed is on record'
    rm -r "${disk:?}/$durability"
done <<<$'fsync 3\nwrite 2'

# That thread gets next to no time: the log stays so short that the reserve is enough to move it.
disk_resize 16m
taskset -c "$(taskset -cp $$ | grep -oE '[0-9]+$')" "$driver" load "$disk/slow" write 16 100000000 print >"$work/slow" 2>"$work/slow.err" &
pid=$!
ok 'the threads have begun' within 10 has_threads
ok 'the second one waits for the others' chrt --idle --pid 0 "${threads[1]}"
ok 'until the disk is full' within 60 says "$work/slow" '^missed ' 50
kill -KILL "$pid"
wait "$pid" 2>"$work/.wait"
ok 'the log is no longer than the reserve' test "$(stat -c %s "$disk/slow/spool.db-wal")" -le $((2 << 20))
exits 0 timeout 20 "$driver" drain "$disk/slow" 500
