#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gateway's clock steps back and forth under load: each request is an event, once, and no span comes from the clock.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"

fake=$(dirname "$(find /usr/lib /usr/lib64 -name libfaketimeMT.so.1 -print -quit 2>/dev/null)" 2>/dev/null)/libfaketimeMT.so.1
[ -e "$fake" ] || bail_out 'no libfaketime: run ./scripts/bootstrap --test'
clock=$work/clock
set_clock() { printf '%s\n' "$1" >"$clock.new" && mv "$clock.new" "$clock"; }
ledger_new clock || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'

# A certificate that is valid at all the times that the gateway will believe in.
faketime -f -10d "$root/scripts/make-ca" "$work/ca" >"$work/.make-ca" 2>&1 || bail_out 'no CA' "$(cat "$work/.make-ca")"
upstream_start
set_clock +0
gateway_under=(env "ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0" "LD_PRELOAD=$fake"
    "FAKETIME_TIMESTAMP_FILE=$clock" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1)
gateway_start --drain-interval 100ms --upstream-timeout 5s
# With four clients, four of the answers at most are to requests from before the step.
ask_on() { within 60 says "$load_sent" '^' $(($(wc -l <"$load_sent") + 12)); }
: >"$load_sent"
load_begin clock --threads 4
ask_on
for step in -1d +3h -2d -1h +20h +0; do
    set_clock "$step"
    ask_on
done
load_end
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
requests_are_events clock
is "$(jq -r 'select(.status != 200) | .marker' "$load_sent" | wc -l)" 0 'no request suffered by it'
is "$(cluster_psql clock -At -c "SELECT string_agg(DISTINCT round(extract(epoch FROM occurred_at - now()) / 3600)::text, ' ')
    FROM headroom.event")" '-1 -24 -48 0 20 3' 'the events have the clock they were told'
is "$(cluster_psql clock -At -c 'SELECT count(*) FROM headroom.event WHERE latency_ms NOT BETWEEN 0 AND 20000')" 0 \
    'no latency is made of a step'
is "$(cluster_psql clock -At -c 'SELECT count(*) FROM headroom.source_until WHERE until > now()')" 0 \
    'it is never said that all has come up to a time that it went back from'
says "$work/gateway.err" 'the clock went forward by [0-9]+ s; up to when'
ok 'which is said' test $? = 0
