#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The event endpoint says how far it has listened: data until goes on, and a source that stopped sending is silent still.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/serve.sh"

ledger_new listened || bail_out 'no ledger'
query() { cluster_psql listened -At -c "$1"; }
headroom -q contract add acme --limit 5 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
serve_start || bail_out 'the endpoint does not start'
serve_ready || bail_out 'it has no ledger'
serve_key app || bail_out 'no key'
sources() { headroom -q --json sources "$@" | jq -c ".[0]"; }
# waits QUERY: until it answers t, for some seconds.
waits() {
    local i
    for ((i = 0; i < 150; i++)); do
        [ "$(query "$1")" != t ] || return 0
        sleep 0.1
    done
    return 1
}
recent="SELECT coalesce(bool_and(until > now() - INTERVAL '80 seconds'), false) FROM headroom.source_listened"

now=$(date -u +%s)
at() { date -ud "@$((now - $1))" +%FT%TZ; } # seconds ago
is "$(query 'SELECT count(*) FROM headroom.source_listened')" 0 'it says nothing of sources that it has not met'
post application/json "{\"id\":\"1\",\"time\":$((now - 3 * 3600)),\"user_id\":1,\"source\":\"app\",\"contract\":\"acme\"}"
is "$status" 202 'an event of three hours ago'
ok 'within seconds it says that it has listened until a minute ago' waits "$recent"
ok 'and data until is that' test "$(sources | jq -r .data_until)" '>' "$(at 120)"
is "$(sources | jq -c '.sources[0] | [.source, .silent_since, .listened_until == .delivered_until, .listened_since <= .listened_until]')" \
    '["app",null,true,true]' 'as the source has it'
is "$(query "SELECT l.until <= now() - INTERVAL '55 seconds' FROM headroom.source_listened AS l")" t 'never nearer than a minute'
unlike "$(headroom -q --json status | jq -r '.[0].completeness')" complete 'the month is not graded complete for that'
is "$(query 'SELECT count(*) FROM headroom.source_until')" 0 'nor is it said that nothing more can come'
exits 4 headroom -q sources --check --stale 2
like "$err" "source 'app' has been silent since $(at $((3 * 3600)))" 'a source that stopped sending is silent, by its events'
like "$(headroom -q sources)" "source 'app': an event endpoint has listened from [^ ]+ on( to [^ ]+)?; what applications kept back, it does not know" \
    'in words'

note 'beside a source that is behind'
printf '{"time":%d,"user_id":2}\n' $((now - 5 * 3600)) | headroom -q ingest --source nightly - >"$work/.in" || bail_out 'not taken in'
is "$(sources | jq -r .data_until | cut -c1-19)Z" "$(at $((5 * 3600)))" 'data until waits for what comes as files'
like "$(headroom -q sources)" "data until is that of source 'nightly', which has delivered up to $(at $((5 * 3600))); others are at 2" \
    'and it is said for which'
unlike "$(headroom -q sources)" "data until is that of source 'app'" 'not the other'

note 'away for a moment, and for long'
# again MINUTES: it was away for so long, and is there again; no event comes.
again() {
    serve_stop TERM
    query "UPDATE headroom.source_listened
        SET since = now() - INTERVAL '1 hour', until = now() - $1 * INTERVAL '1 minute'" >"$work/.q"
    "$program" serve --listen "127.0.0.1:$serve_port" >>"$work/serve.log" 2>&1 &
    serve_pid=$!
    at_exit serve_end "$serve_pid"
    serve_ready && waits "$recent"
}
whole="SELECT count(*) = 1 AND bool_and(since < now() - INTERVAL '50 minutes') FROM headroom.source_listened"
ok 'it speaks again for what it took events of before' again 3
is "$(query "$whole")" t 'three minutes are no break'
ok 'and so it does after a longer time' again 10
is "$(query "$whole")" f 'but ten minutes are one'
serve_stop TERM
is "$?" 0 'it ends as it should'
