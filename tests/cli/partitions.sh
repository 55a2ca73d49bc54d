#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Loaders that need the same partitions at the same time: each finds them made, whoever made them.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

loaders=8 months=60
ledger_new at_once || bail_out 'no ledger'
for ((month = 0; month < months; month++)); do
    echo "SELECT headroom.ensure_partition('2020-01-01Z'::timestamptz + $month * INTERVAL '1 month');"
done >"$work/months.sql"

pids=() failed=0
for ((loader = 0; loader < loaders; loader++)); do
    cluster_psql at_once -At -f "$work/months.sql" >"$work/$loader.out" 2>"$work/$loader.err" &
    pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || failed=$((failed + 1)); done
[ "$failed" -eq 0 ] || note "$(cat "$work"/*.err)"
is "$failed" 0 'no loader fails'
is "$(cluster_psql at_once -At -c "SELECT count(*) FROM pg_inherits WHERE inhparent = 'headroom.event'::regclass")" \
    "$months" 'each partition is made once, and attached'
