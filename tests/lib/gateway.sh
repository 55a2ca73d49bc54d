# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# What the tests of the gateway stand on: a private CA, and the stand-in for the vendor's API behind it. After tap.sh.
#
#   upstream_start [OPTION…]     starts tests/lib/upstream.py, on $upstream_port of the loopback address, with $work/ca;
#                                again: on the same port. upstream_stop ends it
#   upstream_curl …              curl to it, by the vendor's name
# /usr/bin/python3 is Debian's, which sees Debian's packages.

upstream_port=
upstream_pid=
upstream_log=$work/upstream.log
vendor=data-api.twitter.com
totals=https://$vendor/insights/engagement/totals

upstream_start() {
    local i
    [ -e "$work/ca" ] || "$root/scripts/make-ca" "$work/ca" >"$work/.make-ca" 2>&1 || bail_out 'no CA' "$(cat "$work/.make-ca")"
    /usr/bin/python3 -c 'import oauthlib, requests_oauthlib' 2>"$work/.python" ||
        bail_out 'no oauthlib: run ./scripts/bootstrap --test' "$(cat "$work/.python")"
    rm -f "$work/upstream.port"
    /usr/bin/python3 "$root/tests/lib/upstream.py" --cert "$work/ca/gateway.pem" --key "$work/ca/gateway.key" \
        --log "$upstream_log" --port-file "$work/upstream.port" ${upstream_port:+--port "$upstream_port"} "$@" \
        >"$work/upstream.said" 2>&1 &
    upstream_pid=$!
    at_exit upstream_stop
    for ((i = 0; i < 500; i++)); do
        [ ! -s "$work/upstream.port" ] || break
        kill -0 "$upstream_pid" 2>/dev/null || break
        sleep 0.02
    done
    upstream_port=$(cat "$work/upstream.port") || bail_out 'no upstream' "$(cat "$work/upstream.said")"
}

upstream_stop() {
    [ -n "$upstream_pid" ] || return 0
    kill -KILL "$upstream_pid" 2>/dev/null
    wait "$upstream_pid" 2>/dev/null
    upstream_pid=
}

upstream_curl() {
    curl -s -S --max-time 20 --connect-to "$vendor:443:127.0.0.1:$upstream_port" -d '{}' "$@" "$totals"
}
