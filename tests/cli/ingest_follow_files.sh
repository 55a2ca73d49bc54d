#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which files are followed, and for how long: idle, renamed, many at a time, of other kinds; and up to when they are read.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/follow.sh"

ledger_new files || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cd "$work" || bail_out 'no folder'
query() { cluster_psql files -At -c "$1"; }
event() { query "SELECT count(*) FROM headroom.event WHERE event_id = '$1'"; }
events() { query "SELECT count(*) FROM headroom.event WHERE event_id LIKE '$1%'"; }

note 'more files than are read at a time'
for ((i = 1; i <= 40; i++)); do line "m$i" >"many-$i.log"; done
line r1 >quiet.log
follow 10 'many-*.log' quiet.log 'new-*.log' document.json
await 'all of them are taken in' 40 events m
like "$(cat follow.err)" 'many-.*\.log: let go, as 32 files are open' 'the quietest gives way'
for ((i = 1; i <= 40; i++)); do line "n$i" >>"many-$i.log"; done
await 'and each is picked up again' 40 events n
is "$(query 'SELECT coalesce(sum(duplicate), 0) FROM headroom.batch')" 0 'where it was left'

note 'kinds and names'
printf '[{"specversion":"1.0","type":"com.x.engagement.request","id":"j1","source":"s","time":"2026-03-02T08:00:00Z","subject":"1"}]' \
    >document.json
await 'one document is taken in as a whole' 1 event j1
like "$(cat follow.err)" 'document.json: does not grow \(it is one document\)' 'which is said'
token=6253282-eWudHldSbIaelX7swmsiHImEL4KinYaGv7oHNaCe
{ line k1; echo '{"id":'; } >"new-oauth_token=$token.log"
await 'a new file that matches the pattern' 1 event k1
mkdir "new-oauth_token=$token-folder.log"
echo 'no log at all' >"new-oauth_token=$token-other.log"
await 'and one that is no log' yes eval 'grep -q "is text that is neither" follow.err && echo yes'
ok 'their names are masked' test "$(grep -c -e "$token" -e eWud follow.err)" -eq 0
rm "new-oauth_token=$token-other.log"

note 'idle files'
[ -z "${HEADROOM_TEST_FULL:-}" ] ||
    await 'a file that does not grow is let go' yes eval 'grep -q "many-2.log: let go, as it is idle" follow.err && echo yes'
line r2 >>quiet.log
await 'one that was let go is picked up when it grows' 1 event r2
mv quiet.log rotated
line r3 >>rotated
await 'what was written when it was renamed is read' 1 event r3
await 'it is let go' 1 said 'quiet.log: let go, as it was renamed'
line s1 >quiet.log
await 'and another takes its name' 1 event s1
mv quiet.log rotated.1
sleep 0.3
line s2 >>rotated.1
printf '{"id":"s3","time":"2026-03-02T08:00:00Z","user_id":1}' >>rotated.1
await 'a writer that goes on behind the renaming' 1 event s2
await 'is read to the end of the file, as its last line stands' 1 event s3
printf '{"id":"t1","time":"2026-03-02T08:00:00Z","user_id":1}' >new-short.log
sleep 0.2
is "$(event t1)" 0 'a first line without an end waits'
rm new-short.log
await 'until its file is deleted' 1 event t1
end_follow
is "$code" 3 'a line in quarantine: exit 3'
is "$(query "SELECT count(*) FROM (SELECT event_id FROM headroom.event GROUP BY event_id HAVING count(*) > 1) AS twice")" 0 \
    'nothing is there twice'
exits 0 headroom verify
