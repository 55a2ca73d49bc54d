#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# status: what is used and what is left, as JSON, as text and on a terminal.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new status || bail_out 'no ledger'
exits 1 headroom status
is "$out" '' 'no contract: nothing on standard output'
like "$err" 'no contract yet.*contract add' 'no contract: says how to add one'

headroom contract add acme --limit 3 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" &&
    headroom contract add beta --limit none --price 1 --currency JPY >>"$work/.add" || bail_out 'no contracts'
cat >"$work/log.jsonl" <<'END'
{"id":"1","time":"2026-03-02T08:00:00Z","user_id":1,"handle":"ann"}
{"id":"2","time":"2026-03-03T08:00:00Z","user_id":2}
{"id":"3","time":"2026-03-04T08:00:00Z","user_id":3}
{"id":"4","time":"2026-03-05T08:00:00Z","user_id":1}
{"id":"5","time":"2026-03-06T08:00:00Z","user_id":4,"status":429}
{"id":"6","time":"2026-04-02T08:00:00Z","user_id":1}
{"id":"7","time":"2026-04-03T08:00:00Z","user_id":2}
{"id":"8","time":"2026-04-04T08:00:00Z","user_id":3}
{"id":"9","time":"2026-04-05T08:00:00Z","user_id":4}
{"id":"10","time":"2026-04-30T23:59:59.5Z","user_id":5}
END
exits 0 headroom ingest -q --contract acme "$work/log.jsonl"

note 'JSON'
exits 0 headroom --json status --contract acme --month 2026-04
is "$(jq -c 'map(keys_unsorted)' <<<"$out")" \
    '[["contract","month","period_start","period_end","state","unique_handles","provisional","limit","headroom","overage","charge","currency","requests","as_of","data_until","completeness","adjustments","due","forecast","disputes","rate","gate"]]' \
    'the keys, in their order'
is "$(jq -c '.[0] | del(.completeness)' <<<"$out")" \
    '{"contract":"acme","month":"2026-04","period_start":"2026-04-01T00:00:00Z","period_end":"2026-05-01T00:00:00Z","state":"over","unique_handles":5,"provisional":0,"limit":3,"headroom":0,"overage":2,"charge":"5.00","currency":"USD","requests":5,"as_of":"2026-04-30T23:59:59.500001Z","data_until":"2026-04-30T23:59:59.500001Z","adjustments":[],"due":"5.00","forecast":null,"disputes":[],"rate":null,"gate":{"refused":0,"observed":0,"unanswered":0,"allowed":0}}' \
    'over the limit'
exits 0 headroom --json status --contract acme --month 2026-03
is "$(jq -c '.[0] | [.unique_handles, .limit, .headroom, .overage, .charge, .requests]' <<<"$out")" \
    '[3,3,0,0,"0.00",5]' 'at the limit: no headroom and no overage; what is not counted is in requests'
exits 0 headroom --json status --contract acme --month 2026-02
is "$(jq -c '.[0] | [.unique_handles, .headroom, .overage, .charge, .requests]' <<<"$out")" '[0,3,0,"0.00",0]' \
    'a month without events: zeros'
exits 0 headroom --json status --contract beta --month 2026-04
is "$(jq -c '.[0] | [.limit, .headroom, .overage, .charge, .data_until]' <<<"$out")" '[null,null,0,"0",null]' \
    'no limit, no data'
exits 0 headroom --json status
is "$(jq -c 'map(.contract)' <<<"$out")" '["acme","beta"]' 'all contracts, by name'
is "$(jq -r '.[0].month' <<<"$out")" "$(date -u +%Y-%m)" 'the open month of now'
is "$(jq -r '.[0].state' <<<"$out")" open 'which is open'
exits 0 headroom --json status --month last
is "$(jq -r '.[0].state' <<<"$out")" over 'the last month is over'

note 'months that are none'
exits 2 headroom status --month 2026-13
like "$err" "'2026-13' is no month.*this or last" 'a month that does not exist'
exits 2 headroom status --month yesterday
exits 1 headroom --json status --contract acme --month 2025-12
is "$out" '' 'before the first term: nothing on standard output'
like "$err" 'no billing month 2025-12.*before the first term' 'before the first term: says so'
exits 0 headroom --json status --month 2025-12
is "$(jq -c 'map(.contract)' <<<"$out")" '["beta"]' 'of all contracts those that have the month are shown'
like "$err" "'acme' has no billing month 2025-12" 'and the other one is named'
exits 2 headroom status --contract acne
is "$out" '' 'an unknown contract: nothing on standard output'
like "$err" "no contract 'acne'.*acme, beta" 'an unknown contract: the known ones are named'

note 'text'
exits 0 headroom status --month 2026-04
is "$(tr -s ' ' <<<"$out")" "$(
    cat <<'END'
CONTRACT MONTH STATE USED LIMIT HEADROOM OVERAGE CHARGE DATA UNTIL GRADE
acme 2026-04 over 5 3 0 2 5.00 USD 2026-04-30T23:59:59Z gaps on 28 days
beta 2026-04 over 0 none – 0 0 JPY – unknown
END
)" 'piped: plain lines'
plain=$out
is "$(headroom status -v --month 2026-04 | sed -n '$p')" \
    "Chain head: $(cluster_psql status -Atc "SELECT encode(digest, 'hex') || ' (' || seq || ' links)' FROM headroom.chain_head")" \
    '-v shows the head of the chain'

note 'what waits for a decision'
headroom --json contract export acme | jq '.[0] | .dispute_days = 30' >"$work/acme.json"
exits 0 headroom contract import "$work/acme.json" --update --reason 'a dispute window'
day() { date -u -d "$1 days" +%Y-%m-%d; }
invoice() { # NUMBER MONTH AGE HANDLES AMOUNT [OPTION…]
    local number=$1 month=$2 age=$3 handles=$4 amount=$5
    shift 5
    headroom --quiet invoice add --contract acme --number "$number" --month "$month" --date "$(day "-$age")" \
        --handles "$handles" --amount "$amount" --currency USD "$@" >"$work/.invoice" || bail_out "no invoice $number"
}
disputes() { headroom --json status --contract acme "$@" | jq -c '.[0].disputes'; }
invoice N1 2026-03 22 3 0
is "$(disputes)" '[]' 'an open one with 8 days left waits for nobody yet'
invoice N2 2026-03 23 9 15
invoice N3 2026-04 31 5 5
invoice N4 2026-04 99 5 5 --kind credit
headroom -q invoice set N1 --status disputed --note 'too many' >"$work/.set"
headroom -q invoice set N4 --status accepted --note 'paid' >>"$work/.set"
is "$(disputes | jq -c 'map([.month, .number, .kind, .status, .handles, .amount, .currency, .due, .days_left, .since != null])')" \
    "[[\"2026-03\",\"N2\",\"invoice\",\"open\",9,\"15.00\",\"USD\",\"$(day 7)\",7,false],[\"2026-03\",\"N1\",\"invoice\",\"disputed\",3,\"0.00\",\"USD\",\"$(day 8)\",8,true],[\"2026-04\",\"N3\",\"invoice\",\"open\",5,\"5.00\",\"USD\",\"$(day -1)\",-1,false]]" \
    'disputed ones, and open ones whose window ends within a week or is over'
is "$(disputes --month 2026-03 | jq -c 'map(.number)')" '["N2","N1"]' 'up to the month that is shown'
is "$(disputes | jq -c '.[2] | [.invoiced_handles, .invoiced_amount, .unique_handles, .charge]')" '[0,"0.00",null,null]' \
    "theirs is the month's sum; a month that is not closed is not counted"
exits 0 headroom close --contract acme --month 2026-03 --force --reason 'a test'
is "$(disputes | jq -c '.[0] | [.invoiced_handles, .invoiced_amount, .unique_handles, .charge]')" '[12,"15.00",3,"0.00"]' \
    'a closed one says what was sealed'
exits 0 headroom status
is "$(sed -n '/^Open disputes/,$p' <<<"$out" | tr -s ' ')" "Open disputes, and documents to accept or dispute until the day that is due:
CONTRACT MONTH DOCUMENT STATUS SINCE THEIRS OURS, SEALED DUE LEFT
acme 2026-03 invoice N2 open – 12 for 15.00 USD (2 documents) 3 for 0.00 USD $(day 7) 7 days left
acme 2026-03 invoice N1 disputed $(day 0) 12 for 15.00 USD (2 documents) 3 for 0.00 USD $(day 8) 8 days left
acme 2026-04 invoice N3 open – 0 for 0.00 USD (2 documents) – $(day -1) overdue for 1 day" 'as text, a line each'
headroom -q invoice set N3 --status disputed --note 'late' >"$work/.set"
like "$(headroom status)" 'N3 .* over, disputed too late' 'a dispute after the last day'
first=$(disputes | jq '.[2].since')
headroom -q invoice set N3 --status disputed --note 'called again' >"$work/.set"
is "$(disputes | jq '.[2].since')" "$first" 'it is disputed since the first of several notes'
headroom -q invoice set N3 --status accepted --note 'settled' >"$work/.set"
headroom -q invoice set N3 --status disputed --note 'not settled' >"$work/.set"
ok 'and after an acceptance anew' test "$(disputes | jq '.[2].since')" != "$first"
for number in N1 N2 N3; do headroom -q invoice set "$number" --status accepted --note 'paid' >"$work/.set"; done
is "$(disputes)" '[]' 'an accepted one waits no more'
unlike "$(headroom status)" disputes 'nothing waits: nothing is said'

note 'on a terminal'
if command -v script >/dev/null; then
    on_terminal() { # COLUMNS VARIABLE=VALUE…
        local width=$1
        shift
        env TERM=xterm "$@" script -qec "stty cols $width; '$program' status --month 2026-04" /dev/null </dev/null | tr -d '\r'
    }
    shown=$(on_terminal 120)
    like "$shown" $'\033\[1mCONTRACT' 'headings are bold'
    like "$shown" $'\033\[31macme.*█+ 166%' 'over the limit is red, with a bar'
    shown=$(on_terminal 120 NO_COLOR=1)
    unlike "$shown" $'\033' 'NO_COLOR: no colours'
    like "$shown" 'acme.*█+ 166%' 'NO_COLOR: the bar stays'
    is "$(on_terminal 70 NO_COLOR=1)" "$plain" 'a narrow terminal has no bar'
else
    skip 'on a terminal' 'no script(1) here'
fi

note 'the rate limit and the gate'
ledger_new rate || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" || bail_out 'no contract'
printf '%s\n' '{"time":"2026-03-01T10:00:30Z","user_id":1,"rate_limit":900,"rate_remaining":451}' \
    '{"time":"2026-03-01T10:01:30Z","user_id":1,"rate_limit":900,"rate_remaining":600}' | headroom -q ingest - ||
    bail_out 'no events'
exits 0 headroom status --month 2026-03
like "$(tr '\n' ' ' <<<"$out")" 'Rate limit: 0 answers 429; most used in the minute from 2026-03-01T10:00:00Z: 50 % of the allowance\.' \
    'how near it came to the rate limit'
unlike "$out" 'Gate' 'nothing of a gate that had nothing to decide'
printf '{"time":"2026-03-02T10:00:30Z","user_id":1,"status":429}\n' | headroom -q ingest - || bail_out 'no event'
cluster_psql rate -qc "INSERT INTO headroom.gateway_spool (spool, first_seen) VALUES (repeat('a', 32), now());
    INSERT INTO headroom.gateway_gate VALUES (repeat('a', 32), 1, 'acme', '13', '2026-03-31T23:59:59Z', 'refused', 1, 2),
        (repeat('a', 32), 2, 'acme', '13', '2026-04-01T00:00:00Z', 'refused', 1, 2),
        (repeat('a', 32), 3, 'other', '13', '2026-03-31T00:00:00Z', 'refused', 1, 2)" || bail_out 'no decisions'
exits 0 headroom --json status --month 2026-03
is "$(jq -c '.[0] | [.rate.rate_limited, .rate.limited_minutes, .rate.used, .rate.minute, .gate.refused]' <<<"$out")" \
    '[1,1,100,"2026-03-02T10:00:00Z",1]' 'a 429 is all of the allowance; a decision counts in its month and contract'
exits 0 headroom status --month 2026-03
like "$(tr '\n' ' ' <<<"$out")" 'Gate: refused 1, would have refused 0' 'and is said'
