#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The log formats for nginx and Apache, by real ones that proxy to a stand-in for the API: who was used is in the ledger,
# the token is nowhere.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/web.sh"

ledger_new logformat || bail_out 'no ledger'
query() { cluster_psql logformat -At -c "$1"; }
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'

tail=eWudHldSbIaelX7swmsiHImEL4KinwaGloHANdrY
bearer=AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0BuSeidULvsea4JtiGRiSDSJSI
signature=tnnArxj06cWHq44gCs1OSKkjLY
key=xvz1evFS4wEEPTGEFPHBog

# ---- the stand-in answers by the argument `answer`; both servers reach it by its socket ----

api=$work/api
nginx_start "$api" <<'END' || bail_out 'no stand-in for the API'
gzip on; gzip_types application/json; gzip_min_length 1; gzip_proxied any;
server {
    listen unix:@FOLDER@/socket;
    default_type application/json;
    location /insights/engagement/ {
        if ($arg_answer = none) { return 444; }
        if ($arg_answer = plain) { return 200 '{"By":{"1":{"favorites":"8"}}}'; }
        if ($arg_answer = odd) { rewrite ^ /odd last; }
        error_page 418 = @limited;
        return 418;
    }
    location @limited {
        add_header x-per-minute-limit 100 always;
        add_header x-per-minute-remaining 99 always;
        if ($arg_answer = 400) { return 400 '{"errors":["Missing JSON"]}'; }
        if ($arg_answer = 401) { return 401 '{"errors":["Your account could not be authenticated"]}'; }
        if ($arg_answer = 429) { return 429 '{"errors":["Exceeded rate limit"]}'; }
        if ($arg_answer = 503) { return 503 '{"errors":["try again"]}'; }
        return 200 '{"By":{"1":{"favorites":"8"}},"padding":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}';
    }
    location /odd {
        add_header x-per-minute-limit 'a"b\\';
        return 200 '{}';
    }
}
server { listen 127.0.0.1:@PORT@; return 204; }
END

# ---- what is asked, and what the ledger must say ----
# Path, Authorization, then subject|via|app|endpoint|status|outcome|class|rate_limit of the event, or the reason of the
# quarantined line, or "unsent" where there must be no line.

cat >"$work/requests" <<END
/insights/engagement/totals	OAuth oauth_consumer_key="$key", oauth_nonce="a", oauth_signature="$signature%2FjLY%3D", oauth_token="6253282-$tail", oauth_version="1.0"	6253282|user|$key|totals|200||delivered|100
/insights/engagement/28hr	OAuth oauth_token="6253283-$tail",oauth_consumer_key="$key",oauth_signature="$signature"	6253283|user|$key|28hr|200||delivered|100
/insights/engagement/historical?answer=plain	oauth realm="a, oauth_token=\"1-$tail\"",oauth_version=1.0,oauth_token="6253284%2D$tail"	6253284|user||historical|200||delivered|
/insights/engagement/totals	OAuth  oauth_token=6253285-$tail , oauth_consumer_key=$key	6253285|user|$key|totals|200||delivered|100
/insights/engagement/other	OAuth x_oauth_token="7-$tail",oauth_token="6253286-$tail",oauth_consumer_key="6253286-$tail"	6253286|user|||200||delivered|100
/insights/engagement/totals?answer=400	OAuth oauth_token="6253282-$tail"	6253282|user||totals|400||attempted|100
/insights/engagement/totals?answer=401	OAuth oauth_token="6253282-$tail"	6253282|user||totals|401|auth_failed|not_attempted|100
/insights/engagement/totals?answer=429	OAuth oauth_token="6253282-$tail"	6253282|user||totals|429|rate_limited|not_attempted|100
/insights/engagement/totals?answer=503	OAuth oauth_token="6253282-$tail"	6253282|user||totals|503|server_error|attempted|100
/insights/engagement/totals?answer=none	OAuth oauth_token="6253282-$tail"	6253282|user||totals||no_answer|attempted|
//insights/engagement/totals?answer=none	OAuth oauth_token="6253287-$tail"	6253287|user||totals||no_answer|attempted|
/insights/engagement/totals?answer=odd	OAuth oauth_token="6253282-$tail"	6253282|user||totals|200||delivered|
/insights/engagement/totals	Bearer $bearer	~app|app||totals|200||delivered|100
/insights/engagement/totals	bEARER $bearer	~app|app||totals|200||delivered|100
/insights/engagement/totals	OAuth oauth_token="$tail",oauth_consumer_key="$key"	missing_user
/insights/engagement/totals	OAuth oauth_token="x6253282-$tail"	missing_user
/insights/engagement/totals	OAuth realm="oauth_token=6253282-$tail"	missing_user
/insights/engagement/totals	OAuth z="é\"\\x,oauth_token="6253282-$tail"	missing_user
/insights/engagement/totals	Basic NjI1MzI4Mi1hOmI=	missing_user
/insights/engagement/totals	none	missing_user
/insights/engagement/totals	OAuth oauth_token="9223372036854775808-$tail"	bad_user_id
/insights/engagement/totals	OAuth oauth_token="0-$tail"	bad_user_id
/insights/engagement/denied	OAuth oauth_token="6253282-$tail"	unsent
/elsewhere/totals	OAuth oauth_token="6253282-$tail"	unsent
END

ask() { # each request, of the server started last
    sed 's/[\\"]/\\&/g' "$work/requests" | awk -F '\t' -v url="$(web_url)" -v body="$work/.body" '
        NR > 1 { print "next" }
        { printf "url = \"%s%s\"\n", url, $1 }
        $2 != "none" { printf "header = \"Authorization: %s\"\n", $2 }
        { printf "data = \"{}\"\nheader = \"Connection: close\"\ncompressed\nsilent\noutput = \"%s\"\n", body }
    ' >"$work/.curl"
    curl --max-time 60 -K "$work/.curl" || note "curl ended with $?"
}

wanted() { cut -f 3 "$work/requests" | grep "$@" | sort; }

check_log() { # SERVER LOG-FILE
    local log=$2 before
    before=$(query 'SELECT coalesce(max(batch_id), 0) FROM headroom.batch')
    is "$(wc -l <"$log")" "$(wanted -cvx unsent)" "$1: one line for each request that was sent on"
    is "$(jq -c type "$log" | sort -u)" '"object"' "$1: each is valid JSON"
    exits 3 headroom ingest --source "$1" "$log"
    is "$(query "SELECT concat_ws('|', subject, CASE WHEN via_app THEN 'app' ELSE 'user' END, coalesce(app, ''), coalesce(endpoint::text, ''),
            coalesce(status::text, ''), coalesce(outcome::text, ''), class, coalesce(rate_limit::text, ''))
        FROM headroom.event WHERE source = '$1'" | sort)" "$(wanted '|')" "$1: who, what and how it went"
    is "$(query "SELECT reason FROM headroom.quarantine WHERE batch_id > $before" | sort)" "$(wanted -E '^(missing|bad)_')" \
        "$1: who is not named goes to quarantine"
    is "$(query "SELECT count(*) FROM headroom.event WHERE source = '$1' AND (occurred_at NOT BETWEEN now() - interval '5 minutes'
        AND now() OR latency_ms NOT BETWEEN 0 AND 20000 OR bytes NOT BETWEEN 1 AND 100)")" 0 "$1: times and sizes have their units"
    is "$(query "SELECT count(DISTINCT event_id) = count(*) FROM headroom.event WHERE source = '$1'")" t "$1: each has its own id"
    exits 3 headroom --json ingest --source "$1" - <"$log"
    is "$(jq -c '[.added, .read == .duplicate + .quarantined]' <<<"$out")" '[0,true]' "$1: again, and nothing is added"
}

# ---- nginx ----

web=$work/nginx
nginx_start "$web" <<END || bail_out 'nginx does not start'
include $root/scripts/nginx-headroom.conf;
upstream api { server unix:$work/nobody max_fails=0; server unix:$api/socket max_fails=0; }
server {
    listen 127.0.0.1:@PORT@;
    proxy_http_version 1.1;
    error_page 502 /sorry;
    location = /sorry { return 502 sorry; }
    access_log $web/engagement.jsonl headroom if=\$headroom_proxied;
    location = /insights/engagement/denied { return 403; }
    location = /insights/engagement/28hr { proxy_pass http://api; }
    location / { proxy_pass http://unix:$api/socket:; }
}
END
ask
check_log nginx "$web/engagement.jsonl"

# ---- Apache ----

web=$work/apache
apache_start "$web" <<END || bail_out 'Apache does not start'
$(printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' mpm_event{,} authz_core{,} env{,} headers{,} setenvif{,} \
    unique_id{,} proxy{,} proxy_http{,})
Define headroom_log $web/engagement.jsonl
<VirtualHost *:@PORT@>
    Include $root/scripts/apache-headroom.conf
    <Location "/insights/engagement/denied">
        Require all denied
    </Location>
    ErrorDocument 502 /sorry
    ProxyPass "/sorry" "!"
    ProxyPass "/" "unix:$api/socket|http://data-api.twitter.com/"
</VirtualHost>
END
ask
check_log apache "$web/engagement.jsonl"
# On a connection that is kept it says nothing to the client, who asks once more.
lines=$(wc -l <"$web/engagement.jsonl")
for answer in ok none; do printf '%s/insights/engagement/28hr?answer=%s\n' "$(web_url)" "$answer"; done |
    sed 's/.*/url = "&"/' | curl -s -o "$work/.body" -o "$work/.body" -d '{}' -K -
is "$(tail -n +$((lines + 1)) "$web/engagement.jsonl" | jq -r '[.status // "none", .outcome] | join(" ")' | uniq)" $'200 \nnone no_answer' \
    'apache: a connection that breaks is no answer'

# ---- no secret anywhere ----

cluster_psql logformat -c CHECKPOINT
for secret in "$tail" "$bearer" "$signature"; do
    is "$(grep -rlaF -- "$secret" "$work/nginx" "$work/apache" "$cluster")" '' "no log and no file of the database holds $secret"
done
