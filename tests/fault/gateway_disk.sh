#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The spool's disk is full while the database is away: requests are refused before they leave, or forwarded and covered
# by a gap record; with room, or with the database back, it goes on by itself.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"
. "$(dirname "$0")/../lib/disk.sh"

disk_mount 16m
gateway_spool=$disk/spool

ledger_new filled || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
upstream_start
# Clients until so many of their requests are of a kind, or their time is over.
load_until() { # NAME JQ-CONDITION N
    load_begin "$1" --threads 6
    within 60 load_has "$@"
    load_end
    ok "$1: $3 requests" load_has "$@"
}
fill_up() { dd if=/dev/zero of="$disk/ballast" bs=4k 2>"$work/.dd" || :; }

note 'refuse'
gateway_start --drain-interval 100ms
cluster_down
load_until begin '.status == 200' 50
fill_up
load_until full '.status == 503' 50
is "$(load_count full '.status == 503 and .by != "refused"')" 0 'the refusals say whose they are'
# The gateway makes room by itself where it can: what is refused now may pass in a moment.
for ((i = 0; i < 200; i++)); do
    gateway_curl -D "$work/head" -o "$work/body" -d '{}' "$totals"
    ! grep -q '^HTTP/1.1 503' "$work/head" || break
done
like "$(tr -d '\r' <"$work/head")" $'^HTTP/1.1 503 .*\nRetry-After: [0-9]+\n' 'and when to come back'
like "$(cat "$work/body")" '^\{"errors":\["[^"]+"\]\}$' "in the form of the vendor's errors"
cluster_up || bail_out 'the server does not start again'
rm "$disk/ballast"
load_until room '.status == 200' 50
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
requests_are_events filled
is "$(cluster_psql filled -At -c "SELECT count(*) FROM sent AS s JOIN reached AS r USING (marker) WHERE s.by = 'refused'")" 0 \
    'what was refused did not leave'

note 'forward'
gateway_start --drain-interval 100ms --on-full forward
cluster_down
load_until more '.status == 200' 50
fill_up
load_until passed '.status == 200' 100
is "$(load_count passed '.status != 200')" 0 'every request went through'
cluster_up || bail_out 'the server does not start again'
rm "$disk/ballast"
load_until again '.status == 200' 50
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
# What was still in the spool alone comes with the next start.
gateway_start --drain-interval 100ms
has_gap() { [ "$(cluster_psql filled -At -c 'SELECT count(*) FROM headroom.gateway_gap')" -gt 0 ]; }
within 60 has_gap
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
load_tables filled
missing=$(not_recorded filled)
ok "some are no events ($missing)" test "$missing" -gt 0
requests_are_events filled "$missing"
is "$(cluster_psql filled -At -c 'SELECT sum(requests) FROM headroom.gateway_gap')" "$missing" 'gap records count exactly those'
exits 0 headroom sources
like "$out" 'gap' 'and whoever looks at the sources sees them'

note 'a disk that is full of requests alone'
mount -t tmpfs -o size=1m tmpfs "$disk"
at_exit umount "$disk"
gateway_start --drain-interval 100ms --durability write
cluster_down
load_until alone '.status == 503' 50
gateway_stop KILL
gateway_start --drain-interval 100ms || bail_out 'it does not start on the full disk' "$(tail -n 3 "$work/gateway.err")"
load_until still '.status == 503' 20
cluster_up || bail_out 'the server does not start again'
load_until new '.status == 200' 200
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
requests_are_events filled "$missing"
like "$(cat "$work/gateway.err")" 'has room again: requests are recorded' 'and that there is room again is said'
