#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Loaders that run without pause do not keep a close out, and what it seals is what some order of all of them would have
# given: with what came later it is what would be counted today.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

rounds=2 lines=3000
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then rounds=10 lines=40000; fi
note "$rounds rounds, loads of $lines lines"
ledger_new among || bail_out 'no ledger'
sql() { cluster_psql among -At -F ' ' -c "$1"; }
headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
echo '{"id":"later","time":"2026-10-02T00:00:00Z","user_id":"1"}' >"$work/later.jsonl"
headroom ingest -q --source later "$work/later.jsonl" >"$work/.ingest" 2>&1 || bail_out 'no load'

# Loads lines of September, new ones each time, until it is told to stop; every other one names the user by a handle.
loader() { # NAME
    local round=0
    while [ ! -e "$work/stop" ]; do
        round=$((round + 1))
        awk -v name="$1.$round" -v lines="$lines" -v round="$round" 'BEGIN { for (i = 0; i < lines; i++)
            printf "{\"id\":\"%s.%d\",\"time\":%d,\"user_id\":%d,\"handle\":\"h%d\"}\n", name, i,
                1788220800 + (i * 7919) % 2500000, 1 + (i + round * 131) % 3001, (i + round * 131) % 3001 }' >"$work/$1.jsonl"
        headroom ingest -q "$work/$1.jsonl" >"$work/$1.out" 2>"$work/$1.err" || { touch "$work/$1.failed"; return; }
        echo "$round" >"$work/$1.rounds"
    done
}
loaders=()
for name in one two; do
    loader "$name" &
    loaders+=($!)
done
while [ ! -e "$work/one.rounds" ] || [ ! -e "$work/two.rounds" ]; do sleep 0.1; done

for ((i = 1; i <= rounds; i++)); do
    started=$(date +%s%N)
    # A source that was heard from up to its last line only is not waited for.
    exits 0 headroom close --month 2026-09 --without c --reason 'it delivers late'
    took=$((($(date +%s%N) - started) / 1000000))
    ok "close gets its turn: $took ms" test "$took" -lt 10000
    exits 0 headroom --json reconcile --month 2026-09
    is "$(jq -c '.[] | [.state, (.checks | map(select(.state == "fail")))]' <<<"$out")" '["closed",[]]' \
        'what it sealed agrees in itself'
    [ "$i" -eq "$rounds" ] || exits 0 headroom reopen --month 2026-09 --reason 'once more'
done
touch "$work/stop"
wait "${loaders[@]}"
ok 'no load failed' test ! -e "$work/one.failed" -a ! -e "$work/two.failed"
note "loads: $(cat "$work/one.rounds") and $(cat "$work/two.rounds")"
is "$(sql "SELECT (s.unique_handles + coalesce(d.unique_handles, 0), s.charge + coalesce(d.amount, 0))
    = (t.unique_handles, t.charge)
    FROM headroom.seal_in_force AS s
    CROSS JOIN headroom.counts_today(1, '2026-09-01') AS t
    LEFT JOIN headroom.derived_adjustments(1, '2026-10-01') AS d ON true")" t 'with what came later it is today'"'"'s count'
is "$(sql "SELECT count(*) FROM headroom.seal AS s
    WHERE s.requests <> (
        SELECT coalesce(sum(d.requests), 0)
        FROM headroom.daily AS d
        JOIN headroom.chain AS l ON l.subject_id = d.batch_id AND l.kind = 'batch'
        WHERE d.month = s.month AND l.seq <= s.chain_seq)")" 0 'each seal holds exactly what the chain held before it'
exits 0 headroom reconcile --month 2026-09 --recount
exits 0 headroom verify
is "$(sql 'SELECT count(*) FROM headroom.contract_intent')" 0 'nothing announces a close any more'
