#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# identities resolve: who is known by half is looked up at a server on this machine, in batches, and nothing goes elsewhere.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/web.sh"

ledger_new resolve || bail_out 'no ledger'
query() { cluster_psql resolve -At -c "$1"; }
token=AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI%3D
(umask 077 && printf '%s\n' "$token" >"$work/token")
unset HEADROOM_BEARER_TOKEN http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

# ---- the ledger: 130 user ids, 50 handles of the same people, 3 that nobody has, one person known in full ----

for name in acme beta; do
    headroom contract add "$name" --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
done
{
    seq 1001 1130 | jq -c '{id: "i\(.)", time: "2026-03-02T08:00:00Z", user_id: ., contract: "acme"}'
    seq 1001 1050 | jq -c '{id: "h\(.)", time: "2026-03-03T08:00:00Z", handle: "H\(.)", contract: "acme"}'
    seq 2001 2003 | jq -c '{id: "h\(.)", time: "2026-04-03T08:00:00Z", handle: "h\(.)", contract: "acme"}'
    jq -nc '{id: "k", time: "2026-03-03T08:00:00Z", user_id: 5000, handle: "known", contract: "acme"},
        {id: "l", time: "2026-03-03T08:00:00Z", handle: "Known", contract: "acme"},
        {id: "a", time: "2026-03-03T08:00:00Z", auth: "app", contract: "acme"},
        {id: "b", time: "2026-03-03T08:00:00Z", handle: "Beta_1", contract: "beta"}'
} >"$work/log.jsonl"
exits 0 headroom ingest -q "$work/log.jsonl"
unique() { headroom --json status --contract acme --month 2026-03 | jq '.[0].unique_handles'; }
facts() { query 'SELECT count(*) FROM headroom.identity_fact'; }
is "$(unique)" 181 'before, each handle counts by itself'

# ---- the API: it knows all but 1126 to 1130, and says why of most of them; it tells whoever asks more than it was asked ----

api=$work/api
mkdir "$api"
jq -nc '{data: [range(1001; 1126) | {id: "\(.)", name: "N \(.)", username: "h\(.)"}],
    errors: [range(1126; 1129) | {value: "\(.)", resource_id: "\(.)", title: "Forbidden",
        detail: "User has been suspended: [\(.)]."}]}' >"$api/users.json"
nginx_start "$api" <<'END' || bail_out 'no stand-in for the API'
log_format asked '$request_method $request_uri $http_authorization $connection $status';
limit_req_zone $server_port zone=second:32k rate=1r/s;
limit_req_zone $server_port zone=window:32k rate=1r/m;
limit_req_status 429;
server {
    listen 127.0.0.1:@PORT@;
    root @FOLDER@;
    default_type application/json;
    access_log @FOLDER@/asked.log asked;
    location ~ ^/2/users(/by)?$ { rewrite ^ /users.json last; }
    location ~ ^/limited/2/users { limit_req zone=second; add_header Retry-After 1 always; rewrite ^ /users.json break; }
    location ~ ^/closed/2/users { limit_req zone=window; add_header Retry-After 600 always; rewrite ^ /users.json break; }
    location /wrong/ { return 401 '{"title":"Unauthorized","detail":"Unauthorized"}'; }
    location /broken/ { return 503 'try later'; }
    location /moved/ { return 302 /2/users; }
    location /echo/ { return 403 '{"detail":"no access with $http_authorization"}'; }
}
END
asked() { cat "$api/asked.log" 2>/dev/null; }
forget() { : >"$api/asked.log"; }
resolve() { # everything that it says is kept, to be searched
    headroom identities resolve --base-url "$(web_url)" --token-file "$work/token" "$@" 2>&1 >"$work/.said" | tee -a "$work/said" >&2
    local code=${PIPESTATUS[0]}
    tee -a "$work/said" <"$work/.said"
    return "$code"
}

note 'nothing is sent unasked'
exits 0 resolve --dry-run --contract acme
like "$out" 'handles without a user +53.*user ids without a handle +130.*It would take 3 requests. Nothing was sent' 'a dry run'
exits 0 headroom --json identities resolve --dry-run
is "$(jq -c '[.handles, .user_ids, .requests, .asked, .batches, .chain_head]' <<<"$out")" '[54,130,3,0,0,null]' \
    'a dry run wants no token'
exits 0 headroom --json identities resolve --dry-run --contract acme --month 2026-04 --limit 2
is "$(jq -c '[.handles, .user_ids, .requests]' <<<"$out")" '[3,0,1]' 'of one month'
exits 2 headroom identities resolve
like "$err" 'no bearer token.*--token-file.*HEADROOM_BEARER_TOKEN' 'no token'
exits 2 headroom identities resolve --token-file "$work/token" --base-url http://api.twitter.com
like "$err" 'unencrypted' 'no token goes in clear'
exits 2 resolve --max-wait 901
exits 2 resolve --contract acne
exits 1 headroom identities resolve --token-file "$work/none"
printf '\n' >"$work/empty"
exits 1 headroom identities resolve --token-file "$work/empty"
like "$err" 'no token in it' 'an empty file is no token'
is "$(asked)" '' 'and so far the API was not asked'
is "$(facts)" 1 'and nothing was written'

note 'what does not work writes nothing'
exits 1 resolve --base-url "$(web_url)/wrong"
like "$err" 'answered 401: the bearer token was refused.*Unauthorized' 'a wrong token'
exits 1 resolve --base-url "$(web_url)/moved"
like "$err" 'redirection, which is not followed' 'a redirection'
exits 1 resolve --base-url "$(web_url)/echo"
like "$err" 'answered 403.*masked' 'words with the token in them are not shown'
is "$(asked | wc -l)" 3 'each was asked once, and no other place'
forget
exits 1 resolve --base-url "$(web_url)/broken" --max-wait 0
like "$err" 'answered 503: the service has a fault.*as often as allowed' 'a service with a fault'
is "$(asked | wc -l)" 5 'was tried five times'
exits 1 headroom identities resolve --token-file "$work/token" --max-wait 0 --base-url http://127.0.0.1:1
like "$err" "can't be asked" 'nobody there'
is "$(facts)" 1 'nothing was written'

note 'a certificate that nobody vouches for'
tls=$work/tls
mkdir "$tls"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$tls/key" -out "$tls/certificate" 2>"$work/.openssl"
chmod 644 "$tls/key"
plain=$web_port
nginx_start "$tls" <<'END' || bail_out 'no server with TLS'
log_format asked '$request $http_authorization';
server {
    listen 127.0.0.1:@PORT@ ssl;
    ssl_certificate @FOLDER@/certificate;
    ssl_certificate_key @FOLDER@/key;
    access_log @FOLDER@/asked.log asked;
    return 200 '{"data":[]}';
}
END
exits 1 headroom identities resolve --token-file "$work/token" --base-url "https://127.0.0.1:$web_port"
like "$err" 'certificate' 'is refused'
is "$(cat "$tls/asked.log")" '' 'before the token is sent'
web_port=$plain

note 'what is found'
forget
head=$(query "SELECT encode(digest, 'hex') FROM headroom.chain_head")
exits 0 resolve --json --contract acme --by ann
is "$(jq -c '[.handles, .user_ids, .requests, .asked, .found, .batches, (.not_found | length)]' <<<"$out")" \
    '[53,130,3,183,175,3,8]' 'how many were asked and found'
is "$(jq -c '[.not_found[0, 4, 7]]' <<<"$out")" "$(
    jq -nc '[{subject: "1126", reason: "User has been suspended: [1126]."},
        {subject: "1130", reason: "the answer does not mention it"}, {subject: "@h2003", reason: "the answer does not mention it"}]'
)" 'why not, of each'
is "$(jq -r .chain_head <<<"$out")" "$(query "SELECT encode(digest, 'hex') FROM headroom.chain_head")" 'the head of the chain'
isnt "$(jq -r .chain_head <<<"$out")" "$head" 'which has moved'
is "$(asked | awk '{ n = split($2, part, ","); print $1, substr(part[1], 1, 25), n, $3, $4, $6 }')" "GET /2/users?ids=1001 100 Bearer $token 200
GET /2/users?ids=1101 30 Bearer $token 200
GET /2/users/by?usernames=h10 53 Bearer $token 200" 'at most 100 in a request, with the token'
is "$(asked | cut -d ' ' -f 5 | sort -u | wc -l)" 1 'by one connection'
is "$(query "SELECT string_agg(concat_ws(' ', kind, file, format, read, added, duplicate, loaded_by), E'\n' ORDER BY batch_id)
    FROM headroom.batch WHERE kind = 'identities'")" "identities $(web_url)/2/users api 100 100 0 ann
identities $(web_url)/2/users api 25 25 0 ann
identities $(web_url)/2/users/by api 50 50 0 ann" 'a batch for each request'
is "$(unique)" 131 'handles are counted by their users now'
is "$(headroom --json handles --contract acme --month 2026-03 | jq -c '[.[] | select(.user_id == "1125") | .handle]')" '["h1125"]' \
    'and user ids are shown with their handles'
exits 0 headroom reconcile --contract acme --month 2026-03 --recount
forget
exits 0 resolve --contract acme
like "$out" 'asked for +8.*found +0.*not found +8.*1126 +User has been suspended: \[1126\]' 'again: only the rest is asked for'
is "$(query "SELECT count(*) FROM headroom.batch WHERE kind = 'identities'")" 3 'and where nobody was found, nothing is written'
exits 0 headroom identities withdraw "$(query "SELECT max(batch_id) FROM headroom.batch")" --reason test
is "$(unique)" 131 'the users were found by their ids as well'
exits 0 headroom identities withdraw "$(query "SELECT min(batch_id) FROM headroom.batch WHERE kind = 'identities'")" --reason test
is "$(unique)" 181 'what a look-up taught can be withdrawn'

note 'the rate limit'
HEADROOM_BEARER_TOKEN=$token exits 0 headroom identities resolve --base-url "$(web_url)/limited" --contract acme --limit 101
like "$err" 'the rate limit is used up; waiting 1 s' 'it waits as long as it is told to'
like "$out" 'asked for +101.*found +100' 'and goes on'
forget
seen=$(query "SELECT max(batch_id) FROM headroom.batch")
exits 0 headroom identities withdraw "$seen" --reason 'find them anew'
"$program" identities resolve --base-url "$(web_url)/closed" --token-file "$work/token" >"$work/long.out" 2>"$work/long.err" &
pid=$!
within 60 says "$work/long.err" waiting
kill -INT "$pid"
code=0
wait "$pid" || code=$?
is "$code" 1 'an interrupted wait ends at once'
like "$(cat "$work/long.err")" 'waiting 600 s.*interrupted: what was found stays' 'and says so'
is "$(query "SELECT sum(added) FROM headroom.batch WHERE batch_id > $seen")" 100 'what the first request found stays'
is "$(asked | awk '{ print $NF }')" $'200\n429' 'after two requests'
chmod 644 "$work/token"
exits 0 resolve --contract beta
like "$err" 'others may read the token.*chmod 600' 'a token that others can read is a warning'

note 'the token is nowhere'
cluster_psql resolve -c CHECKPOINT
cat "$work/long.out" "$work/long.err" >>"$work/said"
is "$(grep -rlaF -e "${token%%\%*}" "$work/said" "$cluster")" '' 'not in what was said, not in a file of the database'
