#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The vendor resets, stalls, truncates, floods and is away: the client is told, and each request is an event, once.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"

requests=60
if [ -n "${HEADROOM_TEST_FULL:-}" ]; then requests=2000; fi
faults=none,reset,close,slow,truncate,cut-chunk,bad-chunk,oversize,chunked,stall,stall-body,long-head,502

ledger_new upstream || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
upstream_start
gateway_start --upstream-timeout 1500ms --drain-interval 100ms

load_run faults --threads 13 --requests "$requests" --fault "$faults"
said() { # FAULT: what its clients got, without repeats; the n-th request had the n-th fault
    jq -rs --arg faults "$faults" --arg fault "$1" '[.[] | select(.marker | startswith("faults.")) |
        select((.marker | split(".")[2] | tonumber) % 13 == ($faults | split(",") | index($fault))) |
        [.status, .by] | map(. // "-") | join(" ")] | unique | join(", ")' "$load_sent"
}
for fault in none slow chunked oversize; do is "$(said $fault)" '200 -' "$fault: it goes through"; done
is "$(said 502)" '502 -' "the vendor's own 502 is passed on as it is"
for fault in reset close; do is "$(said $fault)" '502 error' "$fault: 502 in the vendor's form"; done
is "$(said stall)" '504 error' 'stall: 504 in the vendor'"'"'s form'
for fault in truncate cut-chunk stall-body; do
    is "$(said $fault)" '- -' "$fault: the client sees that the answer broke off"
done
like "$(said bad-chunk)" '^(- -|502 error)$' 'bad-chunk: no answer is made up'
like "$(said long-head)" '^(200 -|- -|502 error)$' 'long-head: passed on or refused'

note 'the vendor is killed and comes back'
load_begin away --threads 6
within 60 load_has away '.status == 200' 20
upstream_stop
ok 'requests are answered by the gateway itself meanwhile' within 60 load_has away '.by == "error" and .status == 502' 20
before=$(load_count away '.status == 200')
upstream_start
ok 'and by the vendor again later' within 60 load_has away '.status == 200' $((before + 20))
load_end
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
requests_are_events upstream
is "$(cluster_psql upstream -At -c "SELECT DISTINCT e.outcome FROM headroom.event AS e JOIN sent AS s ON s.marker = e.label
    WHERE s.by = 'error'")" no_answer 'what the gateway answered itself is no_answer'
