#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Random logs against a second opinion (tests/lib/recount.awk): users, handles, renames, reassigned handles, app-only,
# failures; in several files and every order of loading, the last round in a database that sorts texts as people do; with
# batches voided and restored; and with imports of identities before, between and after the loads, one of them withdrawn.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

rounds=2 orders=1
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then rounds=40 orders=3; fi
lines=1200
note "seed $HEADROOM_TEST_SEED, $rounds rounds"

# 90 days from 2026-01-15; few handles, so that they change hands often; times on few seconds, so that they tie. Some
# requests that name a user are followed by one at the same time that names the handle alone.
random_log() { # SEED LINES
    awk -v seed="$1" -v lines="$2" 'BEGIN {
        srand(seed)
        split("200 200 200 200 - 400 401 403 429 500 204", statuses, " ")
        for (i = 0; i < lines; i++) {
            at = 1768435200 + int(rand() * 90) * 86400 + int(rand() * 4) * 21600 - (rand() < 0.2)
            auth = rand() < 0.15 ? "app" : "user"
            kind = rand()
            user = kind < 0.6 ? 100 + int(rand() * 300) : "-"
            handle = kind > 0.45 ? "H" int(rand() * 90) : "-"
            if (auth == "app" && rand() < 0.5) { user = "-"; handle = "-" }
            tweets = rand() < 0.5 ? int(rand() * 3) : "-"
            failed = tweets != "-" && tweets > 0 && rand() < 0.4 ? int(rand() * tweets) + 1 : "-"
            print at, user, handle, auth, statuses[int(rand() * 11) + 1], tweets, failed
            if (user != "-" && handle != "-" && rand() < 0.5) { print at, "-", handle, auth, 200, "-", "-"; i++ }
        }
    }'
}

# Imports of the same handles, each handle once in each: on some days, up to a day, from a day on, or without days.
random_imports() { # SEED IMPORTS
    awk -v seed="$1" -v imports="$2" 'BEGIN {
        srand(seed)
        for (i = 1; i <= imports; i++)
            for (h = i; h < 90; h += 1 + int(rand() * 7)) {
                from = 20460 + int(rand() * 95)
                to = from + 1 + int(rand() * 40)
                kind = rand()
                if (kind < 0.2) from = "-"
                if (kind > 0.15 && kind < 0.35) to = "-"
                print i, "import", 100 + int(rand() * 300), "H" h, from, to
            }
    }'
}

import_csv() { # NUMBER
    awk -v number="$1" 'BEGIN { print "user_id,handle,from,to" }
        function day(n) { return n == "-" ? "" : strftime("%Y-%m-%d", n * 86400, 1) }
        $1 == number { printf "%s,%s,%s,%s\n", $3, $4, day($5), day($6) }'
}

# A line of another subject with the time of the line before has its id too.
to_json() { # SEED [PREFIX]
    awk -v seed="$1" -v prefix="${2:-e}" 'BEGIN {
        srand(seed)
        split("totals 28hr historical", endpoints, " ")
        # Some Tweets twice, a word that is no outcome, and none at all: what failed stays what unavailable lists.
        split("\"too_old\":[] \"too_old\":[\"1001\",1001] \"odd\":[\"1001\"],\"strange\":[\"1001\"]", causes, " ")
    } {
        subject = $2 != "-" ? $2 : $3
        shared = !shared && $1 == last_time && subject != last_subject
        last_time = $1
        last_subject = subject
        printf "{\"id\":\"%s%d\",\"time\":%d,\"label\":\"l%d\"", prefix, NR - shared, $1, int(rand() * 9)
        if ($2 != "-") printf ",\"user_id\":\"%s\"", $2
        if ($3 != "-") printf ",\"handle\":\"%s\"", $3
        if ($4 != "user") printf ",\"auth\":\"%s\"", $4
        if ($5 != "-") printf ",\"status\":%s", $5
        if ($6 != "-") printf ",\"tweet_count\":%s", $6
        if ($7 != "-") {
            printf ",\"failed\":{\"unavailable\":["
            for (i = 1; i <= $7; i++) printf "%s\"%d\"", (i > 1 ? "," : ""), 1000 + i
            printf "],%s}", causes[int(rand() * 3) + 1]
        }
        if (rand() < 0.8) printf ",\"endpoint\":\"%s\"", endpoints[int(rand() * 3) + 1]
        print "}"
    }'
}

spread() { # DATABASE
    cluster_psql "$1" -At -F ' ' -c "
        SELECT to_char(month, 'YYYY-MM'), rule, unique_handles
        FROM (VALUES (DATE '2026-01-01'), ('2026-02-01'), ('2026-03-01'), ('2026-04-01')) AS months (month),
            headroom.contract, LATERAL headroom.$2(contract_id, month)
        WHERE unique_handles > 0" | LC_ALL=C sort
}

load() { # DATABASE PART PART: the second while the first is loaded
    ledger_new "$1" || bail_out 'no ledger'
    headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
    headroom ingest "$2" >"$work/.a" 2>&1 &
    headroom ingest "$3" >"$work/.b" 2>&1 || note "$(cat "$work/.b")"
    wait $! || note "$(cat "$work/.a")"
}

# How many rows of the usage and of the failed Tweets were lost and how many are new after the writer made them again
# from the events.
rebuilt() { # DATABASE
    cluster_psql "$1" -At -c "
        CREATE TEMP TABLE kept AS TABLE headroom.usage;
        CREATE TEMP TABLE failed AS TABLE headroom.daily_failure;
        GRANT SELECT ON kept TO headroom_writer;
        SET ROLE headroom_writer;
        SELECT headroom.rebuild_usage(contract_id, month), headroom.rebuild_daily(contract_id, month)
        FROM (SELECT DISTINCT contract_id, month FROM kept) AS months;
        RESET ROLE;
        SELECT (SELECT count(*) FROM (TABLE kept EXCEPT TABLE headroom.usage) AS lost)
                + (SELECT count(*) FROM (TABLE failed EXCEPT TABLE headroom.daily_failure) AS lost),
            (SELECT count(*) FROM (TABLE headroom.usage EXCEPT TABLE kept) AS new)
                + (SELECT count(*) FROM (TABLE headroom.daily_failure EXCEPT TABLE failed) AS new);" | grep -v '^|$'
}

# The evidence for each handle; only the batch that a line came with may depend on the order of loading.
evidence() {
    local month
    for month in 2026-01 2026-02 2026-03 2026-04; do
        headroom --json handles --month "$month" | jq -c '.[] | del(.first_event.batch)'
    done
}

# ---- voids and restores ----

# Cuts the log into five parts, each with some lines of the one before it, which are duplicates there.
cut_parts() { # SEED
    awk -v seed="$1" -v folder="$work" 'BEGIN { srand(seed) }
        FNR == NR { log_line[FNR] = $0; next }
        {
            part = 1 + int(rand() * 5)
            print > (folder "/part" part ".jsonl")
            print log_line[FNR] > (folder "/part" part ".log")
            if (part < 5 && rand() < 0.2) {
                print > (folder "/part" part + 1 ".jsonl")
                print log_line[FNR] > (folder "/part" part + 1 ".again")
            }
        }' "$work/log" "$work/log.jsonl"
}

# What the parts in force say. A duplicate teaches as well, and counts only where its event does.
wanted_of() { # PART…
    local part
    for part in "$@"; do
        cat "$work/part$part.log"
        [ ! -e "$work/part$part.again" ] || awk '{ $5 = "fact"; print }' "$work/part$part.again"
    done | awk -f "$root/tests/lib/recount.awk" | LC_ALL=C sort
}

in_force() { cluster_psql "$1" -At -c 'SELECT batch_id FROM headroom.batch EXCEPT SELECT batch_id FROM headroom.voided_batch'; }
voided() { cluster_psql "$1" -At -c 'SELECT batch_id FROM headroom.voided_batch'; }

# One step: some batches of those that may be changed, at random. The batches have the numbers of their parts.
change() { # DATABASE STEP SEED
    local action=void batches
    [ $(($2 % 2)) -eq 1 ] || action=restore
    if [ "$action" = void ]; then batches=$(in_force "$1"); else batches=$(voided "$1"); fi
    batches=$(shuf --random-source=<(yes "$3$2") -n $((1 + ($3 + $2) % 2)) <<<"$batches")
    # shellcheck disable=SC2086  # several numbers
    headroom batch "$action" $batches --reason 'a random one' >"$work/.change" 2>&1 || note "$(cat "$work/.change")"
}

void_and_restore() { # DATABASE SEED
    local part step parts
    rm -f "$work"/part*
    cut_parts "$2"
    ledger_new "$1" || bail_out 'no ledger'
    headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
    for part in 1 2 3 4 5; do headroom ingest "$work/part$part.jsonl" >"$work/.part" 2>&1 || note "$(cat "$work/.part")"; done
    for step in 1 2 3 4; do
        change "$1" "$step" "$2"
        mapfile -t parts < <(in_force "$1")
        wanted_of "${parts[@]}" >"$work/wanted"
        is "$(diff "$work/wanted" <(spread "$1" spread))" '' "$1: step $step leaves parts ${parts[*]}: every rule"
        is "$(diff "$work/wanted" <(spread "$1" recount))" '' "$1: step $step: the recount too"
    done
    is "$(rebuilt "$1")" '0|0' "$1: and the usage is what its events make"
    exits 0 headroom reconcile --month 2026-02 --recount
}

# ---- imports ----

agrees() { # DATABASE WHAT FILE…: the log, and of the imports those in force
    local database=$1 what=$2
    shift 2
    cat "$@" | awk -f "$root/tests/lib/recount.awk" | LC_ALL=C sort >"$work/wanted"
    is "$(diff "$work/wanted" <(spread "$database" spread))" '' "$database: $what: every rule in every month"
    is "$(diff "$work/wanted" <(spread "$database" recount))" '' "$database: $what: the recount too"
}

last_batch() { cluster_psql "$1" -Atc 'SELECT max(batch_id) FROM headroom.batch'; }
quietly() { headroom -q "$@" >"$work/.quiet" 2>&1 || note "$*: $(cat "$work/.quiet")"; }

# The log in four overlapping parts, a load that is taken back, and the imports (in their order: the later one wins), all
# in a random order of taking in; one part is voided while what comes after it is taken in. In the first order the imports
# come first.
in_some_order() { # DATABASE SEED FIRST
    local step import=0 steps=(load1 load2 load3 load4 wrong import import import) held=''
    for step in 1 2 3 4; do
        shuf --random-source=<(yes "$2$step") -n $((lines * 2 / 5)) "$work/log.jsonl"
        awk -v part="$step" 'NR % 4 == part - 1' "$work/log.jsonl"
    done >"$work/overlapping"
    split -n l/4 --numeric-suffixes=1 -a 1 "$work/overlapping" "$work/load"
    mapfile -t steps < <(printf '%s\n' "${steps[@]}" | shuf --random-source=<(yes "$2"))
    [ "$3" != yes ] || steps=(import import import load4 wrong load2 load3 load1)
    note "$1: ${steps[*]}"
    ledger_new "$1" || bail_out 'no ledger'
    quietly contract add c --limit 10 --price 1 --currency USD
    for step in "${steps[@]}"; do
        case $step in
        import) import=$((import + 1)); quietly identities import "$work/$import.csv" ;;
        load*) quietly ingest "$work/$step" ;;
        wrong)
            quietly ingest "$work/more.jsonl"
            quietly batch void "$(last_batch "$1")" --reason 'loaded by mistake'
            ;;
        esac
        if [ "$step" = load2 ]; then
            held=$(last_batch "$1")
            quietly batch void "$held" --reason 'not sure of it'
        fi
    done
    quietly batch restore "$held" --reason 'sure of it'
}

for ((round = 1; round <= rounds; round++)); do
    [ "$round" -lt "$rounds" ] || cluster_locale=en-US
    seed=$((HEADROOM_TEST_SEED % 100000 + round))
    random_log "$seed" "$lines" >"$work/log"
    awk -f "$root/tests/lib/recount.awk" "$work/log" | LC_ALL=C sort >"$work/wanted"
    to_json "$seed" <"$work/log" >"$work/log.jsonl"
    # Overlapping parts in disorder, two of them at the same time.
    shuf --random-source=<(yes "$seed") "$work/log.jsonl" >"$work/disorder"
    head -n 700 "$work/disorder" >"$work/a"
    tail -n 650 "$work/disorder" >"$work/b"
    load "round$round" "$work/a" "$work/b"
    is "$(diff "$work/wanted" <(spread "round$round" spread))" '' "round $round: every rule in every month"
    is "$(diff "$work/wanted" <(spread "round$round" recount))" '' "round $round: the recount from raw events too"
    for month in 2026-01 2026-02 2026-03 2026-04; do
        wanted=$(awk -v m="$month" '$1 == m && $2 == "answered" { print $3 }' "$work/wanted")
        is "$(headroom --json handles --month "$month" | jq length)" "${wanted:-0}" "round $round: handles of $month"
    done
    exits 0 headroom reconcile --month 2026-02 --recount
    is "$(rebuilt "round$round")" '0|0' "round $round: usage made again from the events is what loading left"
    evidence >"$work/evidence"
    tac "$work/log.jsonl" >"$work/backwards"
    head -n 800 "$work/backwards" >"$work/a"
    tail -n 500 "$work/backwards" >"$work/b"
    load "again$round" "$work/a" "$work/b"
    is "$(evidence | diff "$work/evidence" -)" '' "round $round: the same evidence from another order of loading"
    # In the ledger of the other order: imports, of which the second is withdrawn, and another load.
    random_imports "$seed" 3 >"$work/imports"
    random_log "$((seed + 500))" 300 >"$work/more"
    to_json "$seed" x <"$work/more" >"$work/more.jsonl"
    for part in 1 2 3; do import_csv "$part" <"$work/imports" >"$work/$part.csv"; done
    exits 0 headroom -q identities import "$work/1.csv"
    exits 0 headroom -q identities import "$work/2.csv"
    withdrawn=$(last_batch "again$round")
    exits 0 headroom -q ingest "$work/more.jsonl"
    wrong=$(last_batch "again$round")
    exits 0 headroom -q identities import "$work/3.csv"
    exits 0 headroom -q identities withdraw "$withdrawn" --reason 'not ours'
    awk '$1 == 1 || $1 == 3' "$work/imports" | cut -d' ' -f2- >"$work/taught"
    agrees "again$round" 'with imports' "$work/log" "$work/more" "$work/taught"
    exits 0 headroom -q batch void "$wrong" --reason 'loaded by mistake'
    agrees "again$round" 'without a voided load' "$work/log" "$work/taught"
    exits 0 headroom -q batch restore "$withdrawn" --reason 'ours in the end'
    awk '$1 <= 3' "$work/imports" | cut -d' ' -f2- >"$work/taught"
    agrees "again$round" 'with a restored import' "$work/log" "$work/taught"
    exits 0 headroom reconcile --month 2026-02 --recount
    evidence >"$work/evidence"
    for ((order = 1; order <= orders; order++)); do
        in_some_order "order$round.$order" "$((seed + order))" "$([ $((round + order)) -gt 2 ] || echo yes)"
        agrees "order$round.$order" 'in another order' "$work/log" "$work/taught"
        is "$(evidence | diff "$work/evidence" -)" '' "order$round.$order: the same evidence too"
    done
    [ "$round" -gt 1 ] && [ -z "${HEADROOM_TEST_FULL:-}" ] || void_and_restore "voids$round" "$seed"
done

# ---- usage as it was kept before first events were kept once ----

ledger_new old_form || bail_out 'no ledger'
export HEADROOM_DB
headroom contract add acme --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
request() { printf '{"id":"%s-%s","time":"2026-02-10T%s:00:00Z","user_id":%s%s}\n' "$1" "$2" "$2" "$1" "${3:-}"; }
for user in 1 2 3 4; do request $user 10; done | headroom ingest -q - || bail_out 'not taken in'
cluster_psql old_form -c 'UPDATE headroom.usage SET first_answered = first_attempted, first_delivered = first_attempted'
{
    request 1 11
    request 2 09 ',"status":404'
    request 3 09 ',"tweet_count":1,"failed":{"unavailable":["7"]}'
    request 4 09
} | headroom ingest -q - || bail_out 'not taken in'
is "$(cluster_psql old_form -At -F ' ' -c "SELECT
        subject,
        (first_attempted).event_id,
        (headroom.first_of(answered_requests, first_answered, first_attempted)).event_id,
        (headroom.first_of(delivered_requests, first_delivered, coalesce(first_answered, first_attempted))).event_id
    FROM headroom.usage ORDER BY subject")" \
    $'1 1-10 1-10 1-10\n2 2-09 2-10 2-10\n3 3-09 3-09 3-10\n4 4-09 4-09 4-09' 'a merge into rows of that form keeps the first of each class'
exits 0 headroom reconcile --month 2026-02 --recount
for rule in attempted answered delivered; do
    cluster_psql old_form -At -F ' ' -c "SELECT owner, first_id FROM headroom.counted(1, '2026-02-01', '$rule') ORDER BY owner"
done >"$work/merged"
cluster_psql old_form -c "SELECT headroom.rebuild_usage(1, '2026-02-01')" >"$work/.rebuilt"
for rule in attempted answered delivered; do
    cluster_psql old_form -At -F ' ' -c "SELECT owner, first_id FROM headroom.counted(1, '2026-02-01', '$rule') ORDER BY owner"
done | diff "$work/merged" - >"$work/diff"
is "$(cat "$work/diff")" '' 'as they are when made again from the events'
