# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The event endpoint under wrk: how many events a second are durable and answered.

# shellcheck disable=SC2154  # build, work, headroom, servers and the sizes are scripts/bench's, parts.sh's and gateway.sh's

endpoint_start() {
    new_ledger endpoint
    endpoint_key=$("$headroom" -q key add wrk)
    port_free endpoint_port
    "$headroom" serve --listen "127.0.0.1:$endpoint_port" 2>"$work/serve.log" &
    endpoint_pid=$!
    servers+=("$endpoint_pid")
    ! until_up "$endpoint_pid" curl -sf -o "$work/ready" "http://127.0.0.1:$endpoint_port/readyz" || return 0
    cat "$work/serve.log" >&2
    return 1
}

# Sets `endpoint_rate`: events a second that were answered, from what the ledger has more of; errors stop the bench.
endpoint_run() { # CONNECTIONS EVENTS-A-REQUEST RUN
    local before after
    checkpoint
    before=$(cluster_psql endpoint -Atc 'SELECT coalesce(sum(added), 0) FROM headroom.batch')
    wrk -t2 -c"$1" -d"${seconds_each}s" --latency -s tests/bench/endpoint.lua "http://127.0.0.1:$endpoint_port/v1/events" \
        -- "$endpoint_key" "$2" "$3" >"$work/wrk"
    after=$(cluster_psql endpoint -Atc 'SELECT sum(added) FROM headroom.batch')
    if grep -E 'Non-2xx|Socket errors' "$work/wrk"; then return 1; fi
    endpoint_rate=$(((after - before) / seconds_each))
    echo "  $1 connections, $2 an event request: $endpoint_rate events a second, $(awk '$1 == "50%" || $1 == "99%" { printf "%s %s ", $1, $2 }' "$work/wrk")"
}

part_endpoint() {
    local run many='' single=''
    endpoint_start
    for ((run = 0; run < pairs; run++)); do
        endpoint_run 16 100 "m$run"
        many+=$endpoint_rate$'\n'
        endpoint_run 64 1 "s$run"
        single+=$endpoint_rate$'\n'
    done
    echo "  memory: $(awk '/VmHWM/ { printf "%.0f MiB", $2 / 1024 }' "/proc/$endpoint_pid/status")"
    end_servers
    row 'events a second over HTTP, 100 a request, durable' "$(printf '%s' "$many" | median | cut -d. -f1)" '>= 20000'
    row 'events a second over HTTP, one a request, 64 connections, durable' "$(printf '%s' "$single" | median | cut -d. -f1)" '>= 3000'
}
