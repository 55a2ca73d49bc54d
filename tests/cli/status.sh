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
    '[["contract","month","period_start","period_end","state","unique_handles","provisional","limit","headroom","overage","charge","currency","requests","as_of","data_until","completeness","adjustments","due","forecast"]]' \
    'the keys, in their order'
is "$(jq -c '.[0] | del(.completeness)' <<<"$out")" \
    '{"contract":"acme","month":"2026-04","period_start":"2026-04-01T00:00:00Z","period_end":"2026-05-01T00:00:00Z","state":"over","unique_handles":5,"provisional":0,"limit":3,"headroom":0,"overage":2,"charge":"5.00","currency":"USD","requests":5,"as_of":"2026-04-30T23:59:59.500001Z","data_until":"2026-04-30T23:59:59.500001Z","adjustments":[],"due":"5.00","forecast":null}' \
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
