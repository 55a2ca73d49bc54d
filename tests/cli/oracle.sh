#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The real log gives every month of its oracle, through CSV and through JSON lines, whole or in overlapping parts.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

# The unique handles and requests of every month, as `month,unique,requests` lines, by the command.
counts() { # MONTHS-FILE
    local month
    while read -r month; do
        headroom --json status --contract demo --month "$month" |
            jq -r '.[0] | [.month, .unique_handles, .requests] | join(",")'
    done <"$1"
}

# An awk that shares nothing with the program makes JSON lines of the CSV.
to_json() {
    awk -F, 'NR > 1 { printf "{\"id\":\"%s\",\"time\":\"%s\",\"handle\":\"%s\"}\n", $1, $2, $3 }'
}

check_log() { # NAME LOG ORACLE
    local name=$1 log=$2 oracle=$3 records
    local csv=$work/$name.csv
    zcat "$log" >"$csv"
    records=$(($(wc -l <"$csv") - 1))
    tail -n +2 "$oracle" | cut -d, -f1 >"$work/months"
    tail -n +2 "$oracle" | cut -d, -f1-3 >"$work/wanted"

    ledger_new "${name}_csv" || bail_out "no ledger"
    exits 0 headroom contract add demo --limit 200 --price 2.50 --currency USD
    exits 0 headroom --json ingest "$log"
    is "$(jq -c '[.read, .added, .counted, .duplicate, .quarantined]' <<<"$out")" \
        "[$records,$records,$records,0,0]" "$name: each line of the CSV is added and counted"
    counts "$work/months" >"$work/got"
    is "$(diff "$work/wanted" "$work/got")" '' "$name: every month of the oracle, from CSV"
    exits 0 headroom --json ingest "$csv"
    is "$(jq -c '[.read, .added, .duplicate]' <<<"$out")" "[$records,0,$records]" "$name: the same again adds nothing"
    to_json <"$csv" | gzip >"$work/$name.jsonl.gz"
    exits 0 headroom --json ingest "$work/$name.jsonl.gz"
    is "$(jq -c '[.added, .duplicate]' <<<"$out")" "[0,$records]" "$name: nor does the same log as JSON lines"

    ledger_new "${name}_parts"
    headroom contract add demo --limit 200 --price 2.50 --currency USD >"$work/.add"
    to_json <"$csv" >"$work/all.jsonl"
    local third=$((records / 3))
    tail -n $((third + 500)) "$work/all.jsonl" >"$work/part3"
    head -n $((third + 500)) "$work/all.jsonl" >"$work/part1"
    sed -n "$((third - 500)),$((2 * third + 700))p" "$work/all.jsonl" | shuf --random-source="$csv" >"$work/part2"
    exits 0 headroom ingest "$work/part3" "$work/part1"
    exits 0 headroom ingest - <"$work/part2"
    exits 0 headroom --json ingest --again "$work/part1"
    is "$(jq -c '[.added, .quarantined]' <<<"$out")" '[0,0]' "$name: a part that was taken in before adds nothing"
    counts "$work/months" >"$work/got"
    is "$(diff "$work/wanted" "$work/got")" '' "$name: every month of the oracle, from overlapping parts in disorder"
    is "$(cluster_psql "${name}_parts" -At -c 'SELECT count(*) FROM headroom.event')" "$records" \
        "$name: each event is there once"
}

check_log recipes "$root/tests/data/recipes-commits.csv.gz" "$root/tests/data/recipes-commits.oracle.csv"

# The second log is larger than a checkout should be: a folder with both is named by HEADROOM_DATA.
second=${HEADROOM_DATA:-/nowhere}/sci-python-commits.csv.gz
if [ -e "$second" ]; then
    {
        echo month,unique_handles,events
        zcat "$second" | awk -F, 'NR > 1 { month = substr($2, 1, 7); events[month]++
            if (!seen[month, $3]++) handles[month]++ }
            END { for (month in events) print month "," handles[month] "," events[month] }' | LC_ALL=C sort
    } >"$work/sci.oracle.csv"
    check_log sci "$second" "$work/sci.oracle.csv"
else
    skip 'the second real log' 'HEADROOM_DATA names no folder with sci-python-commits.csv.gz'
fi
