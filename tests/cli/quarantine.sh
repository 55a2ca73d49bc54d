#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Lines that could not be read: what is kept of them, and how they get in after all.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new quarantine || bail_out 'no ledger'
sql() { cluster_psql quarantine -At -F ' ' -c "$1"; }
used() { headroom --json status --contract acme --month 2026-10 | jq -r '.[].unique_handles'; }

headroom contract add acme --limit 2 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cd "$work" || exit 1
token='AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0XbRVHh2WkW3cVcv7eZq9ZkT'
{
    printf '{"id":"q1","time":"2026-10-01","user_id":1}\n'
    printf '{"id":"q2","time":"2026-10-01T00:00:00Z","user_id":"2"}\n'
    printf '{"id":"q3","time":"2026-10-01T00:00:00Z","user_id":"3","contract":"beta"}\n'
    printf '\xff\xfe junk, "quoted"\x1b[31m\n'
    printf '{"id":"q5","time":"2026-10-01","authorization":"Bearer %s"}\n' "$token"
} >q.jsonl
exits 3 headroom ingest q.jsonl

# ---- list ----

exits 0 headroom quarantine list
like "$out" $'REASON +LINES +SETTLED +FILES .*\nbad_time +2 +0 +1 .*\nbad_utf8 +1 +0 +1' 'by reason, the most frequent first'
like "$out" 'q.jsonl:1 \(batch 1\): bad_time: time is "2026-10-01"' 'with samples: file, line and message'
like "$out" '"time":"2026-10-01","user_id":1' 'and the line itself'
like "$out" $'\n    \.\. junk, "quoted"\.\[31m' 'harmless for a terminal'
unlike "$out" "$token" 'without its secrets'
exits 0 headroom quarantine list --reason bad_tme
like "$err" 'no line like that is in quarantine' 'a reason that none has: it does not say that there are no lines'
exits 0 headroom --json quarantine list --reason bad_time
is "$(jq -c '.[] | [.reason, .lines, .files, (.samples | length), .samples[0].line]' <<<"$out")" '["bad_time",2,1,2,1]' 'as JSON'
exits 0 headroom --json quarantine list --lines --file "$work/q.jsonl" --batch 1-7
is "$out" '[]' 'a file that was taken in under another name is not found'
exits 0 headroom --json quarantine list --lines --file q.jsonl --batch 1-7 --contract acme
is "$(jq -r '.[] | "\(.line) \(.reason) \(.raw_encoding)"' <<<"$out" | tr '\n' ';')" \
    '1 bad_time utf-8;3 unknown_contract utf-8;4 bad_utf8 base64;5 bad_time utf-8;' 'each line by itself'
exits 0 headroom --json quarantine list --batch 1 --reason bad_json
is "$out" '[]' 'no line with another reason'
exits 2 headroom quarantine list --contract nobody
exits 2 headroom quarantine list --batch x

# ---- export ----

exits 0 headroom quarantine export
is "$(jq -r '.line' <<<"$out" | tr '\n' ' ')" '1 3 4 5 ' 'export: a line of JSON each'
is "$(jq -r 'select(.line == 4) | .raw' <<<"$out" | base64 -d | head -c 7 | od -An -tx1)" ' ff fe 20 6a 75 6e 6b' 'other bytes are base64'
exits 0 headroom quarantine export --format csv -o bad.csv
is "$(wc -l <"$work/bad.csv")" 5 'CSV with its heading'
like "$(sed -n 2p bad.csv)" $'^1,1,q.jsonl,1,bad_time,time,"time is ""2026-10-01"".*""user_id"":1}",utf-8,' 'quoted as RFC 4180 says'
unlike "$(cat bad.csv)" "$token" 'and masked'
exits 1 headroom quarantine export -o bad.csv
like "$err" 'bad.csv is there already; it was left alone' 'a file that is there is left alone'
exits 0 headroom --json quarantine export -o some.jsonl --reason bad_utf8
is "$(jq -c . <<<"$out")" '{"file":"some.jsonl","lines":1}' 'as JSON what was written'
exits 2 headroom --json quarantine export
exits 2 headroom quarantine export --format xml
exits 1 headroom quarantine export -o none/bad.csv
like "$err" "can't make none/bad.csv: No such file" 'a folder that is missing'

# ---- retry: a contract that was missing ----

exits 3 headroom --json quarantine retry --dry-run
is "$(jq -c '[.dry_run, .tried, .settled, .quarantined, .not_kept, .batches]' <<<"$out")" '[true,4,0,3,1,0]' 'a dry run tries them all'
is "$(jq -r .chain_head <<<"$out")" "$(sql "SELECT encode(digest, 'hex') FROM headroom.chain_head")" \
    'without a batch the head is the one that is there'
exits 3 headroom quarantine retry
like "$out" 'still quarantined +3' 'nothing can be read yet'
is "$(sql 'SELECT count(*) FROM headroom.batch')" 1 'so nothing is written'
headroom contract add beta --limit 2 --price 2.50 --currency USD >"$work/.add"
exits 0 headroom quarantine retry --reason unknown_contract --dry-run
like "$out" 'can be read +1' 'a dry run says what could be read'
is "$(sql 'SELECT count(*) FROM headroom.batch')" 1 'and writes nothing'
exits 0 headroom --by fixer quarantine retry --reason unknown_contract
like "$out" 'read +1\s.*added +1\s.*counted +1\s' 'a line whose contract is there now is added'
is "$(sql "SELECT file, format, first_line, last_line, read, added, loaded_by FROM headroom.batch WHERE batch_id = 2")" \
    'q.jsonl json 3 3 1 1 fixer' 'as a batch of its file'
is "$(sql "SELECT position, batch_id FROM headroom.event WHERE event_id = 'q3'")" '3 2' 'with its line'
exits 0 headroom verify
exits 0 headroom quarantine list --all
like "$out" 'unknown_contract +1 +1' 'the line is settled'
like "$out" 'read by batch 2' 'by that batch'
exits 0 headroom --json quarantine list
is "$(jq '[.[].lines] | add' <<<"$out")" 3 'and no longer in quarantine'
exits 0 headroom quarantine retry --reason unknown_contract
like "$err" 'no line like that' 'there is nothing left to retry'
exits 3 headroom ingest --again q.jsonl
exits 0 headroom reconcile --contract beta --month 2026-10 --recount

# ---- what only the file itself can give ----

headroom contract add gamma --limit 2 --price 2.50 --currency USD >"$work/.add"
{
    printf '{"time":"2026-10-02T00:00:00Z","user_id":"7","contract":"delta"}\n'
    printf '{"id":"long","time":"2026-10-02T00:00:00Z","user_id":"8","contract":"delta","note":"%05000d"}\n' 0
} >own.jsonl
exits 3 headroom ingest own.jsonl
headroom contract add delta --limit 2 --price 2.50 --currency USD >"$work/.add"
exits 3 headroom --json quarantine retry --file own.jsonl
is "$(jq -c '[.tried, .settled, .not_kept]' <<<"$out")" '[2,0,2]' 'no line without an id or with its end cut off'
like "$err" 'own.jsonl: 2 of its lines cannot be read .*headroom ingest --again own.jsonl' 'the file is named instead'

# ---- other names, another zone, CSV ----

printf 'id,ts,user_id\nm1,2026-10-03 10:00:00,11\n"m2","2026-10-03 11:00:00\n",12\nm3,2026-10-03 12:00:00,13,x\n"m4,2026-10-03T12:00:00Z,14\n' >c.csv
exits 3 headroom ingest --contract acme --source app --map time=ts c.csv
is "$(sql "SELECT string_agg(reason, ' ' ORDER BY line) FROM headroom.quarantine WHERE file = 'c.csv'")" \
    'bad_time bad_time field_count bad_quote' 'rows that could not be read'
exits 3 headroom quarantine retry --file c.csv --assume-zone Europe/Berlin
like "$out" 'read +1\s.*still quarantined +3' 'a zone helps one of them, with the rest as it was'
is "$(sql "SELECT source, occurred_at AT TIME ZONE 'UTC', position FROM headroom.event WHERE event_id = 'm1'")" \
    'app 2026-10-03 08:00:00 2' 'its source, its mapping and its line'
is "$(sql "SELECT count(*) FROM headroom.quarantine WHERE file = 'c.csv'")" 4 'what still cannot be read is kept once'
exits 2 headroom quarantine retry --map nonsense=ts
exits 2 headroom quarantine retry --batch 0
for action in list export retry; do
    exits 2 headroom quarantine "$action" --batch 99
    like "$err" 'there is no batch 99; .headroom batch list' "$action: a batch that is none"
    exits 2 headroom quarantine "$action" --batch 98-99
    like "$err" 'there is no batch from 98 to 99' "$action: a range without any"
done

# ---- CloudEvents, a line each or in one array, into a month without events ----

cloudevent() { # ID TIME CONTRACT
    printf '{"specversion":"1.0","type":"com.x.engagement.request","source":"shop","id":"%s","time":"%s",' "$1" "$2"
    printf '"subject":"7","data":{"contract":"%s","status":200}}' "$3"
}
july=2026-07-01T00:00:00Z
{ cloudevent e1 $july acme; echo; cloudevent e2 $july zeta; echo; cloudevent e3 soon acme; echo; } >lines.ce
{ echo '['; cloudevent a1 $july acme; echo ,; cloudevent a2 2026-06-01T00:00:00Z zeta; echo ,; cloudevent a3 soon acme; echo ']'; } >array.ce
exits 3 headroom ingest lines.ce array.ce
headroom contract add zeta --limit 2 --price 2.50 --currency USD >"$work/.add"
for file in lines.ce array.ce; do
    exits 3 headroom --json quarantine retry --file $file
    is "$(jq -c '[.tried, .settled, .added, .quarantined, .not_kept]' <<<"$out")" '[2,1,1,1,0]' "$file: what has a contract now is read"
done
is "$(sql "SELECT event_id, source, subject, status, position FROM headroom.event WHERE event_id IN ('e2', 'a2') ORDER BY 1")" \
    $'a2 shop 7 200 2\ne2 shop 7 200 2' 'with its id, source and place'
exits 3 headroom --json ingest --again array.ce
is "$(jq -c '[.added, .duplicate, .quarantined]' <<<"$out")" '[0,2,1]' 'the file taken in again has nothing new'
exits 0 headroom verify

# ---- a file that was read in another format ----

printf '{"id":"%s","ts":"2026-07-02 10:00:00","uid":"%s"}\n' o1 21 o2 22 >other.log
exits 3 headroom ingest --contract acme --source app --format cloudevents other.log
exits 2 headroom quarantine retry --file other.log --map time=ts
is "$(grep -o other.log <<<"$err" | wc -l)" 1 'an error names the file once'
exits 3 headroom --json quarantine retry --file other.log --format csv
is "$(jq -c '[.tried, .not_kept]' <<<"$out")" '[2,2]' 'lines without a header are no CSV'
like "$err" 'keeps no CSV header for them' 'which is said'
exits 3 headroom --json quarantine retry --file other.log --format har
is "$(jq -c '[.tried, .not_kept]' <<<"$out")" '[2,2]' 'and no HAR'
printf '{}\n' >named.log
exits 3 headroom ingest --contract acme --format mine --map time=ts,user_id=uid --assume-zone UTC named.log
exits 0 headroom --json quarantine retry --file other.log --format mine --dry-run
is "$(jq -c '[.tried, .settled]' <<<"$out")" '[2,2]' 'a kept format reads them'
exits 0 headroom --json quarantine retry --file other.log --format json --map time=ts,user_id=uid --assume-zone UTC
is "$(jq -c '[.tried, .settled, .added]' <<<"$out")" '[2,2,2]' 'the right format reads them'

# ---- what came by a pipe: its options and its header are kept ----

printf 'id,ts,who\np1,2026-10-05 10:00:00,31\np2,2026-10-05T10:00:00Z,32\n' |
    headroom ingest -q --contract acme --source pipe --map time=ts,user_id=who - >out 2>err
is "$? $(sql "SELECT string_agg(reason, ' ') FROM headroom.quarantine WHERE file = '-'")" '3 bad_time' 'a pipe with a bad line'
exits 0 headroom quarantine retry --file - --assume-zone UTC
is "$(sql "SELECT source, occurred_at AT TIME ZONE 'UTC', position FROM headroom.event WHERE event_id = 'p1'")" \
    'pipe 2026-10-05 10:00:00 2' 'it is read as it was, with the zone that was missing'
exits 0 headroom verify
retry_batch=$(sql "SELECT max(batch_id) FROM headroom.batch")
is "$(headroom --json batch show "$retry_batch" | jq -r '.scope // .[0].scope | fromjson | [.contract, .source, .map, .zone] | join(" ")')" \
    'acme pipe time=ts,user_id=who UTC' 'batch show says how'
sql "SET session_replication_role = replica; UPDATE headroom.batch_reading SET scope = replace(scope, 'UTC', 'Asia/Tokyo') WHERE batch_id = $retry_batch"
exits 4 headroom verify
like "$out" "batch $retry_batch" 'who changes it is found out'
sql "SET session_replication_role = replica; UPDATE headroom.batch_reading SET scope = replace(scope, 'Asia/Tokyo', 'UTC') WHERE batch_id = $retry_batch"
exits 0 headroom verify

# ---- more lines than a range of the index by batch has room for ----

awk 'BEGIN { label = sprintf("%200s", ""); gsub(/ /, "x", label); for (i = 1; i <= 4000; i++)
    printf "{\"id\":\"w%d\",\"time\":\"2026-02-01T00:00:00Z\",\"user_id\":1,\"contract\":\"eta\",\"label\":\"%s\"}\n", i, label }' >many.jsonl
exits 3 headroom ingest -q many.jsonl
headroom contract add eta --limit 2 --price 2.50 --currency USD >"$work/.add"
exits 0 headroom --json quarantine retry --file many.jsonl
is "$(jq -c '[.settled, .added]' <<<"$out")" '[4000,4000]' 'all are read'
larger=$(sql "SELECT pg_relation_size('headroom.event_2026_02') / 8192 > 128")
is "$larger $(sql 'SELECT headroom.summarise_event_batches()')" 't 0' 'and found by their batch without a search'

# ---- HAR, of which there is only a summary ----

cp "$root/tests/data/har/mitmproxy.har" m.har
exits 3 headroom ingest m.har
for way in '' --dry-run; do
    # shellcheck disable=SC2086 # no word where there is no option
    exits 3 headroom --json quarantine retry --file m.har $way
    is "$(jq -c '[.tried, .settled, .quarantined, .not_kept]' <<<"$out")" '[2,0,0,2]' 'no entry of a HAR can be read again'
    like "$err" "m.har: 2 of its lines cannot be read .*only a summary of a HAR's entries.*: headroom ingest --again m.har" \
        'which is said, with what to do'
    unlike "$err$out" 'missing_' 'and no other reason'
done
exits 0 headroom --json ingest --again --contract acme m.har
is "$(jq -c '[.read, .added]' <<<"$out")" '[2,2]' 'the file itself gives them'
exits 0 headroom quarantine retry --file m.har
like "$err" 'no line like that' 'and settles them'

# ---- an event that is there already, and a voided one ----

sql "DELETE FROM headroom.quarantine_settled"
exits 0 headroom --json quarantine retry --reason unknown_contract --file q.jsonl
is "$(jq -c '[.settled, .added, .duplicate]' <<<"$out")" '[1,0,1]' 'a line that is an event already is a duplicate, and settled'
exits 0 headroom batch void 2 --reason 'wrong contract'
is "$(headroom --json status --contract beta --month 2026-10 | jq '.[].unique_handles')" 0 'what a retry took in can be voided'
