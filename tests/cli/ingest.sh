#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What ingest says: the summary adds up, as text and as JSON, and a dry run shows how a file would be understood.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new ingest || bail_out 'no ledger'
query() { cluster_psql ingest -At -c "$1"; }
cat >"$work/log.csv" <<'END'
event_id,occurred_at,user_id,status,colour
1,2026-03-02T08:00:00Z,1,200,red
2,2026-03-03T08:00:00Z,2,404,red
3,2026-03-04T08:00:00Z,3,429,red
4,yesterday,4,200,red
5,2026-03-05T08:00:00Z,1,200,red
END
exits 1 headroom ingest "$work/log.csv"
is "$out" '' 'no contract: nothing on standard output'
like "$err" 'no contract yet.*contract add' 'no contract: says how to add one'
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'

note 'dry run'
exits 3 headroom ingest --dry-run "$work/log.csv"
like "$out" 'format csv.*Columns used: event_id, occurred_at, user_id, status.*Columns ignored: colour' \
    'the format, the columns used and ignored'
like "$out" ' 2 +2026-03-02T08:00:00Z +acme +acme +1 +– +user +delivered +1' 'the first event as understood'
like "$out" ' 5 +bad_time .*yesterday' 'the line that would be quarantined, with its number and why'
like "$out" 'read +5.*readable +4.*quarantined +1.*bad_time +1' 'the totals'
is "$(query 'SELECT (SELECT count(*) FROM headroom.event), (SELECT count(*) FROM headroom.batch),
    (SELECT count(*) FROM headroom.quarantine)')" '0|0|0' 'nothing was written'
exits 3 headroom --json ingest --dry-run "$work/log.csv"
is "$(jq -c '.[0] | keys_unsorted' <<<"$out")" \
    '["file","format","columns_used","columns_ignored","read","readable","quarantined","skipped","events","rejections"]' \
    'the keys of a dry run'
is "$(jq -c '.[0] | .columns_used, .columns_ignored' <<<"$out" | paste -sd ' ')" \
    '["event_id","occurred_at","user_id","status"] ["colour"]' 'the columns, a name each'
is "$(jq -c '.[0] | [.events[].class], [.rejections[] | .line, .reason]' <<<"$out" | paste -sd ' ')" \
    '["delivered","attempted","not_attempted","delivered"] [5,"bad_time"]' 'what is in it'

note 'the summary'
exits 3 headroom ingest --contract acme "$work/log.csv"
is "$(tr -s ' ' <<<"$out" | sed '/^$/,$d')" "$(
    cat <<'END'
LINES COUNT
read 5
 added 4
 counted 2
 not counted 2
 not_answered 1
 not_attempted 1
 duplicate 0
 quarantined 1
 bad_time 1
END
)" 'as text'
like "$out" "Chain head: $(query "SELECT encode(digest, 'hex') FROM headroom.chain_head")" 'the head of the chain'
like "$err" '1 line could not be read' 'standard error says that a line is in quarantine'
exits 3 headroom --json ingest --contract acme --again "$work/log.csv"
is "$(jq -c 'keys_unsorted' <<<"$out")" \
    '["read","added","counted","not_counted","duplicate","quarantined","batches","chain_head"]' 'the keys'
is "$(jq -c '[.read, .added, .counted, .not_counted, .duplicate, .quarantined]' <<<"$out")" '[5,0,0,0,4,1]' \
    'the same again: duplicates'
sed 4,5d "$work/log.csv" >"$work/good.csv"
exits 0 headroom ingest --source other "$work/good.csv"
exits 0 headroom ingest - <"$work/good.csv"

note 'refused'
before=$(query 'SELECT count(*) FROM headroom.batch')
exits 2 headroom ingest --contract acne "$work/good.csv"
is "$out" '' 'an unknown contract: nothing on standard output'
like "$err" 'acne.*acme' 'an unknown contract: the known ones are named'
exits 2 headroom ingest --source= "$work/good.csv"
exits 2 headroom ingest --format yaml "$work/good.csv"
is "$(query 'SELECT count(*) FROM headroom.batch')" "$before" 'nothing was written'

if command -v script >/dev/null; then
    shown=$(script -qec "'$program' ingest '$work/good.csv'" /dev/null </dev/null | tr -d '\r')
    like "$shown" 'read +3' 'on a terminal the summary follows the progress'
fi
