#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The sheets Handles, Not counted and Engagement, counted by hand: renames, a handle that passes on, voided batches, lines
# that cannot be read, gaps; and of a closed month as it was closed, whatever came later.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/book.sh"

ledger_new handles || bail_out 'no ledger'
printf '%s' '{"name":"acme","time_zone":"Europe/Vienna","apps":[{"name":"studio","key":"studio-key"}],"terms":[
    {"from":"2026-04-01","limit":3,"currency":"EUR","pricing":{"model":"flat","unit_price":"2.50"}}]}' >"$work/acme.json"
exits 0 headroom contract import "$work/acme.json"
exits 0 headroom contract add idle --limit 3 --price 1 --currency USD

# April: 1 counts, 2 does not.
cat >"$work/april.jsonl" <<'END'
{"id":"a1","time":"2026-04-10T08:00:00Z","user_id":1,"handle":"Anna","app":"studio-key"}
{"id":"a2","time":"2026-04-11T08:00:00Z","user_id":2,"status":404}
END
# May: 1 has another name; bob is 3's until the 20th, then 4's; ghost is nobody's; 6, 7 and 8 do not count.
cat >"$work/may.jsonl" <<'END'
{"id":"m1","time":"2026-05-02T22:30:00Z","user_id":1,"handle":"anna_2","endpoint":"totals","app":"studio-key","label":"red","tweet_count":3,"failed":{"unavailable":["11","12"]},"rate_limit":100,"rate_remaining":40}
{"id":"m2","time":"2026-05-03T08:00:00Z","user_id":1,"endpoint":"28hr","status":500,"rate_limit":100,"rate_remaining":5}
{"id":"m3","time":"2026-05-03T09:00:00Z","user_id":3,"handle":"bob","endpoint":"totals"}
{"id":"m4","time":"2026-05-10T08:00:00Z","handle":"Bob","endpoint":"historical","label":"blue"}
{"id":"m5","time":"2026-05-20T08:00:00Z","user_id":4,"handle":"bob","status":404,"endpoint":"totals"}
{"id":"m6","time":"2026-05-25T08:00:00Z","handle":"bob","endpoint":"28hr","app":"other-key","tweet_count":9,"failed":{"too_old":["1"],"odd":["1","2"]}}
{"id":"m7","time":"2026-05-25T09:00:00Z","handle":"ghost"}
{"id":"m8","time":"2026-05-25T10:00:00Z","user_id":2,"endpoint":"totals"}
{"id":"m9","time":"2026-05-26T10:00:00Z","user_id":6,"status":429,"endpoint":"totals","rate_limit":100,"rate_remaining":0}
{"id":"m10","time":"2026-05-26T11:00:00Z","user_id":7,"status":404,"endpoint":"totals"}
{"id":"m11","time":"2026-05-26T12:00:00Z","user_id":7,"status":429}
{"id":"m12","time":"2026-05-26T13:00:00Z","user_id":8,"auth":"app","endpoint":"totals"}
{"id":"m13","time":"2026-05-26T14:00:00Z","auth":"app","endpoint":"totals"}
{"id":"m14","time":"yesterday","user_id":9}
{"id":"m15","user_id":9}
END
printf '%s\n' '{"id":"w1","time":"2026-05-27T08:00:00Z","user_id":5,"handle":"eve","tweet_count":2,"failed":{"unavailable":["9"]}}' \
    '{"id":"w2","time":"2026-05-27T09:00:00Z","user_id":1}' >"$work/wrong.jsonl"
exits 0 headroom -q ingest --contract acme "$work/april.jsonl"
exits 3 headroom -q ingest --contract acme "$work/may.jsonl"
exits 0 headroom -q ingest --contract acme "$work/wrong.jsonl"
exits 0 headroom -q batch void 3 --reason 'of a test run' --by ann
# What the gate decided: of May but the first and the last, which lie outside by an instant; 55 handles would have been kept out.
cluster_psql handles -qc "
    INSERT INTO headroom.gateway_spool (spool, first_seen) VALUES (repeat('a', 32), now());
    INSERT INTO headroom.gateway_gate
    SELECT repeat('a', 32), n, 'acme', subject, at, decision
    FROM (VALUES (1, '70', timestamptz '2026-05-01T00:00+02' - INTERVAL '1 us', 'refused'),
        (2, '70', '2026-05-01T00:00+02', 'refused'), (3, '70', '2026-05-02T00:00+02', 'refused'),
        (4, '@zed', '2026-05-03T00:00+02', 'offline_passed'), (5, '70', '2026-06-01T00:00+02', 'refused')
    ) AS d (n, subject, at, decision)
    UNION ALL
    SELECT repeat('a', 32), 100 + n, 'acme', (1000 + n % 55)::text, '2026-05-05T10:00Z'::timestamptz + n * INTERVAL '1 s',
        'observed'
    FROM generate_series(0, 59) AS n;
    INSERT INTO headroom.gate_allowance (contract_id, month, subject, reason, allowed_at, allowed_by)
    VALUES (1, '2026-05-01', '@vip', 'the board wants it', '2026-05-05T10:00Z', 'ann'),
        (1, '2026-04-01', '@old', 'of April', '2026-04-05T10:00Z', 'ann');
    INSERT INTO headroom.gate_pass VALUES (1, '2026-05-01', '88', 'gateway a', '2026-05-06T10:00Z', '-infinity')" ||
    bail_out 'no decisions'

book() { # NAME CONTRACT MONTH
    exits 0 headroom report overage --contract "$2" --month "$3" -o "$work/books/$1.xlsx"
}
book open acme 2026-05
book empty idle 2026-05
exits 0 headroom close --contract acme --month 2026-05 --force --reason 'for the test' --by ann
book closed acme 2026-05
# What comes after the close is in no sheet of the month: a load, a name, a void, a line that is read after all.
printf '%s\n' '{"id":"l1","time":"2026-05-28T08:00:00Z","user_id":10,"endpoint":"totals","status":429,"rate_limit":100,"rate_remaining":1}' \
    '{"id":"l2","time":"2026-05-02T08:00:00Z","user_id":3,"handle":"bobby"}' \
    '{"id":"l3","time":"2026-05-29T08:00:00Z","user_id":7,"tweet_count":2,"failed":{"forbidden":["9"]}}' >"$work/late.jsonl"
exits 0 headroom -q ingest --contract acme "$work/late.jsonl"
exits 0 headroom -q batch restore 3 --reason 'it was none' --by ann
exits 0 headroom -q batch void 1 --reason 'wrong month' --by ann
book later acme 2026-05

books_recalculate
rows() { sheet "$1" "$2" | sed 's/\t*$//'; } # BOOK SHEET
# The rows between a heading and the next empty line, without the columns' titles.
block() { rows "$1" "$2" | awk -v heading="$3" '$0 == heading { on = 1; getline; next } on && $0 == "" { exit } on'; }

note 'Handles'
listed() { rows "$1" Handles | awk -F '\t' '$1 ~ /^[0-9]+$/'; }
is "$(listed open)" "$(printf '%s\n' \
    '1|1|anna_2|anna|user id|returning|2026-05-03 00:30:00|2026-05-03 10:00:00|2|1|totals, 28hr|red|studio|acme|m1|2|1' \
    '2|3|bob||user id|first-time|2026-05-03 11:00:00|2026-05-10 10:00:00|2|2|totals, historical|||acme|m3|2|3' \
    "3|4|bob||user id|first-time|2026-05-25 10:00:00|2026-05-25 10:00:00|2|1|totals, 28hr||unnamed $(printf other-key | sha256sum | cut -c1-8)|acme|m6|2|6" \
    '4|@ghost|ghost||handle|first-time|2026-05-25 11:00:00|2026-05-25 11:00:00|1|1||||acme|m7|2|7' \
    '5|2|||user id|first-time|2026-05-25 12:00:00|2026-05-25 12:00:00|1|1|totals|||acme|m8|2|8' | tr '|' '\t')" \
    'each with its names, days, endpoints and the line that proves it'
is "$(rows empty Handles | tail -n 1)" 'No handle counts in this month.' 'an empty month says so'

note 'Not counted'
is "$(block open 'Not counted' 'Requests and handles that do not count' | head -n 5)" "$(printf '%s\n' \
    'Not answered with success|not_answered|3|1' 'Made by the app, no user signed in|app_only|2|1' \
    'Refused with status 401 or 429|not_attempted|2|1' 'In batches that were voided|voided|2|0' \
    'All that do not count||9|3' | tr '|' '\t')" 'requests and owners by reason'
is "$(block open 'Not counted' 'Voided batches' | cut -f1,3,4,5,6 | sed 's,^/.*/,,')" \
    $'wrong.jsonl\tof a test run\t2\tann\t3\nAll\t\t2' 'the voided batch, with who and why'
is "$(block open 'Not counted' 'Lines that could not be read' | cut -f2- | head -n 3)" \
    $'1\tbad_time\t1\t0\t1\n1\tmissing_time\t1\t0\t1\n\t\t2\t0\t2' 'the lines that could not be read'
# Silent from 11 April on, and since the app's last request: what of it lies in May.
is "$(block open 'Not counted' 'Gaps in the log')" "$(printf '%s\n' \
    'acme|2026-05-01 00:00:00|2026-05-03 00:00:00|48|2026-05-01 to 2026-05-02|nothing came' \
    'acme|2026-05-26 16:00:00|2026-06-01 00:00:00|128|2026-05-26 to 2026-05-31|nothing came' | tr '|' '\t')" 'the gaps'
gate=$(block open 'Not counted' 'Decisions of the gate for new handles')
is "$(sed -n '1,2p' <<<"$gate")" "$(printf '%s\n' 'refused|2026-05-02 00:00:00|70|2' \
    'would have been refused|2026-05-05 12:00:55|1000|2' | tr '|' '\t')" 'whom the gate kept out, and whom it would have'
is "$(grep more -A 3 <<<"$gate")" "$(printf '%s\n' 'would have been refused|2026-05-05 12:00:54|5 more|5' \
    'passed without an answer|2026-05-03 00:00:00|@zed|1' 'passed, not counted yet|2026-05-06 12:00:00|88' 'All|||63' | tr '|' '\t')" \
    'the rest in one row, and a total that has them all'
is "$(grep -c '^would have' <<<"$gate")" 51 'of each decision 50 handles, and one row'
is "$(rows open 'Not counted' | grep vip)" $'@vip\t2026-05-05 12:00:00\tthe board wants it\tann' 'who was let through on record'
is "$(rows closed 'Not counted' | grep -c 'not counted yet')" 0 'in a closed month nothing is on its way'
is "$(block open 'Not counted' 'Handles that do not count' | cut -f2-)" "$(printf '%s\n' \
    'app_only|8||1|2026-05-26 15:00:00|totals' 'not_answered|7||2|2026-05-26 14:00:00|totals' \
    'not_attempted|6||1|2026-05-26 12:00:00|totals' | tr '|' '\t')" 'each owner that does not count'
is "$(rows empty 'Not counted' | grep -c '^No \|^Every \|^The gate \|^Nobody ')" 7 'every empty list says so'

note 'Engagement'
is "$(cell open 'All requests of the month' Engagement)|$(cell open 'In voided batches' Engagement)|$(cell open 'Shown here' Engagement)" \
    '15|2|13' 'in total'
is "$(block open Engagement 'Requests by outcome and endpoint' | cut -f1,3-)" "$(printf '%s\n' \
    'not said: delivered|5|1|1|1|8' 'not said: attempted|2|1|0|0|3' 'not said: not_attempted|1|0|0|1|2' 'All|8|2|1|2|13' | tr '|' '\t')" 'by outcome and endpoint'
is "$(block open Engagement 'Tweets that failed, by cause' | cut -f1,3- | head -n 4)" "$(printf '%s\n' \
    'unavailable|1|2' 'other|1|2' 'too_old|1|1' 'All||5' | tr '|' '\t')" 'failed Tweets by cause'
is "$(block open Engagement 'Nearness to the rate limit, by app' | tail -n 3)" "$(printf '%s\n' \
    '(none logged)|Requests were refused|3|100|0|100%|2|2026-05-26 12:00:00' \
    'studio|Within the limit|1|100|40|60%|0|2026-05-03 00:30:00' 'All||4||||2' | tr '|' '\t')" 'the nearest minute of each app'
is "$(rows open Engagement | grep '^2026' )" "$(printf '%s\n' \
    '2026-05-26 12:00:00|Requests were refused|1|100|0|100%|1|(none logged)' \
    '2026-05-26 14:00:00|Requests were refused|1|||100%|1|(none logged)' \
    '2026-05-03 10:00:00|Less than a tenth was left|1|100|5|95%|0|(none logged)' \
    '2026-05-03 00:30:00|Within the limit|1|100|40|60%|0|studio' | tr '|' '\t')" 'the busiest minutes, in the zone'
is "$(rows empty Engagement | grep -c '^No ')" 4 'every empty list says so'

note 'a closed month'
same() { # SHEET: as it was closed, whatever came later
    is "$(diff <(rows closed "$1") <(rows later "$1"))" '' "$1: the same after later loads, names and voids"
}
same Handles
same 'Not counted'
same Engagement
is "$(diff <(listed open) <(listed closed))" '' 'closed: the handles as they were'
