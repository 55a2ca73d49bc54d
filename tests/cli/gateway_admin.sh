#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gateway's admin address: health, readiness and metrics; and what its log says.
. "$(dirname "$0")/../lib/tap.sh"
. "$root/tests/lib/cluster.sh"
. "$root/tests/lib/proxy.sh"
. "$root/tests/lib/exposition.sh"

cluster_start || bail_out 'no cluster'
ledger_new admin || bail_out 'no ledger'
headroom contract add 'a "b" \c' --limit 9 --price 1 --currency USD >"$work/.add" &&
    headroom contract add free --limit none --price 1 --currency USD >>"$work/.add" || bail_out 'no contracts'
"$root/scripts/make-ca" "$work/ca" >"$work/.make-ca" 2>&1 || bail_out 'no CA'
export HEADROOM_HOME=$work/home
admin_port=$((32000 + RANDOM % 700))
look() { # PATH [CURL-OPTION…]: the body in $out, the status in $code
    local path=$1
    shift
    code=$(curl -s -S --max-time 10 -o "$work/.out" -w '%{http_code}' "$@" "http://127.0.0.1:$admin_port$path" 2>"$work/.err")
    out=$(cat "$work/.out")
}
page_says() { # TEXT PATH [CURL-OPTION…]
    look "${@:2}"
    [[ $out == *"$1"* ]]
}
ask() { # [CURL-OPTION…]
    curl -s -S --cacert "$work/ca/ca.pem" --connect-to "data-api.twitter.com:443:127.0.0.1:$proxy_port" \
        -H 'Authorization: OAuth oauth_token="6253282-SECRET"' -d '{}' "$@" \
        'https://data-api.twitter.com/insights/engagement/totals?oauth_token=6253282-SECRET'
}

note 'a gateway with its ledger'
echo_start
echo_answer totals 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
proxy_start -v --log json --contract 'a "b" \c' --drain-interval 100ms --admin "127.0.0.1:$admin_port" \
    --tls-cert "$work/ca/gateway.pem" --tls-key "$work/ca/gateway.key"
ask >"$work/.ask"
ask -H 'Host: ' >>"$work/.ask"
look /healthz
is "$code $out" '200 healthy' 'it lives'
within 60 page_says 'drained_total 1' /metrics
ok 'the request is taken in' test $? = 0
ok 'the metrics are well formed' exposition "$work/.out"
is "$(exposed headroom_gateway_unique_handles '{contract="a \"b\" \\c",month="'"$(date -u +%Y-%m)"'"}')" 0 'unique handles, as last read'
is "$(exposed headroom_gateway_limit '{contract="a \"b\" \\c",month="'"$(date -u +%Y-%m)"'"}')" 9 'against the limit'
unlike "$out" '_limit\{contract="free"' 'a contract without one has none'
is "$(exposed headroom_gateway_database_up) $(exposed headroom_gateway_refused_total '{reason="malformed"}')" '1 1' \
    'the database is there; a request without a host was refused'
ok 'the certificate has days left' awk -v d="$(exposed headroom_gateway_certificate_days_left)" 'BEGIN { exit !(d > 1) }'
mv "$work/.out" "$work/metrics"
exits 0 headroom gateway --help
while read -r metric; do like "$out" "$metric" "$metric is in the help"; done \
    < <(sed -n 's/^# TYPE headroom_gateway_\([a-z_]*\) .*/\1/p' "$work/metrics")
look /readyz
is "$code $out" '200 ready' 'it takes requests'
look /nothing
is "$code" 404 'another path'
like "$out" '/healthz, /readyz, /metrics' 'which are there'
look /metrics -d x
is "$code" 405 'nothing to change'
look /metrics -I
is "$code" 200 'a look at the head alone'

note 'without its ledger'
cluster_stop
within 60 page_says 'database since' /readyz
is "$code" 200 'requests are taken and recorded all the same'
like "$out" '^ready.*database since 20[0-9T:-]*Z: .' 'what is wrong, since when and why'
look /readyz -H 'Accept: application/json'
is "$(jq -c '[.ready, .reasons[0].what, .reasons[0].refuses, (.reasons[0].since | type)]' <<<"$out")" \
    '[true,"database",false,"string"]' 'as JSON'
look /metrics
is "$(exposed headroom_gateway_database_up)" 0 'and in the metrics'

note 'the log'
proxy_stop
out=$(cat "$proxy_log")
ok 'each line is an object' jq -es 'length > 3 and all(has("time") and has("level") and has("message"))' "$proxy_log"
is "$(jq -c 'select(.message == "request answered" and .id == 1) | [.subject, .endpoint, .status]' "$proxy_log")" \
    '["6253282","totals",200]' 'a request'
is "$(jq -c 'select(.message == "requests refused") | [.reason, .requests]' "$proxy_log")" '["malformed",1]' 'one that was refused'
unlike "$out" SECRET 'and no secret'
: >"$work/journal"
stream=$(stat -c %d:%i "$work/journal")
JOURNAL_STREAM=$stream "$program" gateway 2>"$work/journal"
like "$(cat "$work/journal")" '^<3>headroom: ' 'in the journal each line has its priority'
JOURNAL_STREAM=1:1 "$program" gateway 2>"$work/journal"
like "$(cat "$work/journal")" '^headroom: ' 'and nowhere else'

note 'addresses'
for wrong in systemd 127.0.0.1 127.0.0.1:x ::1:80; do
    exits 2 headroom gateway --listen 127.0.0.1:1 --admin "$wrong"
    like "$err" "--admin" "--admin $wrong is no address"
done
