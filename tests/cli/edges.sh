#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Where counts and charges are easily wrong, each with figures worked out by hand, as status, reconcile, price and close
# say them: events to the microsecond at both ends of a period, midnights that come twice or never, ties, empty months, a
# limit of 0, none at all, and the month before the first terms.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new edges || bail_out 'no ledger'
add() { headroom contract add "$@" >"$work/.add" || bail_out 'no contract'; }
figures='.[0] | [.unique_handles, .requests, .limit, .headroom, .overage, .charge]'

# answers NAME MONTH FIGURES: they are said before the close, which counts the month again from its events, and after it.
answers() {
    local name=$1 month=$2 wanted=$3 said
    local of=(--contract "$name" --month "$month") used
    used=$(jq '.[0]' <<<"$wanted")
    for said in status reconcile; do
        exits 0 headroom --json $said "${of[@]}"
        is "$(jq -c "$figures" <<<"$out")" "$wanted" "$name, $month: $said"
    done
    is "$(jq -c '.[0].lines | map(.amount | tonumber) | add // 0 | . * 100 | round' <<<"$out")" \
        "$(jq '.[5] | tonumber | . * 100 | round' <<<"$wanted")" "$name, $month: the lines make the charge"
    exits 0 headroom --json price --handles "$used" "${of[@]}"
    is "$(jq .charge <<<"$out")" "$(jq '.[5]' <<<"$wanted")" "$name, $month: price"
    exits 0 headroom close "${of[@]}"
    exits 0 headroom --json reconcile "${of[@]}"
    is "$(jq -c "[.[0].state, ($figures)]" <<<"$out")" "[\"closed\",$wanted]" "$name, $month: as it was sealed"
}

# ---- both ends of a period, to the microsecond ----

# edge NAME ZONE DAY FROM UNTIL: users 1 and 5 are just outside of [FROM, UNTIL), 2, 3 and 4 just inside.
edge() {
    local name=$1 user=0 from until at
    add "$name" --limit 1 --price 2.50 --currency USD --time-zone "$2" --billing-day "$3" --from 2020-01-01
    from=$(date -ud "$4" +%s)000000
    until=$(date -ud "$5" +%s)000000
    # User 3 within the hour that comes twice where one does.
    for at in $((from - 1)) "$from" $((from + 3599999999)) $((until - 1)) "$until"; do
        user=$((user + 1))
        printf '{"id":"%s%d","contract":"%s","time":%s,"user_id":%d}\n' "$name" $user "$name" "$at" $user
    done >>"$work/edges.jsonl"
}
cat >"$work/edges" <<'END'
utc UTC 1 2024-02 2024-02-01T00:00:00Z 2024-03-01T00:00:00Z
havana-twice America/Havana 5 2023-11 2023-11-05T04:00:00Z 2023-12-05T05:00:00Z
havana-never America/Havana 10 2024-03 2024-03-10T05:00:00Z 2024-04-10T04:00:00Z
azores-twice Atlantic/Azores 29 2023-10 2023-10-29T00:00:00Z 2023-11-29T01:00:00Z
azores-never Atlantic/Azores 31 2024-03 2024-03-31T01:00:00Z 2024-04-30T00:00:00Z
beirut-back Asia/Beirut 29 2023-10 2023-10-28T22:00:00Z 2023-11-28T22:00:00Z
beirut-never Asia/Beirut 26 2023-03 2023-03-25T22:00:00Z 2023-04-25T21:00:00Z
END
while read -r name zone day month from until; do
    edge "$name" "$zone" "$day" "$from" "$until"
done <"$work/edges"
exits 0 headroom ingest "$work/edges.jsonl"
while read -r name zone day month from until; do
    answers "$name" "$month" '[3,3,1,0,2,"5.00"]'
    is "$(jq -c '.[0] | [.period_start, .period_end]' <<<"$out")" "[\"$from\",\"$until\"]" "$name: the period"
done <"$work/edges"

# ---- limits, empty months, before the first terms ----

add zero --limit 0 --price 2.50 --currency USD --from 2026-03-01
add none --limit none --price 2.50 --currency USD --from 2026-03-01
add yen --limit 0 --price 100 --currency JPY --from 2026-03-01
for name in zero none yen; do
    for user in 1 2; do
        printf '{"id":"%d","contract":"%s","time":"2026-03-10T00:00:00Z","user_id":%d}\n' $user $name $user
    done
    printf '{"id":"3","contract":"%s","time":"2026-02-28T23:59:59.999999Z","user_id":3}\n' $name
    printf '{"id":"4","contract":"%s","time":"2026-05-01T00:00:00Z","user_id":4}\n' $name
done >"$work/limits.jsonl"
exits 0 headroom ingest "$work/limits.jsonl"
answers zero 2026-03 '[2,2,0,0,2,"5.00"]'
answers zero 2026-04 '[0,0,0,0,0,"0.00"]'
answers none 2026-03 '[2,2,null,null,0,"0.00"]'
answers none 2026-04 '[0,0,null,null,0,"0.00"]'
answers yen 2026-03 '[2,2,0,0,2,"200"]'
answers yen 2026-04 '[0,0,0,0,0,"0"]'
price() { headroom --json price --contract "$@" --month 2026-03 | jq -r '"\(.units) \(.charge)"'; }
is "$(price none --handles 100)" '0 0.00' 'no handle is too many without a limit'
is "$(price none --units 2)" '2 5.00' 'though overage has a price'
is "$(price zero --handles 1)" '1 2.50' 'with a limit of 0 the first handle costs'
is "$(price zero --units 0)" '0 0.00' 'and none nothing'
for command in status 'reconcile' 'reconcile --recount' handles 'price --units 1' close 'close --dry-run'; do
    # shellcheck disable=SC2086 # a command and its option
    exits 1 headroom $command --contract zero --month 2026-02
    like "$err" '2026-02' 'it names the month'
    is "$out" '' 'and prints nothing'
done

# ---- ties ----

# Of two users with one handle since the same microsecond the lower one owns it; of two events of one microsecond the
# lower source, then the lower id, is the first.
add ties --limit 1 --price 2.50 --currency USD --from 2026-03-01
cat >"$work/ties.jsonl" <<'END'
{"id":"z","source":"b","time":"2026-03-10T00:00:00.000001Z","user_id":20,"handle":"amy"}
{"id":"y","source":"b","time":"2026-03-10T00:00:00.000001Z","user_id":3,"handle":"amy"}
{"id":"x","source":"b","time":"2026-03-10T00:00:00.000001Z","handle":"Amy"}
{"id":"w","source":"a","time":"2026-03-31T23:59:59.999999Z","user_id":20}
{"id":"v","source":"a","time":"2026-03-10T00:00:00.000001Z","user_id":20}
{"id":"later","source":"a","time":"2026-04-01T00:00:00Z","user_id":20}
{"id":"later","source":"b","time":"2026-04-01T00:00:00Z","user_id":20}
END
exits 0 headroom ingest --contract ties "$work/ties.jsonl"
exits 0 headroom --json handles --contract ties --month 2026-03
is "$(jq -c 'sort_by(.user_id | tonumber) | .[] | [.user_id, .requests, .first_event.source, .first_event.id]' <<<"$out")" \
    $'["3",2,"b","x"]\n["20",3,"a","v"]' 'the lower user owns the handle; the lower source and id come first'
answers ties 2026-03 '[2,5,1,0,1,"2.50"]'
exits 0 headroom verify
