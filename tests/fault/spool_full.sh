#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A spool's disk fills up: what it acknowledged is there, what was forwarded without an intent is covered by a gap
# record, also after a kill while the disk is full, and with room it goes on.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/disk.sh"

driver_find spool_driver
disk_mount 8m

# Starts a load that goes on until it is killed.
start_load() { # NAME
    "$driver" load "$disk/spool" fsync 16 100000000 print >"$work/$1" 2>"$work/$1.err" &
    pid=$!
}

# Each request of a load that was missed lies in a gap record ($out: the notes), and these tell of no others.
all_covered() { # NAME
    local found
    found=$(sed -nE 's/^gap //p' <<<"$out" | jq -r '[.from, .until, .requests] | @tsv' | awk '
        NR == FNR { from[NR] = $1; until[NR] = $2; told += $3; gaps = NR; next }
        /^missed [0-9]+ [0-9]+$/ {
            missed++
            for (i = 1; i <= gaps && !($2 >= from[i] && $2 <= until[i]); i++) continue
            if (i > gaps) open++
        }
        END { print (missed > 0 && told > 0 && told <= missed) ? "some" : "told " told " of " missed, open + 0 }' - "$work/$1")
    is "$found" 'some 0' "$1: each request that was missed lies in a gap record"
}

start_load first
ok 'the disk fills up, and requests are missed' within 60 says "$work/first" '^missed ' 200
kill -KILL "$pid"
wait "$pid" 2>"$work/.wait"
like "$(cat "$work/first.err")" 'the disk is full; make room' 'it says what is wrong and what to do'
unlike "$(cat "$work/first")" '(^|
)lost ' 'every request that was missed is on record'

# What the last commits had claimed of the disk may be enough to open it.
if ! "$driver" open "$disk/spool" 2>"$work/open"; then
    like "$(cat "$work/open")" 'the disk is full' 'a spool on a full disk that does not open says why'
fi

disk_resize 64m
exits 0 "$driver" notes "$disk/spool"
like "$out" '"reason":"the spool could not be written; at least, as the gateway was killed meanwhile"' \
    'after the kill the gap is on record'
all_covered first
notes=$out

exits 0 "$driver" list "$disk/spool"
sed -nE 's/^([0-9]+) .*"label":"([0-9]+)"\} \{.*\}$/\1 \2/p' <<<"$out" | sort >"$work/kept"
awk '/^ack [0-9]+ [0-9]+$/ { print $2, $3 }' "$work/first" | sort >"$work/acknowledged"
awk '/^missed [0-9]+ [0-9]+$/ { print $3 }' "$work/first" | sort >"$work/missed"
is "$(comm -23 "$work/acknowledged" "$work/kept" | head -n 3)" '' 'each acknowledged number is there'
is "$(cut -d ' ' -f 2 "$work/kept" | sort | comm -12 - "$work/missed" | head -n 3)" '' 'a request that was refused is no entry'

before=$(wc -l <<<"$notes")

# It recovers by itself: the disk fills up, room comes, and the same process takes intents again.
disk_resize 24m
start_load second
ok 'it fills up again' within 60 says "$work/second" '^missed ' 50
acknowledged=$(grep -c '^ack ' "$work/second")
disk_resize 96m
# More than the little room that moving the log of writes makes on the full disk: that takes intents too, for a moment.
ok 'with room intents are taken again' within 60 says "$work/second" '^ack ' $((acknowledged + 2000))
kill -KILL "$pid"
wait "$pid" 2>"$work/.wait"
disk_resize 400m
exits 0 "$driver" notes "$disk/spool"
out=$(tail -n +$((before + 1)) <<<"$out")
all_covered second
# The first one: while the test looks, the disk may fill up once more, and the kill cuts that gap off.
is "$(sed -nE 's/^gap //p' <<<"$out" | head -n 1 | jq -r .reason)" 'the spool could not be written' 'the gap was written as soon as there was room'
awk '/^ack [0-9]+ [0-9]+$/ { print $2, $3 }' "$work/second" | sort >"$work/acknowledged"
exits 0 "$driver" list "$disk/spool"
sed -nE 's/^([0-9]+) .*"label":"([0-9]+)"\} \{.*\}$/\1 \2/p' <<<"$out" | sort >"$work/kept"
is "$(comm -23 "$work/acknowledged" "$work/kept" | head -n 3)" '' 'each acknowledged number is there, before and after'
is "$(cut -d ' ' -f 1 "$work/acknowledged" | uniq -d | head -n 3)" '' 'none was given out twice'
