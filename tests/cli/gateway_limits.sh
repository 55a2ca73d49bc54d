#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the gateway refuses and bounds: ambiguous requests, sizes, slow clients, and an upstream that fails.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/proxy.sh"

ledger_new limits || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
echo_start
echo_answer fine 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine'

# ---- options ----

refused() { # EXIT TEXT OPTION…
    local code=$1 text=$2
    shift 2
    exits "$code" timeout 20 "$program" gateway "$@"
    like "$err" "$text" "and says: $text"
}
refused 2 '--listen is missing'
refused 2 "--listen 'nowhere' is no address" --listen nowhere
refused 2 'belong together' --listen 127.0.0.1:1 --tls-cert x
refused 2 "--max-body '1X' is no size" --listen 127.0.0.1:1 --max-body 1X
refused 2 '--body-window 1K is out of range: 16K to 16M' --listen 127.0.0.1:1 --body-window 1K
refused 2 "--grace '5' is no span" --listen 127.0.0.1:1 --grace 5
refused 2 'would send tokens unencrypted' --listen 127.0.0.1:1 --upstream http://192.0.2.1
refused 2 'are for --gate' --listen 127.0.0.1:1 --gate-at 5
refused 2 'that header has a meaning of its own' --listen 127.0.0.1:1 --label-header authorization
refused 2 "'X Y' is no name of a header" --listen 127.0.0.1:1 --label-header 'X Y'
refused 2 "'' is no name of a header" --listen 127.0.0.1:1 --label-header ''
refused 1 '--upstream-ca .*/none.pem can.t be read' --listen 127.0.0.1:1 --upstream-ca "$work/none.pem"
refused 1 '--upstream-ca .* holds no certificate' --listen 127.0.0.1:1 --upstream-ca "$0"
refused 1 'is in use' --listen "127.0.0.1:$echo_port" --upstream http://127.0.0.1:1
refused 1 'leads back to the gateway itself' --listen 127.0.0.1:19999 --upstream http://localhost:19999
refused 1 'leads back to the gateway itself' --listen :19999 --upstream https://data-api.twitter.com \
    --upstream-address 127.0.0.2:19999
refused 1 'holds no certificate' --listen 127.0.0.1:1 --tls-cert "$0" --tls-key "$0"
openssl req -x509 -newkey rsa:2048 -passout pass:secret -keyout "$work/locked.key" -out "$work/locked.pem" -days 1 \
    -subj /CN=x 2>/dev/null
refused 1 'holds no private key in PEM form without a pass phrase' --listen 127.0.0.1:1 --tls-cert "$work/locked.pem" \
    --tls-key "$work/locked.key"
faketime -f -10d openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/ended.key" -out "$work/ended.pem" -days 1 \
    -subj /CN=x 2>/dev/null
refused 1 "--tls-cert .*/ended.pem ended at 20.*Z: clients that check it go no further" --listen 127.0.0.1:1 \
    --tls-cert "$work/ended.pem" --tls-key "$work/ended.key" --upstream-ca "$work/none.pem"
like "$err" '--upstream-ca .*/none.pem can.t be read' 'and goes on with it'
refused 1 'no socket was passed on' --listen systemd

# ---- ambiguous requests ----

proxy_start --contract acme --max-header 8K --max-body 100K --body-window 16K --header-timeout 600ms --body-timeout 800ms \
    --idle-timeout 1s --upstream-timeout 700ms
url=http://127.0.0.1:$proxy_port

bad() { # NAME TEXT
    local got
    got=$(raw "$2" 0.2 | head -n 1)
    like "$got" '^HTTP/1.1 400 ' "400: $1"
}
bad 'conflicting lengths' 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd'
bad 'a length that is told twice' 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc'
bad 'a list of lengths' 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\nabc'
bad 'a length with a sign' 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc'
bad 'both a length and chunks' 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
bad 'chunks and more' 'POST /fine HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'
bad 'another encoding' 'POST /fine HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'
bad 'an encoding that is told twice' 'POST /fine HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'
bad 'a chunk size that is none' 'POST /fine HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n'
bad 'a chunk size with 0x' 'POST /fine HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n'
bad 'a chunk longer than its size' 'POST /fine HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcXX\r\n0\r\n\r\n'
bad 'a folded line' 'GET /fine HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\nY: c\r\n\r\n'
bad 'a folded last line' 'GET /fine HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n'
bad 'a folded first line' 'GET /fine HTTP/1.1\r\n X: a\r\nHost: a\r\n\r\n'
bad 'a NUL in a value' 'GET /fine HTTP/1.1\r\nHost: a\r\nX: a\0b\r\nY: c\r\n\r\n'
bad 'a NUL in the last value' 'GET /fine HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'
bad 'a NUL in the target' 'GET /fi\0ne HTTP/1.1\r\nHost: a\r\n\r\n'
bad 'a control character in the target' 'GET /fi\x01ne HTTP/1.1\r\nHost: a\r\n\r\n'
bad 'a control character in a value' 'GET /fine HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n'
bad 'a carriage return in a value' 'GET /fine HTTP/1.1\r\nHost: a\r\nX: a\rContent-Length: 5\r\n\r\n'
bad 'bare line feeds' 'GET /fine HTTP/1.1\nHost: a\n\n'
bad 'one bare line feed' 'GET /fine HTTP/1.1\r\nX: a\nHost: a\r\n\r\n'
bad 'a blank before the colon' 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc'
bad 'a line without a colon' 'GET /fine HTTP/1.1\r\nHost: a\r\nfoo\r\n\r\n'
bad 'no Host' 'GET /fine HTTP/1.1\r\nX: a\r\n\r\n'
bad 'an empty Host' 'GET /fine HTTP/1.1\r\nHost:\r\n\r\n'
bad 'several Hosts' 'GET /fine HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'
bad 'no Host in HTTP/1.0' 'GET /fine HTTP/1.0\r\n\r\n'
bad 'several users' 'GET /fine HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n'
bad 'a connection that takes the user away' 'GET /fine HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nConnection: authorization\r\n\r\n'
bad 'CONNECT' 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n'
is "$(raw 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\nabc' | head -n 1 | cut -d ' ' -f 2)" 413 'a length beyond all numbers'
is "$(raw 'GET /fi ne HTTP/1.1\r\nHost: a\r\n\r\n')" '' 'a blank in the target: the connection is closed'
is "$(echo_count)" 0 'none of them reached the upstream'
out=$(raw 'GET /fine HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')
like "$out" 'X-Headroom-Gateway: refused' 'the header says who refuses'
is "$(tail -n 1 <<<"$out")" '{"errors":["there are several Host headers"]}' 'the body has the form of the vendor'\''s errors'
is "$(raw 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /fine HTTP/1.1\r\nHost: a\r\n\r\n' | grep -c ^HTTP)" \
    1 'what follows such a request is not read'

# ---- sizes ----

status() { curl -s -o "$work/.body" --max-time 10 -w '%{http_code}' "$@"; }
head -c 102401 /dev/zero >"$work/long"
is "$(status --data-binary "@$work/long" "$url/fine")" 413 'a body that is too long'
is "$(status -H 'Transfer-Encoding: chunked' --data-binary "@$work/long" "$url/fine")" 413 'one that tells no length'
is "$(status -H "X: $(head -c 9000 /dev/zero | tr '\0' a)" "$url/fine")" 431 'a head that is too long'
is "$(status --data-binary "@$work/long" -H 'Expect: other' "$url/fine")" 417 'an expectation that is not met'
head -c 102400 /dev/zero >"$work/long"
is "$(status --data-binary "@$work/long" "$url/fine")" 200 'the longest body passes'

# ---- slow and vanishing clients ----

before=$(echo_count)
took() { # SECONDS TEXT: sends it and says after how many tenths of a second the gateway ends the connection
    local from=${EPOCHREALTIME/./}
    raw "$2" "$1" >"$work/.took"
    echo $(((${EPOCHREALTIME/./} - from) / 100000))
}
tenths=$(took 5 'GET /fine HTTP/1.1\r\nHost: a\r\n')
ok "a head that does not end is ended ($tenths)" test "$tenths" -ge 5 -a "$tenths" -lt 30
drip() { # a byte each 100 ms, for ever
    local connection i from=${EPOCHREALTIME/./}
    exec {connection}<>"/dev/tcp/127.0.0.1/$proxy_port"
    printf '%b' "$1" >&"$connection"
    for ((i = 0; i < 60; i++)); do
        printf 'a' >&"$connection" || break
        if read -r -t 0.1 -N 1 -u "$connection" _ || [ $? -le 128 ]; then break; fi
    done 2>/dev/null
    exec {connection}>&-
    echo $(((${EPOCHREALTIME/./} - from) / 100000))
}
trap '' PIPE
tenths=$(drip 'GET /fine HTTP/1.1\r\nHost: a\r\nX: ')
ok "also one that goes on, byte by byte ($tenths)" test "$tenths" -ge 5 -a "$tenths" -lt 30
tenths=$(drip 'POST /fine HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n')
ok "so is a body ($tenths)" test "$tenths" -ge 7 -a "$tenths" -lt 35
trap - PIPE
tenths=$(took 5 'GET /fine HTTP/1.1\r\nHost: a\r\n\r\n')
ok "a connection without a request is ended ($tenths)" test "$tenths" -ge 8 -a "$tenths" -lt 35
is "$(echo_count)" $((before + 1)) 'only what was whole has left'
is "$(status "$url/fine")" 200 'and the others are served meanwhile'

# ---- an upstream that fails ----

is "$(status -d x "$url/close")" 502 'one that closes without an answer'
like "$(cat "$work/.body")" '^\{"errors":\["the gateway got no answer from 127.0.0.1: ' 'the vendor'\''s form'
is "$(status -d x "$url/reset")" 502 'one that resets'
is "$(status -d x "$url/stall")" 504 'one that is silent'
echo_answer rubbish 'SSH-2.0-x\r\n\r\n'
is "$(status -d x "$url/rubbish")" 502 'one that speaks something else'
echo_answer headlong "HTTP/1.1 200 OK\r\nX: $(head -c 20000 /dev/zero | tr '\0' a)\r\nContent-Length: 0\r\n\r\n"
is "$(status -d x "$url/headlong")" 502 'one whose head does not end'
curl -s -o "$work/.body" --max-time 10 -d x "$url/half"; is $? 18 'an answer that breaks off breaks off for the client'
curl -s -o "$work/.body" --max-time 10 -d x "$url/halfchunk"; isnt $? 0 'also one in chunks'
is "$(raw 'POST /halfchunk HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx' | grep -c '^0$')" 0 'no end is made up'
before=$(echo_count)
is "$(curl -s --max-time 10 -d x "$url/fine" -d x "$url/close" -w '%{http_code} ' -o /dev/null -o /dev/null)" '200 502 ' \
    'one that closes a connection that was used'
is "$(echo_count)" $((before + 2)) 'is not asked twice'
via=$(grep -ao 'headroom-[0-9a-f]*' "$echo/1.request")
is "$(status -H "Via: 1.1 $via" "$url/fine")" 508 'a request that comes round is stopped'

# ---- the end of clients, and of the gateway ----

(raw 'POST /drip HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx' 0.05 >/dev/null)
(raw 'POST /drip HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx' 0.05 >/dev/null)
is "$(status "$url/fine")" 200 'clients that leave in between harm nobody'
exec {slow}<>"/dev/tcp/127.0.0.1/$proxy_port"
printf 'POST /fine HTTP/1.1\r\nHost: a\r\nX-Headroom-Label: slow\r\nContent-Length: 1\r\n\r\n' >&"$slow"
within 60 port_has_read "$proxy_port"
whole=$(date +%s.%6N)
printf 'x' >&"$slow"
IFS= read -r -t 20 _ <&"$slow"
exec {slow}>&-
asked() { [ "$(echo_count)" -gt "$1" ]; }
before=$(echo_count)
curl -s -o "$work/.last" --max-time 10 -w '%{http_code}' "$url/drip" >"$work/.status" &
client=$!
within 60 asked "$before"
proxy_stop
wait "$client"
is "$(cluster_psql limits -At -c "SELECT count(*), bool_and(occurred_at > to_timestamp($whole)) FROM headroom.event
    WHERE label = 'slow'")" '1|t' 'a request has the time at which it left: none that is older comes later'
is "$proxy_code" 0 'SIGTERM ends it'
is "$(cat "$work/.status") $(stat -c %s "$work/.last")" '200 400000' 'after the answer under way has ended'
ok 'and nobody can connect any more' test "$(status "$url/fine")" = 000
echo_stop
proxy_start --contract acme --max-in-flight 1
url=http://127.0.0.1:$proxy_port
is "$(status -d x "$url/fine")" 502 'an upstream that is down'
echo_start
proxy_stop
proxy_start --contract acme --max-in-flight 1 --max-connections 3 --grace 200ms
url=http://127.0.0.1:$proxy_port
before=$(echo_count)
curl -s -o "$work/.last" --max-time 60 "$url/stall" &
client=$!
within 60 asked "$before"
is "$(status "$url/fine")" 503 'more under way than may be'
proxy_stop
is "$proxy_code" 0 'the end waits no longer than --grace'
like "$(cat "$proxy_log")" '1 request had no whole answer yet and was ended' 'and says what it cut'
wait "$client"; is $? 52 'the client sees its connection end'
