#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gateway changes nothing of what passes: what the upstream got and the client got is compared byte for byte.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/proxy.sh"

ledger_new transparent || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
echo_start
proxy_start --contract acme
url=http://127.0.0.1:$proxy_port
gateway_curl() { curl -s -S --max-time 10 "$@"; }

# ---- the request ----

raw 'POST /insights/%%2f%%zz/.//../echo?x=%%20&&y=/?#\xff HTTP/1.1\r\nX-First: 1\r\nhOST: data-api.twitter.com\r\nX-Empty:\r\nX-Odd:  \tv "\xc3\xa9\xff"  \r\nCookie: a=b; c\r\nX-Twice: 1\r\nContent-Length: 2\r\nX-Headroom-Label: job\r\nX-Twice: 2\r\nConnection: close, X-Drop\r\nX-Drop: 1\r\nKeep-Alive: timeout=1\r\nTE: trailers\r\nUpgrade: h2c\r\nProxy-Authorization: Basic x\r\nAuthorization: Bearer abc\r\n\r\n{}' >"$work/.raw"
id=$(sed -n 's/.*Via: 1.1 \(headroom-[0-9a-f]*\).*/\1/p' "$work/.raw" | head -n 1)
like "$id" '^headroom-[0-9a-f]{8}$' 'the gateway names itself by its spool'
printf 'POST /insights/%%2f%%zz/.//../echo?x=%%20&&y=/?#\xff HTTP/1.1\r\nX-First: 1\r\nhOST: data-api.twitter.com\r\nX-Empty:\r\nX-Odd: v "\xc3\xa9\xff"  \r\nCookie: a=b; c\r\nX-Twice: 1\r\nContent-Length: 2\r\nX-Twice: 2\r\nAuthorization: Bearer abc\r\nVia: 1.1 %s\r\n\r\n{}' "$id" >"$work/wanted"
ok 'target, names, values and order are the client'\''s; hop-by-hop headers and the label are gone' \
    cmp "$work/wanted" "$echo/1.request"

head -c 700000 /dev/urandom >"$work/large"
gateway_curl --data-binary "@$work/large" -H 'Content-Encoding: br' -H 'Content-Type: x/y' -o "$work/.echo" "$url/a/echo"
ok 'a body of several windows arrives as it is' cmp "$work/large" <(tail -c 700000 "$echo/2.request")
ok 'and comes back so' cmp "$echo/2.request" "$work/.echo"
gateway_curl --data-binary "@$work/large" -H 'Transfer-Encoding: chunked' -o "$work/.echo" "$url/a/echo"
ok 'a chunked body goes on in chunks' grep -aqi '^transfer-encoding: chunked' "$echo/3.request"
ok 'it has no length' test -z "$(grep -ai '^content-length' "$echo/3.request")"
python3 - "$echo/3.request" "$work/large" <<'END'; is $? 0 'and its bytes are the same'
import sys
text = open(sys.argv[1], "rb").read()
rest, body = text.split(b"\r\n\r\n", 1)[1], b""
while True:
    line, rest = rest.split(b"\r\n", 1)
    size = int(line, 16)
    body, rest = body + rest[:size], rest[size + 2:]
    if size == 0:
        break
sys.exit(0 if body == open(sys.argv[2], "rb").read() else 1)
END
raw 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n' >/dev/null
is "$(tail -c 15 "$echo/4.request" | tr -d '\r' | tr '\n' '|')" '|3|abc|0||' 'extensions of chunks and trailers end here'

gateway_curl -X GET "$url/echo" >/dev/null
is "$(head -n 1 "$echo/5.request" | tr -d '\r')" 'GET /echo HTTP/1.1' 'GET'
unlike "$(echo_request 5)" '[Cc]ontent-[Ll]ength|Transfer-Encoding|Expect' 'a request without a body has none'
gateway_curl -X PATCH -H 'Accept:' -H 'User-Agent:' -H 'Content-Type:' -d x "$url/echo" >/dev/null
is "$(tr -d '\r' <"$echo/6.request" | grep -vE '^Host|^Via' | tr '\n' '|')" 'PATCH /echo HTTP/1.1|Content-Length: 1||x|' \
    'no header is made up, and any method passes'
gateway_curl -X POST -H 'Content-Length: 0' "$url/echo" >/dev/null
is "$(tr -d '\r' <"$echo/7.request" | grep -c '^Content-Length: 0$')" 1 'an empty body stays one'
out=$(raw 'POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n')
is "$(head -n 1 <<<"$out")" 'HTTP/1.1 100 Continue' 'who waits to be asked for the body is asked'
is "$(echo_count)" 7 'and the request does not leave before it is there'

# ---- the answer ----

echo_answer odd 'HTTP/1.1 299 Fine, really\r\nServer: x\r\nSet-Cookie: a=1\r\nX-Empty:\r\nset-cookie: b=2\r\nConnection: X-Gone, keep-alive\r\nX-Gone: 1\r\nKeep-Alive: timeout=5\r\nX-Folded: a\r\n  b\r\nX-Odd: \t"\xc3\xa9\xff" \r\nDate: yesterday\r\nx-per-minute-limit: 60\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x01'
raw 'GET /odd HTTP/1.1\r\nHost: a\r\n\r\n' >"$work/.odd"
is "$(sed -e 's/ *$//' -e 's/^HTTP.1.1 299.*/HTTP 299/' "$work/.odd" | head -n 11 | LC_ALL=C tr '\n\377' '|?')" \
    "HTTP 299|Server: x|Set-Cookie: a=1|X-Empty:|set-cookie: b=2|X-Folded: a b|X-Odd: \"é?\"|Date: yesterday|x-per-minute-limit: 60|Content-Encoding: gzip|Via: 1.1 $id|" \
    'names, values and order are the upstream'\''s; hop-by-hop headers are gone'
like "$(cat "$work/.odd")" 'Content-Length: 3' 'and the length stays'
echo_answer undated 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'
like "$(gateway_curl -i "$url/undated")" "^HTTP/1.1 404 .*Date: $(date -u '+%a, %d %b %Y')" 'a date is added where there is none'
echo_answer early 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
out=$(gateway_curl -i "$url/early")
like "$out" '^HTTP/1.1 200 .*ok$' 'interim answers are taken for what they are'
unlike "$out" 'Link|103' 'and end at the gateway'
echo_answer chunks 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n4;e\r\ndefg\r\n0\r\nX-T: 1\r\n\r\n'
is "$(gateway_curl "$url/chunks")" abcdefg 'an answer in chunks'
echo_answer tillend 'HTTP/1.0 200 OK\r\n\r\nuntil the end'
is "$(gateway_curl "$url/tillend")" 'until the end' 'an answer that ends with its connection'
is "$(gateway_curl "$url/drip" | wc -c)" 400000 'a large answer that comes slowly'
echo_answer head 'HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n'
like "$(gateway_curl -I "$url/head")" 'Content-Length: 12345' 'HEAD has the length of what it does not bring'
echo_answer none 'HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n'
like "$(gateway_curl -i "$url/none")" '^HTTP/1.1 204 ' '204 has no body'
echo_answer same 'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\nContent-Length: 50\r\n\r\n'
like "$(gateway_curl -i "$url/same")" '^HTTP/1.1 304 .*ETag: "x"' '304 has none either'
echo_answer away 'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'
like "$(gateway_curl -i "$url/away")" '^HTTP/1.1 302 .*Location: http://127.0.0.1:1/' 'a redirection is the client'\''s to follow'
out=$(raw 'GET /head HTTP/1.1\r\nHost: a\r\n\r\nGET /undated HTTP/1.1\r\nHost: a\r\n\r\n' 0.1)
is "$(gateway_curl -w '%{num_connects}' -o "$work/.a" "$url/odd" -o "$work/.b" "$url/chunks")" 10 'a connection is used again'

# ---- TLS on both sides, by the vendor's name ----

proxy_stop
is "$proxy_code" 0 'SIGTERM ends it with exit code 0'
echo_stop
"$root/scripts/make-ca" "$work/ca" >"$work/.ca" 2>&1 || bail_out 'no CA' "$(cat "$work/.ca")"
echo_start "$work/ca/gateway.pem" "$work/ca/gateway.key"
tls=(--upstream-address "127.0.0.1:$echo_port" --upstream https://data-api.twitter.com --tls-cert "$work/ca/gateway.pem"
    --tls-key "$work/ca/gateway.key")
vendor_curl() {
    gateway_curl --cacert "$work/ca/ca.pem" --connect-to "data-api.twitter.com:443:127.0.0.1:$proxy_port" "$@"
}
proxy_start --contract acme "${tls[@]}" --upstream-ca "$work/ca/ca.pem"
echo_answer fine 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine'
is "$(vendor_curl -d '{}' https://data-api.twitter.com/fine)" fine 'TLS in front and behind, under the vendor'\''s name'
proxy_stop
proxy_start --contract acme "${tls[@]}"
like "$(vendor_curl -i -d '{}' https://data-api.twitter.com/fine)" '^HTTP/1.1 502 .*"errors":\[".*certificate' \
    'an upstream whose certificate nobody vouches for is not asked'
proxy_stop
proxy_start --contract acme --upstream-address "127.0.0.1:$echo_port" --upstream https://another.example --upstream-ca "$work/ca/ca.pem"
like "$(gateway_curl -i -d '{}' "http://127.0.0.1:$proxy_port/fine")" '^HTTP/1.1 502 ' 'nor one whose certificate is another'\''s'
