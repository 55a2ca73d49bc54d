# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The parts of scripts/bench: each prints its runs and puts a line of what came out into the table.

# shellcheck disable=SC2154  # build, work and the sizes are scripts/bench's
headroom=$PWD/$build/headroom
measure=$PWD/$build/tests/bench/measure
month=2025-10

log_of() { # FORMAT LINES SUBJECTS SEED MONTH [FIRST]
    "$PWD/$build/tests/bench/generate" "$2" "$3" "$4" "$5" "$1" "${6:-0}"
}

row() { printf '%s|%s|%s\n' "$1" "$2" "$3" >>"$work/table"; } # WORK MEASURED BAR
median() { sort -n | awk '{ v[NR] = $1 } END { printf "%.3f", (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
rate() { awk -v n="$1" -v s="$2" 'BEGIN { printf "%.0f", n / (s > 0 ? s : 0.001) }'; }
checkpoint() { cluster_psql postgres -c CHECKPOINT; }

# Sets seconds and peak (KiB).
timed() { # COMMAND…
    "$measure" "$work/measured" "$@" >"$work/output"
    read -r seconds peak <"$work/measured"
}

# ---- ledgers ----

use_ledger() {
    HEADROOM_DB=$(cluster_url "$1")
    export HEADROOM_DB
}

new_ledger() { # NAME
    cluster_psql postgres -c "DROP DATABASE IF EXISTS $1" 2>/dev/null
    cluster_database "$1"
    use_ledger "$1"
    "$headroom" -q init >/dev/null
    "$headroom" contract add bench --limit 40000 --price 2.50 --currency USD >/dev/null
}

copy_ledger() { # FROM TO
    cluster_psql postgres -c "DROP DATABASE IF EXISTS $2" 2>/dev/null
    cluster_psql postgres -c "CREATE DATABASE $2 TEMPLATE $1 STRATEGY file_copy"
    use_ledger "$2"
}

take_in() { # FILE
    checkpoint
    timed "$headroom" -q ingest "$1"
}

run_first() { new_ledger ledger && take_in "$work/events.json"; }

# The ledger with the events, once for all parts that only read it or add to a copy.
have_loaded() {
    if [ -z "${loaded:-}" ]; then
        new_ledger loaded
        take_in "$work/events.json"
        cat "$work/output"
        loaded=1
    fi
    use_ledger loaded
}

# ---- pairs ----

# Runs both as often as asked, taking turns in who begins. Each sets seconds. Prints the pairs, then sets ratio, ours and
# theirs (medians) and peak_most (KiB, of the first).
pairs_of() { # WHAT FIRST OTHER SECOND
    local pair first_seconds first_peak
    : >"$work/pairs"
    for ((pair = 1; pair <= pairs; pair++)); do
        if ((pair % 2)); then
            "$2"; first_seconds=$seconds first_peak=$peak
            "$4"
        else
            "$4"; other_seconds=$seconds
            "$2"; first_seconds=$seconds first_peak=$peak
            seconds=$other_seconds
        fi
        echo "$first_seconds $seconds $first_peak" >>"$work/pairs"
        awk -v i="$pair" -v a="$1" -v b="$3" -v n="$lines" -v o="$first_seconds" -v t="$seconds" -v m="$first_peak" 'BEGIN {
            printf "pair %d: %s %.2f s (%.0f/s), %s %.2f s (%.0f/s), ratio %.2f, peak %.0f MiB\n",
                i, a, o, n / o, b, t, n / t, t / o, m / 1024 }'
    done
    ours=$(cut -d' ' -f1 "$work/pairs" | median)
    theirs=$(cut -d' ' -f2 "$work/pairs" | median)
    ratio=$(awk '{ print $2 / $1 }' "$work/pairs" | median)
    peak_most=$(cut -d' ' -f3 "$work/pairs" | sort -n | tail -n 1)
}

times() { awk -v r="$1" 'BEGIN { printf "%.2f×", r }'; }
mebibytes() { awk -v k="$1" 'BEGIN { printf "%.0f MiB", k / 1024 }'; }

# ---- fresh ----

have_rival() {
    local columns
    have_loaded
    columns=$(cluster_psql loaded -Atc "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = 'headroom.event'::regclass AND attnum > 0 AND NOT attisdropped")
    cluster_psql loaded -c "COPY (SELECT $columns FROM headroom.event
        ORDER BY occurred_at, contract_id, source, event_id, subject, via_app, class) TO STDOUT (FORMAT csv)" >"$work/rival.csv"
    cluster_database rival
    "$headroom" -q init --db "$(cluster_url rival)" >/dev/null
    cluster_psql rival >/dev/null <<END
CREATE TABLE rival (LIKE headroom.event INCLUDING DEFAULTS) PARTITION BY RANGE (occurred_at);
ALTER TABLE rival ADD PRIMARY KEY (occurred_at, contract_id, source, event_id, subject, via_app, class);
CREATE INDEX ON rival USING brin (batch_id);
CREATE TABLE rival_month PARTITION OF rival
    FOR VALUES FROM ('$month-01 00:00:00+00') TO (timestamptz '$month-01 00:00:00+00' + interval '1 month');
END
}

run_rival() {
    cluster_psql rival -c 'TRUNCATE rival'
    checkpoint
    timed psql -X -q -d "$(cluster_url rival)" -c "\\copy rival FROM '$work/rival.csv' (FORMAT csv)"
}

part_fresh() {
    have_rival
    pairs_of headroom run_first '\copy' run_rival
    row "$lines JSON lines, $subjects subjects, fresh month: of \\copy's rate" "$(times "$ratio")" '0.5×'
    row '  headroom, lines a second' "$(rate "$lines" "$ours")" ''
    row '  psql \copy, lines a second' "$(rate "$lines" "$theirs")" ''
    row '  highest memory of headroom' "$(mebibytes "$peak_most")" '256 MiB'
}

# ---- the same file again ----

run_again() {
    copy_ledger loaded ledger
    checkpoint
    timed "$headroom" -q ingest --again "$work/events.json"
}

part_again() {
    have_loaded
    pairs_of again run_again first run_first
    row 'the same file with --again: of the first rate' "$(times "$ratio")" '1×'
}

run_unchanged() { use_ledger loaded && timed "$headroom" -q ingest "$work/events.json"; }
run_openssl() { timed openssl dgst -sha256 "$work/events.json"; }

part_unchanged() {
    have_loaded
    pairs_of unchanged run_unchanged openssl run_openssl
    row "the same file, unchanged: of the rate of openssl dgst -sha256" "$(times "$ratio")" '1×, or'
    pairs_of unchanged run_unchanged first run_first
    row '  of the first rate' "$(times "$ratio")" '20×'
}

# ---- formats ----

run_csv() { new_ledger ledger && take_in "$work/events.csv"; }
run_cloudevents() { new_ledger ledger && take_in "$work/events.cloudevents"; }

part_formats() {
    local format
    for format in csv cloudevents; do
        log_of "$format" "$lines" "$subjects" "$seed" "$month" >"$work/events.$format"
        pairs_of "$format" "run_$format" json run_first
        row "$format: of the rate of JSON lines" "$(times "$ratio")" '0.8×'
        rm "$work/events.$format"
    done
}

# ---- a ledger that holds much ----

# Months before, a fifth of the events in each; or all in the same month, with ids of their own.
have_held() { # NAME MONTH…
    local name=$1 at log=$work/held.json count
    shift
    new_ledger "$name"
    count=$((held / $#))
    for at in "$@"; do
        log_of json "$count" "$((count < subjects ? count : subjects))" "$((seed + 1))" "$at" >"$log"
        "$headroom" -q ingest "$log" >/dev/null
    done
    rm "$log"
}

run_held_before() { copy_ledger held_before ledger && take_in "$work/events.json"; }
run_held_same() { copy_ledger held_same ledger && take_in "$work/events.json"; }

part_held() {
    have_held held_before 2025-05 2025-06 2025-07 2025-08 2025-09
    pairs_of 'months before' run_held_before empty run_first
    row "a ledger with $held events of the months before: of the fresh rate" "$(times "$ratio")" '0.8×'
    cluster_psql postgres -c 'DROP DATABASE held_before'
    have_held held_same "$month"
    pairs_of 'same month' run_held_same empty run_first
    row "a ledger with $held events of the same month: of the fresh rate" "$(times "$ratio")" '0.8×'
    cluster_psql postgres -c 'DROP DATABASE held_same'
}

# ---- memory ----

part_memory() {
    local short
    log_of json "$many" "$many" "$seed" "$month" >"$work/many.json"
    new_ledger ledger
    take_in "$work/many.json"
    echo "$many subjects: $seconds s, $(mebibytes "$peak")"
    row "highest memory with $many subjects" "$(mebibytes "$peak")" '256 MiB'
    new_ledger ledger
    take_in "$work/events.json"
    short=$peak
    log_of json "$((lines * 3))" "$subjects" "$seed" "$month" >"$work/many.json"
    new_ledger ledger
    take_in "$work/many.json"
    echo "$lines lines: $(mebibytes "$short"); three times as many: $(mebibytes "$peak")"
    row '  a file three times as long: more' "$(mebibytes "$((peak - short))")" 'flat'
    rm "$work/many.json"
}

# ---- proofs and reading ----

part_verify() {
    local run
    have_loaded
    for ((run = 1; run <= pairs; run++)); do
        timed "$headroom" verify
        echo "$seconds s"
        echo "$seconds" >>"$work/verify"
    done
    row 'verify, events a second' "$(rate "$lines" "$(median <"$work/verify")")" '500000'
}

# The statistics of a session are written down when it ends.
event_reads() {
    cluster_psql loaded -Atc "SELECT coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)), 0) FROM pg_stat_user_tables
        WHERE schemaname = 'headroom' AND relname ~ '^event'"
}

# The database's time for all statements of a command; they and their temporary files are in answer.log. $work_mem: else
# as a server is installed.
database_ms() { # COMMAND…
    local from
    from=$(stat -c %s "$cluster/log")
    PGOPTIONS="-c log_min_duration_statement=0 -c log_temp_files=0 -c work_mem=${work_mem:-4MB}" "$headroom" "$@" >"$work/answer"
    tail -c +"$((from + 1))" "$cluster/log" >"$work/answer.log"
    sed -n 's/.*duration: \([0-9.]*\) ms.*/\1/p' "$work/answer.log" | awk '{ s += $1 } END { printf "%.1f\n", s }'
}

part_status() {
    local before after
    have_loaded
    cluster_psql loaded -c 'VACUUM ANALYZE headroom.usage' -c 'SELECT pg_stat_force_next_flush()' >/dev/null
    before=$(event_reads)
    for _ in 1 2 3 4 5; do database_ms status --month "$month"; done >"$work/status.ms"
    after=$(event_reads)
    cat "$work/answer"
    echo "the first time $(head -n 1 "$work/status.ms") ms; scans of event's partitions by 5: $((after - before))"
    row 'status: ms of database time, all its statements' "$(median <"$work/status.ms")" ''
}
