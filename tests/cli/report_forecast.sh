#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report overage, sheets Daily and Forecast: each day by hand, and the forecast as 'headroom forecast' says it.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/book.sh"

ledger_new report_forecast || bail_out 'no ledger'
add() { headroom contract add "$@" >>"$work/.add" 2>&1 || bail_out "no contract $1" "$(tail -n 3 "$work/.add")"; }

# ---- a contract that is counted by hand, in a zone whose days begin in the evening before ----

add hand --limit 5 --price 1 --currency EUR --time-zone Asia/Tokyo
cat >"$work/hand.jsonl" <<'END'
{"id":"1","time":"2026-01-01T00:00:00Z","user_id":"1"}
{"id":"2","time":"2026-01-20T00:00:00Z","user_id":"2","status":404}
{"id":"3","time":"2026-02-10T00:00:00Z","user_id":"3"}
{"id":"10","time":"2026-02-28T15:00:00Z","user_id":"1","rate_limit":100,"rate_remaining":40}
{"id":"11","time":"2026-03-01T10:00:00Z","user_id":"2","rate_limit":100,"rate_remaining":25}
{"id":"12","time":"2026-03-01T11:00:00Z","user_id":"1"}
{"id":"20","time":"2026-03-01T15:00:00Z","user_id":"1"}
{"id":"21","time":"2026-03-02T01:00:00Z","user_id":"3","tweet_count":2,"failed":{"not_found":["11"]}}
{"id":"22","time":"2026-03-02T02:00:00Z","user_id":"4","status":429}
{"id":"23","time":"2026-03-02T03:00:00Z","user_id":"4","status":503,"outcome":"server_error"}
{"id":"24","time":"2026-03-02T04:00:00Z","user_id":"5","status":503,"outcome":"server_error"}
{"id":"25","time":"2026-03-02T05:00:00Z","user_id":"5","outcome":"forbidden"}
{"id":"40","time":"2026-03-04T00:00:00Z","user_id":"6"}
{"id":"41","time":"2026-03-04T01:00:00Z","auth":"app"}
END
exits 0 headroom ingest -q --contract hand "$work/hand.jsonl"

# ---- a real log until within its month, and the same without a limit ----

zcat "$root/tests/data/recipes-commits.csv.gz" |
    awk -F, 'NR == 1 || ($2 >= "2025-05-01" && $2 < "2026-03-19T14:30")' >"$work/real.csv"
add real --limit 200 --price 2.50 --currency EUR --time-zone Europe/Vienna
add free --limit none --price 1 --currency USD
exits 0 headroom ingest -q --contract real "$work/real.csv"
exits 0 headroom ingest -q --contract free "$work/real.csv"
cluster_psql report_forecast <<'END' || bail_out 'no forecast is recorded'
INSERT INTO headroom.forecast_said (
    contract_id, month, said_on, said_at, as_of, used, p10, p50, p90, probability, unit_limit, expected_charge,
    currency, history_months, method, said_by)
SELECT
    c.contract_id, DATE '2026-02-01', s.said_on, s.said_on, s.said_on, s.used, s.p50 - 9.5, s.p50, s.p50 + 9.5, 0.25, 200,
    12.5, 'EUR', 8, 'credibility', 'test'
FROM headroom.contract AS c
CROSS JOIN (VALUES (DATE '2026-02-03', 20, 180.4), ('2026-02-14', 120, 219.6)) AS s (said_on, used, p50)
WHERE c.name = 'real';
END
exits 0 headroom close -q --contract real --month 2026-02 --force --reason 'for a test'

# ---- the workbooks ----

export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(date -ud 2026-03-20T06:00:00Z +%s)
book() { exits 0 headroom report overage --contract "$2" --month "$3" -o "$work/books/$1.xlsx"; } # NAME CONTRACT MONTH
book hand hand 2026-03
book first hand 2026-01
book real real 2026-03
book closed real 2026-02
book free free 2026-03
SOURCE_DATE_EPOCH=$(date -ud 2026-04-20T06:00:00Z +%s)
book broken real 2026-03
SOURCE_DATE_EPOCH=$(date -ud 2026-12-20T06:00:00Z +%s)
book ahead hand 2026-12
books_recalculate

note 'each day, by hand'
days() { sheet "$1" Daily | awk -F '\t' '/^Day [(]/ { on = 1; next } /^Month/ { exit } on' | cut -f "$2" | sed 's/\t*$//'; }
is "$(days hand 1-12 | head -n 5)" \
    $'2026-03-01\tcounted\t2\t1\t1\t0\t2\t5\t3\t0\t\t0
2026-03-02\tcounted\t1\t0\t1\t1\t3\t5\t6\t4\tserver_error\t1
2026-03-03\tcounted\t0\t0\t0\t0\t3\t5\t0\t0\t\t0
2026-03-04\tso far\t1\t1\t0\t0\t4\t5\t2\t0\t\t0
2026-03-05\tforecast\t\t\t\t\t\t5' \
    'new, first-time, returning, seen again, cumulative, limit, requests, failures: a status 404 in January was no count'
is "$(days hand 13-15 | head -n 2)" $'100\t25\t75%' 'the rate limit, the least left of it and how much was used'
is "$(sheet hand Daily | awk -F '\t' '$1 == "Month" { print $3, $4, $5, $9, $10, $12 }')" '4 2 2 11 4 1' 'totals'
is "$(days first 2-5 | sed -n '1p;20p')" $'counted\t1\t1\t0\ncounted\t0\t0\t0' 'in the first month all are first-time'
is "$(days first 2 | sort | uniq -c | tr -s ' ' | paste -sd,)" ' 31 counted' 'of a month that is over no day is forecast'
is "$(days closed 16-18 | tr -d '\t\n')" '' 'nor of a closed one'
is "$(days closed 4 | awk '{ s += $1 } END { print s }')" "$(cluster_psql report_forecast -At <<<"
    SELECT count(*) FROM headroom.seal_owner AS o
    JOIN headroom.seal_in_force AS s USING (seal_id)
    JOIN headroom.contract AS c USING (contract_id)
    WHERE c.name = 'real' AND s.month = '2026-02-01' AND NOT EXISTS (
        SELECT FROM headroom.usage AS u WHERE u.contract_id = s.contract_id AND u.month < s.month
            AND u.subject = o.owner AND u.answered_requests > 0)")" 'first-time of a closed month'

note 'the forecast as the command says it'
until=$(headroom --json forecast --contract real --month 2026-03 | jq -r '.[0].data_until')
headroom --json forecast --contract real --month 2026-03 --as-of "$until" >"$work/real.json"
said() { jq -r ".[0] | $1" "$work/real.json"; }
value() { cell "$1" "$2" Forecast; } # BOOK LABEL
is "$(value real 'Most likely at the end') $(value real 'Low end (10 %)') $(value real 'High end (90 %)')" \
    "$(said '[.p50 | round] + [.p10 | floor] + [.p90 | ceil] | join(" ")')" 'its quantiles, rounded outward'
is "$(value real 'Chance of an overage' | awk '{ printf "%.9f", $1 / 100 }')" \
    "$(said .probability_over_limit | awk '{ printf "%.9f", $1 }')" 'the chance'
is "$(value real 'Limit passed about')" "$(said .crossing_date)" 'the day of passing'
is "$(value real 'Expected charge')" "$(said '.expected_charge | tonumber')" 'the expected charge'
is "$(value real 'Expected overage')" "$(said '.overage.mean * 10 | round / 10')" 'the expected overage'
is "$(value real 'Counted so far')" "$(said .unique_handles)" 'what was used'
is "$(days real 16-18 | tail -n 1)" "$(said '[(.p10 | floor), (.p50 | round), (.p90 | ceil)] | @tsv')" \
    'on Daily it ends where the month ends'
is "$(days real '2,7,17' | awk -F '\t' '$1 == "so far" { print ($3 >= $2) }')" 1 'and begins with the day that goes on'
way() { sheet "$1" Forecast | awk -F '\t' '/^End of day/ { on = 1; next } $1 !~ /^20/ { on = 0 } on'; }
is "$(way real | tail -n 1 | cut -f1-9)" \
    "$(said '["2026-03-31", (.p50 | round), (.p025 | floor), (.p10 | floor), (.p25 | floor), (.p75 | ceil), (.p90 | ceil), (.p975 | ceil), 200 - (.p50 | round)] | @tsv')" \
    'the last row of the way is the month'"'"'s end, with the headroom'
is "$(way real | awk -F '\t' '{ for (i = 2; i <= 8; i++) if ($i < last[i]) print; else last[i] = $i }')" '' 'no column falls'
is "$(way real | awk -F '\t' '$3 > $4 || $4 > $5 || $5 > $2 || $2 > $6 || $6 > $7 || $7 > $8')" '' 'and none crosses another'
headroom -q --json forecast backtest --contract real --months 24 >"$work/backtest.json" 2>&1
is "$(sheet real Forecast | awk -F '\t' '/^At the end of day/ { on = 1; next } $1 !~ /^[0-9]+$/ { on = 0 } on { printf "%d %d %.6f %.6f %.6f\n", $1, $2, $3 / 100, $7 / 100, $8 / 100 }')" \
    "$(jq -r '.[0].days[] | [.day, .months, .error, .run_rate_error, .last_month_error] | @tsv' "$work/backtest.json" |
        awk '{ printf "%d %d %.6f %.6f %.6f\n", $1, $2, $3, $4, $5 }')" 'the backtest beside run-rate and last month'
is "$(sheet real Forecast | awk -F '\t' '$1 ~ /^20..-..$/ { print $1, $4 }' | head -n 10 | paste -sd,)" \
    '2026-02 used,2026-01 used,2025-12 used,2025-11 used,2025-10 used,2025-09 used,2025-08 used,2025-07 used,2025-06 used,2025-05 used' \
    'the months that it rests on'
like "$(sheet real Forecast)" 'What it rests on: 10 months of this contract, 2025-05 to 2026-02\.' 'in words'
like "$(sheet hand Forecast)" $'2026-01\t1\t31\tused' 'and of the other contract'

like "$(sheet real Forecast)" 'Where this month will end' 'a month that is open at the time of the report'

note 'months that are over, without a limit, without anything'
for book in closed first; do
    is "$(value $book 'Most likely at the end')|$(value $book 'Expected charge')|$(value $book 'Counted so far')" '–|–|' \
        "$book: no figure is forecast"
done
like "$(sheet closed Forecast)" 'The month is closed: what it used is a count that was sealed' 'it says so'
ended=$(cell closed 'Unique handles')
is "$(value closed 'Said on') $(value closed 'Most likely, as was said') $(value closed 'It ended at')" "2026-02-14 220 $ended" \
    'and what was said at mid-month'
is "$(value closed 'Off by' | awk '{ printf "%.9f", $1 / 100 }')" "$(awk -v n="$ended" 'BEGIN { printf "%.9f", (220 - n) / n }')" 'and how far off that was'
is "$(sheet closed Forecast | grep -c $'^2026-02-\\(03\\|14\\)\t')" 2 'all that was recorded is listed'
like "$(sheet broken Forecast)" 'The month is over, but its last days were not delivered' 'one that broke off says so'
is "$(value broken 'Most likely at the end')|$(days broken 2 | tail -n 1)" "$(value real 'Most likely at the end')|forecast" \
    'and has the forecast that its data give'
is "$(value first 'Said on')" 'not recorded' 'where nothing was recorded it says that'
is "$(value free 'Chance of an overage')|$(value free 'Expected charge')|$(way free | tail -n 1 | cut -f9)" '–|–|' \
    'without a limit: no chance, no charge, no headroom'
is "$(value free 'Most likely at the end')" "$(days free 17 | tail -n 1)" 'but a forecast'
is "$(value ahead 'Counted so far')" 0 'a month of which nothing was delivered is forecast from those before it'
is "$(days ahead 2 | sort | uniq -c | tr -s ' ')" ' 31 forecast' 'on all of its days'
like "$(sheet ahead Forecast)" $'2026-11\t0\t30\tleft out\tnothing was recorded' 'of which the last is that before the report'"'"'s present'
like "$(sheet first Forecast)" 'There is no month before this one' 'a first month has none to rest on'

note 'names, formulas, bytes'
part_has 'cells that other sheets refer to' real xl/workbook.xml \
    'forecast_p10">Forecast!.*forecast_p50">Forecast!.*forecast_p90">Forecast!.*forecast_probability">Forecast!'
charts() { unzip -p "$work/books/$1.xlsx" 'xl/charts/chart*.xml'; } # BOOK
like "$(charts real)" 'Forecast, most likely.*Low .10 %.*High .90 %' 'the chart has the fan'
unlike "$(charts closed)" 'Low .10 %' 'but not in a month that is over'
SOURCE_DATE_EPOCH=$(date -ud 2026-03-20T06:00:00Z +%s)
exits 0 headroom report overage --contract real --month 2026-03 -o "$work/again.xlsx"
ok 'the same time gives the same bytes' cmp -s "$work/again.xlsx" "$work/books/real.xlsx"
