#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The event endpoint: what it takes, what it answers, and that what it acknowledged is there.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/serve.sh"

ledger_new serve || bail_out 'no ledger'
events() { cluster_psql serve -At -c "SELECT count(*) FROM headroom.event ${1:-}"; }
for name in acme beta; do
    headroom contract add $name --limit 5 --price 2.50 --currency USD >>"$work/.add" || bail_out 'no contract'
done
serve_start || bail_out 'the endpoint does not start'
serve_ready || bail_out 'it has no ledger'
serve_key app || bail_out 'no key'
any_key=$key
json=application/json
one='{"id":"1","time":"2026-10-01T00:00:00Z","user_id":"7","contract":"acme"}'

# ---- what it takes ----

post $json "$one"
is "$status $body" '202 {"added":1,"duplicate":0,"rejected":0,"lines":[{"line":1,"verdict":"added"}]}' 'one event'
is "$(events "WHERE event_id = '1' AND subject = '7'")" 1 'is in the ledger by then'
post $json "$one"
is "$status $body" '202 {"added":0,"duplicate":1,"rejected":0,"lines":[{"line":1,"verdict":"duplicate"}]}' 'sent again: a duplicate'
post 'application/json; charset=UTF-8' "[ $one,
    {\"id\":\"2\",\"time\":\"2026-10-01T00:00:01Z\",
     \"handle\":\"a_]b\",\"contract\":\"acme\"},{\"id\":3},4]"
is "$status $(jq -c '[.added, .duplicate, .rejected, [.lines[] | [.line, .verdict, .pointer, .reason]]]' <<<"$body")" \
    '202 [0,1,3,[[1,"duplicate",null,null],[2,"rejected","/handle","bad_handle"],[3,"rejected","/time","missing_time"],[4,"rejected","","bad_json"]]]' \
    'an array, with a verdict of each element'
like "$(jq -r '.lines[1].detail' <<<"$body")" '^handle is "a_\]b": must be 1 to 20 of A-Z' 'and what is wrong, for a person'
like "$(jq -r '.lines[3].detail' <<<"$body")" ' is a number; what is taken is an object in braces' 'of what is no object too'
exits 0 headroom trace 1 --event
like "$(tr -s ' \n' ' ' <<<"$out")" 'entry event 1 of a request to the event endpoint \(headroom serve\) file none: an application sent it over HTTP' \
    'its event is traced back to the endpoint'
exits 2 headroom trace 1 --event --file "$0"
like "$err" "event '1' came over HTTP: leave --file out" 'which no file proves'
post application/x-ndjson $'\xef\xbb\xbf{"id":"5","time":"2026-10-01T00:00:02Z","user_id":8,"contract":"acme"}\r\n\n{"id":"6"\n{"id":"7","time":1790812800,"auth":"app","contract":"acme"}'
is "$status $(jq -c '[.lines[] | [.line, .verdict]]' <<<"$body")" '202 [[1,"added"],[3,"rejected"],[4,"added"]]' \
    'JSON lines: numbered as they stand'
cloudevent() { printf '{"specversion":"1.0","type":"com.x.engagement.request","source":"s","id":"%s","time":"2026-10-01T00:00:00Z",\n"subject":"9","data":{"contract":"acme","status":429}}' "$1"; }
post application/cloudevents+json "$(cloudevent c1)"
is "$status $(jq -c .lines <<<"$body")" '202 [{"line":1,"verdict":"added"}]' 'a CloudEvent in structured mode, over several lines'
is "$(events "WHERE event_id = 'c1' AND subject = '9' AND source = 's' AND status = 429")" 1 'with its data'
post application/cloudevents-batch+json "[$(cloudevent c1),$(cloudevent c2)]"
is "$status $(jq -c '[.added, .duplicate]' <<<"$body")" '202 [1,1]' 'CloudEvents in batched mode'
printf '%s' "[$one,{\"id\":\"g\",\"time\":\"2026-10-01T00:00:00Z\",\"user_id\":1,\"contract\":\"acme\"}]" | gzip >"$work/two.gz"
post $json "@$work/two.gz" -H 'Content-Encoding: gzip'
is "$status $(jq -c '[.added, .duplicate]' <<<"$body")" '202 [1,1]' 'gzip'
post $json "@$work/two.gz" -H 'Content-Encoding: gzip' -H 'Transfer-Encoding: chunked'
is "$status $(jq -c '[.added, .duplicate]' <<<"$body")" '202 [0,2]' 'in chunks'
post $json '[{"time":"2026-10-01T00:00:00Z","user_id":1,"contract":"acme"},{"time":"2026-10-01T00:00:00Z","user_id":1,"contract":"acme"}]'
first=$(jq -c '[.added, .duplicate]' <<<"$body")
post $json '[{"time":"2026-10-01T00:00:00Z","user_id":1,"contract":"acme"},{"time":"2026-10-01T00:00:00Z","user_id":1,"contract":"acme"}]'
is "$first $(jq -c '[.added, .duplicate]' <<<"$body")" '[2,0] [0,2]' 'equal events without ids are two, and both are known again'
is "$(headroom --json quarantine list | jq -cS 'map({(.reason): .lines}) | add')" '{"bad_handle":1,"bad_json":2,"missing_time":1}' \
    'what was rejected is in the quarantine'

# ---- what it refuses: problem details, and nothing was taken in ----

before=$(events)
refused() { # STATUS DETAIL NAME
    is "$status" "$1" "$3"
    like "$headers" $'\n[Cc]ontent-[Tt]ype: application/problem\\+json(\n|$)' '… as a problem'
    like "$(jq -r '.status, .title, .detail' <<<"$body" | tr '\n' '|')" "^$1\\|.+\\|$2" '… that says what'
}
post $json '{"id":"1",'
refused 400 'the body is no JSON document: it breaks at byte' 'no JSON'
post $json "$one$one"
refused 400 '.*several documents one a line are application/x-ndjson' 'two documents'
post $json ' "text" '
refused 400 'the body is JSON, but neither an event nor an array' 'another document'
post $json '[]'
refused 400 'the body holds no event' 'no event'
post application/cloudevents+json "[$(cloudevent c3)]"
refused 400 '.*is application/cloudevents-batch' 'an array is no structured CloudEvent'
post $json "@$work/two.gz"
refused 400 'the body is no JSON' 'gzip that does not say so'
post $json "$one" -H 'Content-Encoding: gzip'
refused 400 'the body is not whole gzip' 'what says it is gzip and is not'
head -c -9 "$work/two.gz" >"$work/cut.gz"
post $json "@$work/cut.gz" -H 'Content-Encoding: gzip'
refused 400 'the body is not whole gzip' 'gzip that breaks off'
post $json "$one" -H 'Content-Length: 10' -H 'Transfer-Encoding: chunked'
refused 400 "the body's length is not clear" 'two lengths'
for twice in "Authorization: Bearer $key" 'Content-Type: text/plain' 'Content-Encoding: identity' 'Host: y'; do
    post $json "$one" -H "Content-Encoding: identity" -H "${twice/:/ :}"
    refused 400 "a header's name has a character that none may have" "a blank behind ${twice%%:*}"
    raw="$(printf '%s\r\n' 'POST /v1/events HTTP/1.1' 'Host: x' "Authorization: Bearer $key" "Content-Type: $json" \
        'Content-Encoding: identity' "$twice" 'Content-Length: 0' '' x)"
    exec 6<>"/dev/tcp/127.0.0.1/$serve_port"
    printf '%s' "${raw%x}" >&6
    like "$(timeout 10 cat <&6)" "^HTTP/1.1 400 .*\"detail\":\"the header ${twice%%:*} stands there twice" "two of ${twice%%:*}"
    exec 6<&- 6>&-
done
for odd in 'Content-Length: 2|Content-Length: 40' 'Content-Length: 40|Transfer-Encoding: chunked' \
    'Transfer-Encoding: chunked|Transfer-Encoding: chunked' 'Transfer-Encoding: x|A: b'; do
    raw="$(printf '%s\r\n' 'GET /healthz HTTP/1.1' 'Host: x' "${odd%|*}" "${odd#*|}" '' x)"
    exec 6<>"/dev/tcp/127.0.0.1/$serve_port"
    printf '%s' "${raw%x}" >&6
    like "$(timeout 10 cat <&6)" "^HTTP/1.1 400 .*the body's length is not clear" "$odd, where no body is taken"
    exec 6<&- 6>&-
done
post $json "$one" -H 'Host:'
refused 400 'the header Host is missing' 'no Host'
post $json "$one" -H 'Host:' --http1.0
is "$status" 202 'which HTTP/1.0 need not have'
post $json "$one" --request-target "HTTP://other/v1/events?x=1"
is "$status" 202 'a whole URI as target'
key=hrk_$(printf '%064d' 0)
post $json "$one"
refused 401 'the API key is not known, or was revoked' 'a wrong key'
like "$headers" $'\nW{1,3}-Authenticate: Bearer realm="headroom"' 'it says how to authenticate'
key=''
post $json "$one"
refused 401 'send an API key, as Authorization: Bearer' 'no key'
serve_key bound --contract acme
post $json "[$one,{\"id\":\"b1\",\"time\":\"2026-10-01T00:00:00Z\",\"user_id\":1,\"\\u0063ontract\":\"beta\"}]"
refused 403 "the key is for events of contract 'acme', but event 2 names 'beta'; nothing" "another contract than the key's"
post application/cloudevents+json "{\"specversion\":\"1.0\",\"type\":\"com.x.engagement.request\",\"source\":\"s\",\"id\":\"b2\",\"time\":\"2026-10-01T00:00:00Z\",\"subject\":\"9\",\"data_base64\":\"$(printf '{"contract":"beta"}' | base64)\"}"
refused 403 '.*event 1 names .beta.' 'also where it is packed away'
post $json '{"id":"b3","time":"2026-10-01T00:00:00Z","user_id":1}'
is "$status $(events "WHERE event_id = 'b3'")" '202 1' "an event that names none is of the key's contract"
before=$((before + 1))
begin=$(date +%s%3N)
headroom key revoke bound >/dev/null
for ((passed = 0; passed < 2000; passed = $(date +%s%3N) - begin)); do
    post $json "$one"
    [ "$status" = 202 ] || break
done
post $json "$one"
refused 401 'the API key is not known' 'a key that was revoked, within two seconds'
key=$any_key
for method in GET PUT DELETE; do
    status=$(curl -s -X $method -o "$work/.body" -D "$work/.headers" -w '%{http_code}' "$serve_url/v1/events")
    body=$(cat "$work/.body") headers=$(tr -d '\r' <"$work/.headers")
    refused 405 '/v1/events takes POST' "$method"
    like "$headers" $'\nAllow: POST' '… and names the right one'
done
is "$(curl -s -o /dev/null -w '%{http_code}' "$serve_url/v2/events")" 404 'another path'
status=$(curl -s -X POST -H "Authorization: Bearer $key" -o "$work/.body" -D "$work/.headers" -w '%{http_code}' "$serve_url/v1/events")
body=$(cat "$work/.body") headers=$(tr -d '\r' <"$work/.headers")
refused 411 'the body has no Content-Length' 'no body'
head -c 10485761 /dev/zero >"$work/large"
post $json "@$work/large" -H 'Expect:'
refused 413 'the body has 10485761 bytes, but at most 10485760 are taken' 'a large body'
exec 6<>"/dev/tcp/127.0.0.1/$serve_port"
whole() {
    {
        printf '%s\r\n' 'POST /v1/events HTTP/1.1' 'Host: x' "Authorization: Bearer $key" "Content-Type: $json" 'Content-Length: 10485761' ''
        cat "$work/large"
    } >&6
}
ok 'a client that writes it whole before it reads meets no reset' whole
like "$(timeout 10 cat <&6)" '^HTTP/1.1 413 ' 'and has its answer'
exec 6<&- 6>&-
post $json "@$work/large" -H 'Transfer-Encoding: chunked'
refused 413 'the body, or what is packed in it, is larger' 'a large body in chunks'
head -c 200000000 /dev/zero | gzip -1 >"$work/bomb.gz"
post $json "@$work/bomb.gz" -H 'Content-Encoding: gzip'
refused 413 'the body, or what is packed in it, is larger than 10485760' 'a small body that is large'
like "$(awk '/VmHWM/ { print $2 < 150000 }' "/proc/$serve_pid/status")" 1 'which it did not unpack'
yes '{}' | head -n 10001 >"$work/many"
post application/x-ndjson "@$work/many"
refused 413 'more than 10000 events in one request' 'many events'
for type in text/plain 'application/json; charset=latin1' ''; do
    post "$type" "$one"
    refused 415 'the Content-Type is none of application/json, application/x-ndjson' "Content-Type '$type'"
done
like "$headers" $'\nAccept-Post: application/json, ' 'it says what it takes'
post $json '{}' -H 'ce-specversion: 1.0'
refused 415 'CloudEvents are taken in structured and batched mode' 'a CloudEvent in binary mode'
post $json "$one" -H 'Content-Encoding: br'
refused 415 'of Content-Encoding, gzip and identity are known' 'another coding'
post $json '{"id":"n","user_id":1,"contract":"acme"}'
refused 422 "none of the request's events could be read" 'an event without a time'
is "$(jq -c '[.rejected, .lines[0].pointer, .lines[0].reason]' <<<"$body")" '[1,"/time","missing_time"]' '… with its verdict'
is "$(events)" "$before" 'nothing of all that is in the ledger'

# ---- a key made just now ----

# Whoever guesses has the ledger asked once a second; in between guesses wait, and a right key does not.
guess() { curl -s -o /dev/null -w '%{http_code}' -H 'Authorization: Bearer hrk_no' -H "Content-Type: $json" -d "$one" "$serve_url/v1/events"; }
begin=$(date +%s%3N)
is "$(guess) $(guess) $(guess)" '401 401 401' 'three guesses'
ok 'take a second at least' test $(($(date +%s%3N) - begin)) -ge 1000
for ((i = 0; i < 20; i++)); do guess >/dev/null & guesses+=($!); done
serve_key fresh
post $json "$one"
is "$status" 202 'a key is known as soon as it is made, also among guesses'
wait "${guesses[@]}"
key=$any_key

# ---- what else it tells ----

is "$(curl -s "$serve_url/healthz") $(curl -s "$serve_url/readyz")" '{"status":"alive"} {"status":"ready"}' 'health and readiness'
exits 0 headroom serve --schema
is "$(curl -s "$serve_url/v1/schema")" "$out" 'the schema, as --schema prints it'
is "$(curl -s -o /dev/null -w '%{http_code} %{num_connects}' "$serve_url/healthz" -o /dev/null "$serve_url/healthz" | tail -c 5)" '200 0' \
    'a connection is kept'

# ---- where it may listen ----

exits 2 headroom serve
exits 2 headroom serve --listen :0
exits 2 headroom serve --listen "0.0.0.0:$((serve_port + 1))"
like "$err" "without TLS .* give --tls-cert and --tls-key, or --behind-proxy .* or listen on 127.0.0.1" 'plain HTTP beyond this machine'
exits 1 headroom serve --listen "127.0.0.1:$serve_port"
like "$err" 'is in use by another program' 'an address in use'
exits 2 headroom serve --listen 127.0.0.1:1 --tls-cert x
exits 2 headroom serve --listen 127.0.0.1:1 --max-body 2M --max-waiting 1M
exits 1 headroom serve --listen "127.0.0.1:$((serve_port + 1))" --tls-cert "$work/none" --tls-key "$work/none"

ok 'SIGTERM ends it with exit code 0' serve_stop TERM
unlike "$(cat "$work/serve.log")" "${key#hrk_}" 'its log has no key'
