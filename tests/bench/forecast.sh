# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The parts of scripts/bench forecast: a contract with years of history, and many contracts.

# shellcheck disable=SC2154  # the sizes, work and what parts.sh has are others'

months_ago() { date -ud "$(date -u +%Y-%m-01) -$1 month" +"${2:-%Y-%m}"; }

# Months up to the one that goes on, each with users of its own; nothing lies in the future.
have_history() {
    local ago first now
    [ -z "${history_loaded:-}" ] || { use_ledger history; return 0; }
    new_ledger history
    now=$(date -u +%Y-%m-%dT%H:%M:%S)
    for ((ago = months; ago >= 0; ago--)); do
        first=$(((months - ago) * (subjects - month_subjects) / months))
        log_of json "$((events / (months + 1)))" "$month_subjects" "$((seed + ago))" "$(months_ago "$ago")" "$first" \
            | awk -v now="$now" '{ at = substr($0, index($0, "\"time\":\"") + 8, 19); if (at < now) print }' >"$work/month.json"
        "$headroom" -q ingest "$work/month.json" >/dev/null
    done
    cluster_psql history -c 'VACUUM ANALYZE'
    cluster_psql history -Atc "SELECT count(*) || ' events, ' || count(DISTINCT subject) || ' subjects' FROM headroom.event"
    history_loaded=1
}

# Of the statements that only a forecast asks.
forecast_ms() {
    awk '/duration: / { match($0, /duration: [0-9.]+/); ms = substr($0, RSTART + 10, RLENGTH - 10) }
        /headroom\.(month_so_far|history_months|charges|days_before|keep_history)\(/ { sum += ms; ms = 0 }
        END { printf "%.1f\n", sum }' "$work/answer.log"
}

part_forecast() {
    local run
    have_history
    for ((run = 0; run < pairs + 2; run++)); do
        database_ms status >/dev/null
        forecast_ms
    done >"$work/ms"
    echo "forecast within status, ms: $(tr '\n' ' ' <"$work/ms")load $(cut -d' ' -f1 /proc/loadavg)"
    row "forecast from $months months: ms of database time on top of status" "$(tail -n +2 "$work/ms" | median)" 20
    row '  the first time, which keeps the months' "$(head -n 1 "$work/ms")" ''
    for ((run = 0; run < pairs; run++)); do "$PWD/$build/tests/bench/outlook"; done >"$work/ms"
    row '  computing it: ms' "$(median <"$work/ms")" 1
}

part_backtest() {
    local run
    have_history
    "$headroom" forecast backtest --months "$months" >"$work/output"
    for ((run = 0; run < pairs; run++)); do
        timed "$headroom" forecast backtest --months "$months"
        echo "$seconds"
    done >"$work/seconds"
    echo "backtest, s: $(tr '\n' ' ' <"$work/seconds")load $(cut -d' ' -f1 /proc/loadavg)"
    row "backtest of $months months on 5 days: s" "$(median <"$work/seconds")" 1
}

# ---- many contracts ----

many_contracts() {
    awk -v n="$contracts" -v from="$(months_ago 7 %Y-%m-01)" 'BEGIN {
        for (i = 1; i <= n; i++)
            printf "%s{\"name\":\"c%d\",\"terms\":[{\"from\":\"%s\",\"limit\":%d,\"currency\":\"USD\",\"pricing\":{\"model\":\"flat\",\"unit_price\":\"2.50\"}}]}\n",
                (i > 1 ? "," : "["), i, from, 10 + i % 30
        print "]" }'
}

# Half a year and the month that goes on: 10 to 39 requests a month of each, by about as many users.
many_requests() {
    local ago from until
    for ((ago = 6; ago >= 0; ago--)); do
        from=$(months_ago "$ago" %s)
        if ((ago > 0)); then until=$(months_ago $((ago - 1)) %s); else until=$(date +%s); fi
        awk -v n="$contracts" -v from="$from" -v until="$until" -v seed="$((seed + ago))" 'BEGIN {
            srand(seed)
            for (i = 1; i <= n; i++) {
                size = 10 + i % 30
                for (j = 0; j < size; j++)
                    printf "{\"time\":%d,\"user_id\":%d,\"contract\":\"c%d\"}\n",
                        from + (j + rand()) * (until - from) / size, 1 + rand() * size * 1.5, i
            } }'
    done
}

part_contracts() {
    local run
    cluster_psql postgres -c 'DROP DATABASE IF EXISTS contracts' 2>/dev/null
    cluster_database contracts
    use_ledger contracts
    "$headroom" -q init >/dev/null
    many_contracts >"$work/contracts.json"
    "$headroom" -q contract import "$work/contracts.json" >/dev/null
    many_requests >"$work/many.json"
    "$headroom" -q ingest "$work/many.json" >/dev/null
    cluster_psql contracts -c 'VACUUM ANALYZE'
    timed "$headroom" -q status
    row "status with forecast of $contracts contracts, the first time: s" "$seconds" ''
    for ((run = 0; run < pairs; run++)); do
        timed "$headroom" -q status
        echo "$seconds"
    done >"$work/seconds"
    echo "status, s: $(tr '\n' ' ' <"$work/seconds")load $(cut -d' ' -f1 /proc/loadavg)"
    row '  once the months are kept: s' "$(median <"$work/seconds")" 5
}
