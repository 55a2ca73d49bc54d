#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# HAR as browsers and proxies save it: requests to the Engagement API become events, the rest is skipped and said.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new har || bail_out 'no ledger'
headroom contract add acme --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
cp "$root"/tests/data/har/*.har "$work" || bail_out 'no HAR'
cd "$work" || exit 1
query() { cluster_psql har -At -c "$1"; }
totals() { jq -c '[.read, .added, .duplicate, .quarantined]' <<<"$out"; }
# Position, time, subject, auth, class and all that the request and its answer say.
events() {
    query "SELECT position, to_char(occurred_at AT TIME ZONE 'UTC', 'HH24:MI:SS.US'), subject, via_app, class, endpoint,
               tweet_count, status, outcome, rate_limit, rate_remaining, latency_ms, bytes, app, failed, metrics
           FROM headroom.event AS e JOIN headroom.batch AS b USING (batch_id)
           WHERE b.file = '$1'
           ORDER BY position"
}

note 'Chrome'
exits 3 headroom --json ingest chrome.har
is "$(totals)" '[3,2,0,1]' 'two events, and one that does not say who was used'
like "$err" 'chrome.har: 2 entries are no requests to the Engagement API and were skipped' 'others are skipped, and said'
like "$err" 'chrome.har:5: quarantined \(missing_user\).*sensitive data' 'an export without headers is explained'
is "$(events chrome.har)" '3|10:00:00.123000|7505382|f|delivered|totals|2|200|ok|900|899|123|149|xvz1evFS4wEEPTGEFPHBog||["impressions","engagements"]
4|10:00:01.500000|6253282|f|attempted|totals|3||no_answer|||30013||xvz1evFS4wEEPTGEFPHBog||["impressions","engagements"]' \
    'as they were asked and answered'

note 'Firefox'
exits 0 headroom --json ingest firefox.har
is "$(totals)" '[2,2,0,0]' 'both events'
is "$(events firefox.har)" '1|10:00:03.250000|7505382|f|delivered|28hr|2|200|partial|900|896|204|367|xvz1evFS4wEEPTGEFPHBog|{"unavailable":["1800000000000000001"]}|["impressions","engagements"]
3|10:00:05.000000|~app|t|not_attempted|historical|1|401|auth_failed|||31|284|||["favorites"]' \
    'a local time, a partial answer, a bearer, an answer in base64'

note 'mitmproxy'
exits 0 headroom --json ingest - <mitmproxy.har
is "$(totals)" '[2,2,0,0]' 'both events, from a pipe'
is "$(events -)" '1|10:00:06.123456|2244994945|f|delivered|totals|250|200|ok|900|895|334|149|xvz1evFS4wEEPTGEFPHBog||["impressions","engagements"]
2|10:00:07.000001|2244994945|f|not_attempted|totals|2|429|rate_limited|900|0|40|33|xvz1evFS4wEEPTGEFPHBog||["impressions","engagements"]' \
    'all of 250 Tweets, and a rate limit'

note 'Charles'
gzip -k charles.har
exits 3 headroom --json ingest charles.har.gz
is "$(totals)" '[2,1,0,1]' 'a token that names nobody waits in quarantine'
is "$(events charles.har.gz)" '1|10:00:09.500000|783214|f|delivered|historical|25|200|ok|900|894|410|1700|xvz1evFS4wEEPTGEFPHBog||["impressions"]' \
    'one line, compressed'

note 'the same again, and what is broken'
exits 0 headroom --json ingest --again firefox.har
is "$(totals)" '[2,0,2,0]' 'an entry that is taken in again is a duplicate'
{ head -c -10 firefox.har; } >cut.har
exits 1 headroom --json ingest cut.har
is "$(totals)" '[2,0,2,0]' 'what comes before a break stands'
like "$err" 'cut.har: breaks off at byte [0-9]+, behind element 3: it is cut off or still being written' 'the break is told'
printf '{"log":{"version":"1.2","creator":{}}}' >none.har
exits 1 headroom ingest none.har
like "$err" 'none.har: is not a HAR: it has no array of elements' 'a HAR without entries is none'
printf '{"log":{"version":"1.2","entries":[{"request":{"method":"POST","url":"https://data-api.twitter.com/insights/engagement/totals?oauth_token=7-Zr4bXw9KpQ2mLs8VtYc6NdHfGjUe3A1oRi5T","headers":[{"name":"Cookie","value":"Zr4bXw9K"}]},"response":{"content":{"text":"Zr4bXw9K"}},"startedDateTime":"2026-10-05"}, {"request":{"Zr4bXw9K":Zr4bXw9K}}, {"request":{"method":"POST","url":"https://data-api.twitter.com/insights/engagement/totals","headers":[{"name":"Authorization","value":"Basic Zr4bXw9K"}]}},{"request":{"method":"POST","url":"https://data-api.twitter.com/insights/engagement/totals","headers":[{"name":"Authorization","value":"Bearer Zr4bXw9K"},{"name":"authorization","value":"Bearer Zr4bXw9K"}]}},{"Zr4bXw9K":1}]}}' >secret.har
exits 3 headroom --json -v ingest secret.har
is "$(totals)" '[5,0,0,5]' 'entries that cannot be read are quarantined'
like "$out$err" 'bad_authorization' 'with their reasons'
is "$(query "SELECT line, reason, convert_from(raw, 'UTF8') FROM headroom.quarantine WHERE file = 'secret.har' ORDER BY line")" \
    '1|missing_user|{"startedDateTime":"2026-10-05","method":"POST","url":"https://data-api.twitter.com/insights/engagement/totals"}
2|bad_json|(an entry that can'"'"'t be read is not shown: its headers and bodies may hold secrets)
3|bad_authorization|{"method":"POST","url":"https://data-api.twitter.com/insights/engagement/totals"}
4|bad_authorization|{"method":"POST","url":"https://data-api.twitter.com/insights/engagement/totals"}
5|missing_url|{}' 'and a summary without headers and bodies'
exits 3 headroom ingest --dry-run secret.har chrome.har charles.har
dry=$out$err

note 'an entry of any size'
long_har() { # SIZE URL
    printf '{"log":{"version":"1.2","entries":[{"request":{"method":"POST","url":"%s"},"response":{"content":{"text":"' "$2"
    head -c "$1" /dev/zero | tr '\0' 'Z'
    printf '"}}},'
    jq -c '.log.entries[0]' mitmproxy.har
    printf ']}}'
}
bounded() { (if (ulimit -v 1000000 && headroom --version) >"$work/.bound" 2>&1; then ulimit -v 1000000; fi && headroom "$@"); }
exits 0 bounded --json ingest - < <(long_har 536870912 https://video.example/)
is "$(totals)" '[1,0,1,0]' 'a download of 512 MiB is skipped, in bounded memory'
exits 3 bounded --json ingest - < <(long_har 20000000 https://data-api.twitter.com/insights/engagement/totals)
is "$(totals)" '[2,0,1,1]' 'a request to the API with 20 MB is quarantined'
like "$err" 'line_too_long.*at most 16777216' 'as too long'

note 'no secret is kept'
unlike "$dry" 'Zr4bXw9K|AAAAMLhe|c2VjcmV0|0123456789abcdef0123' 'no output holds a secret'
cluster_psql har -c CHECKPOINT
is "$(grep -rlaE 'Zr4bXw9K|AAAAMLhe|c2VjcmV0|0123456789abcdef0123' "$cluster/data" | head -n 3)" '' \
    "nor does any of the database's files"
