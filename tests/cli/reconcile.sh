#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# reconcile: the month's statement, its checks, and a recount that finds what was changed behind the program's back.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new reconcile || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" || bail_out 'no contract'
cat >"$work/log.jsonl" <<'END'
{"id":"1","time":"2026-03-02T08:00:00Z","user_id":1,"handle":"ann","status":200}
{"id":"2","time":"2026-03-03T08:00:00Z","user_id":2,"status":200}
{"id":"3","time":"2026-03-04T08:00:00Z","user_id":3,"status":404}
{"id":"4","time":"2026-03-05T08:00:00Z","handle":"carol","status":200}
{"id":"5","time":"2026-03-06T08:00:00Z","user_id":1,"status":200}
{"id":"6","time":"2026-03-07T08:00:00Z","user_id":4,"status":429}
{"id":"7","time":"2026-03-08T08:00:00Z","auth":"app"}
{"id":"8","time":"2026-03-09T08:00:00Z","auth":"app","user_id":5}
{"id":"9","time":"2026-03-10T08:00:00Z","user_id":6,"tweet_count":1,"failed":{"not_found":["11"]}}
{"id":"10","time":"2026-03-31T23:59:59.999999Z","user_id":7}
{"id":"11","time":"2025-12-31T23:59:59Z","user_id":8}
END
exits 0 headroom ingest -q "$work/log.jsonl"
month=(--month 2026-03)

note 'JSON'
exits 0 headroom --json reconcile "${month[@]}"
status=$(headroom --json status "${month[@]}" | jq -c '.[0]')
is "$(jq -c '.[0] | del(.counted_requests, .spread, .lines, .checks, .today)' <<<"$out")" "$status" "status's keys"
is "$(jq -c '.[0] | keys_unsorted[-5:]' <<<"$out")" '["counted_requests","spread","lines","checks","today"]' 'and its own'
is "$(jq -c '.[0] | [.requests, .counted_requests, .unique_handles, .overage, .charge]' <<<"$out")" '[10,6,5,2,"5.00"]' \
    'the figures'
is "$(jq -c '.[0].spread' <<<"$out")" \
    '{"attempted":6,"attempted+app":7,"answered":5,"answered+app":6,"delivered":4,"delivered+app":5}' 'the spread'
is "$(jq -c '.[0].lines | map([.kind, .units, .unit_price, .amount])' <<<"$out")" '[["tier",2,"2.50","5.00"]]' \
    'the charge by line'
is "$(jq -c '.[0].today' <<<"$out")" '{"unique_handles":5,"charge":"5.00"}' 'as it looks today'
is "$(jq -c '.[0].checks | map(keys_unsorted) | unique' <<<"$out")" '[["name","expected","found","state"]]' \
    "the checks' keys"
is "$(jq -c '.[0].checks | map(.state) | unique' <<<"$out")" '["pass"]' 'all checks pass'
checks=$(jq '.[0].checks | length' <<<"$out")
exits 0 headroom --json reconcile "${month[@]}" --recount
is "$(jq '.[0].checks | length' <<<"$out")" "$((checks + 8))" '--recount adds a check for each rule, and two for ids that events share'
is "$(jq -c '.[0].checks | map(.state) | unique' <<<"$out")" '["pass"]' 'the recount agrees'
rules='attempted attempted+app answered answered+app delivered delivered+app '
is "$(jq -r '.[0].checks[].name | select(startswith("recount ")) | .[8:]' <<<"$out" | tr '\n' ' ')" "$rules" \
    'in the order of the rules'

note 'text'
exits 0 headroom reconcile "${month[@]}" --recount
like "$out" 'requests +10.*counted +6.*not counted: app_only +2.*not counted: not_answered +1.*not counted: not_attempted +1' \
    'requests, counted and not, by reason'
like "$out" 'answered +5 +\+0 +5.00 USD +the contract.s rule.*delivered +4 +-1 +2.50 USD' 'the spread, with what it would cost'
like "$out" ' 2 +2.50 +5.00 USD'$'\n''total +5.00 USD' 'the charge'
like "$out" 'recount answered +5 +5 +pass' 'the recount'
is "$(grep -c ' $' <<<"$out")" 0 'no blanks at the end of lines'
unlike "$out" $'\033' 'no colours in a pipe'

note 'a month without events, and months that are none'
exits 0 headroom --json reconcile --month 2026-02 --recount
is "$(jq -c '.[0] | [.requests, .unique_handles, .charge, (.spread | add), (.lines | length)]' <<<"$out")" '[0,0,"0.00",0,0]' \
    'zeros'
exits 1 headroom --json reconcile --month 2025-12
is "$out" '' 'before the first term: nothing on standard output'

note 'several contracts'
headroom contract add beta --limit 1 --price 1 --currency USD >"$work/.add"
exits 2 headroom reconcile "${month[@]}"
like "$err" 'acme, beta.*--contract' 'which one? They are named'
exits 0 headroom --json reconcile --all "${month[@]}"
is "$(jq -c 'map(.contract)' <<<"$out")" '["acme","beta"]' '--all: an array of both'

note 'what was changed behind the back'
cluster_psql reconcile -c "DELETE FROM headroom.usage WHERE subject = '2'"
exits 4 headroom --json reconcile --contract acme "${month[@]}" --recount
is "$(jq -c '.[0].checks[] | select(.name == "recount answered")' <<<"$out")" \
    '{"name":"recount answered","expected":5,"found":4,"state":"fail"}' 'the difference is in the document'
like "$err" "'acme', 2026-03.*recount answered.*expected 5, found 4" 'and on standard error'
