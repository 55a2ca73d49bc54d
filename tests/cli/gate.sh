#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gate for new handles: who passes near a month's limit, through one gateway and through two at once, and what
# becomes of it while the database is away.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

driver_find gate_driver
ledger_new gate || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
printf '{"time":"%s","user_id":11}\n' "$(date -u +%FT%TZ)" | headroom ingest --source log - >"$work/.in" 2>&1 ||
    bail_out "no event: $(cat "$work/.in")"

# The words of each answer without its time. SPOOL, MODE, AT, OFFLINE; lines on standard input.
gate() { "$driver" "$work/$1" "$HEADROOM_DB" "$2" "$3" "$4" "${@:5}" 2>"$work/.err" | sed -E 's/ [0-9]+ / /; s/ +$//'; }
first_words() { cut -d' ' -f1,2 | paste -sd,; }
notes() { "$build/tests/lib/spool_driver" notes "$work/$1" | sed -n 's/^gate //p'; }
sql() { cluster_psql gate -Atqc "$1"; }

is "$(printf '%s\n' ~app 11 wait 12 wait 12 wait 13 wait 14 | gate one enforce -1 allow | first_words)" \
    '~app pass,11 pass,12 pass,12 pass,13 pass,14 refuse' 'the counted, those who get the places left, no one more'
like "$(printf '14\n' | gate one enforce -1 allow)" \
    '^14 refuse a new handle can.t pass: the billing month has 3 unique handles, and closes at 3' 'a refusal says why'
is "$(notes one | jq -c '[.contract, .subject, .decision, .limit, .unique_handles]' | sort -u)" \
    '["acme","14","refused",3,3]' 'and is noted'
is "$(printf '%s\n' 14 wait 14 wait | gate two enforce -1 allow | first_words)" '14 refuse,14 refuse' \
    'another gateway refuses it too'
is "$(notes two | wc -l)" 1 'again at once it is not asked and noted again'
is "$(printf '%s\n' 11 14 12 ~app 'sleep 1000' | gate seen observe -1 allow | sort | first_words)" \
    '11 pass,12 pass,14 pass,~app pass' 'one that observes lets all pass'
is "$(notes seen | jq -c '[.subject, .decision]')" '["14","observed"]' 'and notes whom it would have refused'
is "$(printf '15\n' | gate one enforce 4 allow | first_words)" '15 pass' '--gate-at has more places'
is "$(printf '%s\n' 11 15 16 | gate one enforce 0 allow | sort | first_words)" '11 pass,15 pass,16 refuse' 'or none left'
is "$(printf '15\n' | gate one enforce -1 allow nobody | first_words)" '15 pass' 'a contract that is not there counts nothing'

# ---- the race for the last place ----

for round in 1 2 3; do
    sql 'DELETE FROM headroom.gate_pass' >"$work/.sql"
    sql "INSERT INTO headroom.gate_pass VALUES ((SELECT contract_id FROM headroom.contract),
        date_trunc('month', now() AT TIME ZONE 'UTC'), '12', 'x', now(), '-infinity')" >"$work/.sql"
    for side in 1 2 3 4; do
        seq "$((round * 10000 + side * 1000))" "$((round * 10000 + side * 1000 + 99))" |
            gate "race$side" enforce -1 refuse >"$work/race.$side" &
    done
    wait
    is "$(cat "$work"/race.[1-4] | wc -l) $(grep -hEc '^[0-9]+ pass' "$work"/race.[1-4] | paste -sd+ | bc)" '400 1' \
        "400 new handles through four gateways: one gets the last place ($round)"
done

# ---- the month is that of the request, terms without a limit ----

next=$(date -u -d "$(date -u +%Y-%m-15) +1 month" +%Y-%m)
is "$(printf '%s\n' "21 $next-02T00:00:00Z" 'wait' "22 $next-02T00:00:00Z" wait 21 | gate one enforce 1 allow | first_words)" \
    '21 pass,22 refuse,21 refuse' 'a new month opens anew'
headroom contract amend acme --from "$(date -u +%Y-%m)" --limit none --reason free >"$work/.out" 2>&1 || note "$(cat "$work/.out")"
is "$(printf '%s\n' 31 32 33 34 wait | gate one enforce -1 refuse | sort | first_words)" '31 pass,32 pass,33 pass,34 pass' \
    'without a limit it never closes'

# ---- the database is away ----

away='host=/nonexistent dbname=none connect_timeout=1'
offline() { printf '%s\n' 11 wait | "$driver" "$work/$1" "$away" "$2" 0 "$3" 2>"$work/.err" | first_words; }
is "$(offline away enforce allow)" '11 pass' 'away: let through'
is "$(offline away enforce refuse)" '11 refuse' 'or refused'
is "$(offline away observe refuse)" '11 pass' 'never when it observes'
is "$(notes away | jq -c '[.subject, .decision, has("limit")]' | paste -sd' ')" \
    '["11","offline_passed",false] ["11","offline_refused",false] ["11","offline_passed",false]' 'each is noted'

is "$(printf '%s\n' 11 11 12 11 12 | "$driver" "$work/often" "$away" enforce 0 refuse 2>"$work/.err" | first_words)" \
    '11 refuse,11 refuse,12 refuse,11 refuse,12 refuse' 'however often they ask'
is "$(notes often | jq -r .subject | paste -sd,)" '11,12' 'a handle is noted once'
is "$(printf '%s\n' "11 2026-03-05T00:00:00Z" "11 2026-03-05T23:00:00Z" "11 2026-04-05T00:00:00Z" |
    "$driver" "$work/months" "$away" enforce 0 refuse 2>"$work/.err" | wc -l) $(notes months | wc -l)" '3 2' 'once a day, where its month is not known'

# One that holds the gate's row keeps it from answering: nobody waits for more than two seconds.
sql "BEGIN; SELECT FROM headroom.gate_lock FOR UPDATE; SELECT pg_sleep(60); COMMIT" >"$work/.sql" 2>&1 &
sleeping() { [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")" = 1 ]; }
within 60 sleeping
printf '%s\n' 41 wait | "$driver" "$work/one" "$HEADROOM_DB" enforce 0 refuse >"$work/slow" 2>"$work/.err"
like "$(cat "$work/slow")" '^41 refuse (1[4-9]|[23][0-9])[0-9]{5} ' 'no answer in time: refused after a second and a half'
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >"$work/.woken"
wait

# ---- its end amid a question ----

mkfifo "$work/lines"
"$driver" "$work/hung" "$HEADROOM_DB" enforce 1000 allow <"$work/lines" >"$work/hung.out" 2>"$work/hung.err" &
hung=$!
exec 8>"$work/lines"
printf '%s\n' 51 >&8
within 60 says "$work/hung.out" '^51 pass'
asker=$(sql "SELECT pid FROM pg_stat_activity WHERE query LIKE '%headroom.gate_ask%' AND pid <> pg_backend_pid()")
kill -STOP "$asker"
printf '%s\n' 52 'leave 1500' >&8
ok 'it does not wait for ever for a server that does not answer' within 20 says "$work/hung.out" '^left'
kill -CONT "$asker"
exec 8>&-
wait "$hung"
is "$?" 0 'nor does the late answer meet what is gone' || cat "$work/hung.err"
is "$(notes hung | jq -c '[.subject, .decision]')" '["52","offline_passed"]' 'what hung was decided and noted at the end'
