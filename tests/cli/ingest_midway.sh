#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A file in the middle of its reading: it is cut off or rewritten, or the reader is told to end. Nothing is lost.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/follow.sh"

ledger_new midway || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cd "$work" || bail_out 'no folder'
query() { cluster_psql midway -At -c "$1"; }

# A batch is full with 10,000 lines in quarantine: so a log of few lines is more than what is read ahead.
log() { # PREFIX LINES
    awk -v prefix="$1" -v lines="$2" 'BEGIN { for (i = 1; i <= lines; i++) {
        if (i % 100 == 0) printf "{\"id\":\"%s%d\",\"time\":\"2026-03-02T08:00:00Z\",\"user_id\":1}\n", prefix, i
        else printf "{\"%s%d\" is no request, and is as long as one of them is, more or less, on the average of all\n", prefix, i } }'
}
events() { query "SELECT count(*), count(DISTINCT event_id) FROM headroom.event WHERE event_id LIKE '$1%'"; }

# While the chain's head is held, no batch is committed, and reading comes to a halt when enough batches wait.
hold() {
    mkfifo held
    cluster_psql midway -At <held >.held &
    exec 7>held
    rm held
    printf 'BEGIN; LOCK TABLE headroom.chain_head IN EXCLUSIVE MODE; SELECT 1;\n' >&7
    await 'the chain is held' 1 cat .held
}
let_go() { printf 'COMMIT;\n' >&7; exec 7>&-; }
waits() { query 'SELECT count(*) > 0 FROM pg_locks WHERE NOT granted'; }
begin() { # FILE: reads it, and stands in the middle of it
    hold
    "$program" --json ingest "$1" >midway.out 2>midway.err &
    follower=$!
    await 'a batch waits' t waits
}
finish() {
    let_go
    wait "$follower"
    code=$?
    follower=
}

note 'cut off'
log c 60000 >cut.log
begin cut.log
truncate -s -3000 cut.log
finish
is "$code" 1 'the end is cut off: exit 1'
like "$(cat midway.err)" 'cut.log: was cut off or rewritten while it was read' 'which is said'
like "$(cat midway.err)" 'what was taken in of it, up to line [1-9][0-9]*, stays; take it in again' 'and what to do'
is "$(query "SELECT count(*) FROM headroom.quarantine WHERE file = 'cut.log' AND length(raw) < 60")" 0 \
    'the line that was cut is not taken for one'
whole=$(grep -c '"id".*}$' cut.log)
exits 3 headroom --json ingest cut.log
is "$(events c)" "$whole|$whole" 'again: every line that is there, once'

rewritten() {
    log r 60000 >new.log
    log s 60000 >rewritten.log
    begin rewritten.log
    cat new.log new.log >rewritten.log
    finish
    is "$code" 1 'longer than before: exit 1'
    like "$(cat midway.err)" 'rewritten.log: was cut off or rewritten while it was read' 'which is said'
    exits 3 headroom --json ingest rewritten.log
    is "$(events r)" '600|600' 'again: every line of the new content, once'
    is "$(query "SELECT count(*) > 0 FROM headroom.event WHERE event_id LIKE 's%'")" t 'what was taken in stays'
}

note 'told to end'
log t 60000 >told.log
begin told.log
kill -TERM "$follower"
finish
is "$code" 1 'it was interrupted: exit 1'
part=$(events t)
ok 'with what it had read, and no more' test "${part%|*}" -gt 0 -a "${part%|*}" -lt 600
exits 3 headroom --json ingest told.log
is "$(events t)" '600|600' 'the next run goes on to the exact total'
is "$(query "SELECT sum(read), sum(duplicate) FROM headroom.batch WHERE file = 'told.log'")" '60000|0' 'and reads no line twice'

follower_told_to_end() { # and a break after it
    log f 60000 >followed.log
    hold
    follow 20 followed.log
    await 'a batch waits' t waits
    kill -TERM "$follower"
    finish
    is "$code" 3 'lines in quarantine: exit 3'
    part=$(events f)
    ok 'it ends with what it had read' test "${part%|*}" -gt 0 -a "${part%|*}" -lt 600
    query "UPDATE headroom.source_until SET since = since - INTERVAL '10 minutes', until = until - INTERVAL '10 minutes'"
    log g 100 >>followed.log
    stretches() { query "SELECT count(*) FROM headroom.source_until WHERE reader LIKE '%/followed.log'"; }
    before=$(stretches)
    follow 20 followed.log
    await 'the next one goes on to the exact total' '600|600' events f
    await 'and to what was written in the break' '1|1' events g
    await 'a new stretch begins behind the break' "$((before + 1))" stretches
    end_follow
    is "$(stretches)" "$((before + 1))" 'one, also in the end'
    is "$(query "SELECT bool_and(since > now() - INTERVAL '3 minutes') FROM (SELECT since FROM headroom.source_until
        WHERE reader LIKE '%/followed.log' ORDER BY since DESC LIMIT 1) AS newest")" t 'and says nothing of the break'
    is "$(query "SELECT sum(read), sum(duplicate) FROM headroom.batch WHERE file = 'followed.log'")" '60100|0' \
        'no line was read twice'
}

# Long logs: everyday the two above are enough.
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then
    rewritten
    follower_told_to_end
fi
exits 0 headroom verify
