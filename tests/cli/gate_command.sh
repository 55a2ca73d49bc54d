#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# headroom gate: breaking the glass on record, and what the gates decided.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new gate || bail_out 'no ledger'
month=$(date -u +%Y-%m)
exits 1 headroom gate allow 12 --reason late
headroom contract add acme --limit 1 --price 2.50 --currency USD --from 2020-01-01 >"$work/.add" || bail_out 'no contract'
printf '{"time":"%s","user_id":11}\n' "$(date -u +%FT%TZ)" | headroom ingest - >"$work/.in" 2>&1 || bail_out 'no event'

exits 0 headroom gate list
is "$out" '' 'nothing to list'
like "$err" 'no gate had anything to decide' 'which is said'
exits 0 headroom gate list --json
is "$out" '[]' 'and an empty list as JSON'

exits 0 headroom --by ann gate allow 0012 --reason 'signed today'
is "$out" "12 may pass the gate of contract acme for the rest of $month: signed today" 'a user id, without its zeros'
exits 0 headroom --by ann --json gate allow @TwitterAPI --contract acme --month "$month" --reason 'ticket 4711'
is "$(jq -c . <<<"$out")" \
    "{\"contract\":\"acme\",\"month\":\"$month\",\"subject\":\"@twitterapi\",\"reason\":\"ticket 4711\",\"by\":\"ann\"}" 'a handle'
exits 1 headroom gate allow 12 --reason again
like "$err" "12 was allowed in $month already, by ann on .*: signed today" 'once is enough'
exits 1 headroom gate allow 13 --reason late --month last
like "$err" 'is over: nothing passes the gate in it any more' 'not in a month that is over'
exits 2 headroom gate allow 13
like "$err" 'reason' 'a reason is needed'
digest=~$(printf 'a%.0s' {1..64})
exits 0 headroom --by ann gate allow "$digest" --reason 'a token that names nobody'
like "$out" "^$digest may pass" 'and who is known by a digest alone'
for wrong in "${digest}a" "${digest%a}" "${digest%a}A" "${digest%a}g" '~app'; do
    exits 2 headroom gate allow "$wrong" --reason x
done
like "$err" 'is no provisional subject' 'which is written as it is shown'
for wrong in 0 9223372036854775808 99999999999999999999 not-a-handle ''; do exits 2 headroom gate allow "$wrong" --reason x; done
exits 2 headroom gate allow 13 --reason x --month 2026-13
exits 2 headroom gate allow 13 --reason x --contract nobody
exits 2 headroom gate list --contract nobody

driver_find gate_driver
is "$(printf '%s\n' 12 13 wait | "$driver" "$work/spool" "$HEADROOM_DB" enforce -1 allow 2>"$work/.err" | cut -d' ' -f1,2 |
    sort | paste -sd,)" '12 pass,13 refuse' 'who was allowed passes'
cluster_psql gate -qc "INSERT INTO headroom.gateway_spool (spool, first_seen) VALUES (repeat('a', 32), now());
    INSERT INTO headroom.gateway_gate SELECT repeat('a', 32), n, 'acme', '13', now(), 'refused', 1, 2
    FROM generate_series(1, 3) AS n" || bail_out 'no decisions'
exits 0 headroom gate list --json
is "$(jq -c '.[] | [.kind, .subject, .decisions, .reason, .by]' <<<"$out" | paste -sd' ')" \
    '["allowed","12",null,"signed today","ann"] ["allowed","@twitterapi",null,"ticket 4711","ann"] '"[\"allowed\",\"$digest\",null,\"a token that names nobody\",\"ann\"]"' ["passed","12",null,null,null] ["refused","13",3,null,null]' \
    'the list'
exits 0 headroom gate list
like "$out" '13 +refused +3' 'for a person'
exits 0 headroom gate list --month last --json
is "$out" '[]' 'another month has its own'
