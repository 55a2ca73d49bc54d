#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What is kept of a month is what going through its subjects gives, whatever touched the month since; and it is used.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
cluster_start
ledger_new cache
contract=acme
headroom -q contract add "$contract" --limit 3 --price 2.50 --currency USD --time-zone Europe/Berlin >/dev/null

sql() { cluster_psql cache -Atc "$1"; }
months="(VALUES ('2026-02-01'::date), ('2026-03-01'), ('2026-04-01')) AS m (month)"
differing() {
    sql "SELECT count(*) FROM $months CROSS JOIN LATERAL (
        (SELECT 'day', d.bit::text, d.new_handles, d.seen, d.cumulative FROM headroom.kept_days(1, m.month) AS d
            EXCEPT SELECT 'day', d.bit::text, d.new_handles, d.seen, d.cumulative FROM headroom.month_days(1, m.month, 'answered') AS d)
        UNION ALL
        (SELECT 'move', b.side, b.leave, b.come, 0 FROM headroom.kept_moves(1, m.month) AS b
            EXCEPT SELECT 'move', b.side, b.leave, b.come, 0 FROM headroom.month_moves(1, m.month) AS b)) AS d"
}
kept() { sql "SELECT string_agg(to_char(m.month, 'MM'), ' ' ORDER BY m.month) FROM $months
    WHERE (headroom.cached_month(1, m.month)).chain_seq IS NOT NULL"; }
keep() { for month in 2026-02 2026-03 2026-04; do headroom -q reconcile --month "$month" >/dev/null; done; }
# What is there agrees, is stale where it must be, and is kept again.
after() { # WHAT STILL-KEPT
    is "$(kept)" "$2" "$1: what is still kept"
    is "$(differing)" 0 "$1: nothing else is shown than what is counted"
    keep
    is "$(kept)" '02 03 04' "$1: kept again"
    is "$(differing)" 0 "$1: as it is counted"
}
events() { headroom -q ingest - >/dev/null; }

events <<'END'
{"id":"1","time":"2026-03-10T12:00:00Z","user_id":1}
{"id":"2","time":"2026-03-01T08:00:00Z","user_id":2}
{"id":"3","time":"2026-03-31T08:00:00Z","user_id":3}
{"id":"4","time":"2026-03-12T08:00:00Z","handle":"ann"}
{"id":"5","time":"2026-02-10T12:00:00Z","user_id":4}
{"id":"6","time":"2026-04-20T12:00:00Z","user_id":5}
END
after 'the first batch' ''
is "$(sql "SELECT leave_come FROM headroom.month_cache WHERE month = '2026-03-01'")" '{1,0,1,0}' 'owners of the edge days'
events <<<'{"id":"7","time":"2026-03-15T12:00:00Z","user_id":6}'
after 'a batch in the middle of March' '02 04'
events <<<'{"id":"8","time":"2026-02-28T22:30:00Z","user_id":7}'
after 'a batch on the last day of February' '04'
is "$(sql "SELECT leave_come FROM headroom.month_cache WHERE month = '2026-03-01'")" '{1,1,1,0}' 'March sees who would come'
events <<<'{"id":"9","time":"2026-04-15T12:00:00Z","handle":"ann","user_id":1}'
after 'a fact that a batch of April teaches, of a handle of March' ''
is "$(sql "SELECT sum(n) FROM headroom.month_cache CROSS JOIN unnest(new_handles) AS n WHERE month = '2026-03-01'")" 4 \
    'ann and 1 are one'
printf 'user_id,handle,from,to\n8,ann,2026-03-01,2026-03-31\n' >"$work/claims.csv"
headroom -q identities import "$work/claims.csv" >/dev/null
after 'an import that names the handle' ''
printf 'user_id,handle,from,to\n9,bob,2026-03-01,2026-03-31\n' >"$work/claims.csv"
headroom -q identities import "$work/claims.csv" >/dev/null
after 'an import of a handle that nobody used' '02 03 04'
batch=$(sql "SELECT batch_id FROM headroom.batch_source WHERE contract_id = 1 AND first_event = '2026-03-15 12:00Z'")
headroom -q batch void "$batch" --reason test
after 'a batch that is voided' '02 04'
headroom -q batch restore "$batch" --reason test
after 'and restored' '02 04'
headroom -q contract amend "$contract" --from 2026-03 --counting attempted --reason test >/dev/null
headroom -q contract amend "$contract" --from 2026-03 --counting answered --reason test >/dev/null
after 'contracts that change' ''

note 'used, and not needed'
sql "UPDATE headroom.month_cache SET leave_come = '{7,7,7,7}' WHERE month = '2026-03-01'"
is "$(headroom --json reconcile --month 2026-03 | jq -c '.[0].boundary | map([.leave, .come])')" '[[7,7],[7,7]]' 'a statement reads it'
PGOPTIONS='-c default_transaction_read_only=on' exits 0 headroom --json reconcile --month 2026-03
sql 'DELETE FROM headroom.month_cache'
PGOPTIONS='-c default_transaction_read_only=on' exits 0 headroom --json reconcile --month 2026-03
is "$(jq -c '.[0].boundary | map([.leave, .come])' <<<"$out")" '[[1,1],[1,0]]' 'a session that may not write counts anew'
is "$(sql 'SELECT count(*) FROM headroom.month_cache')" 0 'and keeps nothing'
