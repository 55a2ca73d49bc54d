#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Bad input gets a clear message and the right exit code, loses nothing, and keeps no secret.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new bad || bail_out 'no ledger'
headroom contract add acme --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
cd "$work" || exit 1
query() { cluster_psql bad -At -c "$1"; }
totals() { jq -c '[.read, .added, .duplicate, .quarantined]' <<<"$out"; }
good='{"id":"g1","time":"2026-10-05T10:00:00Z","user_id":7}'

note 'files that cannot be read'
exits 1 headroom ingest missing.jsonl
like "$err" 'missing.jsonl.*No such file' 'a missing file is named, with the reason'
mkdir folder
exits 1 headroom ingest folder
like "$err" 'folder.*directory' 'a directory is called one'
printf '%s\n' "$good" >good.jsonl
exits 1 headroom ingest good.jsonl missing.jsonl
is "$(query 'SELECT count(*) FROM headroom.event')" 0 'nothing is begun when one of the files is missing'
head -c 4096 /dev/urandom | tr '{' 'x' >binary
printf '\x7fELF\x02\x01\x01' | cat - binary >binary.bin
exits 1 headroom ingest binary.bin
like "$err" 'binary.bin' 'a binary file is named'
printf 'hello world\nno log\n' >prose.txt
exits 1 headroom ingest prose.txt
like "$err" 'JSON|CSV' 'a text that is no log: says what is taken'
for encoding in UTF-16 UTF-16LE UTF-16BE UTF-32 UTF-32LE UTF-32BE; do
    iconv -f UTF-8 -t "$encoding" good.jsonl >wide.jsonl
    exits 1 headroom --json ingest wide.jsonl
    is "$out" '' "$encoding: nothing is read"
    like "$err" "^headroom: wide.jsonl: is $encoding text.* iconv -f $encoding -t UTF-8 wide.jsonl >" \
        'it is named, and how to convert it'
    exits 1 headroom ingest --format json wide.jsonl
    exits 1 headroom ingest - <wide.jsonl
    like "$err" "iconv -f $encoding -t UTF-8 <FILE >" 'also from a pipe'
    exits 1 headroom identities import wide.jsonl
    like "$err" "^headroom: wide.jsonl: is $encoding text.* iconv -f $encoding" 'also as identities'
done
printf 'time,handle\n2026-10-05T10:00:00Z,amy\n' | iconv -f UTF-8 -t UTF-16LE >wide.csv
exits 1 headroom ingest --map handle=handle wide.csv
like "$err" 'UTF-16LE' 'nor is it taken for CSV'
: >empty
exits 0 headroom --json ingest empty
is "$(totals)" '[0,0,0,0]' 'an empty file is fine'
like "$err" 'empty: holds no record' 'and is said to be empty'
gzip -c good.jsonl >good.gz
seq 1 20000 | awk '{ printf "{\"id\":\"t%d\",\"time\":\"2026-10-05T10:00:00Z\",\"user_id\":7}\n", $1 }' | gzip >whole.gz
head -c 20000 whole.gz >cut.gz
exits 1 headroom ingest cut.gz
like "$err" 'cut.gz' 'a truncated gzip is named'
before=$(query 'SELECT count(*) FROM headroom.event')
exits 0 headroom --json ingest whole.gz
is "$(jq -c '[.added, .duplicate]' <<<"$out")" "[$((20000 - before)),$before]" 'the whole one goes on where the cut one ended'

note 'lines that cannot be read'
bad_line() { # REASON LINE
    printf '%s\n%s\n' "$2" "$good" >line.jsonl
    exits 3 headroom --json ingest line.jsonl
    is "$(jq .quarantined <<<"$out")" 1 "quarantined: $1"
    is "$(query "SELECT reason FROM headroom.quarantine ORDER BY quarantine_id DESC LIMIT 1")" "$1" "its reason is $1"
}
bad_line bad_json '{"id":"x",'
bad_line bad_time '{"id":"x","time":"2026-10-05T10:00:00","user_id":7}'
bad_line bad_time '{"id":"x","time":"2005-12-31T23:59:59Z","user_id":7}'
bad_line future_time '{"id":"x","time":"2199-01-01T00:00:00Z","user_id":7}'
bad_line bad_handle '{"id":"x","time":"2026-10-05T10:00:00Z","handle":"no way"}'
bad_line bad_handle '{"id":"x","time":"2026-10-05T10:00:00Z","handle":"abcdefghijklmnopqrstu"}'
bad_line bad_user_id '{"id":"x","time":"2026-10-05T10:00:00Z","user_id":-7}'
bad_line bad_user_id '{"id":"x","time":"2026-10-05T10:00:00Z","user_id":"9223372036854775808"}'
bad_line bad_user_id '{"id":"x","time":"2026-10-05T10:00:00Z","user_id":9223372036854775808}'
bad_line unknown_contract '{"id":"x","time":"2026-10-05T10:00:00Z","user_id":7,"contract":"nobody"}'
bad_line bad_utf8 "$(printf '{"id":"x\xff","time":"2026-10-05T10:00:00Z","user_id":7}')"
printf '{"id":"x\0","time":"2026-10-05T10:00:00Z","user_id":7}\n' >nul.jsonl
exits 3 headroom --json ingest nul.jsonl
is "$(totals)" '[1,0,0,1]' 'a NUL byte is quarantined'
like "$(query 'SELECT file, line FROM headroom.quarantine ORDER BY quarantine_id DESC LIMIT 1')" 'nul.jsonl\|1' \
    'the quarantine names file and line'

note 'the quarantine keeps a line once'
before=$(query 'SELECT count(*) FROM headroom.quarantine')
exits 3 headroom --json ingest --again nul.jsonl
is "$(jq .quarantined <<<"$out")" 1 'a bad line that is read again is counted again'
is "$(query 'SELECT count(*) FROM headroom.quarantine')" "$before" 'and kept once'

note 'a line without end'
endless() {
    printf '{"id":"'
    head -c 1073741824 /dev/zero | tr '\0' 'a'
    printf '\n%s\n' "$good"
}
# A sanitizer reserves more than any bound: then only the totals are looked at.
bounded() { (if (ulimit -v 1000000 && headroom --version) >"$work/.bound" 2>&1; then ulimit -v 1000000; fi && headroom "$@"); }
exits 3 bounded --json ingest - < <(endless)
is "$(totals)" '[2,0,1,1]' 'a line of 1 GiB is quarantined, in bounded memory, and the next one is read'

note 'CSV'
printf 'who,when\na,b\n' >header.csv
exits 1 headroom ingest header.csv
like "$err" 'time' 'a header without our columns: names what is needed'
for separator in ';' $'\t' '|'; do
    printf 'time,user_id,status\n2026-10-05T10:00:00Z,7,200\n' | tr , "$separator" >separated.csv
    exits 1 headroom ingest separated.csv
    case $separator in ';') seen=semicolons ;; '|') seen='vertical bars' ;; *) seen='tabs' ;; esac
    like "$err" "separated.csv: the CSV header .*$seen, not commas, .*: tr '.+' , <FILE >NEW" 'the separator is named'
    exits 1 headroom identities import separated.csv
    like "$err" "separated.csv: the CSV header .*$seen, not commas" 'also in identities'
done
printf 'time,handle,username\n2026-10-05T10:00:00Z,a,b\n' >twice.csv
exits 1 headroom ingest twice.csv
like "$err" 'handle' 'two columns for one field are refused'
printf 'id,time,user_id,colour\nc1,2026-10-05T10:00:00Z,7,red\nc2,2026-10-05T10:00:00Z,7\n' >extra.csv
exits 3 headroom --json ingest extra.csv
is "$(totals)" '[2,1,0,1]' 'a row with a field too few is quarantined'
like "$err" 'colour' 'an unknown column is named'

note 'contracts'
exits 2 headroom ingest --contract nobody good.jsonl
like "$err" 'acme' 'an unknown --contract names the known ones'
headroom contract add second --limit 10 --price 1 --currency USD >"$work/.add"
exits 3 headroom --json ingest good.jsonl
is "$(jq .quarantined <<<"$out")" 1 'with two contracts and none named, the line waits in quarantine'
exits 0 headroom --json ingest --contract second good.jsonl
is "$(totals)" '[1,1,0,0]' 'the same event is another one under another contract'

note 'secrets'
token=7505382-Zr4bXw9KpQ2mLs8VtYc6NdHfGjUe3A1oRi5T
cat >secret.jsonl <<END
{"id":"s1","time":"2026-10-05T10:00:00Z","user_id":7,"label":"$token"}
{"id":"s2", broken, "authorization":"OAuth oauth_consumer_key=\"abc\", oauth_token=\"$token\", oauth_signature=\"c2VjcmV0U2lnbmF0dXJl\""
{"id":"s3", broken "Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3DEUifiRBkKG5E2XzMDjRfl76ZC9Ub0wnz4XsNiRVBChTYbJcE3F"
{"id":"s4", broken "cookie":"auth_token=0123456789abcdef0123456789abcdef01234567; ct0=ffff"
END
exits 3 headroom -v ingest --contract acme secret.jsonl
unlike "$out$err" 'Zr4bXw9|AAAAMLhe|c2VjcmV0|0123456789abcdef0123' 'no output holds a secret'
exits 3 headroom ingest --contract acme --dry-run secret.jsonl
unlike "$out$err" 'Zr4bXw9|AAAAMLhe|c2VjcmV0|0123456789abcdef0123' 'nor does a dry run'
exits 2 headroom ingest --contract acme --source "Bearer $token" good.jsonl
exits 2 headroom ingest --contract acme --by "oauth_token=$token" good.jsonl
exits 2 headroom contract add "oauth_token=$token" --limit 1 --price 1 --currency USD
exits 2 headroom ingest --contract acme --by "$(printf 'caf\xe9')" good.jsonl
cp good.jsonl "log?oauth_token=$token"
cp good.jsonl "$(printf 'caf\xe9.jsonl')"
exits 0 headroom ingest --contract acme "log?oauth_token=$token" "$(printf 'caf\xe9.jsonl')"
is "$(query "SELECT count(*) FROM headroom.batch WHERE file = 'caf\\xe9.jsonl'")" 1 'a file name that is no text is kept as one'
cluster_psql bad -c CHECKPOINT
is "$(grep -rlaE 'Zr4bXw9|AAAAMLhe|c2VjcmV0|0123456789abcdef0123' "$cluster/data" | head -n 3)" '' \
    "nor does any of the database's files"
is "$(query "SELECT count(*) FROM headroom.quarantine WHERE file = 'secret.jsonl'")" 4 'all four lines are kept, masked'

note 'an input that gives nothing'
# Ends a load that waits, at its first line or in the middle; it has to go within a few seconds.
mkfifo pipe
end_waiting() { # SIGNAL FIRST-LINES
    local pid
    "$program" ingest --contract acme pipe >.waiting 2>&1 &
    pid=$!
    exec 8>pipe
    printf '%s' "$2" >&8
    sleep 0.5
    kill -s "$1" "$pid"
    within 5 not runs "$pid" || { kill -KILL "$pid"; printf 'had to be killed\n'; }
    exec 8>&-
    wait "$pid"
}
for signal in INT TERM; do
    is "$(end_waiting "$signal" ''; echo $?)" 1 "$signal ends a load that waits for its first line"
    is "$(end_waiting "$signal" "$good"$'\n{"id":"half'; echo $?)" 1 "$signal ends a load that waits for the rest of a line"
done
is "$(query "SELECT count(*) FROM headroom.quarantine WHERE file = 'pipe'")" 0 'half a line is no line'

note 'what holds over all of it'
is "$(query 'SELECT count(*) FROM headroom.batch WHERE read <> added + duplicate + quarantined')" 0 'totals add up'
is "$(query 'SELECT sum(added) FROM headroom.batch')" "$(query 'SELECT count(*) FROM headroom.event')" \
    'the batches added what is there'

note 'no database'
unset HEADROOM_DB
exits 6 headroom ingest good.jsonl
like "$err" "$HEADROOM_HOME" 'without a database: the place looked at is named'
exits 6 headroom --db 'host=/nowhere dbname=x' ingest good.jsonl
