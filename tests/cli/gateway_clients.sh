#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Real clients with the vendor's host name, through the gateway over TLS, to an upstream that verifies their signatures:
# their requests become events that say what was asked, for whom, and what became of it; no secret stays.
. "$(dirname "$0")/../lib/tap.sh"
# A hosts entry leads the clients to port 443, as it would a customer's: in namespaces of the test's own, so that nothing
# of the machine is touched and no client needs a patch.
if [ -z "${own_namespace:-}" ]; then
    unshare --net --mount ip link set lo up 2>"$work/.unshare" ||
        skip_all "no network of its own can be made here: $(cat "$work/.unshare")"
    trap - EXIT
    tap_clean
    own_namespace=yes exec unshare --net --mount bash "$0"
fi
. "$root/tests/lib/cluster.sh"
. "$root/tests/lib/gateway.sh"

ip link set lo up
cp /etc/hosts "$work/hosts"
echo "127.0.0.1 $vendor" >>"$work/hosts"
mount --bind "$work/hosts" /etc/hosts || bail_out 'no hosts file of its own'
cluster_start log_min_messages=debug1 log_statement=all || bail_out 'no cluster'
ledger_new clients || bail_out 'no ledger'
headroom contract add c --limit 100 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
upstream_start --per-minute 5000
gateway_port=443
gateway_start --drain-interval 100ms --log json
event() { # LABEL COLUMNS
    cluster_psql clients -At -F ' ' -c "SELECT $2 FROM headroom.event WHERE label = '$1'"
}
lib=$root/tests/lib
secret() { (cd "$lib" && /usr/bin/python3 -c "import vendor; print(vendor.$1)"); }
app=lab-app-one
token=$(secret "token_of(6253282)")
named=$(secret "token_of('nobody')")
bearer=$(secret "bearer_of('$app')")

note 'Python: requests with requests_oauthlib, the host name fixed, as the public scripts have it'
cat >"$work/client.py" <<END
import json, sys, time
import requests
from requests_oauthlib import OAuth1
sys.path.insert(0, "$lib")
import vendor
what, label, user, endpoint, body = sys.argv[1:]
if what == "bearer":
    auth, headers = None, {"Authorization": "Bearer " + vendor.bearer_of("$app")}
else:
    token = vendor.token_of(user) if what != "app" else None
    secret = vendor.token_secret(token) if token else None
    if what == "wrong":
        secret += "x"
    auth, headers = OAuth1("$app", vendor.app_secret("$app"), token, secret), {}
session = requests.Session()
answer = session.post("https://$vendor/insights/engagement/" + endpoint, auth=auth, data=body,
                      headers={**headers, "Content-Type": "application/json", "X-Headroom-Label": label, "X-Marker": label})
print(answer.status_code, answer.text)
END
ask() { REQUESTS_CA_BUNDLE=$work/ca/ca.pem /usr/bin/python3 "$work/client.py" "$@"; }
snowflake() { # DAYS END: a Tweet that is so old, its id ending as told
    awk -v days="$1" -v end="$2" -v now="$(date +%s)" 'BEGIN {
        id = sprintf("%.0f", ((now - days * 86400) * 1000 - 1288834974657) * 4194304)
        print substr(id, 1, length(id) - 3) end }'
}
body() { # TYPES TWEET…
    local types=$1
    shift
    jq -cn --argjson types "$types" '{tweet_ids: $ARGS.positional, engagement_types: $types,
        groupings: {g: {group_by: ["tweet.id", "engagement.type"]}}}' --args "$@"
}
young=$(snowflake 3 111) other=$(snowflake 4 403) deleted=$(snowflake 5 404) guarded=$(snowflake 6 400) old=$(snowflake 200 111)

exits 0 ask user plain 6253282 totals "$(body '["impressions","favorites"]' "$young" "$(snowflake 2 222)")"
like "$out" '^200 \{"g": ' 'the signature is the right one at the vendor'
exits 0 ask user partial 2244994945 totals "$(body '["impressions","engagements"]' "$young" "$other" "$deleted" "$old")"
like "$out" '^200 .*unavailable' 'part of it fails'
exits 0 ask user forbidden 2244994945 28hr "$(body '["url_clicks"]' "$other")"
like "$out" '^403 ' 'all is forbidden'
exits 0 ask user guarded 2244994945 historical "$(body '["url_clicks"]' "$young" "$guarded")"
like "$out" '^400 ' 'a protected Tweet'
exits 0 ask user broken 6253282 totals '{"tweet_ids":'
like "$out" '^400 ' 'a broken body'
exits 0 ask wrong signature 6253282 totals "$(body '["favorites"]' "$young")"
like "$out" '^401 .*could not be authenticated. Reason: invalid signature' 'a wrong secret'
exits 0 ask user nobody nobody totals "$(body '["favorites"]' "$young")"
like "$out" '^200 ' 'a token that names nobody'
exits 0 ask bearer bearer - totals "$(body '["favorites"]' "$young")"
like "$out" '^200 ' 'app-only'
exits 0 ask app consumer - totals "$(body '["favorites"]' "$young")"
like "$out" '^200 ' 'signed as the app alone'
exits 0 ask user nowhere 6253282 tomorrow '{}'
like "$out" '^404 ' 'another path'

note 'curl, with a signature that oauthlib made, to another place by --connect-to and by the hosts entry'
signature() { # PATH
    /usr/bin/python3 -c 'import sys; sys.path.insert(0, sys.argv[1]); import vendor; from oauthlib.oauth1 import Client
app, token = sys.argv[2:4]
client = Client(app, vendor.app_secret(app), token, vendor.token_secret(token), realm="x")
print("Authorization:", client.sign("https://" + vendor.HOST + sys.argv[4], "POST")[1]["Authorization"])' \
        "$lib" "$app" "$token" "$1"
}
path='/insights/engagement/totals?a=%7E%41&b=x%2By+z'
for way in "--connect-to $vendor:443:127.0.0.1:443" "--resolve $vendor:443:127.0.0.1" ''; do
    # shellcheck disable=SC2086 # words
    exits 0 curl -sS $way --cacert "$work/ca/ca.pem" --compressed -H "$(signature "$path")" -H 'X-Headroom-Label: curl' \
        -H 'Content-Type: application/json' -d "$(body '["favorites"]' "$young")" -o "$work/answer" -w '%{http_code}' \
        "https://$vendor$path"
    is "$out" 200 "a signature over a query is the right one at the vendor (${way%% *})"
done
head -c 300000 /dev/zero | tr '\0' ' ' >"$work/large"
body '["favorites"]' "$young" >>"$work/large"
exits 0 curl -sS --cacert "$work/ca/ca.pem" -H "Authorization: Bearer $bearer" -H 'Content-Type: application/json' \
    -H 'X-Headroom-Label: large' -H 'Transfer-Encoding: chunked' --data-binary "@$work/large" -o "$work/answer" \
    -w '%{http_code}' "$totals"
is "$out" 200 'a large body in chunks'

note 'what the ledger then has of them'
gateway_stop
is "$code" 0 'its regular end' || tail -n 5 "$work/gateway.err"
columns='subject, via_app, endpoint, status, outcome, tweet_count'
is "$(event plain "$columns")" '6253282 f totals 200 ok 2' 'user, endpoint, status, outcome, Tweets'
is "$(event plain 'app, rate_limit, rate_remaining, failed, metrics, latency_ms BETWEEN 0 AND 20000, bytes > 0')" \
    "$app 5000 4999  [\"impressions\",\"favorites\"] t t" 'app, rate limit, failed Tweets, metrics, latency, bytes'
is "$(event partial "$columns")" '2244994945 f totals 200 partial 4' 'part of it failed'
is "$(event partial failed | jq -cS .)" \
    "{\"forbidden\":[\"$other\"],\"too_old\":[\"$old\"],\"unavailable\":[\"$deleted\"]}" 'with each failed Tweet by its cause'
is "$(event forbidden "$columns")" '2244994945 f 28hr 403 forbidden 1' 'forbidden'
is "$(event guarded "$columns, failed->>'unavailable'")" "2244994945 f historical 400 unavailable 2 [\"$guarded\"]" 'unavailable'
is "$(event broken "$columns")" '6253282 f totals 400 bad_request ' 'a broken body'
is "$(event signature "$columns")" '6253282 f totals 401 auth_failed 1' 'a wrong secret'
like "$(event nobody "$columns")" '^~[0-9a-f]{64} f totals 200 ok 1$' 'a token that names nobody is provisional'
is "$(event bearer "$columns")" '~app t totals 200 ok 1' 'app-only'
is "$(event consumer "$columns, app")" "~app t totals 200 ok 1 $app" 'signed as the app alone'
is "$(event nowhere "$columns")" '6253282 f  404 not_found ' 'another path'
is "$(event curl "$columns" | sort -u)" '6253282 f totals 200 ok 1' 'curl'
is "$(event curl 'count(*)')" 3 'three times'
is "$(event large "$columns")" '~app t totals 200 ok 1' 'the large one'
is "$(headroom --json status --month this | jq -c '.[0] | [.unique_handles, .provisional]')" '[3,1]' \
    'three handles are used, of these one is provisional'
like "$(headroom status --month this)" 'of the unique handles 1 is provisional' 'which status says to a person, too'
is "$(jq -r 'select(.did == "came" and .marker != null) | .marker' "$upstream_log" | wc -l)" 10 'each reached the vendor once'

note 'what nobody may find'
cluster_psql clients -c CHECKPOINT
PGOPTIONS='' "$pg_bin/pg_dump" -d "$(cluster_url clients)" >"$work/dump.sql" || bail_out 'no dump'
headroom report evidence --month this -o "$work/evidence" >"$work/.evidence" 2>&1
searched="${token#*-}|${named#nobody}|${bearer:21:20}|$(secret "token_secret('$token')")|$(secret "app_secret('$app')")"
searched+='|oauth_signature|oauth_nonce|Bearer [A]|group_by'
is "$(grep -acE "$searched" "$work/client.py" "$upstream_log" | grep -c ':[1-9]')" 1 'the search finds what is there'
is "$(grep -rlaE "$searched" "$work/spool" "$cluster" "$work/dump.sql" "$work/gateway.err" "$work/evidence" "$work/.evidence")" '' \
    'no token, signature or body is in the spool, the database, a dump, a log or a report'
