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
exits 0 headroom --json quarantine list --reason bad_time
is "$(jq -c '.[] | [.reason, .lines, .files, (.samples | length), .samples[0].line]' <<<"$out")" '["bad_time",2,1,2,1]' 'as JSON'
exits 0 headroom --json quarantine list --lines --file "$work/q.jsonl" --batch 1-7
is "$out" '[]' 'a file that was taken in under another name is not found'
exits 0 headroom --json quarantine list --lines --file q.jsonl --batch 1-7 --contract acme
is "$(jq -r '.[] | "\(.line) \(.reason) \(.raw_encoding)"' <<<"$out" | tr '\n' ';')" \
    '1 bad_time utf-8;3 unknown_contract utf-8;4 bad_utf8 base64;5 bad_time utf-8;' 'each line by itself'
exits 0 headroom --json quarantine list --batch 2
is "$out" '[]' 'no line of another batch'
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
