# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The parts of scripts/bench gateway: the gateway and nginx before the same upstream, turn by turn.

# shellcheck disable=SC2154  # the sizes, work and what parts.sh has are others'
bench_tools=$PWD/$build/tests/bench

# ---- ports, and what listens on them ----

wait_for_port() { # PORT PID LOG
    ! until_up "$2" port_listens "$1" || return 0
    echo "scripts/bench: a server does not start:" >&2
    cat "$3" >&2
    exit 1
}

servers=()
end_servers() {
    local pid
    for pid in "${servers[@]}"; do
        kill -TERM "$pid" 2>/dev/null || continue
        wait "$pid" || true
    done
    servers=()
}

nginx_up() { # NAME PORT, with the inside of http { } on standard input
    mkdir -p "$work/$1"
    {
        echo "worker_processes auto; daemon off; error_log $work/$1/error.log; pid $work/$1/pid;"
        echo 'events { worker_connections 4096; }'
        echo 'http { keepalive_requests 100000000; client_max_body_size 4m;'
        for temporary in client_body proxy fastcgi uwsgi scgi; do echo "${temporary}_temp_path $work/$1;"; done
        cat
        echo '}'
    } >"$work/$1/nginx.conf"
    PATH=$PATH:/usr/sbin:/sbin nginx -p "$work/$1" -c "$work/$1/nginx.conf" >"$work/$1/said" 2>&1 &
    servers+=($!)
    wait_for_port "$2" $! "$work/$1/said"
}

upstream_up() {
    [ -z "${upstream_port:-}" ] || return 0
    port_free upstream_port
    nginx_up upstream "$upstream_port" <<END
access_log off;
server { listen 127.0.0.1:$upstream_port backlog=4096; location / { default_type application/json;
    add_header x-per-minute-limit 60; add_header x-per-minute-remaining 59;
    return 200 '{"g":{"1070059276213702656":{"impressions":"551","engagements":"43"},"1021817816134156288":{"impressions":"12","engagements":"3"}}}'; } }
END
}

# What one would log without the gateway: who, what, when, with which outcome.
rival_up() {
    port_free rival_port
    nginx_up rival "$rival_port" <<END
log_format json escape=json '{"time":"\$time_iso8601","request":"\$request","status":\$status,"bytes":\$body_bytes_sent,'
    '"authorization":"\$http_authorization","remaining":"\$upstream_http_x_per_minute_remaining","seconds":\$request_time}';
access_log $work/rival/access.log json;
upstream vendor { server 127.0.0.1:$upstream_port; keepalive 128; keepalive_requests 100000000; }
server { listen 127.0.0.1:$rival_port backlog=4096; location / { proxy_pass http://vendor; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_set_header Host \$http_host; } }
END
}

# Sets PORT, ADMIN and PID of the name: gateway_port_write …
gateway_up() { # NAME OPTION…
    local name=$1
    shift
    port_free "gateway_port_$name"
    port_free "gateway_admin_$name"
    local port=gateway_port_$name admin=gateway_admin_$name
    rm -rf "$work/spool_$name" # another part's ledger has another key
    "$headroom" gateway --listen "127.0.0.1:${!port}" --admin "127.0.0.1:${!admin}" --contract bench \
        --spool "$work/spool_$name" --upstream "http://127.0.0.1:$upstream_port" "$@" >"$work/gateway_$name.log" 2>&1 &
    declare -g "gateway_pid_$name=$!"
    servers+=($!)
    wait_for_port "${!port}" $! "$work/gateway_$name.log"
}

metric_of() { # NAME METRIC
    local admin=gateway_admin_$1
    curl -s "http://127.0.0.1:${!admin}/metrics" | awk -v name="headroom_gateway_$2" '$1 == name { print $2 }'
}

# Until the ledger has all that the gateway recorded: its work must not lie in the time of the others'.
settle() { # NAME
    local i
    for ((i = 0; i < 600; i++)); do
        [ "$(metric_of "$1" spool_entries)" != 0 ] || return 0
        sleep 0.2
    done
    echo "scripts/bench: the spool of $1 does not drain: $(tail -n 3 "$work/gateway_$1.log")" >&2
    exit 1
}

# ---- requests a second ----

# Sets rate_of.
wrk_at() { # PORT
    local failed
    wrk -t 2 -c 64 -d "$seconds_each" -s "$PWD/tests/bench/wrk.lua" "http://127.0.0.1:$1" >"$work/wrk"
    read -r rate_of failed < <(tail -n 1 "$work/wrk")
    [ "$failed" = 0 ] || echo "  wrk counted $failed failures on port $1: $(cat "$work/wrk")"
}

rate_through() { # NAME
    local port=gateway_port_$1
    wrk_at "${!port}"
    settle "$1"
}

part_rate() {
    local pair mode rival ours bar direct
    new_ledger gateway
    upstream_up
    rival_up
    for mode in write fsync; do gateway_up "$mode" --durability "$mode"; done
    wrk_at "$upstream_port"
    direct=$rate_of
    for mode in write fsync; do : >"$work/rate_$mode"; done
    for ((pair = 1; pair <= pairs; pair++)); do
        for mode in write fsync; do
            if ((pair % 2)); then
                wrk_at "$rival_port"; rival=$rate_of
                rate_through "$mode"; ours=$rate_of
            else
                rate_through "$mode"; ours=$rate_of
                wrk_at "$rival_port"; rival=$rate_of
            fi
            echo "$ours $rival" >>"$work/rate_$mode"
            echo "pair $pair: gateway ($mode) $ours/s, nginx $rival/s, ratio $(awk -v a="$ours" -v b="$rival" \
                'BEGIN { printf "%.3f", a / b }'), load $(cut -d' ' -f1-3 /proc/loadavg)"
        done
    done
    for mode in write fsync; do
        bar=0.5×
        [ "$mode" = write ] || bar=0.35×
        row "gateway ($mode) against nginx with a JSON access log, 64 connections: requests a second" \
            "$(times "$(awk '{ print $1 / $2 }' "$work/rate_$mode" | median)")" "$bar"
        row '  headroom gateway, requests a second' "$(cut -d' ' -f1 "$work/rate_$mode" | median | cut -d. -f1)" ''
        row '  nginx, requests a second' "$(cut -d' ' -f2 "$work/rate_$mode" | median | cut -d. -f1)" ''
        row "  requests in the ledger of all that were answered" "$(metric_of "$mode" drained_total)" ''
    done
    row 'the upstream alone, requests a second' "$direct" ''
    end_servers
    unset upstream_port
}

# ---- latency ----

paced_at() { # PORT FILE
    "$bench_tools/paced" "http://127.0.0.1:$1/insights/engagement/totals" 500 "$seconds_each" 1000 >>"$2"
}

column() { cut -d' ' -f"$2" "$1" | median; } # FILE N
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f ms", a - b }'; }

part_latency() {
    local pair mode port disk
    new_ledger latency
    upstream_up
    for mode in write fsync; do gateway_up "$mode" --durability "$mode"; done
    rm -f "$work"/paced_* "$work/disk"
    for ((pair = 1; pair <= pairs; pair++)); do
        paced_at "$upstream_port" "$work/paced_direct"
        for mode in write fsync; do
            port=gateway_port_$mode
            paced_at "${!port}" "$work/paced_$mode"
            settle "$mode"
        done
        "$bench_tools/disk" "$work" 1000 >>"$work/disk"
        for mode in direct write fsync; do echo "pair $pair: $mode: p50 p99 max failed: $(tail -n 1 "$work/paced_$mode")"; done
        echo "pair $pair: disk: p50 p99 max: $(tail -n 1 "$work/disk"), load $(cut -d' ' -f1-3 /proc/loadavg)"
    done
    disk=$(column "$work/disk" 2)
    row '500 requests a second, added latency (write): p50' "$(less "$(column "$work/paced_write" 1)" "$(column "$work/paced_direct" 1)")" '0.5 ms'
    row '  p99' "$(less "$(column "$work/paced_write" 2)" "$(column "$work/paced_direct" 2)")" '3 ms'
    row '  (fsync): p50' "$(less "$(column "$work/paced_fsync" 1)" "$(column "$work/paced_direct" 1)")" ''
    row '  p99' "$(less "$(column "$work/paced_fsync" 2)" "$(column "$work/paced_direct" 2)")" \
        "$(awk -v d="$disk" 'BEGIN { printf "%.2f ms", d + 3 }')"
    row "  the disk's own write and fdatasync of a page: p99" "$disk ms" ''
    end_servers
    unset upstream_port
}

# ---- memory ----

part_crowd() {
    local peak idle
    new_ledger crowd
    ulimit -n 8192
    port_free upstream_port
    gateway_up crowd --upstream-timeout 120s --body-timeout 120s --idle-timeout 120s
    idle=$(awk '/VmHWM/ { print $2 }' "/proc/$gateway_pid_crowd/status")
    coproc crowd { exec python3 tests/bench/crowd.py "$upstream_port" "$gateway_port_crowd" 1000 1048576 10; }
    read -r _ <&"${crowd[0]}"
    echo "while bodies wait: $(metric_of crowd connections) connections, $(metric_of crowd in_flight) requests in flight"
    echo >&"${crowd[1]}"
    echo "answers: $(cat <&"${crowd[0]}")"
    peak=$(awk '/VmHWM/ { print $2 }' "/proc/$gateway_pid_crowd/status")
    row '1,000 connections with bodies of 1 MiB that wait: highest memory' "$(mebibytes "$peak")" '100 MiB'
    row '  of that without any connection' "$(mebibytes "$idle")" ''
    end_servers
    unset upstream_port
}
