#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Loaders that run without pause do not keep a close out, and whatever a reconcile, a close or the end says at their
# side is what some order of all of them would have given: the count of the batches up to some link of the chain.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

rounds=2 lines=2000
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then rounds=10 lines=4000; fi
note "$rounds rounds, loads of $lines lines"
ledger_new among || bail_out 'no ledger'
sql() { cluster_psql among -At -F ' ' -c "$1"; }
for name in c other; do
    headroom contract add $name --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
done
echo '{"id":"later","time":"2026-10-02T00:00:00Z","user_id":"1"}' >"$work/later.jsonl"
headroom ingest -q --contract c --source later "$work/later.jsonl" >"$work/.ingest" 2>&1 || bail_out 'no load'

# Loads lines of September, new ones each time, until it is told to stop. A load names users that no load before it
# named, by id and handle, or by the handles alone, some of which another load has named or will name with the id.
loader() { # NAME CONTRACT FIRST STEP: the first user, and by how many each load goes on
    local round=0
    while [ ! -e "$work/stop" ]; do
        round=$((round + 1))
        awk -v name="$1.$round" -v lines="$lines" -v first=$(($3 + round * $4)) -v alone=$((round % 2)) 'BEGIN {
            for (i = 0; i < lines; i++) {
                user = first + i % int(lines / 4)
                printf "{\"id\":\"%s.%d\",\"time\":%d,\"handle\":\"h%d\"%s}\n", name, i,
                    1788220800 + (i * 7919) % 2500000, user, alone ? "" : ",\"user_id\":" user
            }
        }' >"$work/$1.jsonl"
        headroom ingest -q --contract "$2" "$work/$1.jsonl" >"$work/$1.out" 2>"$work/$1.err" ||
            { touch "$work/$1.failed"; return; }
        echo "$round" >"$work/$1.new" && mv "$work/$1.new" "$work/$1.rounds"
    done
}

# What a statement says, again and again, until it is told to stop: as sealed or as counted, and what is counted today.
reconciler() {
    while [ ! -e "$work/stop" ]; do
        headroom --json reconcile --contract c --month 2026-09 >"$work/statement" 2>"$work/statement.err" ||
            { touch "$work/reconcile.failed"; return; }
        jq -r '.[] | [.state, .requests, .unique_handles, .spread["attempted+app"], .today.unique_handles // "-",
            ([.checks[] | select(.state == "fail")] | length)] | join(" ")' "$work/statement" >>"$work/said"
    done
}

# The loads of c that ended up to now.
loads() { echo $(($(cat "$work/one.rounds") + $(cat "$work/two.rounds"))); }
announced() { [ "$(sql 'SELECT count(*) FROM headroom.contract_intent')" -gt 0 ]; }

running=()
loader one c 1 "$((lines / 8))" & running+=($!)
loader two c "$((lines / 8))" "$((lines / 4))" & running+=($!)
loader three other 1 "$((lines / 5))" & running+=($!)
while [ ! -e "$work/one.rounds" ] || [ ! -e "$work/two.rounds" ] || [ ! -e "$work/three.rounds" ]; do sleep 0.1; done
reconciler & running+=($!)

for ((i = 1; i <= rounds; i++)); do
    # A source that was heard from up to its last line only is not waited for.
    "$program" close --contract c --month 2026-09 --without c --reason 'it delivers late' >"$work/close" 2>&1 &
    close=$!
    until_up "$close" announced || :
    before=$(loads)
    wait "$close"
    is $? 0 'a close ends well' || note "$(cat "$work/close")"
    meanwhile=$(($(loads) - before))
    # Each of the two loaders may have one under way and one that is past the announcement.
    ok "it gets its turn: $meanwhile loads ended after it had announced itself" test "$meanwhile" -le 4
    exits 0 headroom --json reconcile --contract c --month 2026-09
    is "$(jq -c '.[] | [.state, (.checks | map(select(.state == "fail")))]' <<<"$out")" '["closed",[]]' \
        'what it sealed agrees in itself'
    [ "$i" -eq "$rounds" ] || exits 0 headroom reopen --contract c --month 2026-09 --reason 'once more'
done
touch "$work/stop"
wait "${running[@]}"
ok 'no load failed' test ! -e "$work/one.failed" -a ! -e "$work/two.failed" -a ! -e "$work/three.failed"
ok 'no reconcile failed' test ! -e "$work/reconcile.failed"
note "loads: $(cat "$work"/{one,two,three}.rounds | tr '\n' ' '); reconciles: $(wc -l <"$work/said")"

# After each link that is a batch: the requests of c's September, and its owners as the facts up to there have them.
sql "CREATE TABLE prefix AS
    WITH batch AS (SELECT l.seq, l.subject_id AS batch_id FROM headroom.chain AS l WHERE l.kind = 'batch'),
    used AS (
        SELECT e.subject, min(b.seq) AS seq
        FROM headroom.event AS e
        JOIN batch AS b USING (batch_id)
        WHERE e.contract_id = 1 AND e.occurred_at < '2026-10-01Z'
        GROUP BY e.subject
    ),
    taught AS (
        SELECT f.subject, f.user_id::text AS owner, min(b.seq) AS seq
        FROM headroom.identity_fact AS f
        JOIN batch AS b USING (batch_id)
        GROUP BY f.subject, f.user_id
    )
    SELECT
        p.seq,
        (SELECT count(*) FROM headroom.event AS e JOIN batch AS b USING (batch_id)
        WHERE e.contract_id = 1 AND e.occurred_at < '2026-10-01Z' AND b.seq <= p.seq) AS requests,
        (SELECT count(DISTINCT coalesce(t.owner, u.subject))
        FROM used AS u
        LEFT JOIN taught AS t ON t.subject = u.subject AND t.seq <= p.seq
        WHERE u.seq <= p.seq) AS owners
    FROM batch AS p"
cluster_psql among -c 'CREATE TABLE said (state text, requests bigint, owners bigint, every bigint, today text, failed bigint)' \
    -c "COPY said FROM STDIN (DELIMITER ' ')" <"$work/said"
isnt "$(sql 'SELECT count(DISTINCT owners) FROM prefix WHERE owners < requests')" 1 'the count grew'
is "$(sql 'SELECT count(*) FROM said WHERE failed > 0 OR owners <> every')" 0 'each statement agreed in itself'
is "$(sql "SELECT count(*) FROM said AS s WHERE (s.requests, s.owners) NOT IN (SELECT p.requests, p.owners FROM prefix AS p)")" 0 \
    'each says what the batches up to some link make'
is "$(sql "SELECT count(*) FROM said AS s WHERE s.today <> '-' AND s.today::bigint NOT IN (SELECT p.owners FROM prefix AS p)")" 0 \
    'what it would be today as well'
is "$(sql "SELECT count(*) FROM said AS s WHERE s.state = 'closed'
    AND (s.requests, s.owners) NOT IN (SELECT l.requests, l.unique_handles FROM headroom.seal AS l)")" 0 'a closed one as sealed'
is "$(sql "SELECT count(*)
    FROM headroom.seal AS s
    LEFT JOIN LATERAL (SELECT p.* FROM prefix AS p WHERE p.seq <= s.chain_seq ORDER BY p.seq DESC LIMIT 1) AS p ON true
    WHERE (s.requests, s.unique_handles) IS DISTINCT FROM (p.requests, p.owners)")" 0 \
    'each seal holds exactly what the chain held before it'
is "$(sql "SELECT s.unique_handles + coalesce(d.unique_handles, 0) - r.unique_handles,
        s.charge + coalesce(d.amount, 0) - (r.unique_handles - 10)
    FROM headroom.seal_in_force AS s
    JOIN headroom.recount(1, '2026-09-01') AS r USING (rule)
    LEFT JOIN headroom.derived_adjustments(1, '2026-10-01') AS d ON true")" '0 0.00' 'with what came later it is a recount'
exits 0 headroom reconcile --contract c --month 2026-09 --recount
exits 0 headroom verify
is "$(sql 'SELECT count(*) FROM headroom.contract_intent')" 0 'nothing announces a close any more'
