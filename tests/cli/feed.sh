#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Events that come as texts in memory: each is told what became of it, and the ledger holds what a file would have
# brought. (tests/lib/feed_driver is a small program around ingest_feed.)
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new feed || bail_out 'no ledger'
query() { cluster_psql feed -At -c "$1"; }
feed() { "$build/tests/lib/feed_driver" "$HEADROOM_DB" /nowhere "$@" 2>"$work/.err"; }
event() { printf '{"id":"%s","time":"2026-10-05T12:00:00Z","user_id":%d%s}\n' "$1" "$2" "${3:-}"; }

# ---- before there is a contract ----
like "$(event a 7 | feed 1)" '^quarantined no_contract \[\] .*there is none yet.*contract add' \
    'a line is refused while there is no contract'
headroom contract add acme --limit 500 --price 2.50 --currency USD --from 2026-01-01 >/dev/null

# ---- verdicts ----
{
    event a 7
    event b 8
    event b 8
    event c 9 ',"status":777'
    echo 'no JSON'
    event d 9 ',"label":"oauth_signature=abcdefghijklmnop"'
} >"$work/lines"
is "$(feed 100 <"$work/lines" | cut -d' ' -f1-3)" 'added
added
duplicate
quarantined bad_status [status]
quarantined bad_json []
quarantined secret [label]' 'each line of a batch has its verdict'
is "$(feed 2 <"$work/lines" | cut -d' ' -f1 | paste -sd' ')" \
    'duplicate duplicate duplicate quarantined quarantined quarantined' 'again: nothing is added twice'
is "$(query 'SELECT sum(read), sum(added), sum(duplicate), sum(quarantined), count(*) FROM headroom.batch')" \
    '13|2|4|7|5' 'the totals of the batches add up'
is "$(query 'SELECT count(*) FROM headroom.quarantine')" 4 'a refused text is kept once, however often it comes'
is "$(query "SELECT string_agg(DISTINCT file || ' ' || format, ',') FROM headroom.batch")" 'feed test json' \
    'a feed stands as the file'
is "$(query "SELECT count(*) FROM headroom.quarantine WHERE encode(raw, 'escape') LIKE '%abcdefghij%'")" 0 \
    'a secret is not kept'

# ---- lines without an id are told apart within their group alone ----
printf '%s\n' '{"time":1791200000,"user_id":5}' '{"time":1791200000,"user_id":5}' '' \
    '{"time":1791200000,"user_id":5}' '' '{"time":1791200000,"user_id":5}' '{"time":1791200000,"user_id":5}' >"$work/same"
is "$(feed 100 <"$work/same" | paste -sd' ')" 'added added duplicate duplicate duplicate' \
    'equal lines of one request are several events, a request sent again is none'
is "$(feed 1 <"$work/same" | paste -sd' ' | cut -d' ' -f1,3)" 'duplicate duplicate' 'nor is it when it comes in pieces'

# ---- the contract and the source that a line does not name ----
headroom contract add other --limit 5 --price 2 --currency USD --from 2026-01-01 >/dev/null
is "$(event e 1 | feed 1 | cut -d' ' -f2)" no_contract 'of two contracts a line must name one'
is "$(event e 1 | feed 1 other | cut -d' ' -f1)" added 'or its caller'
is "$(event f 1 ',"contract":"acme"' | feed 1 other)" added 'the line wins over the caller'
is "$(event g 1 | feed 1 nobody | cut -d' ' -f2,3)" 'unknown_contract [contract]' 'an unknown one is refused'
is "$(query "SELECT string_agg(c.name || ' ' || e.source || ' ' || e.position, ',' ORDER BY e.event_id)
    FROM headroom.event AS e JOIN headroom.contract AS c USING (contract_id) WHERE e.event_id IN ('e', 'f')")" \
    'other other 1,acme acme 1' 'the source is the contract, unless it is named'

# ---- CloudEvents, among native ones ----
{
    echo '{"specversion":"1.0","type":"com.x.engagement.request","id":"z","source":"cloud","time":"2026-10-05T12:00:00Z",' \
        '"subject":"42","data":{"contract":"acme","status":200}}'
    event h 42 ',"contract":"acme"'
    echo '{"specversion":"1.0","type":"com.x.engagement.request","id":"y","time":"2026-10-05T12:00:00Z","subject":"42"}'
} >"$work/cloud"
is "$(feed 3 <"$work/cloud" | cut -d' ' -f1,2 | paste -sd,)" 'added,added,quarantined missing_source' \
    'a CloudEvent is one by its specversion'
is "$(query "SELECT source || ' ' || subject FROM headroom.event WHERE event_id = 'z'")" 'cloud 42' 'and says who and from where'

# ---- what is refused can be read again ----
headroom contract add nobody --limit 5 --price 2 --currency USD --from 2026-01-01 >/dev/null
exits 0 headroom quarantine retry --reason unknown_contract
is "$(query "SELECT c.name FROM headroom.event AS e JOIN headroom.contract AS c USING (contract_id)
    WHERE e.event_id = 'g'")" nobody 'with the contract that its caller had named'

is "$(query 'SELECT count(*) FROM headroom.batch')" "$(query "SELECT count(*) FROM headroom.chain WHERE kind = 'batch'")" \
    'each batch is a link of the chain'
exits 0 headroom verify
exits 0 headroom reconcile --contract acme --month 2026-10 --recount
