#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# explain: what became of a Tweet, and the API's oddities in words.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new explain || bail_out 'no ledger'
query() { cluster_psql explain -At -c "$1"; }
headroom contract add acme --limit 1 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" || bail_out 'no contract'
headroom contract add other --limit 5 --price 1 --currency USD --from 2026-01-01 >"$work/.add" || bail_out 'no contract'

# A Tweet made 2026-07-01T00:00:00Z, one of 2010 by its number, one that only has the same digits in it.
tweet=$(((1782864000000 - 1288834974657) << 22))
cat >"$work/log.jsonl" <<END
{"id":"a","time":"2026-10-05T08:00:00Z","contract":"acme","user_id":5,"handle":"joe","endpoint":"totals","status":200,"outcome":"partial","tweet_count":3,"failed":{"too_old":["$tweet"],"unavailable":["77","$tweet"]},"rate_limit":30,"rate_remaining":12}
{"id":"b","time":"2026-09-30T00:00:00Z","contract":"acme","handle":"Ann","status":403,"outcome":"forbidden","label":"team blue","failed":{"forbidden":["$tweet"]}}
{"id":"c","time":"2026-10-06T08:00:00Z","contract":"other","auth":"app","endpoint":"totals","failed":{"odd_cause":["77","${tweet%?}"]}}
{"id":"d","time":"2026-10-07T08:00:00Z","contract":"acme","user_id":6,"status":429,"rate_limit":30,"rate_remaining":0}
{"id":"e","time":"2026-10-07T08:00:01Z","contract":"acme","user_id":7,"rate_limit":30,"rate_remaining":1}
END
headroom ingest -q "$work/log.jsonl" >"$work/.in" 2>&1 || bail_out 'not taken in'

note 'a Tweet'
exits 0 headroom explain "$tweet"
like "$out" "^Tweet $tweet"$'\n''Made 2026-07-01T00:00:00Z, as its id tells: [0-9]+ days? ago.'$'\n''Failed in 2 requests:' \
    'its age, and how often it failed'
like "$out" '2026-10-05T08:00:00Z for user 5 \(@joe\), contract acme, totals'$'\n''  the request: Answered, but some of the Tweets failed, status 200' \
    'for whom it was asked, and what became of the request'
like "$(tr -s ' \n' ' ' <<<"$out")" 'this Tweet: Older than 90 days: /totals has no impressions and engagements of it; Deleted, protected or no longer public its age then: 96 days' \
    'each cause in words'
like "$(tr -s ' \n' ' ' <<<"$out")" '2026-09-30T00:00:00Z for @ann, contract acme, label team blue the request: The Tweet is not available with this token' \
    'the older one follows'
is "$(grep -c '^2026' <<<"$out")" 2 'a Tweet with the same digits is another'
exits 0 headroom explain "0$tweet" --contract other
like "$out" "^Tweet $tweet"$'\n''Made.*'$'\n''No request is known in which it failed. Only the ids of Tweets that failed' 'what is not kept is said'
exits 0 headroom explain 77 --contract other
like "$out" 'Its id does not tell when it was made: it was made before November 2010.'$'\n''Failed in 1 request:' \
    'a sequential id tells nothing'
like "$out" "for the app alone, contract other, totals.*this Tweet: a cause that is none of the vendor's"$'\n?$' 'nobody, and another cause'
unlike "$out" 'its age then' 'nor its age then'
exits 0 headroom explain 9223372036854775807
like "$(tr -s ' \n' ' ' <<<"$out")" 'a time that lies ahead|that lies ahead' 'an id of a time to come'
exits 0 headroom explain "$tweet" --json
is "$(jq -c '[.tweet_id, .made, .failed_requests, (.requests | map([.time, .contract, .owner, .handle, .endpoint, .status, .outcome, .causes, .age_days, .voided]))]' <<<"$out")" \
    "[\"$tweet\",\"2026-07-01T00:00:00Z\",2,[[\"2026-10-05T08:00:00Z\",\"acme\",\"5\",\"joe\",\"totals\",200,\"partial\",\"too_old, unavailable\",96,false],[\"2026-09-30T00:00:00Z\",\"acme\",\"@ann\",\"Ann\",null,403,\"forbidden\",\"forbidden\",91,false]]]" \
    'the document'
exits 0 headroom explain 5 --json
is "$(jq -c . <<<"$out")" '{"tweet_id":"5","made":null,"age_days":null,"failed_requests":0,"requests":[]}' 'of none'
batch=$(query 'SELECT max(batch_id) FROM headroom.batch')
headroom batch void "$batch" --reason test >"$work/.void" || bail_out 'not voided'
exits 0 headroom explain 77
like "$out" 'contract other, totals, in a voided batch' 'a voided batch is told'
headroom batch restore "$batch" --reason test >"$work/.void" || bail_out 'not restored'

note 'the index answers'
query "INSERT INTO headroom.event (occurred_at, contract_id, source, event_id, subject, via_app, class, batch_id, ordinal,
        position, failed)
    SELECT '2026-10-01Z'::timestamptz + n * interval '1 s', 1, 's', n::text, '5', false, 'answered', $batch, n, n,
        CASE WHEN n % 10 = 0 THEN json_build_object('forbidden', ARRAY[n::text]) END
    FROM generate_series(1, 20000) AS n; ANALYZE headroom.event" >"$work/.more"
plan=$(query "EXPLAIN $(sed -e "s/\$1/'$tweet'/g; s/\$2/NULL/g" "$root/sql/statements/explain_tweet_failures.sql")")
like "$plan" 'Bitmap Index Scan on event_2026_10_' 'no partition is read whole'
unlike "$plan" 'Seq Scan on event_2026_10' 'though there is one'
is "$(query "SELECT count(*) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
    WHERE c.relname = 'event_2026_10' AND i.indpred IS NOT NULL")" 1 'each partition has it'

note 'topics'
for topic in engagements url_clicks video_views impressions media_engagements rate-limit overage; do
    exits 0 headroom explain "$topic"
    like "$out" "^$topic"$'\n''[A-Z]' "$topic is answered"
    exits 0 headroom explain "$topic" --json
    is "$(jq -r .topic <<<"$out")" "$topic" 'as JSON'
done
is "$(query "SELECT string_agg(topic, ' ' ORDER BY place) FROM headroom.explanations()")" \
    'engagements url_clicks video_views impressions media_engagements rate-limit overage' 'these are all'
exits 0 headroom explain rate-limit --contract acme --month 2026-10
like "$out" 'contract acme, 2026-10: 0 of 30 requests were left of the fullest minute \(2026-10-07\); 1 refused with 429' \
    'the rate limit of a month'
exits 0 headroom explain rate-limit --month 2026-10 --json
is "$(jq -c .months <<<"$out")" \
    '[{"contract":"acme","month":"2026-10","allowed":30,"remaining":0,"refused":1,"nearest_day":"2026-10-07"},{"contract":"other","month":"2026-10","allowed":null,"remaining":null,"refused":0,"nearest_day":null}]' \
    'of all contracts'
exits 0 headroom explain overage --contract acme --month 2026-10
like "$out" 'contract acme, 2026-10: 2 unique handles, limit 1: headroom 0, overage 1, charge 2.50 USD' 'the overage of a month'
exits 0 headroom explain overage --contract acme --month 2026-10 --json
is "$(jq -c '.months' <<<"$out")" \
    '[{"contract":"acme","month":"2026-10","unique_handles":2,"limit":1,"headroom":0,"overage":1,"charge":"2.50","currency":"USD"}]' \
    'as JSON'
exits 0 headroom explain engagements --json
is "$(jq -c .months <<<"$out")" null 'a metric has no month'

note 'the workbook says the same'
exits 0 headroom report overage --contract acme --month 2026-10 --format json -o "$work/book.json"
is "$(jq -c '[.. | objects | select(.metric? and .explanation?) | .explanation]' "$work/book.json")" \
    "$(query "SELECT json_agg(explanation ORDER BY place) FROM headroom.explanations() WHERE is_metric" | jq -c .)" \
    'of each metric'

note 'what is neither'
exits 2 headroom explain url_click
like "$err" "'url_click' is neither a Tweet's id \(digits\) nor a topic; did you mean 'url_clicks'\?; topics: engagements, " 'the nearest'
exits 2 headroom explain xyzzy
like "$err" "nor a topic; topics: engagements, url_clicks, video_views, impressions, media_engagements, rate-limit, overage" 'what there is'
exits 2 headroom explain 0
like "$err" "'0' is no Tweet's id: these are 1 to 9223372036854775807" 'an id out of range'
exits 2 headroom explain 9223372036854775808
exits 2 headroom explain ''
exits 2 headroom explain
exits 2 headroom explain engagements --month 2026-10
like "$err" '--month is for rate-limit and overage' 'a month of no use'
exits 2 headroom explain engagements --contract acme
exits 2 headroom explain 5 --month 2026-10
exits 2 headroom explain 5 --contract nobody
like "$err" 'nobody' 'an unknown contract'
