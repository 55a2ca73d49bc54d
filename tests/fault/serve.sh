#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The event endpoint in trouble: what it acknowledged is there, whatever happens to it, its ledger or its clients.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/serve.sh"

ledger_new fault || bail_out 'no ledger'
headroom contract add acme --limit 5 --price 2.50 --currency USD >>"$work/.add" || bail_out 'no contract'
serve_key app || bail_out 'no key'
json=application/json
event() { printf '{"id":"%s","time":"2026-10-01T00:00:00Z","user_id":7}' "$1"; }

# ---- killed under load: every acknowledged event is there, and sending all again adds the rest once ----

rounds=2
[ -z "${HEADROOM_TEST_FULL:-}" ] || rounds=50
sender() { # NUMBER: events one after the other, until it is gone; what was acknowledged is in a file
    local i answer
    for ((i = 0; i < 100000; i++)); do
        printf '%s\n' "$round-$1-$i" >>"$work/sent.$1"
        answer=$(curl -s -H "Authorization: Bearer $key" -H "Content-Type: $json" -d "$(event "$round-$1-$i")" \
            "$serve_url/v1/events") || return 0
        case $answer in *'"added":1'*) printf '%s\n' "$round-$1-$i" >>"$work/acked.$1" ;; esac
    done
}
: >"$work/acked.1"
for ((round = 1; round <= rounds; round++)); do
    serve_start && serve_ready || bail_out 'it does not start'
    senders=()
    for number in 1 2 3 4; do sender $number & senders+=($!); done
    sleep "0.$((3 + RANDOM % 6))"
    kill -KILL "$serve_pid"
    wait "${senders[@]}" "$serve_pid" 2>/dev/null
done
cat "$work"/acked.* | sort >"$work/acked"
cat "$work"/sent.* | sort >"$work/sent"
cluster_psql fault -Atc 'SELECT event_id FROM headroom.event' | LC_ALL=C sort >"$work/there"
ok "killed $rounds times: some of $(wc -l <"$work/sent") events were acknowledged" test -s "$work/acked"
is "$(LC_ALL=C comm -23 "$work/acked" "$work/there" | wc -l)" 0 'each acknowledged event is there'
is "$(LC_ALL=C comm -13 "$work/sent" "$work/there" | wc -l)" 0 'and no other than those sent'
serve_start && serve_ready || bail_out 'it does not start'
while read -r id; do printf '%s\n' "$(event "$id")"; done <"$work/sent" >"$work/again.jsonl"
post application/x-ndjson "@$work/again.jsonl"
is "$status $(jq '.added + .duplicate' <<<"$body")" "202 $(wc -l <"$work/sent")" 'all sent again'
is "$(cluster_psql fault -Atc 'SELECT count(*), count(DISTINCT event_id) FROM headroom.event')" \
    "$(wc -l <"$work/sent")|$(wc -l <"$work/sent")" 'are there once'
exits 0 headroom verify

# ---- PostgreSQL stops, and comes back ----

cluster_down QUIT
post $json "$(event a1)"
is "$status" 503 'the ledger is away: 503'
like "$headers" $'\nRetry-After: [0-9]' 'with a time to come again'
like "$(jq -r .detail <<<"$body")" "the ledger can't be reached: nothing was taken in; send it again" 'and what to do'
is "$(curl -s -o /dev/null -w '%{http_code}' "$serve_url/readyz") $(curl -s -o /dev/null -w '%{http_code}' "$serve_url/healthz")" \
    '503 200' 'not ready, yet alive'
is "$(curl -s "$serve_url/readyz" | jq -r .detail)" "the ledger can't be reached" 'which says no more'
like "$(tail -n 1 "$work/serve.log")" 'headroom: .*(cannot reach|connection to) .*; events are refused \(503\)' 'where and why is in the log'
right=$key
key=hrk_wrong
post $json "$(event a1)"
is "$status" 503 'a key that is not known may be a new one: 503 too'
key=$right
cluster_up || bail_out 'the server does not start again'
ok 'it finds the ledger again' serve_ready
post $json "$(event a1)"
is "$status $(jq .added <<<"$body")" '202 1' 'and takes events'

# ---- a ledger of another version ----

serve_stop TERM
cluster_psql fault -c 'UPDATE headroom.migration SET version = version + 1000 WHERE version = (SELECT max(version) FROM headroom.migration)'
serve_start || bail_out 'it does not start'
ready_detail() { curl -s "$serve_url/readyz" | jq -r .detail; }
has_looked() { [[ $(ready_detail) == *used* ]]; }
within 60 has_looked
is "$(ready_detail)" "the ledger can't be used at present, and the server's log says why" \
    'a newer ledger: it is not ready'
like "$(tail -n 1 "$work/serve.log")" 'has schema version [0-9]+, and this program .* knows versions up to' 'the log says why'
post $json "$(event v1)"
is "$status" 503 'and it takes nothing'
cluster_psql fault -c 'UPDATE headroom.migration SET version = version - 1000 WHERE version = (SELECT max(version) FROM headroom.migration)'
ok 'until it is the right one' serve_ready
serve_stop TERM

# ---- slow clients ----

serve_start --header-timeout 300ms --body-timeout 600ms --idle-timeout 400ms
request() { # LENGTH [HEADER]: its head
    printf '%s\r\n' 'POST /v1/events HTTP/1.1' 'Host: x' "Authorization: Bearer $key" "Content-Type: $json" "Content-Length: $1" "${@:2}" ''
}
cut_after() { # COMMAND…: milliseconds until the connection is closed to which it writes
    local from
    exec 5<>"/dev/tcp/127.0.0.1/$serve_port"
    from=$(date +%s%3N)
    "$@" >&5
    timeout 20 cat <&5 >/dev/null
    exec 5<&- 5>&-
    echo $(($(date +%s%3N) - from))
}
half_body() { request 100 && printf '{"id"'; }
# The defaults are 10 seconds at least.
between() { [ "$1" -ge "$2" ] && [ "$1" -le 8000 ]; }
ok 'half a head is waited for as long as it may take' between "$(cut_after printf 'POST /v1/eve')" 250
ok 'half a body too' between "$(cut_after half_body)" 500
ok 'and nothing after an answer' between "$(cut_after printf 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')" 350
serve_stop TERM

# ---- many bytes ----

serve_start --max-waiting 64K --max-body 64K --grace 30s
serve_ready || bail_out 'it has no ledger'
exec 6<>"/dev/tcp/127.0.0.1/$serve_port"
{ request 60000; head -c 50000 /dev/zero | tr '\0' ' '; } >&6
head -c 30000 /dev/zero | tr '\0' ' ' >"$work/blank"
is_told() { post $json "@$work/blank"; [ "$status" = "$1" ]; }
ok 'bodies over the ceiling: 429' within 60 is_told 429
like "$headers" $'\nRetry-After: [0-9]' 'with a time to come again'
exec 6<&- 6>&-
ok 'when those are gone: read again' within 60 is_told 400

# ---- the end: who is under way gets an answer ----

text=$(event e1)
exec 6<>"/dev/tcp/127.0.0.1/$serve_port"
request ${#text} 'Expect: 100-continue' >&6
IFS= read -r -t 30 line <&6
like "$line" '^HTTP/1.1 100 ' 'a request under way: the body is asked for'
kill -TERM "$serve_pid"
ok 'SIGTERM: no new connection is taken' within 60 not port_listens "$serve_port"
printf '%s' "$text" >&6
like "$(timeout 30 cat <&6 | tr -d '\r')" $'HTTP/1.1 202 .*\nConnection: close.*"added":1' 'a request under way is answered, and its connection ends'
exec 6<&- 6>&-
ok 'and the server with exit code 0' wait "$serve_pid"
