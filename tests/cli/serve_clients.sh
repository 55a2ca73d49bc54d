#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real clients of the event endpoint, over TLS: the snippets for Python and Node before a stand-in for the vendor's API, and
# a CloudEvents SDK.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/gateway.sh"
. "$(dirname "$0")/../lib/serve.sh"

ledger_new clients || bail_out 'no ledger'
sql() { cluster_psql clients -At -F ' ' -c "$1"; }
headroom contract add acme --limit 5 --price 2.50 --currency USD >>"$work/.add" || bail_out 'no contract'
serve_key app || bail_out 'no key'
"$root/scripts/make-ca" "$work/ca" --host "$vendor" --host localhost >"$work/.make-ca" 2>&1 || bail_out 'no CA'
upstream_start
npm_sdk
serve_host=localhost
serve_curl=(--cacert "$work/ca/ca.pem")
serve_start --tls-cert "$work/ca/gateway.pem" --tls-key "$work/ca/gateway.key" || bail_out 'the endpoint does not start'
serve_ready || bail_out 'it has no ledger'
cd "$work" || exit 1
export HEADROOM_URL=$serve_url HEADROOM_KEY=$key HEADROOM_CA=$work/ca/ca.pem REQUESTS_CA_BUNDLE=$work/ca/ca.pem \
    NODE_EXTRA_CA_CERTS=$work/ca/ca.pem HEADROOM_FALLBACK=$work/kept.jsonl
is "$(curl -s -o /dev/null -w '%{http_code}' "${serve_curl[@]}" --tls-max 1.1 "$serve_url/healthz")" 000 'TLS before 1.2 is not spoken'

# ---- Python's requests ----

client() { /usr/bin/python3 "$root/tests/lib/serve_client.py" "$upstream_port" "$@"; }
young=$((($(date +%s) * 1000 - 86400000 - 1288834974657) << 22))
gone=$((young + 404 - young % 1000))
fine=$((young + 1000 - young % 1000))
exits 0 client 7001 "$fine" 7002 "$fine,$gone"
is "$(tr '\n' ' ' <<<"$out")" '200 200 ' 'requests: the vendor answers, its signature is right'
is "$(sql "SELECT subject, endpoint, tweet_count, status, outcome, label, rate_limit IS NOT NULL, latency_ms IS NOT NULL
    FROM headroom.event ORDER BY subject")" \
    $'7001 totals 1 200  python t t\n7002 totals 2 200 partial python t t' 'and each request is an event'
like "$(sql "SELECT failed FROM headroom.event WHERE subject = '7002'")" "\"unavailable\":\\[\"$gone\"\\]" 'with the Tweets that failed'
ok 'nothing had to be kept' test ! -e kept.jsonl

# ---- Node ----

node_client() { node "$root/tests/lib/serve_client.mjs" "$@"; }
oauth="OAuth oauth_consumer_key=\"lab-app-one\", oauth_token=\"7003-x\", oauth_signature=\"x\""
local_totals=https://localhost:$upstream_port/insights/engagement/totals
exits 0 node_client snippet "$local_totals" "{\"Authorization\":$(jq -n --arg o "$oauth" '$o')}" "{\"tweet_ids\":[\"$fine\"]}"
is "$out" '401 true' 'Node: a wrong signature'
is "$(sql "SELECT status, class, app, label, tweet_count FROM headroom.event WHERE subject = '7003'")" \
    '401 not_attempted lab-app-one node 1' 'is an event too'

# ---- the endpoint is away: events are kept, and taken in later, as often as one likes ----

serve_stop KILL 2>/dev/null
exits 0 client 7004 "$fine"
is "$out" 200 'the endpoint is away: the request goes on'
exits 0 node_client snippet https://localhost:1/insights/engagement/28hr '{"Authorization":"Bearer x"}' '{}'
is "$(wc -l <kept.jsonl)" 2 'and its event is in the file'
unlike "$(cat kept.jsonl)" 'Tk|oauth|Bearer' 'without a token'
exits 0 headroom --json ingest kept.jsonl
is "$(jq -c '[.read, .added]' <<<"$out")" '[2,2]' 'which is taken in'
is "$(sql "SELECT subject, outcome, endpoint, label FROM headroom.event WHERE label = 'node' AND subject = '~app'")" \
    '~app no_answer 28hr node' 'also what the vendor did not answer'
serve_start --tls-cert "$work/ca/gateway.pem" --tls-key "$work/ca/gateway.key" && serve_ready || bail_out 'it does not start'
HEADROOM_URL=$serve_url
post application/x-ndjson @kept.jsonl
is "$status $(jq .duplicate <<<"$body")" '202 2' 'once, however it comes'

# ---- a CloudEvents SDK ----

if [ -n "$sdk" ]; then
    exits 0 node_client sdk "$sdk"
    is "$(tr '\n' ';' <<<"$out")" '202 added;202 duplicate;202 added duplicate;415 Unsupported media type;' \
        'the SDK: structured, again, batched; binary is refused'
    is "$(sql "SELECT event_id, subject, source, endpoint, tweet_count, occurred_at = '2026-10-05T06:07:08Z'
        FROM headroom.event WHERE source = 'urn:sdk' ORDER BY event_id")" \
        $'sdk-1 501 urn:sdk 28hr 3 t\nsdk-2 502 urn:sdk 28hr 3 t' 'and what they say'
else
    skip 'a CloudEvents SDK' "npm can't install cloudevents: $(tail -n 1 "$work/.npm")"
fi
