# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: MIT
# What the tests of the gateway stand on: a private CA, the stand-in for the vendor's API, the gateway before it, clients
# that note what they asked, and what must be in the ledger then. After tap.sh; the gateway's part after cluster.sh.
#
#   upstream_start [OPTION…]     starts tests/lib/upstream.py, on $upstream_port of the loopback address, with $work/ca;
#                                again: on the same port. upstream_stop ends it
#   upstream_curl …              curl to it, by the vendor's name
#   gateway_start [OPTION…]      starts the gateway over TLS on $gateway_port, again: on the same port; it writes to
#                                $work/gateway.err. gateway_stop [SIGNAL] ends it (TERM), its exit code is in $code
#   gateway_under=(COMMAND…)     what runs it
#   load_begin NAME OPTION…      clients in the background (tests/lib/gateway_load.py), until load_end
#   load_count NAME JQ-CONDITION prints how many of their requests are so; load_has NAME JQ-CONDITION N: as many at least
#   requests_are_events DATABASE what reached the upstream is an event, once; the numbers have no gap; the count is exact
# /usr/bin/python3 is Debian's, which sees Debian's packages.

upstream_port='' upstream_pid='' upstream_log=$work/upstream.log
gateway_port='' gateway_pid='' gateway_under=() gateway_spool=$work/spool
load_pid='' load_sent=$work/sent.jsonl
vendor=data-api.twitter.com
totals=https://$vendor/insights/engagement/totals

upstream_start() {
    [ -e "$work/ca" ] || "$root/scripts/make-ca" "$work/ca" >"$work/.make-ca" 2>&1 || bail_out 'no CA' "$(cat "$work/.make-ca")"
    /usr/bin/python3 -c 'import oauthlib, requests_oauthlib' 2>"$work/.python" ||
        bail_out 'no oauthlib: run ./scripts/bootstrap --test' "$(cat "$work/.python")"
    rm -f "$work/upstream.port"
    /usr/bin/python3 "$root/tests/lib/upstream.py" --cert "$work/ca/gateway.pem" --key "$work/ca/gateway.key" \
        --log "$upstream_log" --port-file "$work/upstream.port" ${upstream_port:+--port "$upstream_port"} "$@" \
        >"$work/upstream.said" 2>&1 &
    upstream_pid=$!
    at_exit upstream_stop
    until_up "$upstream_pid" test -s "$work/upstream.port" || bail_out 'no upstream' "$(cat "$work/upstream.said")"
    upstream_port=$(cat "$work/upstream.port")
}

upstream_stop() {
    [ -n "$upstream_pid" ] || return 0
    kill -KILL "$upstream_pid" 2>/dev/null
    wait "$upstream_pid" 2>/dev/null
    upstream_pid=
}

vendor_curl() { # PORT …
    local port=$1
    shift
    curl -s -S --max-time 20 --connect-to "$vendor:443:127.0.0.1:$port" "$@"
}

upstream_curl() { vendor_curl "$upstream_port" -d '{}' "$@" "$totals"; }

# ---- the gateway ----

gateway_run() { # OPTION…
    exec "${gateway_under[@]}" "$program" gateway --listen "127.0.0.1:$gateway_port" --contract c --spool "$gateway_spool" \
        --tls-cert "$work/ca/gateway.pem" --tls-key "$work/ca/gateway.key" \
        --upstream-address "127.0.0.1:$upstream_port" --upstream-ca "$work/ca/ca.pem" --loops 3 "$@" 2>>"$work/gateway.err"
}

gateway_start() {
    local began
    [ -n "$gateway_port" ] || port_free gateway_port
    : >>"$work/gateway.err"
    began=$(grep -c 'listening on' "$work/gateway.err")
    gateway_run "$@" &
    gateway_pid=$!
    at_exit gateway_stop KILL
    until_up "$gateway_pid" says "$work/gateway.err" 'listening on' $((began + 1)) ||
        bail_out 'no gateway' "$(tail -n 20 "$work/gateway.err")"
}

gateway_stop() {
    [ -n "$gateway_pid" ] || return 0
    kill -"${1:-TERM}" "$gateway_pid" 2>/dev/null
    wait "$gateway_pid" 2>>"$work/.wait"
    # shellcheck disable=SC2034 # read by the tests
    code=$?
    gateway_pid=
}

gateway_curl() { vendor_curl "$gateway_port" --cacert "$work/ca/ca.pem" "$@"; }

# ---- clients ----

load_begin() { # NAME OPTION…
    local name=$1
    shift
    rm -f "$work/load.stop"
    /usr/bin/python3 "$root/tests/lib/gateway_load.py" --to "$gateway_port" --ca "$work/ca/ca.pem" --sent "$load_sent" \
        --name "$name" --until "$work/load.stop" "$@" 2>>"$work/load.err" &
    load_pid=$!
    at_exit load_end
}

load_end() {
    [ -n "$load_pid" ] || return 0
    touch "$work/load.stop"
    wait "$load_pid" || note "$(tail -n 5 "$work/load.err")"
    load_pid=
}

# The clients may be amid a line.
load_count() { jq -r "select(.marker | startswith(\"$1.\")) | select($2) | .marker" "$load_sent" 2>/dev/null | wc -l; }
load_has() { [ "$(load_count "$1" "$2")" -ge "$3" ]; }

load_run() { # NAME OPTION…: to its own end
    load_begin "$@"
    wait "$load_pid" || note "$(tail -n 5 "$work/load.err")"
    load_pid=
}

# ---- the ledger against what reached the upstream ----

# The tables reached (what the upstream wrote down) and sent (what the clients did), beside the ledger's.
load_tables() { # DATABASE
    jq -r 'select(.did == "came" and .marker != null) | [.marker, .user] | @csv' "$upstream_log" >"$work/reached.csv"
    jq -r '[.marker, .user, .tweets, .status, .by] | @csv' "$load_sent" >"$work/sent.csv"
    cluster_psql "$1" -c 'DROP TABLE IF EXISTS reached, sent' -c 'CREATE TABLE reached (marker text, user_id text)' \
        -c 'CREATE TABLE sent (marker text, user_id text, tweets integer, status integer, by text)'
    cluster_psql "$1" -c 'COPY reached FROM STDIN (FORMAT csv)' <"$work/reached.csv"
    cluster_psql "$1" -c 'COPY sent FROM STDIN (FORMAT csv)' <"$work/sent.csv"
}

# How many of what reached the upstream are no event.
not_recorded() { # DATABASE
    cluster_psql "$1" -At -c 'SELECT count(*) FROM reached AS r
        WHERE NOT EXISTS (SELECT FROM headroom.event AS e WHERE e.label = r.marker)'
}

requests_are_events() { # DATABASE [NOT-RECORDED]: 0, or as many as gap records have to cover
    local query=(cluster_psql "$1" -At -c)
    load_tables "$1"
    note "$("${query[@]}" "SELECT (SELECT count(*) FROM sent) || ' requests, ' || (SELECT count(*) FROM reached)
        || ' reached the upstream; ' || string_agg(o.outcome || ' ' || o.n, ', ')
        FROM (SELECT coalesce(outcome::text, 'none') AS outcome, count(*) AS n FROM headroom.event GROUP BY 1) AS o")"
    ok 'requests reached the upstream' test -s "$work/reached.csv"
    is "$("${query[@]}" 'SELECT marker FROM reached GROUP BY marker HAVING count(*) > 1 LIMIT 3')" '' 'none of them twice'
    is "$(not_recorded "$1")" "${2:-0}" "all but ${2:-0} of them are events"
    is "$("${query[@]}" 'SELECT label FROM headroom.event GROUP BY label HAVING count(*) > 1 LIMIT 3')" '' 'none of them twice'
    is "$("${query[@]}" 'SELECT r.marker FROM reached AS r JOIN headroom.event AS e ON e.label = r.marker
        WHERE e.subject <> r.user_id OR e.via_app LIMIT 3')" '' 'each of its own user'
    is "$("${query[@]}" "SELECT e.label || ' ' || e.outcome FROM headroom.event AS e
        WHERE e.outcome NOT IN ('no_answer', 'unknown') AND NOT EXISTS (SELECT FROM reached AS r WHERE r.marker = e.label)
        LIMIT 3")" '' 'what did not reach the upstream was not answered'
    is "$("${query[@]}" "SELECT s.marker || ' ' || s.status || ' ' || coalesce(e.status, 0) FROM sent AS s
        JOIN headroom.event AS e ON e.label = s.marker
        WHERE s.by IS NULL AND s.status <> coalesce(e.status, 0) AND e.outcome <> 'unknown' LIMIT 3")" '' \
        'each has the status that its client got'
    is "$("${query[@]}" "SELECT taken FROM headroom.gateway_spool WHERE taken <> int8multirange(int8range(1, upper(taken)))")" '' \
        'no number of a request is missing'
    is "$("${query[@]}" "SELECT words FROM headroom.gateway_lost WHERE words LIKE '%never came%'")" '' 'nor called so'
    is "$("${query[@]}" 'SELECT count(*) FROM headroom.quarantine')" 0 'nothing is in quarantine'
    exits 0 headroom reconcile --recount
    exits 0 headroom verify
}

in_ledger() { cluster_psql "$1" -At -c 'SELECT count(*) FROM headroom.event'; }
