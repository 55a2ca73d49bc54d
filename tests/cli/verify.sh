#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# verify: whatever the owner of the database changes by hand is found, with the batch it belongs to.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new base || bail_out 'no ledger'
sql() { cluster_psql "$@"; }

note 'an empty ledger'
exits 0 headroom verify
like "$out" 'Read again: 0 links, 0 batches, 0 events, 0 identity facts.*0{64} \(0 links\).*All of it holds' 'nothing is proved'
exits 0 headroom verify --head 0000000000000000000000000000000000000000000000000000000000000000
exits 4 headroom verify --head 1111111111111111111111111111111111111111111111111111111111111111

headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
lines() { # FIRST LAST: a month's log; every third line carries both user id and handle
    local i
    for ((i = $1; i <= $2; i++)); do
        printf '{"id":"%d","time":"2026-03-%02dT08:00:%02d.%06dZ","user_id":%d,"label":"a\\tb"%s}\n' "$i" $((i % 27 + 1)) \
            $((i % 60)) "$i" $((i % 7 + 1)) "$([ $((i % 3)) -ne 0 ] || printf ',"handle":"User%d"' $((i % 7 + 1)))"
    done
}
lines 1 20 >"$work/one.jsonl"
{ lines 21 40; echo '{"id":"broken"}'; } >"$work/two.jsonl"
lines 31 50 >"$work/three.jsonl" # of these the first ten are there already
for log in one two three; do headroom ingest -q "$work/$log.jsonl" >"$work/.ingest" 2>&1; done
printf 'user_id,handle,from,to\n5,amy,,\n6,bob,2026-01-01,\n' >"$work/known.csv"
exits 0 headroom identities import "$work/known.csv"
exits 0 headroom batch void 2 --reason 'wrong file'
head=$(sql base -Atc "SELECT encode(digest, 'hex') FROM headroom.chain_head")

note 'a ledger that holds'
exits 0 headroom --json verify
is "$(jq -c 'keys_unsorted' <<<"$out")" \
    '["holds","links","batches","events","identity_facts","since","chain_length","chain_head","remembered","newer","findings_total","findings"]' \
    'the keys, in their order'
is "$(jq -c 'del(.chain_head)' <<<"$out")" \
    '{"holds":true,"links":7,"batches":4,"events":50,"identity_facts":21,"since":null,"chain_length":7,"remembered":null,"newer":0,"findings_total":0,"findings":[]}' \
    'all of it was read again'
is "$(jq -r .chain_head <<<"$out")" "$head" 'the head is the database'"'"'s'
exits 0 headroom verify --head "${head^^}"
like "$out" "head that you remember is the chain's head.*All of it holds" 'a remembered head, in capital letters too'
fifth=$(sql base -Atc "SELECT encode(digest, 'hex') FROM headroom.chain WHERE seq = 5")
exits 0 headroom verify --head "$fifth"
like "$out" 'is link 5; 2 links came after it' 'an older one: it says how many links came since'
exits 0 headroom --json verify --since 5
is "$(jq -c '[.batches,.events,.links,.since,.findings_total]' <<<"$out")" '[2,10,7,5,0]' '--since a link: fewer events, all links'
exits 0 headroom --json verify --since "$(sql base -Atc "SELECT to_char(linked_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM headroom.chain WHERE seq = 5")"
is "$(jq -c '[.batches,.events,.since]' <<<"$out")" '[2,10,5]' '--since the time of a link: that one too'
exits 0 headroom --json verify --since 2020-01-01
is "$(jq -c '[.batches,.events,.since]' <<<"$out")" '[4,50,1]' '--since a date'
exits 0 headroom --json verify --since 2999-01-01T00:00:00Z
is "$(jq -c '[.batches,.events,.identity_facts,.links]' <<<"$out")" '[0,0,0,7]' '--since a time after all links'
exits 0 headroom --json verify --since 8
is "$(jq -c '[.batches,.events,.links]' <<<"$out")" '[0,0,7]' '--since the link that comes next'
exits 2 headroom verify --since 9
like "$err" "--since 9: the chain has 7 links;.* the end was cut off" '--since a link that is none: nothing "holds"'
is "$out" '' 'and nothing is printed'

note 'wrong usage'
for wrong in --since=yesterday --since=0 --since=-1 --since= --since=99999999999999999999 --head=abc "--head=${head}0" \
    "--head=${head%?}g"; do
    exits 2 headroom verify "$wrong"
done
like "$err" 'it has 64 hex digits' 'a head that is none: says what one is'

export HEADROOM_DB_BASE=$HEADROOM_DB
HEADROOM_DB=$(cluster_url spoilt)
# A copy to spoil, with what makes it whole again.
spoilt_new() {
    sql postgres -c 'DROP DATABASE IF EXISTS spoilt' && cluster_database spoilt base && sql spoilt <<'SQL'
CREATE SCHEMA kept;
DO $$
DECLARE
    name text;
    body text := 'SET LOCAL session_replication_role = replica;';
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'contract', 'contract_version', 'contract_app', 'term', 'term_tier', 'batch', 'batch_source',
        'batch_file', 'batch_reading', 'batch_change', 'quarantine', 'chain', 'chain_head', 'event', 'identity_fact', 'identity_claim', 'source_hours']
    LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE headroom.%I', name, name);
        body := body || format(
            'DELETE FROM headroom.%1$I; INSERT INTO headroom.%1$I OVERRIDING SYSTEM VALUE TABLE kept.%1$I;', name);
    END LOOP;
    EXECUTE format('CREATE PROCEDURE kept.restore() LANGUAGE plpgsql AS %L', 'BEGIN ' || body || ' END');
END
$$;
SQL
}
# spoilt NAME SQL FINDINGS [VERIFY-OPTION…]: does that to the copy; FINDINGS is [[what, link, batch], …].
spoilt() {
    local name=$1 change=$2 wanted=$3
    shift 3
    sql spoilt -c 'CALL kept.restore()' -c "$change" >"$work/.sql" || bail_out "could not spoil: $name"
    headroom --json verify "$@" >"$work/.json" 2>"$work/.err"
    is "$? $(jq -c '[.findings[] | [.what, .link, .batch]]' "$work/.json")" "4 $wanted" "$name"
}
spoilt_new || bail_out 'no copy to spoil'

note 'events'
# Terms are link 1, their contract's version link 2, batch 1 is link 3, batch 2 link 4, batch 3 link 5, the import link 6, the
# void link 7.
spoilt 'a field of an event' "UPDATE headroom.event SET status = 404 WHERE event_id = '7'" '[["events_changed",3,"1"]]'
exits 4 headroom verify
like "$(tr '\n' ' ' <<<"$out" | tr -s ' ')" \
    '- batch 1 \(.*/one.jsonl, lines 1 to 20, loaded 20[0-9T:.-]*Z by [^)]*\): of its 20 events at least one is not as it was taken in' \
    'as text: which batch, its file, lines, when and by whom'
like "$err" 'not what was taken in: 1 finding' 'standard error says it too'
unlike "$out" 'All of it holds' 'and it does not say that all holds'
is "$(headroom verify --since 4 >/dev/null 2>&1; echo $?)" 0 '--since does not read it'
sql spoilt -c "UPDATE headroom.event SET status = 200 WHERE event_id = '7'"
exits 0 headroom verify -q

# Each column is changed in a batch of its own, so that one run tells of all.
changes=("occurred_at = occurred_at + INTERVAL '1 us'" "source = 'x'" "event_id = 'x'" "subject = '99'" 'via_app = NOT via_app'
    "class = 'attempted'" 'tweet_count = 1' "endpoint = 'totals'" "outcome = 'ok'" 'rate_limit = 0' 'rate_remaining = 0'
    'latency_ms = 0' 'bytes = 0' "handle = 'x'" "app = 'x'" "label = E'a\\\\tb'" "failed = '{}'" "metrics = '{}'"
    'position = 999' 'contract_id = 2' "label = ''" 'label = NULL' 'status = NULL')
cluster_database columns base || bail_out 'no database for the columns'
for ((i = 0; i < ${#changes[@]}; i++)); do
    printf '{"id":"c%d","time":"2026-04-01T08:00:00Z","user_id":1,"label":"a\\tb"}\n' "$i" >"$work/c$i.jsonl"
done
exits 0 headroom --db "$(cluster_url columns)" ingest -q "$work"/c{0..22}.jsonl
for ((i = 0; i < ${#changes[@]}; i++)); do
    printf "UPDATE headroom.event SET %s WHERE event_id = 'c%d';\n" "${changes[i]}" "$i"
done | sql columns
exits 4 headroom --db "$(cluster_url columns)" --json verify
is "$(jq -c '[.findings[].what] | group_by(.) | map([.[0], length])' <<<"$out")" '[["events_changed",23]]' \
    'every column of an event is in its digest'
is "$(sql columns -Atc "SELECT count(*) FROM pg_attribute WHERE attrelid = 'headroom.event'::regclass AND attnum > 0")" 23 \
    'and there are no others but the batch and the ordinal'

spoilt 'an event is deleted' "DELETE FROM headroom.event WHERE event_id = '25'" '[["events_missing",4,"2"]]'
exits 4 headroom verify
like "$(tr '\n' ' ' <<<"$out" | tr -s ' ')" '1 of its 20 events are missing, the first is its event number 5' 'which one, and how many'
spoilt 'all of a batch'"'"'s events' 'DELETE FROM headroom.event WHERE batch_id = 3' '[["events_missing",5,"3"]]'
spoilt 'an event is put into a batch' \
    "INSERT INTO headroom.event SELECT occurred_at, contract_id, source, 'new', subject, via_app, class, 2, 20, 41 FROM headroom.event WHERE event_id = '40'" \
    '[["events_added",4,"2"]]'
spoilt 'one in the place of another' \
    "UPDATE headroom.event SET ordinal = 3 WHERE event_id = '25'" '[["events_reordered",4,"2"]]'
spoilt 'two are exchanged' \
    "UPDATE headroom.event SET ordinal = CASE event_id WHEN '25' THEN 5 ELSE 4 END WHERE event_id IN ('25', '26')" \
    '[["events_reordered",4,"2"]]'
spoilt 'one moves to another batch' \
    "UPDATE headroom.event SET batch_id = 1, ordinal = 20 WHERE event_id = '25'" \
    '[["events_added",3,"1"],["events_missing",4,"2"]]'
spoilt 'an ordinal beyond all lines' "UPDATE headroom.event SET ordinal = 2147483647 WHERE event_id = '25'" \
    '[["events_reordered",4,"2"]]'
spoilt 'a negative ordinal' "UPDATE headroom.event SET ordinal = -1 WHERE event_id = '21'" '[["events_reordered",4,"2"]]'
spoilt 'events of batches that are not there' \
    "INSERT INTO headroom.event SELECT occurred_at, contract_id, source, event_id || id, subject, via_app, class, id, ordinal, position
     FROM headroom.event, (VALUES (-5), (77)) AS v (id) WHERE event_id = '40'" '[["events_loose",null,null],["events_loose",null,"77"]]'
spoilt 'an event that hides in a month of its own' \
    "SELECT headroom.ensure_partition('2031-01-01Z');
     INSERT INTO headroom.event SELECT '2031-01-15Z', contract_id, source, 'new', subject, via_app, class, 2, 20, 41 FROM headroom.event WHERE event_id = '40'" \
    '[["events_added",4,"2"]]'

note 'batches, terms, facts'
spoilt 'a total of a batch' 'UPDATE headroom.batch SET read = read + 1, duplicate = duplicate + 1 WHERE batch_id = 2' \
    '[["content_changed",4,"2"]]'
spoilt 'the number of quarantined lines' \
    'UPDATE headroom.batch SET read = read - 1, quarantined = 0 WHERE batch_id = 2' \
    '[["quarantined_added",null,"2"],["content_changed",4,"2"]]'
spoilt 'a quarantined line is taken away: it may have been kept before' 'DELETE FROM headroom.quarantine;
     UPDATE headroom.batch SET file = file || chr(27) WHERE batch_id = 1' '[["content_changed",3,"1"]]'
exits 4 headroom verify
unlike "$out" $'\e' 'no control character reaches the terminal'
spoilt 'quarantined lines are added' \
    "INSERT INTO headroom.quarantine (batch_id, place, file, line, reason, message, raw, raw_size)
     SELECT id, sha256(id::text::bytea), '', 1, '', '', '', 0 FROM (VALUES (1), (99)) AS v (id)" \
    '[["quarantined_added",null,"1"],["quarantined_added",null,"99"]]'
spoilt 'what a batch brought by source' "UPDATE headroom.batch_source SET last_event = last_event + INTERVAL '1 day' WHERE batch_id = 1" \
    '[["content_changed",3,"1"]]'
spoilt 'the digest of a batch'"'"'s events, with an event to fit' \
    "UPDATE headroom.batch SET events_digest = sha256('') WHERE batch_id = 1" \
    '[["content_changed",3,"1"],["events_changed",3,"1"]]'
spoilt 'a digest that is none' "UPDATE headroom.batch SET events_digest = 'x', facts_digest = 'x' WHERE batch_id = 1" \
    '[["facts_changed",null,"1"],["content_changed",3,"1"],["events_changed",3,"1"]]'
spoilt 'a limit' 'UPDATE headroom.term SET unit_limit = 1000000' '[["contract_changed",null,null],["content_changed",1,null]]'
spoilt 'a price' 'UPDATE headroom.term_tier SET unit_price = 0.01' '[["contract_changed",null,null],["content_changed",1,null]]'
spoilt 'a contract'"'"'s name' "UPDATE headroom.contract SET name = 'other'" '[["contract_changed",null,null],["content_changed",1,null]]'
spoilt 'a contract that ends' "UPDATE headroom.contract SET ends_on = '2026-04-01'" '[["contract_changed",null,null]]'
spoilt 'other terms' "INSERT INTO headroom.term OVERRIDING SYSTEM VALUE SELECT (x).* FROM (SELECT jsonb_populate_record(t, '{\"term_id\": 9, \"valid_from\": \"2026-03-01\"}') AS x FROM headroom.term AS t) AS y" \
    '[["not_linked",null,null],["contract_changed",null,null]]'
spoilt 'what a version says' "UPDATE headroom.contract_version SET document = replace(document, '2.50', '0.01')" \
    '[["contract_changed",null,null],["content_changed",2,null]]'
spoilt 'a version that is no JSON' "UPDATE headroom.contract_version SET document = '{'" \
    '[["contract_changed",null,null],["content_changed",2,null]]'
spoilt 'who made a version' "UPDATE headroom.contract_version SET changed_by = 'mallory'" '[["content_changed",2,null]]'
spoilt 'a version that is gone' 'DELETE FROM headroom.contract_version' '[["content_missing",2,null]]'
spoilt 'a version and an end without a link' "INSERT INTO headroom.contract_version (contract_id, version, action, document, reason, changed_at, changed_by)
     SELECT contract_id, 2, 'end', jsonb_set(document::jsonb, '{end}', '\"2026-04-01\"')::text, 'x', now(), 'x' FROM headroom.contract_version;
     UPDATE headroom.contract SET ends_on = '2026-04-01'" '[["not_linked",null,null]]'
spoilt 'an app of its own' "INSERT INTO headroom.contract_app SELECT 'key', contract_id, 'web' FROM headroom.contract" \
    '[["contract_changed",null,null]]'
spoilt 'retired terms' 'UPDATE headroom.term SET retired_in = 1' '[["contract_changed",null,null]]'
spoilt 'a fact' "UPDATE headroom.identity_fact SET user_id = 99 WHERE subject = '@user4' AND batch_id = 1" '[["facts_changed",null,"1"]]'
spoilt 'a fact less' "DELETE FROM headroom.identity_fact WHERE subject = '@user4' AND batch_id = 2" '[["facts_changed",null,"2"]]'
spoilt 'a fact more' "INSERT INTO headroom.identity_fact VALUES ('@zoe', 8, 3, '2026-03-01Z')" '[["facts_changed",null,"3"]]'
spoilt 'a fact of no batch' "INSERT INTO headroom.identity_fact VALUES ('@zoe', 8, 50, '2026-03-01Z')" '[["facts_loose",null,"50"]]'
spoilt 'a claim' "UPDATE headroom.identity_claim SET valid_until = '2027-01-01'" '[["facts_changed",null,"4"]]'
spoilt 'a claim less' 'DELETE FROM headroom.identity_claim' '[["facts_changed",null,"4"]]'
spoilt 'a reason' "UPDATE headroom.batch_change SET reason = 'another'" '[["content_changed",7,null]]'
spoilt 'a void that is gone' 'DELETE FROM headroom.batch_change' '[["content_missing",7,null]]'
spoilt 'a restore without a link' \
    "INSERT INTO headroom.batch_change (batch_id, action, reason, changed_at, changed_by) VALUES (2, 'restore', 'x', now(), 'x')" \
    '[["not_linked",null,"2"]]'
spoilt 'a batch that is gone, with all it brought' \
    'DELETE FROM headroom.event WHERE batch_id = 3; DELETE FROM headroom.identity_fact WHERE batch_id = 3;
     DELETE FROM headroom.batch_source WHERE batch_id = 3; DELETE FROM headroom.source_hours WHERE batch_id = 3;
     DELETE FROM headroom.batch_file WHERE batch_id = 3; DELETE FROM headroom.batch WHERE batch_id = 3' \
    '[["content_missing",5,"3"]]'

note 'the chain'
digest_anew="digest = headroom.chain_digest(seq, kind, subject_id, content_digest, previous_digest, linked_at)"
spoilt 'the time of a link' "UPDATE headroom.chain SET linked_at = linked_at - INTERVAL '1 day' WHERE seq = 3" '[["link_changed",3,"1"]]'
spoilt 'the digest of a link' "UPDATE headroom.chain SET digest = sha256('') WHERE seq = 3" \
    '[["link_changed",3,"1"],["link_changed",4,"2"]]'
spoilt 'the content of a link, with a digest to fit' \
    "UPDATE headroom.batch SET loaded_by = 'somebody' WHERE batch_id = 1;
     UPDATE headroom.chain SET content_digest = headroom.batch_content(1) WHERE seq = 3;
     UPDATE headroom.chain SET $digest_anew WHERE seq = 3" '[["link_changed",4,"2"]]'
spoilt 'what a link follows on' "UPDATE headroom.chain SET previous_digest = sha256('') WHERE seq = 4; UPDATE headroom.chain SET $digest_anew WHERE seq = 4" \
    '[["link_changed",4,"2"],["link_changed",5,"3"]]'
spoilt 'a link in the middle is gone' 'DELETE FROM headroom.chain WHERE seq = 4' \
    '[["not_linked",null,"2"],["link_missing",4,null]]'
spoilt 'the last two links are gone' 'DELETE FROM headroom.chain WHERE seq > 5' \
    '[["not_linked",null,"2"],["not_linked",null,"4"],["link_missing",5,null]]'
spoilt 'and the head is set back' \
    'DELETE FROM headroom.chain WHERE seq > 5; UPDATE headroom.chain_head SET seq = 5, digest = (SELECT digest FROM headroom.chain WHERE seq = 5)' \
    '[["not_linked",null,"2"],["not_linked",null,"4"]]'
spoilt 'and what hung on them is gone too: only a remembered head tells' \
    'DELETE FROM headroom.chain WHERE seq > 5; DELETE FROM headroom.batch_change; DELETE FROM headroom.identity_claim;
     DELETE FROM headroom.identity_fact WHERE batch_id = 4; DELETE FROM headroom.batch WHERE batch_id = 4;
     UPDATE headroom.chain_head SET seq = 5, digest = (SELECT digest FROM headroom.chain WHERE seq = 5)' \
    '[["head_unknown",null,null]]' --head "$head"
exits 0 headroom verify
like "$out" '\(5 links\).*All of it holds' 'without it all seems well'
spoilt 'two links change places' 'UPDATE headroom.chain SET seq = -seq WHERE false;
     ALTER TABLE headroom.chain DROP CONSTRAINT chain_seq_check; UPDATE headroom.chain SET seq = -seq WHERE seq IN (3, 4);
     UPDATE headroom.chain SET seq = 7 + seq WHERE seq < 0' '[["link_changed",3,"2"],["link_changed",4,"1"],["link_changed",5,"3"]]'
spoilt 'a link more' "SELECT headroom.chain_append('batch', 1, headroom.batch_content(1), now())" '[["linked_twice",8,"1"]]'
spoilt 'the head' "UPDATE headroom.chain_head SET digest = sha256('')" '[["head_changed",7,null]]'
spoilt 'no head' 'DELETE FROM headroom.chain_head' '[["head_changed",7,null]]'
spoilt 'more than are listed' \
    "INSERT INTO headroom.batch_change (batch_id, action, reason, changed_at, changed_by)
     SELECT 2, 'restore', 'x', now(), 'x' FROM generate_series(1, 150)" \
    "$(jq -nc '[range(100) | ["not_linked", null, "2"]]')"
is "$(jq .findings_total "$work/.json")" 150 'all are counted'
exits 4 headroom verify
like "$out" 'and 50 more' 'as text too'

note 'what a newer program may put in'
sql spoilt -c 'CALL kept.restore()' -c "SELECT headroom.chain_append('redaction', 5, sha256('x'), now())"
exits 0 headroom verify
like "$(tr '\n' ' ' <<<"$out")" '1 link is of a kind that this program does not know \(redaction\): made by a newer program' 'is told, and does not fail'
is "$(headroom --json verify | jq -c '[.holds, .newer]')" '[true,1]' 'in JSON'
sql spoilt -c "UPDATE headroom.chain SET content_digest = sha256('y') WHERE seq = 8"
exits 4 headroom verify
like "$out" 'link 8, of kind redaction' 'its place in the chain is proved'

spoilt 'a function that would lie' \
    "UPDATE headroom.batch SET loaded_by = 'somebody' WHERE batch_id = 1;
     CREATE OR REPLACE FUNCTION headroom.batch_content(of_batch bigint) RETURNS bytea LANGUAGE sql STABLE STRICT AS
     'SELECT content_digest FROM headroom.chain WHERE kind = ''batch'' AND subject_id = of_batch'" '[["content_changed",3,"1"]]'

note 'who may do what'
HEADROOM_DB=$HEADROOM_DB_BASE
tables='event event_2026_03 batch batch_source batch_file batch_reading batch_change chain identity_fact identity_claim term term_tier
    contract contract_version quarantine'
for role in writer reader; do
    for table in $tables; do
        column=$(sql base -Atc "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = 'headroom.$table'::regclass AND attnum = 2")
        printf '%s;\n' "UPDATE headroom.$table SET $column = $column" "DELETE FROM headroom.$table" "TRUNCATE headroom.$table CASCADE"
    done >"$work/changes"
    { echo "SET ROLE headroom_$role;"; cat "$work/changes"; } | sql base -v ON_ERROR_STOP=0 >"$work/.sql" 2>&1
    is "$(grep -c 'permission denied' "$work/.sql"),$(grep -c ERROR "$work/.sql")" 45,45 \
        "headroom_$role may neither change nor delete nor empty what the chain proves"
done
exits 0 headroom verify -q
sql base -c 'SET ROLE headroom_owner' -c "UPDATE headroom.event SET status = 500 WHERE event_id = '8'"
exits 4 headroom verify
like "$out" 'batch 1 .*one.jsonl' 'the owner may, and it is told'
sql base -c "UPDATE headroom.event SET status = 200 WHERE event_id = '8'"

note 'by hand'
exits 0 "$root/scripts/digests" 1 "$(cluster_url base)"
is "$(cut -c1-64 <<<"$out")" \
    "$(sql base -Atc "SELECT encode(b.events_digest, 'hex') || E'\n' || encode(c.content_digest, 'hex') || E'\n' || encode(c.digest, 'hex')
       FROM headroom.batch AS b JOIN headroom.chain AS c ON c.subject_id = b.batch_id AND c.kind = 'batch' WHERE b.batch_id = 1")" \
    'psql and sha256sum alone give the three digests of a batch'

note 'the same content in another database'
ledger_new second || bail_out 'no second ledger'
headroom contract add acme --limit 99 --price 1 --currency EUR >"$work/.add"
headroom ingest -q "$work/one.jsonl" >"$work/.ingest"
digests="SELECT encode(events_digest, 'hex'), encode(facts_digest, 'hex') FROM headroom.batch WHERE batch_id = 1"
is "$(sql second -Atc "$digests")" "$(sql base -Atc "$digests")" 'has the same digests of events and facts'
exits 0 headroom verify
