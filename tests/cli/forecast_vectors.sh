#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# forecast: the method's test vectors through the command line, on both real logs. Where the second one is not there, on a
# log that has the same days.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new vectors || bail_out 'no ledger'
second=${HEADROOM_DATA:-/nowhere}/sci-python-commits.csv.gz
newest() { awk -F, 'NR == 1 || $2 >= "2022-02"'; } # of both logs: 36 months before each month of a vector, and more
add() { # NAME, the log on standard input
    headroom -q contract add "$1" --limit none --price 2.50 --currency USD >"$work/.add" &&
        newest >"$work/$1.csv" && headroom -q ingest --contract "$1" "$work/$1.csv" >"$work/.in" || bail_out "no contract $1"
}
add recipes-commits < <(zcat "$root/tests/data/recipes-commits.csv.gz")
if [ -e "$second" ]; then
    add sci-python-commits < <(zcat "$second")
else
    add sci-python-commits < <(awk -F, -f "$root/tests/lib/log_of_days.awk" "$root/tests/data/sci-python-commits.daily.csv")
fi

# A line of the table, with its header, as an object.
vectors() {
    jq -Rnc '[inputs | split(",")] | .[0] as $keys
        | .[1:][] | [$keys, .] | transpose | map({(.[0]): (.[1] | tonumber? // .)}) | add' \
        "$root/tests/data/forecast-vectors.csv"
}

# What is not as near as the method's text tells: mu to 1e-5, v to 2e-6, the others to half of their last digit.
far_off() { # VECTOR DOCUMENT
    jq -r --argjson want "$1" '.[0] as $got
        | def near($key; $got; $most): ($got // 0) as $got
            | if $got - $want[$key] | fabs > $most then "\($key) is \($got), not \($want[$key])" else empty end;
        [near("used"; $got.unique_handles; 0), near("mu"; $got.model.mu; 1e-5), near("v"; $got.model.v; 2e-6),
            near("seen"; $got.model.development; 0.50001e-6),
            near("level_variance"; $got.model.level_variance; 0.50001e-6),
            near("count_variance"; $got.model.count_variance; 0.50001e-6),
            near("weight"; $got.model.weight; 0.50001e-6), near("p50"; $got.p50; 0.50001e-3),
            (["p10", "p90", "p025", "p975"][] | near(.; $got[.]; 0.50001e-2)),
            near("probability"; $got.probability_over_limit; 0.50001e-4)] | join("; ")' <<<"$2"
}

count=0
while read -r vector; do
    read -r set month day known limit < <(jq -r '[.set, .month, .day, .known, .limit] | @tsv' <<<"$vector")
    months=$((known < 36 ? known : 36))
    exits 0 headroom --json forecast --contract "$set" --month "$month" --history "$months" --limit "$limit" \
        --as-of "$(printf '%s-%02d' "$month" $((day + 1)))"
    is "$(far_off "$vector" "$out")" '' "$set, $month, day $day, $known months known"
    is "$(jq '.[0].history_months' <<<"$out")" "$months" 'it rests on so many'
    count=$((count + 1))
done < <(vectors)
is "$count" 18 'all vectors'
