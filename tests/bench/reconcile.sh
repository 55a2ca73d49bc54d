# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The parts of scripts/bench reconcile: a month of a ledger that holds many.

# shellcheck disable=SC2154  # the sizes, work and what parts.sh has are others'

# The log of a month: users that begin at a number of its own, so that all months together have the subjects asked for.
month_log() { # NUMBER
    local at first
    at=$(date -ud "$month-01 $(($1 - months + 2)) month" +%Y-%m)
    first=$((months > 1 ? $1 * (subjects - month_subjects) / (months - 1) : 0))
    log_of json "$((events / months))" "$month_subjects" "$((seed + $1))" "$at" "$first"
}

# A hundredth of the users by handle only.
by_handle() { awk '{ if (match($0, /"user_id":"[0-9]+00"/)) sub(/"user_id":"/, "\"handle\":\"u"); print }'; }

# Each of these handles is one user's until the middle of the month, and another's from then on.
handles_csv() {
    echo user_id,handle,from,to
    cluster_psql "$1" -Atc "SELECT n || s || E',' || s || ',' || d FROM (SELECT DISTINCT substr(subject, 2) AS s FROM headroom.usage
        WHERE month = '$month-01' AND subject LIKE '@%') AS u
        CROSS JOIN (VALUES ('1', ',$month-16'), ('2', '$month-16,')) AS v (n, d)" | sed 's/^\([12]\)u/\1/'
}

have_months() {
    local number log=$work/month.json
    [ -z "${months_loaded:-}" ] || return 0
    new_ledger months
    for ((number = 0; number < months; number++)); do
        month_log "$number" >"$log"
        "$headroom" -q ingest "$log" >/dev/null
    done
    cluster_psql months -c 'VACUUM ANALYZE'
    cluster_psql months -Atc "SELECT count(*) || ' events, ' || count(DISTINCT subject) || ' subjects, '
        || count(DISTINCT subject) FILTER (WHERE occurred_at >= '$month-01Z' AND occurred_at < '$month-01Z'::timestamptz
        + interval '1 month') || ' of them in $month' FROM headroom.event"
    months_loaded=1
}

measure_month() { # WHAT BAR
    local command
    for command in status reconcile; do
        for ((run = 0; run < pairs + 2; run++)); do database_ms "$command" --month "$month"; done >"$work/ms"
        echo "$command, ms: $(tr '\n' ' ' <"$work/ms")load $(cut -d' ' -f1 /proc/loadavg)"
        row "$command of a month$1: ms of database time" "$(tail -n +2 "$work/ms" | median)" "$2"
        row '  the first time after the take-in' "$(head -n 1 "$work/ms")" ''
    done
}

part_statement() {
    have_months
    use_ledger months
    measure_month " with $month_subjects subjects" 100
}

part_handles() {
    have_months
    new_ledger passing
    month_log "$((months - 2))" | by_handle >"$work/month.json"
    "$headroom" -q ingest "$work/month.json" >/dev/null
    handles_csv passing >"$work/handles.csv"
    "$headroom" -q identities import "$work/handles.csv"
    cluster_psql passing -c 'VACUUM ANALYZE'
    echo "$(wc -l <"$work/handles.csv") lines of identities"
    measure_month ' whose handles change owners' 200
}

part_recount() {
    local run span
    have_months
    use_ledger months
    span="occurred_at >= '$month-01Z' AND occurred_at < '$month-01Z'::timestamptz + interval '1 month'"
    for ((run = 0; run < pairs; run++)); do
        work_mem=64MB database_ms reconcile --month "$month" --recount >/dev/null
        awk '/duration: / { match($0, /duration: [0-9.]+/); ms = substr($0, RSTART + 10, RLENGTH - 10) }
            /The unique handles counted again/ { sum += ms } END { print sum }' "$work/answer.log" >"$work/ours"
        temporary=$(sed -n 's/.*temporary file:.* size \([0-9]*\)$/\1/p' "$work/answer.log" | awk '{ s += $1 } END { print s + 0 }')
        PGOPTIONS='-c work_mem=64MB' cluster_psql months -At -c '\timing on' \
            -c "SELECT count(DISTINCT subject) FROM headroom.event WHERE contract_id = 1 AND $span" \
            | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' >"$work/rival"
        paste -d ' ' "$work/ours" "$work/rival"
    done >"$work/pairs"
    echo "recount and count(DISTINCT), ms: $(tr '\n' ';' <"$work/pairs") load $(cut -d' ' -f1 /proc/loadavg)"
    row "recount: of the time of count(DISTINCT subject)" "$(times "$(awk '{ print $1 / $2 }' "$work/pairs" | median)")" '1.5×'
    row '  its temporary files' "$(mebibytes "$((temporary / 1024))")" ''
}

part_close() {
    local run
    have_months
    use_ledger months
    for ((run = 0; run < pairs; run++)); do
        checkpoint
        timed "$headroom" close --month "$month"
        echo "$seconds"
        "$headroom" reopen --month "$month" --reason 'measured again' >/dev/null
    done >"$work/seconds"
    echo "close, s: $(tr '\n' ' ' <"$work/seconds")load $(cut -d' ' -f1 /proc/loadavg)"
    row "close of a month with $month_subjects subjects: s" "$(median <"$work/seconds")" 10
}
