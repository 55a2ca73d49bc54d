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
{"id":"12","time":"2026-02-28T23:59:59Z","user_id":8}
END
exits 0 headroom ingest -q "$work/log.jsonl"
month=(--month 2026-03)

note 'JSON'
exits 0 headroom --json reconcile "${month[@]}"
status=$(headroom --json status "${month[@]}" | jq -c '.[0] | del(.disputes, .rate, .gate)')
is "$(jq -c '.[0] | del(.counted_requests, .not_counted, .spread, .spread_charges, .app_only, .boundary, .low_days, .lines, .checks,
    .today)' <<<"$out")" "$status" "status's keys but disputes, rate and gate"
is "$(jq -c '.[0] | keys_unsorted[-10:] | join(" ")' <<<"$out")" \
    '"counted_requests not_counted spread spread_charges app_only boundary low_days lines checks today"' 'and its own'
is "$(jq -c '.[0] | [.requests, .counted_requests, .unique_handles, .overage, .charge]' <<<"$out")" '[10,6,5,2,"5.00"]' \
    'the figures'
is "$(jq -c '.[0].spread' <<<"$out")" \
    '{"attempted":6,"attempted+app":7,"answered":5,"answered+app":6,"delivered":4,"delivered+app":5}' 'the spread'
is "$(jq -c '.[0].spread_charges | map([.difference, .charge, .charge_difference] | join(" "))' <<<"$out")" \
    '["1 7.50 2.50","2 10.00 5.00","0 5.00 0.00","1 7.50 2.50","-1 2.50 -2.50","0 5.00 0.00"]' 'what each would cost'
is "$(jq -c '.[0] | [.not_counted, .app_only]' <<<"$out")" \
    '[{"app_only":2,"not_answered":1,"not_attempted":1},{"requests":1,"at_most":1}]' 'what is not counted, and might be'
is "$(jq -c '.[0].boundary | map([.side, .at, .leave, .come, .charge_difference.leave, .charge_difference.come])' <<<"$out")" \
    '[["start","2026-03-01T00:00:00Z",0,1,"0.00","2.50"],["end","2026-04-01T00:00:00Z",1,0,"-2.50","0.00"]]' \
    'what another zone would move, priced'
is "$(jq -c '.[0].low_days | [length, .[0], .[-1]]' <<<"$out")" '[22,"2026-03-10","2026-03-31"]' 'days that may be too low'
is "$(jq -c '.[0].lines | map([.kind, .units, .unit_price, .amount])' <<<"$out")" '[["tier",2,"2.50","5.00"]]' \
    'the charge by line'
is "$(jq -c '.[0].today' <<<"$out")" '{"unique_handles":5,"charge":"5.00"}' 'as it looks today'
is "$(jq -c '.[0].checks | map(keys_unsorted) | unique' <<<"$out")" '[["name","expected","found","state"]]' \
    "the checks' keys"
is "$(jq -c '.[0].checks | map(select(.state != "pass") | [.name, .found, .state])' <<<"$out")" \
    '[["days that may be too low",22,"warn"]]' 'all checks pass but the one of the gaps, which warns'
checks=$(jq '.[0].checks | length' <<<"$out")
exits 0 headroom --json reconcile "${month[@]}" --recount
is "$(jq '.[0].checks | length' <<<"$out")" "$((checks + 12))" '--recount adds a check for each rule, and one of the list, and five of what is kept beside the count'
is "$(jq -c '.[0].checks | map(select(.state != "pass")) | length' <<<"$out")" 1 'the recount agrees'
is "$(jq -c '.[0] | [.differing_owners, .pairs]' <<<"$out")" '[[],null]' 'so that nobody differs; pairs were not looked for'
rules='attempted attempted+app answered answered+app delivered delivered+app '
is "$(jq -r '.[0].checks[].name | select(startswith("recount ")) | .[8:]' <<<"$out" | tr '\n' ' ')" "$rules" \
    'in the order of the rules'

note 'text'
exits 0 headroom reconcile "${month[@]}" --recount
like "$out" 'counted +6.*not counted: app_only +2.*not counted: not_answered +1.*not counted: not_attempted +1.*all requests +10' \
    'requests, counted and not, by reason'
like "$out" 'unique handles .answered. +5.*limit +3.*overage +2' 'the handles'
like "$out" 'answered +5 +0 +5.00 USD +0.00 USD +agreed.*delivered +4 +-1 +2.50 USD +-2.50 USD' \
    'the spread, with what it would cost'
like "$out" ' 2 +2.50 +5.00 USD'$'\n''total +5.00 USD' 'the charge'
like "$out" 'name no owner: 1, which may stand for at most 1' 'who may be behind requests of the app alone'
like "$out" 'in, from the month before +1 +[+]2.50 USD.*out, to the month after +1 +-2.50 USD' 'what another zone would move'
like "$out" 'too low on 2026-03-10 to 2026-03-31' 'days that may be too low'
like "$out" 'recount answered +5 +5 +pass' 'the recount'
is "$(awk 'length > 80' <<<"$out")" '' 'in 80 columns'
is "$(grep -c ' $' <<<"$out")" 0 'no blanks at the end of lines'
unlike "$out" $'\033' 'no colours in a pipe'

note 'a month without events, and months that are none'
exits 0 headroom --json reconcile --month 2026-01 --recount
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
exits 0 headroom --json reconcile --all
is "$(jq -c '[.[] | select(.contract == "acme") | .month] | .[0:2]' <<<"$out")" '["2026-02","2026-03"]' \
    'without a month: all from the first one with requests'
now=$(date -u +%Y-%m)
is "$(jq -c '[.[] | select(.contract == "acme") | .month] | .[-1]' <<<"$out")" "\"$now\"" 'to the one of now'
is "$(jq -c '[.[] | select(.contract == "beta") | .month]' <<<"$out")" "[\"$now\"]" 'a contract without requests: that of now'
exits 0 headroom --json reconcile --all --contract beta
is "$(jq -c 'map([.contract, .month])' <<<"$out")" "[[\"beta\",\"$now\"]]" '--all of one contract'

note 'events that share an id'
headroom -q ingest --contract acme - >"$work/.more" <<'END'
{"id":"2","time":"2026-03-03T08:00:00Z","user_id":9,"status":500}
{"id":"5","time":"2026-03-06T09:00:00Z","user_id":1,"status":200}
END
exits 0 headroom --json reconcile --contract acme "${month[@]}" --recount --pairs
is "$(jq -c '.[0].checks[-2:] | map([.name, .found, .state])' <<<"$out")" \
    '[["events that share an id",2,"warn"],["of these without one owner",1,"warn"]]' 'checks that warn'
is "$(jq -c '.[0].pairs | map([.source, .id, .earlier.subject, .later.subject, .resolved])' <<<"$out")" \
    '[["acme","2","2","9",false],["acme","5","1","1",true]]' 'and the pairs, those with two owners first'
exits 0 headroom reconcile --contract acme "${month[@]}" --recount --pairs
like "$out" '2 +2026-03-03T08:00:00Z +2 +delivered +1 +two owners.*acme +2026-03-03T08:00:00Z +9 +attempted +2' 'as text'
like "$out" 'one owner' 'resolved ones too'

note 'what was changed behind the back'
cluster_psql reconcile -c "DELETE FROM headroom.usage WHERE subject = '2'" \
    -c "UPDATE headroom.usage SET answered_days = 0, delivered_days = 0 WHERE subject = '7'" \
    -c "INSERT INTO headroom.usage SELECT contract_id, month, '77', false, requests, attempted_requests, answered_requests,
        delivered_requests, attempted_days, answered_days, delivered_days, last_seen, first_attempted, first_answered,
        first_delivered, endpoints FROM headroom.usage WHERE subject = '6' AND month = '2026-03-01'"
exits 4 headroom --json reconcile --contract acme "${month[@]}" --recount
is "$(jq -c '.[0].checks[] | select(.state == "fail") | .name' <<<"$out")" \
    $'"subjects and requests in the usage"\n"subjects with other endpoints"' 'the list does not add up to the count'
is "$(jq -c '.[0].differing_owners | map([.owner, .maintained, .recounted])' <<<"$out")" \
    '[["2",null,"delivered"],["7","attempted","delivered"],["77","answered",null]]' 'and the owners: lost, changed, invented'
like "$err" "'acme', 2026-03.*subjects and requests in the usage.*expected" 'and on standard error'
exits 4 headroom reconcile --contract acme "${month[@]}" --recount
like "$out" 'OWNER +COUNTED AS +FROM THE EVENTS.*2 +not at all +delivered.*7 +attempted +delivered.*77 +answered +not at all' \
    'the owners as text'
