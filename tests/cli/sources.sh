#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# sources: gaps and silence of what was taken in, the month's grade in status, and the check for cron.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new sources || bail_out 'no ledger'
headroom contract add acme --limit 9 --price 1 --currency USD --from 2026-02-01 >"$work/.add" &&
    headroom contract add quiet --limit 9 --price 1 --currency USD >>"$work/.add" || bail_out 'no contracts'

# An event every half hour between two times, as JSON lines.
busy() { # FROM TO
    local at end
    at=$(date -ud "$1" +%s) end=$(date -ud "$2" +%s)
    for ((; at < end; at += 1800)); do printf '{"time":%d,"user_id":1}\n' "$at"; done
}
busy '2026-01-20Z' '2026-03-10T06:00Z' >"$work/a.jsonl"
busy '2026-03-11T20:00Z' '2026-04-05Z' >"$work/b.jsonl"
exits 0 headroom ingest -q --contract acme --source one "$work/a.jsonl"
exits 0 headroom ingest -q --contract acme --source one "$work/b.jsonl"
is "$(cluster_psql sources -Atc "SELECT string_agg(day || ' ' || hours, ', ' ORDER BY day) FROM headroom.source_hours
    WHERE day BETWEEN '2026-03-09' AND '2026-03-12'")" \
    '2026-03-09 16777215, 2026-03-10 63, 2026-03-11 15728640, 2026-03-12 16777215' 'a load notes the hours'

note 'what they show'
exits 0 headroom --json sources --contract acme --month 2026-03
is "$(jq -c 'map(keys_unsorted), .[0].sources[0] | if type == "array" then .[] else keys_unsorted end' <<<"$out")" \
    '["contract","month","data_until","completeness","low_days","sources"]
["source","first_event","last_event","delivered_until","events","month_requests","no_terms","active","usual_hours","allowed_hours","silent_since","gaps","lost","low_days","listened_since","listened_until"]' \
    'the keys, in their order'
is "$(jq -c '.[0].sources[0] | [.gaps, .low_days, .usual_hours, .allowed_hours, .silent_since]' <<<"$out")" \
    '[[{"from":"2026-03-10T06:00:00Z","until":"2026-03-11T20:00:00Z"}],["2026-03-10","2026-03-11"],0,6,null]' 'the gap'
is "$(jq -c '.[0].sources[0] | [.events, .month_requests, .no_terms, .first_event]' <<<"$out")" \
    '[3524,1412,576,"2026-01-20T00:00:00Z"]' 'all its events, those of the month, and those under no terms'
exits 0 headroom sources --contract acme --month 2026-03
like "$out" 'acme +one +2026-01-20T00:00:00Z +2026-04-04T23:30:00Z +3524 +1412 +576 +0 h +1 +–' 'as a table'
like "$out" 'acme +2026-03 +2026-04-04T23:30:00Z +gaps on 2 days +2026-03-10 to 2026-03-11' 'and the month'
exits 0 headroom --json status --contract acme --month 2026-03
is "$(jq -r '.[0].completeness' <<<"$out")" gaps 'status has the grade'
exits 0 headroom --json ingest --contract acme --source one "$work/a.jsonl"
exits 0 headroom --json sources --contract acme --month 2026-02
is "$(jq -c '.[0] | [.completeness, .sources[0].gaps]' <<<"$out")" '["unknown",[]]' 'files alone are never complete'

note 'the check'
exits 4 headroom -q sources --check --contract acme --month 2026-03
is "$err" "headroom: contract 'acme': source 'one' has a gap from 2026-03-10T06:00:00Z to 2026-03-11T20:00:00Z" \
    'says which source and since when, in one line'
exits 0 headroom sources --check --contract acme --month 2026-02
exits 0 headroom sources --check --contract quiet
exits 4 headroom -q sources --check --contract acme
like "$err" "contract 'acme': no source has delivered since 2026-04-04T23:30:00Z" 'a contract that nothing feeds any more'
exits 0 headroom status --contract acme
like "$err" "contract 'acme': no source has delivered since 2026-04-04T23:30:00Z" 'status says it on standard error'
exits 0 headroom reconcile --contract acme
like "$err" "contract 'acme': no source has delivered since" 'and so does the statement'
unlike "$(headroom status --contract acme --month 2026-03 2>&1)" 'has delivered since' 'but not of a month that is over'

now=$(date -u +%s)
printf '{"time":%d,"user_id":1}\n' $((now - 3 * 3600)) >"$work/now.jsonl"
exits 0 headroom ingest -q --contract quiet "$work/now.jsonl"
exits 0 headroom sources --check --contract quiet
exits 4 headroom -q sources --check --stale 2 --contract quiet
like "$err" "contract 'quiet': source 'quiet' has been silent since $(date -ud "@$((now - 3 * 3600))" +%FT%TZ)" \
    'silent by the hours that are asked for'
exits 0 headroom sources --check --stale 4 --contract quiet
exits 2 headroom sources --stale soon
like "$err" "'soon' is no whole number" 'hours that are none'
exits 2 headroom sources --stale 0
exits 2 headroom sources --contract acne
exits 1 headroom sources --contract acme --month 2026-01
