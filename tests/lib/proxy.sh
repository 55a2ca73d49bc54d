# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# The gateway before an upstream that tells what it got to the byte (echo_upstream.py). After tap.sh and cluster.sh.
#
#   echo_start [CERTIFICATE KEY]   the upstream; $echo is its folder, $echo_port its port
#   echo_answer NAME TEXT          what it answers to a path that ends in /NAME; TEXT as printf's format
#   echo_request N                 the N-th request that it got; echo_count: how many
#   proxy_start [OPTION…]          the gateway before it, on $proxy_port; proxy_stop ends it and waits, $proxy_code
#   raw TEXT [SECONDS]             sends the bytes (printf's format) on a connection of its own; what came back in so many
#                                  seconds, 0.3 from its first line on by default

echo=$work/echo
echo_pid='' proxy_pid='' proxy_port='' proxy_code=''
proxy_log=$work/proxy.log

echo_start() {
    mkdir -p "$echo"
    rm -f "$echo/port" "$echo"/*.request
    python3 "$root/tests/lib/echo_upstream.py" "$echo" "$@" >"$work/echo.log" 2>&1 &
    echo_pid=$!
    at_exit echo_stop
    until_up "$echo_pid" test -s "$echo/port" || bail_out 'no upstream' "$(cat "$work/echo.log")"
    echo_port=$(cat "$echo/port")
}

echo_stop() {
    [ -n "$echo_pid" ] || return 0
    kill -KILL "$echo_pid" 2>/dev/null
    wait "$echo_pid" 2>/dev/null
    echo_pid=
}

# shellcheck disable=SC2059 # it is a format
echo_answer() { printf "$2" >"$echo/$1.answer"; }
echo_request() { cat "$echo/$1.request"; }
echo_count() { find "$echo" -name '*.request' | wc -l; }

proxy_start() {
    local try upstream=(--upstream "http://127.0.0.1:$echo_port")
    case " $* " in *' --upstream '*) upstream=() ;; esac
    for ((try = 0; try < 20; try++)); do
        port_free proxy_port
        : >"$proxy_log"
        "$program" gateway --listen "127.0.0.1:$proxy_port" --durability write "${upstream[@]}" "$@" \
            >"$proxy_log" 2>&1 &
        proxy_pid=$!
        if until_up "$proxy_pid" says "$proxy_log" 'listening on'; then at_exit proxy_stop; return 0; fi
        grep -q 'in use' "$proxy_log" || break
    done
    bail_out 'the gateway does not start' "$(cat "$proxy_log")"
}

proxy_stop() {
    [ -n "$proxy_pid" ] || return 0
    kill -TERM "$proxy_pid" 2>/dev/null
    wait "$proxy_pid"
    # shellcheck disable=SC2034 # read by the tests
    proxy_code=$?
    proxy_pid=
}

# All in one write: printf would make one of each line, of which the later ones may meet a closed connection.
# shellcheck disable=SC2059 # it is a format
raw() {
    local connection first
    printf "$1" >"$work/.raw-sent"
    exec {connection}<>"/dev/tcp/127.0.0.1/$proxy_port" || return 1
    cat "$work/.raw-sent" >&"$connection"
    {
        [ $# -gt 1 ] || { IFS= read -r -t 20 first && printf '%s\n' "$first"; }
        timeout "${2:-0.3}" cat
    } <&"$connection" | tr -d '\r'
    exec {connection}>&-
}
