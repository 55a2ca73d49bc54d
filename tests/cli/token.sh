#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A user whom only a keyed digest of a token stands for is counted like any other, and is shown as provisional wherever
# a figure holds it.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new token || bail_out 'no ledger'
headroom contract add acme --limit 500 --price 2.50 --currency USD --from 2026-01-01 >/dev/null
one=$(printf '%064d' 1 | tr 0 a)
two=$(printf '%064d' 2 | tr 0 b)

cat >"$work/lines.jsonl" <<END
{"id":"1","time":"2026-06-01T10:00:00Z","user_id":"7"}
{"id":"2","time":"2026-06-01T11:00:00Z","token":"$one"}
{"id":"3","time":"2026-06-02T11:00:00Z","token":"$one","status":200,"label":"night run"}
{"id":"4","time":"2026-06-03T11:00:00Z","token":"$two","status":401}
{"id":"5","time":"2026-06-03T12:00:00Z","token":"$one","user_id":"7"}
{"id":"6","time":"2026-06-03T12:00:00Z","token":"a-real-token-somebody-put-here-by-mistake"}
END
exits 3 headroom ingest "$work/lines.jsonl"
like "$err" 'quarantined \(contradiction\): token stands for a user whom nobody knows' 'a known user needs no token'
like "$err" 'quarantined \(bad_token\): token must be 64 hex digits' 'a token itself is refused'
unlike "$err" 'a-real-token' 'and not shown'
is "$(cluster_psql token -At -c "SELECT count(*) FROM headroom.quarantine WHERE encode(raw, 'escape') LIKE '%a-real%'")" 0 \
    'nor kept'
printf 'id,time,token\n9,2026-06-04T00:00:00Z,%s\n' "$one" >"$work/rows.csv"
exits 0 headroom ingest "$work/rows.csv"

exits 0 headroom --json status --month 2026-06
is "$(jq -c '.[0] | [.unique_handles, .provisional, .requests]' <<<"$out")" '[2,1,5]' 'it counts, and is told apart'
exits 0 headroom --json handles --month 2026-06
is "$(jq -c '.[] | select(.user_id == null) | [.subject, .requests, .label]' <<<"$out")" "[\"~$one\",3,null]" \
    'it stands among the handles'
exits 0 headroom --json trace "~$one" --month 2026-06
like "$out" "~$one" 'it can be traced'
exits 0 headroom reconcile --month 2026-06 --recount
like "$out" 'of these provisional +1' 'the statement says so'
exits 0 headroom verify
exits 0 headroom report evidence --month 2026-06 -o "$work/evidence"
exits 0 headroom verify "$work/evidence"
exits 0 headroom report --month 2026-06 -o "$work/book.xlsx"
like "$(unzip -p "$work/book.xlsx" 'xl/worksheets/*.xml')" "~$one" 'and its line is in the workbook'
exits 0 headroom close --month 2026-06 --force --reason test
exits 0 headroom verify
