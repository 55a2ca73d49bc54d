#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The real log gives every month of its oracle, through each format alone and through all of them after one another, whole
# or in overlapping parts.
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

# Each to_FORMAT makes of the CSV what the format's name says, by programs that share nothing with headroom.
to_csv() { cat; }

to_json() {
    awk -F, 'NR > 1 { printf "{\"id\":\"%s\",\"time\":\"%s\",\"handle\":\"%s\"}\n", $1, $2, $3 }'
}

# CloudEvents, whose source is what the other formats have by default.
to_cloudevents() {
    awk -F, 'NR > 1 { printf "{\"specversion\":\"1.0\",\"type\":\"com.x.engagement.request\",\"source\":\"demo\",", ""
        printf "\"id\":\"%s\",\"time\":\"%s\",\"subject\":\"%s\",\"datacontenttype\":\"application/json\",", $1, $2, $3
        printf "\"data\":{\"status\":200}}\n", "" }'
}

to_array() {
    printf '['
    to_cloudevents | sed '$!s/$/,/'
    printf ']'
}

to_mapped() { sed '1s/.*/nr,made,who/'; }

# A HAR: the handle as a number is the user id in front of the token.
to_har() {
    awk -F, '
        function number(hex,  i, sum) {
            for (i = 1; i <= length(hex); i++) sum = sum * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
            return sprintf("%.0f", sum)
        }
        NR == 1 { printf "{\"log\": {\"version\": \"1.2\", \"creator\": {\"name\": \"awk\"}, \"entries\": [\n" }
        NR > 1 {
            printf "%s{\"startedDateTime\": \"%s\", \"time\": 12.5, ", (NR > 2 ? ",\n" : ""), $2
            printf "\"request\": {\"method\": \"POST\", \"headers\": [{\"name\": \"authorization\", \"value\": "
            printf "\"OAuth oauth_nonce=\\\"%s\\\", oauth_token=\\\"%s-Zr4bXw9KpQ2mLs8V\\\"\"}], ",
                $1, number(substr($3, 2))
            printf "\"url\": \"https://data-api.twitter.com/insights/engagement/totals\"}, "
            printf "\"response\": {\"status\": 200, \"content\": {\"text\": \"{}\"}, \"bodySize\": %d}}", NR
        }
        END { print "\n]}}" }'
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
    to_cloudevents <"$csv" >"$work/$name.cloudevents"
    exits 0 headroom --json ingest "$work/$name.cloudevents"
    is "$(jq -c '[.added, .duplicate]' <<<"$out")" "[0,$records]" "$name: nor as CloudEvents"
    to_array <"$csv" >"$work/$name.array"
    exits 0 headroom --json ingest "$work/$name.array"
    is "$(jq -c '[.added, .duplicate]' <<<"$out")" "[0,$records]" "$name: nor as an array of them"

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

    if [ "${HEADROOM_TEST_FULL:-}" != 1 ]; then
        tail -n 3 "$work/months" >"$work/last" && mv "$work/last" "$work/months"
        grep -F -f "$work/months" "$work/wanted" >"$work/last" && mv "$work/last" "$work/wanted"
        awk -F, 'NR == FNR { month[$1] = 1; next } FNR == 1 || substr($2, 1, 7) in month' \
            "$work/months" "$csv" >"$work/part" && mv "$work/part" "$csv"
    fi
    check_alone "$name" csv csv
    check_alone "$name" mapped csv --map id=nr,time=made,handle=who
    check_alone "$name" json json
    check_alone "$name" cloudevents cloudevents
    check_alone "$name" array cloudevents
    check_alone "$name" har har
}

# What is in $csv, in one format, into an empty ledger.
check_alone() { # NAME FORMAT RECOGNISED-AS [OPTION…]
    local name=$1 format=$2 recognised=$3 records
    shift 3
    records=$(($(wc -l <"$csv") - 1))
    cluster_database "${name}_only_$format" empty || bail_out 'no ledger'
    HEADROOM_DB=$(cluster_url "${name}_only_$format")
    exits 0 headroom --json ingest "$@" - < <("to_$format" <"$csv")
    is "$(jq -c '[.read, .added, .counted, .duplicate, .quarantined]' <<<"$out")" "[$records,$records,$records,0,0]" \
        "$name: each record is added and counted, alone as $format"
    is "$(cluster_psql "${name}_only_$format" -At -c 'SELECT DISTINCT format FROM headroom.batch')" "$recognised" \
        "$name: $format is read as $recognised"
    counts "$work/months" >"$work/got"
    is "$(diff "$work/wanted" "$work/got")" '' "$name: every month of the oracle, from $format alone"
}

ledger_new empty || bail_out 'no ledger'
headroom contract add demo --limit 200 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'

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
