#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# forecast while a source is behind the others: nowhere is less forecast than is used already.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/book.sh"

ledger_new behind || bail_out 'no ledger'
add() { headroom -q contract add "$@" >>"$work/.add" 2>&1 || bail_out "no contract $1" "$(tail -n 3 "$work/.add")"; }
words() { "$@" 2>"$work/.err" | tr -s ' \n' ' '; }
# take CONTRACT SOURCE: events from standard input.
take() { headroom -q ingest --contract "$1" --source "$2" - >"$work/.in" || bail_out 'not taken in'; }
users() { awk -v day="$1" -v from="$2" -v to="$3" 'BEGIN { for (i = from; i <= to; i++)
    printf "{\"id\":\"%d\",\"time\":\"%sT%02d:%02d:%02dZ\",\"user_id\":%d}\n", i, day, i / 3600, i / 60 % 60, i % 60, i }'; }
# shellcheck disable=SC2016 # $used is jq's
# What every JSON of a forecast must hold to, beside so many handles in use.
consistent='.p10 >= $used and .p50 >= .p10 and .p90 >= .p50 and .mean >= .p10'

# A billing month that is some two weeks old: one source has delivered a single event on its third day, another one
# eleven in the hour after that.
began=$(date -ud '-14 days' +%F)
[ "${began:8}" -le 28 ] || began=$(date -ud '-18 days' +%F)
third=$(date -ud "$began +2 days" +%F)
add acme --limit 5 --price 2.50 --currency EUR --billing-day "$((10#${began:8}))"
users "$third" 1 1 | take acme slow
users "$third" 3600 3609 | take acme fast

note 'status'
exits 0 headroom --json status
is "$(jq -c '.[0] | [.unique_handles, .data_until]' <<<"$out")" "[11,\"${third}T00:00:01.000001Z\"]" \
    'eleven are used, and data until is the slow source'\''s'
is "$(jq "[.[0] | .unique_handles as \$used | .forecast | $consistent, .probability_over_limit == 1, .crossing_date == null]" -c <<<"$out")" \
    '[true,true,true]' 'no quantile lies below, and the limit is passed for certain'
like "$(words headroom status)" ' passed ' 'as text'
is "$(headroom status --format prometheus | awk '/^headroom_unique_handles/ { used = $2 } /^headroom_forecast_handles/ && $2 < used')" '' \
    'nor as metrics'

note 'forecast'
exits 0 headroom --json forecast --record
is "$(jq "[.[0] | 11 as \$used | ($consistent), .p025 >= 11, .p975 >= .p90, (.known_handles == 11), (.unique_handles <= 11),
    (.passed_date == \"$third\")]" -c <<<"$out")" '[true,true,true,true,true,true]' 'as JSON; the limit was passed on the third day'
is "$(jq -c '.[0].hints | map(.code)' <<<"$out")" '["sources_behind"]' 'a hint says why it may be too low'
like "$(words headroom forecast)" \
    "the limit was passed on [0-9]+ .* The month is counted beyond ${third}T00:00:01Z, up to which all sources have delivered: .*; 'headroom sources' says more\\." 'as text'
is "$(cluster_psql behind -Atc 'SELECT p10 >= 11 FROM headroom.forecast_said')" t 'what is recorded'
exits 0 headroom --json forecast --as-of "${third}T00:00:01.000001Z"
is "$(jq -c '.[0] | [.unique_handles, .known_handles]' <<<"$out")" '[1,1]' \
    'as of a time it knows nothing of what came later'
exits 0 headroom --json forecast --as-of "${third}T01:00:04Z"
is "$(jq -c '.[0] | [.known_handles, .p10 >= 5]' <<<"$out")" '[5,true]' 'and of what came before it, all'
printf '%s\n' 3603 3608 12 >"$work/plan.txt"
is "$(headroom -q --json forecast --plan "$work/plan.txt" | jq -c '.[0] | [.plan.counted, .plan.new, .plan.unique_handles, .plan.p50 >= 12]')" \
    '[2,1,12,true]' 'a plan counts whoever is known as counted'

note 'an event that lies ahead of the clock is used too'
add ahead --limit 100 --price 1 --currency EUR --billing-day "$((10#${began:8}))"
users "$third" 1 2 | take ahead one
printf '{"time":"%s","user_id":9}\n' "$(date -ud '+10 minutes' +%FT%TZ)" | take ahead one
is "$(headroom -q --json forecast --contract ahead | jq '.[0] | [.known_handles, (.p10 >= 3)]' -c)" '[3,true]' 'and no quantile lies below it'

note 'in the middle of a month'
add mid --limit 40 --price 2.50 --currency EUR
users 2026-03-04 1 1 | take mid slow
for day in 02 04 06 08 10 12 14 16; do users "2026-03-$day" 1 "$((10#$day * 2))" | sed "s/\"id\":\"/&$day-/" | take mid fast; done
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(date -ud 2026-03-17T12:00:00Z +%s)
exits 0 headroom report overage --contract mid --month 2026-03 -o "$work/books/mid.xlsx"
books_recalculate
value() { cell mid "$1" "$2"; }
is "$(value 'Unique handles' Summary)" 32 'the summary counts all'
is "$(value 'Counted so far' Forecast)" 32 'the forecast goes by all that was delivered, where it says more than what is whole'
like "$(value 'Counted up to (UTC)' Forecast)" '^2026-03-16' 'up to the last delivery'
ok 'its low end is not below' test "$(value 'Low end (10 %)' Forecast)" -ge 32
is "$(sheet mid Daily | awk -F '\t' '$1 ~ /^2026-03-/ && $7 != "" && $16 != "" && $16 < $7')" '' 'nor is any day of it'
exits 0 headroom report overage --contract mid --month 2026-03 -o "$work/mid.html"
exits 0 headroom report overage --contract mid --month 2026-03 --format json -o "$work/mid.json"
is "$(jq -c '[.. | objects | select(has("p50") and has("goes_on"))][0] | [.used, .p10 >= 32, .p50 >= .p10, .p90 >= .p50]' "$work/mid.json")" \
    '[32,true,true,true]' 'as JSON'
