#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A gateway that can keep neither an intent nor a gap record passes nothing on, whatever --on-full says: its files can't
# grow, and not even the one beside the spool's database can be written.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/proxy.sh"

ledger_new unrecorded || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
echo_start
echo_answer fine 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine'
trap '' XFSZ # a file that may not grow is an error of the call, as with a disk that fails
proxy_start --contract acme --on-full forward --spool "$work/spool"
url=http://127.0.0.1:$proxy_port
may_write() { prlimit --pid "$proxy_pid" --fsize="$1:unlimited" || bail_out 'no prlimit'; }
status() { curl -s -o "$work/.body" --max-time 10 -w '%{http_code}' -d x "$@"; }

is "$(status "$url/fine")" 200 'a request passes'
may_write 0
is "$(status "$url/fine")" 503 'one that nothing could tell of is refused'
like "$(cat "$work/.body")" 'cannot record requests now' 'with the reason'
is "$(echo_count)" 1 'and has not left'
may_write unlimited
is "$(curl -s -o "$work/.body" --retry 20 --retry-delay 1 --max-time 10 -w '%{http_code}' -d x "$url/fine")" 200 'later it passes'
proxy_stop
is "$proxy_code" 0 'its end is in order'
# A gap that was still open at the end comes with the next start.
proxy_start --contract acme --spool "$work/spool"
proxy_stop
is "$(cluster_psql unrecorded -At -c "SELECT (SELECT count(*) FROM headroom.event)
    + (SELECT coalesce(sum(requests), 0) FROM headroom.gateway_gap)")" "$(echo_count)" 'all that left is on record'
