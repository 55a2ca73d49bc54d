#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Files that are followed: as they grow, across rotation, truncation, deletion and restarts, until a signal.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/follow.sh"

ledger_new follow || bail_out 'no ledger'
query() { cluster_psql follow -At -c "$1"; }
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cd "$work" || bail_out 'no folder'

events() { query "SELECT string_agg(event_id, ' ' ORDER BY event_id COLLATE \"C\") FROM headroom.event"; }

note 'what is refused'
exits 2 headroom ingest --follow -
exits 2 headroom ingest --follow --again log
exits 2 headroom ingest --follow --dry-run log
exits 2 headroom ingest --interval 100 log
exits 2 headroom ingest --follow --interval 9 log
like "$err" ': --interval 9 is out of range: 10 to 10000' 'a span that is too short'
mkdir folder
exits 1 timeout 20 "$program" ingest --follow late.log folder
like "$err" 'folder: is a directory; name the files in it' 'a folder, for which waiting would never end'

note 'a file that grows'
line a1 >app.log
follow 20 app.log late.log 'many-*.log'
await 'what is there' 'a1' events
await 'a name that is not there yet is waited for' 1 said 'late.log: is not there yet'
await 'and a pattern' 1 said 'many-\*.log: matches no file yet'
line a2 >>app.log
printf '{"id":"a3","time":"2026-03-02T' >>app.log
line b1 >late.log
line c1 >many-1.log
await 'new lines, and new files' 'a1 a2 b1 c1' events
printf '08:00:00Z","user_id":1}\n' >>app.log
await 'a line that is written in two parts' 'a1 a2 a3 b1 c1' events
is "$(query 'SELECT count(*) FROM headroom.quarantine')" 0 'is not read before it is whole'

note 'rotation'
mv app.log app.log.1
line a5 >app.log
line a4 >>app.log.1
await 'renamed: the old file to its end, the new one from its start' 'a1 a2 a3 a4 a5 b1 c1' events
is "$(query "SELECT position FROM headroom.event WHERE event_id = 'a4'")" 4 'the old one goes on where it was'
: >app.log
line a6 >>app.log
await 'cut off and begun anew' 'a1 a2 a3 a4 a5 a6 b1 c1' events
is "$(query "SELECT position FROM headroom.event WHERE event_id = 'a6'")" 1 'from its start'
await 'which is said' 1 said 'app.log: was cut off or rewritten'
{ line a7; line a8; line a9; } >rewritten
cat rewritten >app.log
await 'begun anew and longer than before' 'a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 c1' events
printf '{"id":"c2","time":"2026-03-02T08:00:00Z","user_id":1}' >>many-1.log
rm many-1.log
await 'deleted: its last line is taken as it stands' 'a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 c1 c2' events

note 'files that do not grow'
line d1 | gzip >many-2.log
await 'gzip' 'a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 c1 c2 d1' events
await 'which is said' 1 said 'many-2.log: does not grow (it is gzip)'

note 'the end'
line e1 >>late.log
printf '{"id":"e2","ti' >>late.log
await 'more' 'a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 c1 c2 d1 e1' events
end_follow INT
is "$code" 0 'a signal is its regular end'
is "$(jq -c '[.read, .added, .duplicate, .quarantined]' follow.out)" '[14,14,0,0]' 'the summary'
is "$(query "SELECT count(*) FROM headroom.source_until
    WHERE source = 'acme' AND until BETWEEN now() - INTERVAL '3 minutes' AND now() - INTERVAL '50 seconds'")" 3 \
    'each name says up to when there is nothing more'
unlike "$(cat follow.err)" 'error|quarantined' 'nothing else was said'

note 'the next one'
{ printf 'me":"2026-03-02T08:00:00Z","user_id":1}\nno line\n'; line e3; } >>late.log
follow 20 app.log late.log 'many-*.log'
await 'goes on where the last one stopped' 'a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 c1 c2 d1 e1 e2 e3' events
await 'which is said' 1 said 'late.log: followed from line 3, behind batch'
before=$(query 'SELECT count(*) FROM headroom.batch')
cluster_down QUIT
line f1 >>app.log
await 'without the database it waits' yes eval 'grep -q "trying again in" follow.err && echo yes'
line f2 >>app.log
cluster_up || bail_out 'the server does not start again'
await 'and goes on when it is back' 'a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 c1 c2 d1 e1 e2 e3 f1 f2' events
like "$(cat follow.err)" 'the database is back' 'which is said'
is "$(query 'SELECT count(*) FROM headroom.batch') > $before" "$((before + 1)) > $before" 'nothing was read twice'
end_follow
is "$code" 3 'lines in quarantine: exit 3'
is "$(jq -c '[.read, .added, .duplicate, .quarantined]' follow.out)" '[5,4,0,1]' 'the summary'
exits 0 headroom --json ingest app.log late.log app.log.1
is "$(jq .read <<<"$out")" 0 'a plain run finds nothing new'
