#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# forecast: what is said of a real log, every case of a month, and what is refused.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new forecast || bail_out 'no ledger'
zcat "$root/tests/data/recipes-commits.csv.gz" | awk -F, 'NR == 1 || $2 >= "2023-03"' >"$work/real.csv"
{
    headroom contract add real --limit 160 --price 2.50 --currency USD --from 2023-03-01 &&
        headroom -q ingest --contract real "$work/real.csv"
} >"$work/.add" || bail_out 'no contract'

note 'JSON'
exits 0 headroom --json forecast --month 2026-03 --as-of 2026-03-11 --history 3
is "$(jq -c 'map(keys_unsorted)' <<<"$out")" \
    '[["contract","month","as_of","unique_handles","mean","p025","p05","p10","p25","p50","p75","p90","p95","p975","limit","probability_over_limit","crossing_date","expected_charge","currency","method","history_months","state","period_start","period_end","data_until","overage","charge","left_out","accuracy","default_curve","elapsed_days","days","passed_date","model","known_handles","hints"]]' \
    'the keys, in their order'
is "$(jq -c '.[0] | [.contract, .month, .as_of, .limit, .crossing_date, .currency, .method, .state, .period_start, .period_end, .data_until, .left_out, .default_curve, .elapsed_days, .days, .passed_date]' <<<"$out")" \
    '["real","2026-03","2026-03-11T00:00:00Z",160,"2026-03-21","USD","credibility","over","2026-03-01T00:00:00Z","2026-04-01T00:00:00Z","2026-06-30T23:12:43.000001Z",[],false,10,31,null]' \
    'what stands in them; a date is its start'
is "$(jq -c '.[0] | [.p10, .p90] | map(floor)' <<<"$out")" '[170,247]' 'quantiles are not rounded outward'
is "$(jq -c '.[0] | [.overage.p10, .overage.p90, .charge.p10, .charge.p90, .expected_charge == .charge.mean]' <<<"$out")" \
    '[10,87,"25.00","217.50",true]' 'the charge is that of the overage beside it, in whole handles'
is "$(jq '.[0] | (.charge.mean | tonumber) - 2.5 * .overage.mean | fabs <= 0.005' <<<"$out")" true 'so is the mean, to the cent'
same=$out
exits 0 headroom --json forecast --month 2026-03 --as-of 2026-03-11 --history 3
is "$out" "$same" 'asked again it answers the same'
exits 0 headroom --json forecast --as-of 2026-03-11T01:00:00+01:00 --history 3
is "$out" "$same" 'without --month it is that of --as-of; the same instant in another zone'
is "$(headroom --json forecast --as-of 2026-03-11 | jq -c '.[0].accuracy | [.day, .months, (.error * 1000 | round), (.cover80 * 100 | round)]')" \
    '[10,24,75,83]' 'how good it was on day 10 of the 24 months before'
is "$(headroom --json forecast --as-of 2026-03-10T12:00:00Z | jq -c '.[0] | [.elapsed_days, .unique_handles]')" '[9.5,96]' \
    'a part of a day counts as such'

note 'text'
exits 0 headroom forecast --month 2026-03 --as-of 2026-03-11 --history 12
is "$out" "$(
    cat <<'END'
Contract real, billing month 2026-03: 1 March to 31 March

Up to 10 March you had used 101 of 160. The month would then most likely end at
207 (180 to 238); the chance of an overage was 99 %, expected charge 120.61 USD.
It ended at 242.

AT THE MONTH'S END    FORECAST
most likely           207
50 % interval         192 to 223
80 % interval         180 to 238
95 % interval         165 to 259
chance of an overage  99 %
limit passed          about 22 March
expected overage      48.2 (20 to 78)
expected charge       120.61 USD (50.00 to 195.00)

Rests on 12 months, 2025-03 to 2026-02.
On day 10 of the last 11 months the forecast was off by 10.1 % on average; its
80 % interval held 8 of 11.
As of 2026-03-11T00:00:00Z. Data until 2026-06-30T23:12:43Z; 10 of 31 days are
over.
END
)" 'piped: plain text without a chart'
words() { "$@" 2>"$work/.err" | tr -s ' \n' ' '; }
like "$(words headroom forecast --as-of 2026-03-23 --history 12)" \
    'you had used 189 of 160: the limit was passed on 18 March\. The month would then most likely end at [0-9]+ \([0-9]+ to [0-9]+\); expected charge [0-9.]+ USD.*95 % interval [0-9to ]+ limit passed 18 March expected overage' \
    'a limit that is passed: when, and no chance of it'
is "$(headroom --json forecast --as-of 2026-03-23 | jq -c '.[0] | [.probability_over_limit, .crossing_date, .passed_date]')" \
    '[1,null,"2026-03-18"]' 'and as JSON'
is "$(headroom --json forecast --month 2026-03 --limit 189 | jq -r '.[0].passed_date')" 2026-03-23 \
    'a limit that a day ends at is passed by the first handle after it'
like "$(words headroom forecast --month 2026-03)" \
    'The month is over\. You used 242 of 160: 82 over the limit, passed on 18 March, for 205\.00 USD\. That is the count, not a forecast\.' \
    'a month that is over says its count'
like "$(words headroom forecast --month 2026-06)" \
    'The month is over, but nothing after 2026-06-30T23:12:43Z has been delivered\. Up to then you used [0-9]+ of 160: .*--as-of 2026-06-30T23:12:43\.000001Z. forecasts the rest\.' \
    'one whose last minutes may still come says so'
exits 0 headroom -q forecast --month 2026-09
like "$(tr '\n' ' ' <<<"$out")" 'The month is over, but nothing of it has been delivered\. The month most likely ended at [0-9]+ \([0-9 to]+\); the chance of an overage was ' \
    'one of which nothing came is forecast, and says so'
is "$(headroom -q --json forecast --month 2026-09 | jq -c '.[0] | [.as_of, .method, .elapsed_days, .unique_handles, .p50 > 150]')" \
    '["2026-09-01T00:00:00Z","credibility",0,0,true]' 'as JSON'
unlike "$(headroom forecast --month 2026-03)" 'interval|Rests' 'and no interval'
exits 0 headroom --json forecast --month 2026-03
is "$(jq -c '.[0] | [.as_of, .method, .p025, .p50, .p975, .mean, .probability_over_limit, .expected_charge, .history_months, .default_curve, .accuracy, .model]' <<<"$out")" \
    '["2026-04-01T00:00:00Z","count",242,242,242,242,1,"205.00",0,false,null,null]' 'as JSON every quantile is the count'
like "$(words headroom forecast --month 2026-03 --limit 300)" 'You used 242 of 300; 58 were left\.' 'within the limit: what was left'
like "$(words headroom forecast --as-of 2026-03-11 --limit 2000)" \
    'chance of an overage was below 1 %, expected charge 0\.00 USD\..*limit passed not expected this month' 'a limit that is far away'
like "$(words headroom forecast --as-of 2026-03-29 --limit 200)" 'above 99 %|the limit was passed' 'nothing is said to be certain'
is "$(headroom --json forecast --month 2026-03 --price 0.125 | jq -r '.[0].expected_charge')" 10.25 'what another price would mean'

note 'the last day of a month'
last_day() { headroom --json forecast --as-of "$1" --limit 160 | jq -c '.[0].accuracy | [.day, .months]'; }
is "$(last_day 2026-03-31T18:00:00Z)" "$(last_day 2026-03-31T06:00:00Z)" \
    'no past month is longer: how good it is, is said of the day before'
like "$(words headroom forecast --as-of 2026-03-31T18:00:00Z)" 'Up to 31 March .* On day 30 of the last 14 months the forecast' \
    'and the sentence names both days'
exits 2 headroom forecast --as-of 2100-01-01
like "$err" 'as-of lies in the future: .*; choose an earlier time' 'the future is no time to count up to'

note 'without history'
exits 0 headroom forecast --as-of 2026-03-11 --history 0
like "$out" 'Rests on a default curve' 'says that it rests on a default curve'
like "$(tr -s '\n' ' ' <<<"$out")" 'How good it is on this contract cannot be said' 'and that nobody knows how good that is'
is "$(headroom --json forecast --as-of 2026-03-11 --history 0 | jq -c '.[0] | [.history_months, .default_curve, .accuracy, .model.level]')" \
    '[0,true,null,null]' 'as JSON'
exits 0 headroom --json forecast --as-of 2023-03-01T00:00:00Z
is "$(jq -c '.[0] | [.unique_handles, .p50, .mean, .probability_over_limit, .expected_charge, .charge.p10]' <<<"$out")" \
    '[0,null,null,null,null,null]' 'nothing known at all: there is none'
like "$(words headroom forecast --as-of 2023-03-01T00:00:00Z)" 'there is no forecast' 'and it says so'

note 'months that are left out'
exits 0 headroom periods ignore 2026-01 --reason 'a campaign'
exits 0 headroom periods ignore 2025-12 --reason 'a campaign'
exits 0 headroom forecast --as-of 2026-03-11 --history 3
like "$out" 'Rests on 3 months, 2025-10 to 2026-02\.
Left out: 2025-12 to 2026-01 \(ignored: a campaign\)\.' 'which months, and why'
is "$(headroom --json forecast --as-of 2026-03-11 --history 3 | jq -c '.[0] | [.history_months, .left_out]')" \
    '[3,[{"month":"2025-12","reason":"ignored: a campaign"},{"month":"2026-01","reason":"ignored: a campaign"}]]' 'as JSON'

note 'closed'
exits 0 headroom close --month 2026-03 --force --reason 'a test'
like "$(words headroom forecast --month 2026-03)" 'The month is closed\. You used 242 of 160' 'a closed month says its count'
is "$(headroom --json forecast --as-of 2026-03-11 | jq -c '.[0] | [.state, .p50 > 200]')" '["closed",true]' \
    'what was to be expected of it can still be asked'

note 'a month that goes on'
month=$(date -u +%Y-%m)
headroom contract add none --limit none --price 1 --currency JPY --time-zone Asia/Tokyo >"$work/.add" || bail_out 'no second contract'
headroom contract add soon --limit 3 --price 2.50 --currency EUR >>"$work/.add" || bail_out 'no third contract'
exits 0 headroom --json forecast --contract soon
is "$(jq -c '.[0] | [.month, .state, .as_of, .data_until, .elapsed_days, .p50, .default_curve]' <<<"$out")" \
    "[\"$month\",\"open\",\"$month-01T00:00:00Z\",null,0,null,false]" 'no data: nothing is known'
like "$(words headroom forecast --contract soon)" 'Nothing has been delivered.*no forecast\. No source has delivered' 'and it says so'
for user in 1 2 3 4; do printf '{"time":"%s-01T00:00:0%dZ","user_id":%d}\n' "$month" "$user" "$user"; done >"$work/four.jsonl"
head -n 2 "$work/four.jsonl" | headroom -q ingest --contract soon - >"$work/.in"
exits 0 headroom --json forecast --contract soon
is "$(jq -c '.[0] | [.unique_handles, .as_of == .data_until, .default_curve, .p10 >= 2]' <<<"$out")" '[2,true,true,true]' \
    'data until, and no day after it'
like "$(words headroom forecast --contract soon)" 'Up to 1 [A-Z][a-z]+ you have used 2 of 3\. The month will most likely end at .* chance of an overage is ' \
    'a month that goes on is spoken of as such'
headroom -q ingest --contract soon "$work/four.jsonl" >"$work/.in"
like "$(words headroom forecast --contract soon)" 'you have used 4 of 3: the limit was passed on 1 ' 'the limit is passed'
headroom -q ingest --contract none "$work/four.jsonl" >"$work/.in"
like "$(words headroom forecast --contract none --month "$month")" 'used [a-z0-9]+; there is no limit\. The month will most likely end at [0-9]+ \([0-9]+ to [0-9]+\)\. AT' \
    'no limit: a forecast without a chance'
unlike "$(headroom -q forecast --contract none --month "$month")" 'chance|charge' 'and without a price'
is "$(headroom -q --json forecast --contract none | jq -c '.[0] | [.limit, .probability_over_limit, .crossing_date, .charge.mean]')" \
    '[null,null,null,"0"]' 'as JSON'
printf '{"time":"%s-01T00:00:00Z","user_id":9,"status":429}\n' "$month" >"$work/none.jsonl"
headroom contract add idle --limit 3 --price 1 --currency EUR >"$work/.add"
headroom -q ingest --contract idle "$work/none.jsonl" >"$work/.in"
like "$(words headroom forecast --contract idle)" 'you have used none of 3\.' 'nothing used yet'
exits 0 headroom -q --json forecast
is "$(jq -c 'map(.contract)' <<<"$out")" '["idle","none","real","soon"]' 'all contracts, by name'

note 'what makes it too low or too high'
{
    headroom contract add gap --limit 160 --price 1 --currency EUR &&
        awk -F, 'NR == 1 || $2 < "2026-03-09" || $2 >= "2026-03-19"' "$work/real.csv" | headroom -q ingest --contract gap - &&
        headroom contract add began --limit 160 --price 1 --currency EUR &&
        awk -F, 'NR == 1 || $2 >= "2026-03-05"' "$work/real.csv" | headroom -q ingest --contract began - &&
        headroom contract amend gap --from 2026-05 --billing-day 11 --reason 'a test'
} >"$work/.add" || bail_out 'no incomplete contracts'
like "$(words headroom forecast --contract gap --as-of 2026-03-21)" \
    "Requests may be missing on 10 of the days so far: the count may be too low, and the forecast with it; 'headroom sources' says more\\." \
    'days that may lack requests'
like "$(words headroom forecast --contract gap --as-of 2026-03-11)" 'missing on 2 of the days so far' 'those that are over at that time'
unlike "$(words headroom forecast --contract gap --as-of 2026-03-07)" 'missing on' 'none that come later'
like "$(words headroom forecast --contract began --as-of 2026-03-21)" 'Recording began 2026-03-05: the count may be too low' \
    'a month in which recording began'
unlike "$(words headroom forecast --contract real --as-of 2026-03-11)" 'missing on|began|rather too' 'nothing of a whole month'
like "$(words headroom forecast --contract gap --as-of 2026-04-21)" \
    'This month has 40 days, those that it rests on have 28 to 31: the forecast is rather too low\.' 'a month of another length'
is "$(headroom -q --json forecast --contract gap --as-of 2026-04-21 | jq -r '.[0].hints[] | .code + " " + (.text | .[:25])')" \
    'month_length This month has 40 days, t' 'as JSON'
is "$(headroom -q --json forecast --as-of 2026-03-21 | jq -c 'map({(.contract): (.hints | map(.code))}) | add | {began, gap, real}')" \
    '{"began":["recording_began"],"gap":["missing_days"],"real":[]}' 'and of those that lack something'
is "$(headroom -q --json forecast --contract gap --month 2026-03 | jq -c '.[0].hints')" '[]' 'none of a month that is over'
like "$(words headroom forecast --contract real --as-of 2026-06-01 --month 2026-06)" \
    '^Contract real, billing month 2026-06: 1 June to 30 June Before 1 June nothing of this month was known\. .*As of 2026-06-01T00:00:00Z\. Data until' \
    'the start of a month that was delivered since'
like "$(words headroom forecast --contract real --as-of 2026-06-01 --month 2026-06)" \
    'Even on day 1 of the last 24 months the forecast was off by' 'how good it is before the first day'
like "$(words headroom forecast --contract real --as-of 2026-06-01T00:00:01Z)" 'less than 0\.1 of 30 days is over\.' 'a second of it'
like "$(words headroom forecast --contract real --as-of 2026-06-02)" '1 of 30 days is over\.' 'a day'
like "$(words headroom forecast --contract real --as-of 2026-06-02T12:00:00Z)" ' 1\.5 of 30 days are over\.' 'one and a half'
like "$(words headroom forecast --contract real --as-of 2026-06-30T23:00:00Z)" ' 29\.9 of 30 days are over\.' 'nearly all is not all'

note 'a month that has not begun'
exits 0 headroom -q forecast --contract real --month 2030-01
like "$(tr -s ' \n' ' ' <<<"$out")" 'This month has not begun; only those before it are known\. The month will most likely end at' 'says so'
unlike "$out" '20(2[789]|30)-[0-9]+ |Left out:.* to 20(29|30)' 'months that are still to come are not left out'
is "$(headroom -q --json forecast --contract real --month 2030-01 | jq -c '.[0].left_out | map(.month | select(. >= "'"$month"'"))')" '[]' \
    'nor is the open one'

note 'a time that some contracts have nothing for'
exits 0 headroom --json forecast --as-of 2023-04-11
kept=$(jq -c 'map(.contract)' <<<"$out")
headroom contract add late --limit 1 --price 1 --currency EUR --from 2026-01-01 >"$work/.add" || bail_out 'no late contract'
exits 0 headroom --json forecast --as-of 2023-04-11
is "$(jq -c 'map(.contract)' <<<"$out")" "$kept" 'the others are answered'
like "$err" "--as-of 2023-04-11: contract 'late' does not cover that time" 'and it is named'
exits 0 headroom --json forecast --month 2026-05 --as-of 2026-05-05
unlike "$(jq -c 'map(.contract)' <<<"$out")" gap 'a month that begins later'
like "$err" "--as-of lies before the billing month 2026-05 of contract 'gap'" 'is told too'
exits 2 headroom forecast --as-of 2199-01-01
is "$out" '' 'a time that is none for all: nothing is said'
is "$(grep -c . <<<"$err")" 1 'and it is told once'
like "$err" 'no contract can be forecast as of that time; the first of them: .*in the future' 'with the reason'

note 'a day that does not exist'
{
    headroom contract add apia --limit 2 --price 1 --currency USD --time-zone Pacific/Apia --from 2011-12-01 &&
        printf '{"time":"2011-12-%sT12:00:00%s","user_id":%d}\n' 01 -10:00 1 29 -10:00 2 31 +14:00 3 | headroom -q ingest --contract apia -
} >"$work/.add" || bail_out 'no contract in Apia'
is "$(headroom -q --json forecast --contract apia --month 2011-12 | jq -c '.[0] | [.unique_handles, .days, .passed_date]')" \
    '[3,31,"2011-12-31"]' 'the day after it keeps its date'

note 'days that were not delivered'
headroom contract add broken --limit 160 --price 1 --currency EUR >"$work/.add" &&
    awk -F, 'NR == 1 || $2 < "2026-03-11"' "$work/real.csv" | headroom -q ingest --contract broken - >"$work/.in" || bail_out 'no broken contract'
asked='.[0] | [.method, .unique_handles, .elapsed_days, (.p50 * 10 | round), .as_of == .data_until]'
exits 0 headroom -q --json forecast --contract broken --month 2026-03
part=$(jq -c '.[0] | [.elapsed_days < 10, .elapsed_days > 9.9]' <<<"$out")
is "$part $(jq -c '.[0] | [.method, .unique_handles, .p50 > 200, .as_of == .data_until]' <<<"$out")" \
    '[true,true] ["credibility",101,true,true]' 'over by the calendar alone: it is forecast as of data until'
part=$(jq -c "$asked" <<<"$out")
is "$(headroom -q --json forecast --contract broken --as-of 2026-03-20 | jq -c "$asked")" "$part" \
    'days after it are not taken for days without new handles'
is "$(headroom -q --json forecast --contract broken --as-of 2026-03-11 | jq -c '.[0] | [.as_of, .elapsed_days]')" \
    '["2026-03-11T00:00:00Z",10]' 'the day that it lies in may be taken for whole'
like "$(words headroom -q forecast --contract broken --month 2026-03)" \
    'Up to 10 March you had used 101 of 160\. The month most likely ended at .* It is over, but its end has not been delivered\. AT' \
    'which is said'
exits 0 headroom -q --json forecast --contract broken --month 2026-03 --record
is "$(jq '.[0].recorded' <<<"$out")" false 'no record of it is kept'
like "$(headroom forecast --contract broken --month 2026-03 --record 2>&1)" 'nothing was kept, since the month is over' 'and why'
headroom -q close --contract broken --month 2026-03 --force --reason 'a test' >"$work/.close"
is "$(headroom -q --json forecast --contract broken --month 2026-03 | jq -c '.[0] | [.method, .p90]')" '["count",101]' \
    'closed: what was sealed'

note 'status'
exits 0 headroom -q --json status --contract soon
is "$(jq -c '.[0].forecast | keys_unsorted' <<<"$out")" \
    '["as_of","mean","p10","p50","p90","probability_over_limit","crossing_date","expected_charge","accuracy"]' 'the keys, in their order'
is "$(jq -c '.[0].forecast' <<<"$out")" \
    "$(headroom -q --json forecast --contract soon | jq -c '.[0] | {as_of, mean, p10, p50, p90, probability_over_limit, crossing_date, expected_charge, accuracy}')" \
    'as forecast has them'
is "$(headroom -q --json reconcile --contract soon | jq -c '.[0].forecast')" "$(jq -c '.[0].forecast' <<<"$out")" 'so has a statement'
is "$(headroom -q --json reconcile --all --contract real | jq -c 'map(.forecast != null) | [index(true), length - 1] | unique | length')" 1 \
    'but only that of the open month'
is "$(headroom -q --json status --contract real --month 2026-06 | jq -c '.[0].forecast')" null 'none of a month that is over'
like "$(headroom -q status --contract soon)" 'FORECAST \(80 %\)  CHANCE.*[0-9]+ \([0-9]+–[0-9]+\) +passed' 'in the table'
unlike "$(headroom -q status --contract real --month 2026-06)" FORECAST 'no column where there is none'

# Months of 20 handles, one a day, of which the newer half has so many more: a step that no forecast knows of.
for contract in 'calm 0' 'wild 20'; do
    headroom contract add "${contract% *}" --limit 50 --price 1 --currency EUR >"$work/.add" || bail_out "no contract $contract"
    for ((back = 12; back >= 0; back--)); do
        first=$(date -ud "$month-01 -$back months" +%Y-%m)
        for ((user = 1; user <= (back > 6 ? 20 : 20 + ${contract#* }); user++)); do
            ((back > 0 || user == 1)) && printf '{"time":"%s-%02dT00:00:01Z","user_id":%d}\n' "$first" $(((user - 1) % 20 + 1)) "$user"
        done
    done | headroom -q ingest --contract "${contract% *}" - >"$work/.in"
done
accuracy() { headroom -q --json status | jq -c "map(select(.contract == \"$1\").forecast.accuracy)[0]"; }
sentence() { words headroom -q status "$@" | grep -oE '(Even on|On this) day .*[0-9]\.'; }
is "$(accuracy calm | jq -c '[.day, .months]')" '[1,11]' 'how good the forecast was, of each contract'
is "$(sentence --contract calm)" "$(accuracy calm | jq -r '"Even on day 1 of the last 11 months the forecast was off by \(.error * 1000 | round | "\(. / 10 | floor).\(. % 10)") % on average; its 80 % interval held \(.cover80 * 11 | round) of 11."')" \
    'as a sentence below the table of one'
is "$(sentence)" "$(headroom -q --json status | jq -r 'def share: . * 1000 | round | "\(. / 10 | floor).\(. % 10)";
        map(select(.forecast.accuracy.months >= 6)) | (map(.forecast.accuracy.months) | add) as $months
        | "On this day of their last months the forecasts of \(length) contracts were off by \((map(.forecast.accuracy | .error * .months) | add / $months) | share) % on average, most of all that of wild, by \(.[] | select(.contract == "wild").forecast.accuracy.error | share) %; their 80 % intervals held \(map(.forecast.accuracy | .cover80 * .months | round) | add) of \($months)."')" \
    'of several contracts together, with the worst'
is "$(sentence --contract soon)" '' 'nothing where too few months tell it'

note 'on a terminal'
if command -v script >/dev/null; then
    on_terminal() { # COLUMNS VARIABLE=VALUE… -- ARGUMENT…
        local width=$1 setting=()
        shift
        while [ "$1" != -- ]; do setting+=("$1") && shift; done
        shift
        env TERM=xterm "${setting[@]}" script -qec "stty cols $width; '$program' -q $*" /dev/null </dev/null | tr -d '\r'
    }
    asked=(forecast --contract real --as-of 2026-03-11 --history 12)
    shown=$(on_terminal 80 NO_COLOR=1 -- "${asked[@]}")
    is "$(sed -n '/│/,/used/p' <<<"$shown" | sed 's/ *$//')" "$(
        cat <<'END'
      250 │                                                               ░░ 245
          │                                                     ░░░░━━━━━━━━ 216
      200 │                                               ░━━━━━━━━━░░░░░░   190
limit 160 │╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
      150 │                            ━━━━━━━━━━
          │                     ━━━━━━━
      100 │             ▁▁▂▃▅▆▇█
          │        ▁▂▄▆█████████
       50 │    ▁▄▆▇█████████████
          │▁▂▄▇█████████████████
        0 └─────────────────────────────────────────────────────────────────
           1 March           10 March                               31 March
           █ used  ░ 4 times out of 5  ━ most likely  ╌ limit
END
    )" 'a chart: the curve so far, the limit, the fan'
    like "$(on_terminal 80 -- "${asked[@]}")" $'\033\\[31m╌' 'the limit is red'
    unlike "$shown" $'\033' 'NO_COLOR: no colours'
    shown=$(on_terminal 80 NO_COLOR=1 LC_ALL=C -- "${asked[@]}")
    like "$shown" 'limit 160 \|-+=+-+.*\+-{30}' 'plain characters where the locale is not UTF-8'
    is "$(LC_ALL=C grep -c $'[\x80-\xff]' <<<"$shown")" 0 'and no other'
    unlike "$(on_terminal 40 NO_COLOR=1 -- "${asked[@]}")" '│' 'a narrow terminal has no chart'
    is "$(on_terminal 80 NO_COLOR=1 -- forecast | grep -c '│')" 0 'nor have several contracts'
    is "$(on_terminal 80 NO_COLOR=1 -- "${asked[@]}" --limit 900 | grep -c 'limit 900: far above')" 1 'a limit far above is said'
    like "$(on_terminal 80 NO_COLOR=1 -- status --contract soon)" 'CONTRACT  FORECAST \(80 %\)  CHANCE  LIMIT PASSED  EXPECTED CHARGE' \
        'a narrow terminal has the forecasts of a status in a table of their own'
else
    skip 'on a terminal' 'no script(1) here'
fi

note 'what is refused'
refused() { # CODE MESSAGE ARGUMENT…
    local code=$1 message=$2
    shift 2
    exits "$code" headroom forecast --contract real "$@"
    is "$out" '' 'nothing on standard output'
    like "$err" "$message" "says what is wrong: $message"
}
refused 2 "--as-of 'noon'.*write it as 2026-10-31T12:00:00Z or 2026-10-31" --as-of noon
refused 2 "--as-of '2026-13-01'" --as-of 2026-13-01
refused 2 'before the billing month 2026-03.*begins at 2026-03-01T00:00:00Z' --month 2026-03 --as-of 2026-02-11
refused 2 'in the future' --as-of 2199-01-01
refused 2 '--as-of 2022-01-01: contract .real. does not cover that time' --as-of 2022-01-01
refused 2 'history 37 is out of range: 0 to 36' --history 37
refused 2 "--history 'all' is no whole number" --history all
refused 2 'limit -1: it cannot be negative' --limit -1
refused 2 "--price 'x' is no price" --price x
refused 1 'no billing month 2022-01' --month 2022-01
exits 2 headroom forecast --contract reel
exits 0 headroom forecast --help
like "$out" '--as-of TIME.*--history N.*--limit N.*--price P' 'help names the options'
PGOPTIONS='-c default_transaction_read_only=on' exits 0 headroom -q forecast --as-of 2026-03-11
