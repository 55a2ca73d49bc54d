#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Batches: what was taken in, and how a wrong load is taken back and counted again.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new batches || bail_out 'no ledger'
sql() { cluster_psql batches -At -F ' ' -c "$1"; }
head_of_chain() { sql "SELECT encode(digest, 'hex') FROM headroom.chain_head"; }
used() { headroom --json status --month "$1" | jq -r '.[] | "\(.unique_handles) \(.charge) \(.requests)"'; }

headroom contract add acme --limit 2 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cd "$work" || exit 1
printf '{"id":"a%d","time":"2026-10-0%dT10:00:00Z","user_id":"%d"}\n' 1 1 1 2 2 2 >a.jsonl
{
    printf '{"id":"b%d","time":"2026-10-0%dT10:00:00Z","user_id":"%d"}\n' 1 3 3 2 4 4 3 5 5
    printf '{"id":"bad","time":"2026-10-01"}\n'
} >b.jsonl
{
    printf '{"id":"c1","time":"2026-10-05T10:00:00Z","user_id":"3","handle":"Amy"}\n'
    printf '{"id":"c2","time":"2026-11-05T10:00:00Z","handle":"amy"}\n'
} >c.jsonl
for file in a b c; do headroom ingest "$work/$file.jsonl" >.ingest 2>&1; done
before=$(used 2026-10)

# ---- list and show ----

exits 0 headroom batch list
like "$out" $'BATCH .*STATE\n3 .*c.jsonl.*in force\n2 .*b.jsonl +4 +3 +0 +1 +in force\n1 ' 'the newest first'
exits 0 headroom --json batch list --limit 1
is "$(jq -r '.[] | "\(.batch) \(.read) \(.state)"' <<<"$out")" '3 2 in force' 'at most as many as asked for'
like "$err" 'newest 1; --limit' 'and a note that there may be more'
exits 0 headroom --json batch list --file b.jsonl
is "$(jq -r '.[].batch' <<<"$out")" 2 'by file without its folder'
exits 0 headroom --json batch list --file "$work/b.jsonl"
is "$(jq -r '.[].batch' <<<"$out")" 2 'and with it'
exits 0 headroom --json batch list --contract acme --month 2026-11
is "$(jq -r '.[].batch' <<<"$out")" 3 'by the month of which it read events'
exits 0 headroom --json batch list --voided
is "$out" '[]' 'nothing is voided yet'
exits 2 headroom batch list --contract nobody
like "$err" "no contract 'nobody'; there are: acme" 'an unknown contract'
exits 2 headroom batch list --limit 0
exits 2 headroom batch list --month octember

exits 0 headroom batch show 2
like "$out" 'SHA-256 of its events +[0-9a-f]{64}' 'a batch with its digest'
like "$out" 'bad_time +1 +0' 'and what it left in quarantine'
exits 0 headroom --json batch show 3
is "$(jq -c '[.batch, .first_line, .last_line, .months[].requests, .sources[0].added, .changes]' <<<"$out")" \
    '["3",1,2,1,1,2,[]]' 'the same as JSON'
is "$(jq -r .link_digest <<<"$out")" "$(head_of_chain)" 'its link is the head'
exits 2 headroom batch show 99
like "$err" 'no batch 99; .headroom batch list' 'a number that is no batch'
exits 2 headroom batch show one

# ---- void: first what would become ----

exits 0 headroom batch void 2 3 --reason 'test traffic' --dry-run
like "$out" 'acme +2026-10 +5 +2 +7.50 USD +0.00 USD' 'a dry run shows each month before and after'
like "$out" 'Dry run: 2 batches would be voided; nothing was changed' 'and says so'
is "$(used 2026-10)" "$before" 'and changes nothing'
is "$(sql 'SELECT count(*) FROM headroom.batch_change')" 0 'nothing at all'

exits 0 headroom --json --by auditor batch void 2-3 --reason 'test traffic'
is "$(jq -c '[.action, .dry_run, .batches, (.months[] | [.month, .unique_handles_before, .unique_handles, .charge])]' <<<"$out")" \
    '["void",false,["2","3"],["2026-10",5,2,"0.00"],["2026-11",1,0,"0.00"]]' 'voided: the months as JSON'
is "$(jq -r .chain_head <<<"$out")" "$(head_of_chain)" 'with the head of the chain'
is "$(used 2026-10)" '2 0.00 6' 'voided events stay among the requests and do not count'
is "$(sql "SELECT string_agg(kind || batch_id, ' ' ORDER BY seq) FROM headroom.chain
    JOIN headroom.batch_change ON change_id = subject_id WHERE kind = 'void'")" 'void2 void3' 'a link for each change'
is "$(sql "SELECT count(*) FROM headroom.chain WHERE kind = 'void' AND content_digest = headroom.change_content(subject_id)")" 2 \
    'that stands for what it says'
exits 0 headroom reconcile --month 2026-10 --recount
like "$out" 'not counted: voided +4' 'the statement names the reason'
exits 0 headroom --json handles --month 2026-10
is "$(jq -r '[.[].user_id] | sort | join(" ")' <<<"$out")" '1 2' 'the list has no handle of theirs'
exits 0 headroom --json batch list --voided
is "$(jq -r '.[] | "\(.batch) \(.state)"' <<<"$out" | tr '\n' ' ')" '3 voided 2 voided ' 'the list shows what is voided'
exits 0 headroom batch show 2
like "$out" 'void +20[^ ]+Z +auditor +test traffic' 'and the batch by whom and why'
exits 0 headroom report overage --month 2026-10 -o report.xlsx
like "$(unzip -p report.xlsx 'xl/*.xml' 'xl/worksheets/*.xml')" 'voided by auditor on 20[0-9-]+: test traffic' 'so does the workbook'

sed 's/$/ /' b.jsonl >b2.jsonl
exits 3 headroom ingest b2.jsonl
like "$err" 'b2.jsonl: lines repeat events of batch 2, which was voided by auditor on 20[0-9-]+: .*headroom batch restore 2' \
    'whoever takes its lines in again is told'
is "$(used 2026-10 | cut -d ' ' -f 1)" 2 'they are duplicates and do not count'

# ---- what is refused ----

events=$(sql 'SELECT count(*) FROM headroom.event')
exits 1 headroom batch void 1 2 --reason again
like "$err" 'batch 2 is voided already, by auditor on 20[0-9-]+: test traffic; nothing was changed' 'voided already'
is "$(used 2026-10 | cut -d ' ' -f 1)" 2 'all of them or none'
exits 2 headroom batch void 99 --reason x
like "$err" 'there is no batch 99' 'an unknown number'
exits 2 headroom batch void 90-99 --reason x
like "$err" 'no batch from 90 to 99' 'a range without a batch'
exits 2 headroom batch void 3-2 --reason x
exits 2 headroom batch void 0 --reason x
exits 2 headroom batch void 1
like "$err" '--reason is missing' 'without a reason'
exits 2 headroom batch void 1 --reason ' '
like "$err" '--reason is empty' 'nor with an empty one'
exits 1 headroom batch restore 1 --reason x
like "$err" 'batch 1 is not voided' 'what counts can not be restored'

# ---- restore ----

exits 0 headroom batch restore 2-3 --reason 'it was real'
like "$out" 'acme +2026-10 +2 +5 +0.00 USD +7.50 USD' 'a restore shows it the other way'
like "$out" 'batches restored. Chain head: [0-9a-f]{64}' 'with the head'
is "$(used 2026-10 | cut -d ' ' -f 1-2)" "${before% *}" 'and everything counts as before'
exits 0 headroom reconcile --month 2026-10 --recount
exits 0 headroom reconcile --month 2026-11 --recount
is "$(sql 'SELECT count(*) FROM headroom.event')" "$events" 'no event came or went'
exits 0 headroom verify
sql "UPDATE headroom.batch_change SET reason = 'another' WHERE change_id = (SELECT min(change_id) FROM headroom.batch_change)"
exits 4 headroom verify
like "$out" 'about change of batch [0-9]+: what it stands for was changed' 'a reason that was changed later is found'
sql "UPDATE headroom.batch_change SET reason = 'test traffic'
    WHERE change_id = (SELECT min(change_id) FROM headroom.batch_change)"
exits 0 headroom verify

# ---- an import of identities ----

sql "INSERT INTO headroom.batch (batch_id, kind, file, format, first_line, last_line, first_byte, end_byte, read, added,
        duplicate, quarantined, events_digest, facts_digest, loaded_at, loaded_by, program)
    VALUES (1000, 'identities', 'who.csv', 'csv', 1, 1, 0, 1, 1, 1, 0, 0, '', '', now(), 'me', 'test');
    INSERT INTO headroom.identity_fact VALUES ('@amy', 1, 1000, '1970-01-01Z'), ('@amy', 1, 1001, '2030-01-01Z')"
exits 1 headroom batch void 1000 --reason x
like "$err" 'batch 1000 is an import of identities; .headroom identities withdraw 1000' 'is withdrawn, not voided'
sql "INSERT INTO headroom.batch_change (batch_id, action, reason, changed_at, changed_by)
    VALUES (1000, 'withdraw', 'wrong', now(), 'me')"
exits 0 headroom --json batch list --voided
is "$(jq -r '.[] | "\(.batch) \(.state)"' <<<"$out")" '1000 withdrawn' 'what was withdrawn'
exits 0 headroom --json batch restore 1000 --reason 'right after all'
is "$(jq -c '[.batches[], .months[].month]' <<<"$out")" '["1000","2026-11"]' 'can be restored; the months with its handles show'
is "$(sql "SELECT kind FROM headroom.chain ORDER BY seq DESC LIMIT 1")" restore 'on the chain'

# ---- who may ----

sql 'CREATE ROLE reading LOGIN; GRANT headroom_reader TO reading' >/dev/null
exits 1 headroom --db "${HEADROOM_DB/user=postgres/user=reading}" batch void 1 --reason x
like "$err" 'the login reading may not work as headroom_writer .* GRANT headroom_writer TO .reading.;' 'a reader is told what is missing'
exits 0 headroom --db "${HEADROOM_DB/user=postgres/user=reading}" batch list
sql 'CREATE ROLE writing LOGIN; GRANT headroom_writer TO writing' >/dev/null
exits 0 headroom --db "${HEADROOM_DB/user=postgres/user=writing}" batch void 1 --reason x
exits 0 headroom --db "${HEADROOM_DB/user=postgres/user=writing}" batch restore 1 --reason x

# ---- beside loads and each other ----

awk 'BEGIN { srand(1); for (i = 0; i < 60000; i++)
    printf "{\"id\":\"l%d\",\"time\":%d,\"user_id\":\"%d\"}\n", i, 1790812800 + int(rand() * 2600000), 1 + int(rand() * 5000) }' \
    >load.jsonl
split -n l/4 load.jsonl part.
for part in part.*; do headroom ingest "$part" >>.load 2>&1; done &
load=$!
for batch in 1 2 3; do headroom batch void "$batch" --reason 'while loading' >>.voids 2>&1 || note "$(tail -n 1 .voids)"; done
wait "$load"
is "$(sql "SELECT sum(added) FROM headroom.batch WHERE kind = 'events'")" "$(sql 'SELECT count(*) FROM headroom.event')" \
    'all parts were loaded'
is "$(headroom --json batch list --voided | jq length)" 3 'while batches were voided'
exits 0 headroom reconcile --month 2026-10 --recount
# A load holds the lock: the void waits for it, and whoever comes then sees its intent.
cluster_psql batches -c "BEGIN; SELECT * FROM headroom.contract_lock FOR SHARE; SELECT pg_sleep(60); COMMIT" >/dev/null 2>&1 &
holder=$!
somebody_sleeps() { [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")" = 1 ]; }
wake() { sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"; }
within 60 somebody_sleeps
headroom batch restore 1 --reason 'behind a load' >.restore 2>&1 &
restore=$!
intended() { [ "$(sql 'SELECT wanted_for FROM headroom.contract_intent')" = "$1" ]; }
ok 'its intent can be seen while it waits' within 60 intended 'restoring batches'
is "$(sql 'SELECT count(*) FROM headroom.voided_batch')" 3 'and nothing has changed yet'
is "$(wake)" t 'the load is gone'
wait "$restore"
is $? 0 'then it is done'
wait "$holder"
cluster_psql batches -c "BEGIN; SELECT * FROM headroom.contract_lock FOR SHARE; SELECT pg_sleep(60); ROLLBACK" >/dev/null 2>&1 &
holder=$!
within 60 somebody_sleeps
exits 1 headroom --db "$HEADROOM_DB options='-c lock_timeout=300ms'" batch void 1 --reason 'behind a load that stays'
like "$err" 'still held by a load after 300ms of waiting; nothing was changed; run the same again' \
    'behind a load that does not end it gives up, as late as the session says'
is "$(wake)" t 'the load is gone'
wait "$holder"
is "$(sql 'SELECT count(*) FROM headroom.contract_intent')" 0 'whoever gave up has taken his intent back'
headroom batch void 1 --reason one >.one 2>&1 &
one=$!
headroom batch void 1 --reason two >.two 2>&1
two=$?
wait "$one"
is "$(printf '%s\n' $? "$two" | sort | tr '\n' ' ')" '0 1 ' 'of two that void the same, one does'
like "$(cat .one .two)" 'batch 1 is voided already' 'and the other is told'
is "$(sql 'SELECT count(*) FROM headroom.contract_intent')" 0 'no intent is left behind'
exits 0 headroom reconcile --month 2026-10 --recount

# ---- a load that meets an intent ----

printf '{"id":"late","time":"2026-10-09T10:00:00Z","user_id":"77"}\n' >late.jsonl
intend() { sql "INSERT INTO headroom.contract_intent (contract_id, wanted_at, wanted_by, wanted_for)
    VALUES (1, now() - INTERVAL '$1', 'somebody', 'closing October')"; }
intend '11 minutes'
exits 0 headroom ingest late.jsonl
unlike "$err" 'waiting' 'an intent whose holder must be gone is passed by'
intend '1 minute'
printf '{"id":"later","time":"2026-10-09T11:00:00Z","user_id":"78"}\n' >later.jsonl
printf '{"id":"latest","time":"2026-10-09T12:00:00Z","user_id":"79"}\n' >latest.jsonl
headroom ingest later.jsonl >.later 2>&1 &
later=$!
within 60 says .later waiting
like "$(cat .later)" "waiting: somebody has contract 'acme' for himself \(closing October\)" 'a load waits and says for whom'
is "$(sql "SELECT count(*) FROM headroom.event WHERE event_id = 'later'")" 0 'it has written nothing yet'
"$program" ingest latest.jsonl >.latest 2>&1 &
latest=$!
within 60 says .latest waiting
kill -INT "$latest"
ok 'a signal ends the waiting' within 60 not runs "$latest" || kill -9 "$latest"
wait "$latest"
is $? 1 'as a failure, since what was read is not taken in'
like "$(cat .latest)" 'interrupted while it waited for a contract' 'which says so'
like "$(cat .latest)" 'run the same again to go on' 'and what to do'
sql 'DELETE FROM headroom.contract_intent'
wait "$later"
is $? 0 'then it goes on'
is "$(sql "SELECT count(*) FROM headroom.event WHERE event_id = 'later'")" 1 'and is taken in'
