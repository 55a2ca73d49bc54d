#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The month ends while the gate is asked: the request is one of the new month, so a place of that month is asked for.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"

fake=$(dirname "$(find /usr/lib /usr/lib64 -name libfaketimeMT.so.1 -print -quit 2>/dev/null)" 2>/dev/null)/libfaketimeMT.so.1
[ -e "$fake" ] || bail_out 'no libfaketime: run ./scripts/bootstrap --test'
clock=$work/clock
set_clock() { printf '%s\n' "$1" >"$clock.new" && mv "$clock.new" "$clock"; }
ledger_new monthend || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
sql() { cluster_psql monthend -Atqc "$1"; }
upstream_start
set_clock +0
gateway_under=(env "ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0" "LD_PRELOAD=$fake"
    "FAKETIME_TIMESTAMP_FILE=$clock" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1)
# A pass goes when its request is in the ledger: only the first one's is there in time.
gateway_start --gate enforce --drain-interval 1h
ask() { gateway_curl -o "$work/.answer" -H "Authorization: OAuth oauth_token=\"$1-x\"" -d '{}' "$totals"; }
passes() { sql "SELECT string_agg(month::text, ',' ORDER BY month) FROM headroom.gate_pass WHERE subject = '$1'"; }
now=$(date -u +%Y-%m-01)
next=$(date -u -d "$now +1 month" +%Y-%m-01)
end=$(date -u -d "$next" +%s)
# The gate is held from before the month's end until after it. On a slow machine the question may come too late.
across_the_end() { # USER
    set_clock +0
    mkfifo "$work/hold.$1"
    cluster_psql monthend -Atq <"$work/hold.$1" >"$work/held.$1" 2>&1 &
    exec 8>"$work/hold.$1"
    printf '%s\n' 'BEGIN;' 'SELECT contract_id FROM headroom.gate_lock FOR UPDATE;' >&8
    within 20 test -s "$work/held.$1"
    set_clock "$(awk -v end="$end" -v now="$(date +%s.%N)" 'BEGIN { printf "+%.3f", end - now - 0.6 }')"
    ask "$1" &
    local asking=$!
    sleep 0.9
    printf 'COMMIT;\n' >&8
    exec 8>&-
    wait "$asking"
}

ask 11
is "$(passes 11)" "$now" 'a place of this month'
for user in 12 13 14 15 16; do
    across_the_end "$user"
    [[ $(passes "$user") != "$now"* ]] || break
done
is "$(passes "$user")" "$now,$next" 'across its end: one of each'
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
