#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The tables of days that the forecast's tests stand on are what the real logs say.
. "$(dirname "$0")/../lib/tap.sh"

check_table() { # NAME LOG
    zcat "$2" | awk -F, -v from=2020-04 -f "$root/tests/lib/daily.awk" >"$work/table"
    ok "$1: the table of days is made of its log" cmp "$work/table" "$root/tests/data/$1.daily.csv"
}

check_table recipes-commits "$root/tests/data/recipes-commits.csv.gz"
# Each month's new handles are as many as the oracle, which other programs reckoned, has.
awk -F, 'NR > 1 { n = split($2, new, " "); sum = 0; for (i = 1; i <= n; i++) sum += new[i]; print $1 "," sum }' \
    "$root/tests/data/recipes-commits.daily.csv" >"$work/sums"
awk -F, '$1 >= "2020-04" && NR > 1 { print $1 "," $2 }' "$root/tests/data/recipes-commits.oracle.csv" >"$work/wanted"
ok 'its months sum up to the oracle' cmp "$work/wanted" "$work/sums"

second=${HEADROOM_DATA:-/nowhere}/sci-python-commits.csv.gz
if [ -e "$second" ]; then
    check_table sci-python-commits "$second"
else
    skip 'the second real log' 'HEADROOM_DATA names no folder with sci-python-commits.csv.gz'
fi
