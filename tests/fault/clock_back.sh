#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The clock jumps back, the program's and the server's, between loads and in the middle of one.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/load.sh"

fake=$(dirname "$(find /usr/lib /usr/lib64 -name libfaketimeMT.so.1 -print -quit 2>/dev/null)" 2>/dev/null)/libfaketimeMT.so.1
[ -e "$fake" ] || bail_out 'no libfaketime: run ./scripts/bootstrap --test'
lines=120000
clock=$work/clock
set_clock() { printf '%s\n' "$1" >"$clock.new" && chmod 644 "$clock.new" && mv "$clock.new" "$clock"; }
under_clock() { env ASAN_OPTIONS="${ASAN_OPTIONS:-}:verify_asan_link_order=0" LD_PRELOAD="$fake" FAKETIME_TIMESTAMP_FILE="$clock" FAKETIME_NO_CACHE=1 "$@"; }
at() { cluster_psql back -At -c 'SELECT clock_timestamp()'; }

# The server reads the same clock as the program; its waiting must not.
eval "cluster_as_itself() $(declare -f cluster_as | tail -n +2)"
cluster_as() { cluster_as_itself env LD_PRELOAD="$fake" FAKETIME_TIMESTAMP_FILE="$clock" FAKETIME_NO_CACHE=1 \
    FAKETIME_DONT_FAKE_MONOTONIC=1 "$@"; }
export FAKETIME_DONT_FAKE_MONOTONIC=1

set_clock '+0'
ledger_new back || bail_out 'no ledger'
headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
load_log 0 "$lines" "$work/log.jsonl"
head -n 30000 "$work/log.jsonl" >"$work/head.jsonl"
exits 0 under_clock "$program" ingest "$work/head.jsonl"
was=$(at)

note 'a day back, between loads'
set_clock '-1d'
ok 'the server went back' test "$(at)" '<' "$was"
head -n 60000 "$work/log.jsonl" | tail -n 40000 >"$work/middle.jsonl"
exits 0 under_clock "$program" ingest "$work/middle.jsonl"

note 'back and forth in the middle of a load'
under_clock "$program" ingest "$work/log.jsonl" >"$work/.load" 2>&1 &
load=$!
for jump in -3h -2d +1h -5h +0; do sleep 0.15; set_clock "$jump"; done
wait "$load"
is $? 0 'it ends well' || note "$(cat "$work/.load")"
ok 'links of the chain have times that go back' test "$(cluster_psql back -At -c 'SELECT count(*) FROM headroom.chain AS a
    JOIN headroom.chain AS b ON b.seq > a.seq WHERE b.linked_at < a.linked_at')" -gt 0
load_is_whole back "$lines"
