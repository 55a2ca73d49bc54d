#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A file of several batches, two of which are written at a time: nothing is lost or there twice, and what is said of its
# lines comes in their order. With one connection to be had, one at a time. Of two lines of one event the first one stays.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

# Each user is in every batch; lines 100,051 to 100,150 are there in the next batch once more, and two lines are bad.
awk 'BEGIN {
    for (i = 1; i <= 260000; i++) {
        n = i > 200050 && i <= 200150 ? i - 100000 : i
        if (i == 70000 || i == 230000) print "{\"id\":\"bad\"}"
        else printf "{\"id\":\"w%d\",\"time\":%d,\"user_id\":%d,\"label\":\"l%d\"}\n", n, 1790812800 + n, 1 + n % 997, n
    }
}' >"$work/log.jsonl"

ledger() { # NAME
    ledger_new "$1" || bail_out 'no ledger'
    headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
}

is_whole() { # DATABASE
    is "$(jq -c '[.read, .added, .duplicate, .quarantined, .batches]' <<<"$out")" '[260000,259898,100,2,3]' \
        "$1: each line is one of the three"
    is "$(grep -o 'log.jsonl:[0-9]*: quarantined' <<<"$err" | grep -o '[0-9]*' | paste -sd ' ')" '70000 230000' \
        "$1: bad lines are named in their order"
    is "$(cluster_psql "$1" -Atc 'SELECT count(*), count(DISTINCT event_id) FROM headroom.event')" '259898|259898' \
        "$1: each event is there once"
    is "$(cluster_psql "$1" -Atc 'SELECT count(*), sum(requests) FROM headroom.usage')" '997|259898' \
        "$1: the usage holds them all"
    is "$(cluster_psql "$1" -Atc "SELECT encode(digest, 'hex') FROM headroom.chain_head")" "$(jq -r .chain_head <<<"$out")" \
        "$1: the head that is said is the last one"
    exits 0 headroom verify
    exits 0 headroom reconcile --month 2026-10 --recount
    exits 0 headroom ingest "$work/log.jsonl"
    is "$(cluster_psql "$1" -Atc 'SELECT count(*) FROM headroom.batch')" 3 "$1: nothing is left to be read again"
}

ledger two
exits 3 headroom --json ingest "$work/log.jsonl"
is_whole two

exits 0 headroom batch void 1-3 --reason 'test traffic'
{ tail -n +50001 "$work/log.jsonl"; head -n 50000 "$work/log.jsonl"; } >"$work/turned.jsonl"
exits 3 headroom --json ingest "$work/turned.jsonl"
is "$(grep -o 'lines repeat events of batch [0-9]*' <<<"$err" | sort | uniq -c | awk '{ print $1 }' | paste -sd ' ')" '1 1 1' \
    'each voided batch is named once, whichever of the two writes met its events'

ledger one
cluster_psql one -c 'CREATE ROLE lonely LOGIN CONNECTION LIMIT 1' -c 'GRANT headroom_writer TO lonely'
exits 3 headroom -v --json ingest "$work/log.jsonl" --db "host=$cluster user=lonely dbname=one"
like "$err" 'one batch is written at a time: .*too many connections' 'the second connection is missed'
is_whole one

note 'the second batch is short, and would be there long before the last event of the first one'
awk 'BEGIN {
    for (i = 1; i <= 100000; i++) printf "{\"id\":\"o%d\",\"time\":%d,\"user_id\":%d,\"label\":\"first\"}\n", i, 1790812800 + i, 1 + i % 997
    for (i = 99991; i <= 100010; i++) printf "{\"id\":\"o%d\",\"time\":%d,\"user_id\":%d,\"label\":\"second\"}\n", i, 1790812800 + i, 1 + i % 997
}' >"$work/twice.jsonl"
ledger order
exits 0 headroom --json ingest "$work/twice.jsonl"
is "$(jq -c '[.read, .added, .duplicate, .batches]' <<<"$out")" '[100020,100010,10,2]' 'ten events are there twice'
is "$(cluster_psql order -Atc 'SELECT label, count(*) FROM headroom.event GROUP BY label ORDER BY label')" \
    $'first|100000\nsecond|10' 'the line that was read first is the one that stays'
is "$(cluster_psql order -Atc 'SELECT string_agg(added || $$/$$ || duplicate, $$ $$ ORDER BY batch_id) FROM headroom.batch')" \
    '100000/0 10/10' 'and the later batch has the duplicates'
