#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Which endpoints were used and why Tweets failed, as it is kept: by hand, and as a ledger of before gets it.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new kept || bail_out 'no ledger'
headroom contract add c --limit 10 --price 1 --currency USD --from 2026-02-01 --time-zone Europe/Vienna >"$work/.add" ||
    bail_out 'no contract'
query() { cluster_psql kept -At -F ' ' -c "$1"; }
figures() {
    query 'SELECT month, subject, via_app, endpoints FROM headroom.usage ORDER BY 1, 2, 3'
    query 'SELECT batch_id, month, day, cause, requests, tweets FROM headroom.daily_failure ORDER BY 1, 2, 3, 4'
    query "SELECT batch_id, minute AT TIME ZONE 'UTC', app, requests, rate_limited, rate_remaining_min, rate_limit_max
        FROM headroom.rate_minute ORDER BY 2, 1, 3"
}

# A Tweet that one cause lists twice failed once by it; one that two causes list failed by each. 31 January is before the
# contract's start.
cat >"$work/first.jsonl" <<'END'
{"id":"1","time":"2026-02-01T10:00:00Z","user_id":1,"endpoint":"totals","tweet_count":5,"failed":{"unavailable":["11","11","12"],"too_old":[12]}}
{"id":"2","time":"2026-02-01T11:00:00Z","user_id":1,"endpoint":"historical","tweet_count":5,"failed":{"unavailable":["11"],"too_old":[]}}
{"id":"3","time":"2026-02-02T23:30:00Z","user_id":1,"endpoint":"totals","tweet_count":5,"failed":{"forbidden":["13"]}}
{"id":"4","time":"2026-02-03T10:00:00Z","user_id":2,"tweet_count":5,"failed":{"odd":["1","2"],"strange":["2"],"ok":["3"]}}
{"id":"5","time":"2026-02-03T10:00:00Z","user_id":3,"endpoint":"28hr","status":429}
{"id":"6","time":"2026-02-03T11:00:00Z","auth":"app","endpoint":"totals"}
{"id":"7","time":"2026-01-31T10:00:00Z","user_id":4,"endpoint":"28hr","tweet_count":5,"failed":{"forbidden":["13"]}}
END
cat >"$work/second.jsonl" <<'END'
{"id":"8","time":"2026-02-01T12:00:00Z","user_id":1,"endpoint":"28hr","tweet_count":5,"failed":{"unavailable":["11"]}}
{"id":"9","time":"2026-02-01T13:00:00Z","user_id":2,"endpoint":"28hr"}
{"id":"10","time":"2026-02-04T13:00:59.999999Z","user_id":2,"endpoint":"28hr","app":"k1","rate_limit":900,"rate_remaining":10}
{"id":"11","time":"2026-02-04T13:00:00Z","user_id":2,"endpoint":"28hr","app":"k1","rate_limit":1000,"rate_remaining":12}
{"id":"12","time":"2026-02-04T13:00:30Z","user_id":2,"endpoint":"28hr","app":"k2","rate_limit":900,"rate_remaining":899}
{"id":"13","time":"2026-02-04T13:00:31Z","user_id":2,"endpoint":"28hr","app":"k1"}
{"id":"13","time":"2026-02-04T13:00:31Z","user_id":2,"endpoint":"28hr","app":"k1"}
{"id":"11","time":"2026-02-04T13:00:00Z","user_id":2,"endpoint":"28hr","app":"k1","rate_limit":1000,"rate_remaining":12}
END
exits 0 headroom -q ingest "$work/first.jsonl"
exits 0 headroom -q ingest "$work/second.jsonl"
is "$(figures)" '2026-02-01 1 f 7
2026-02-01 2 f 2
2026-02-01 3 f 2
2026-02-01 ~app t 1
1 2026-02-01 0 unavailable 2 3
1 2026-02-01 0 too_old 1 1
1 2026-02-01 2 ok 1 1
1 2026-02-01 2 forbidden 1 1
1 2026-02-01 2  1 3
1   forbidden 1 1
2 2026-02-01 0 unavailable 1 1
1 2026-02-03 10:00:00  1 1  
2 2026-02-04 13:00:00 k1 2 0 10 1000
2 2026-02-04 13:00:00 k2 1 0 899 900' \
    'endpoints merge, failures add up by batch, day and cause, the rate limit by batch, minute and app'
exits 0 headroom reconcile --month 2026-02 --recount

note 'voided, and back'
exits 0 headroom -q batch void 2 --reason 'not ours'
is "$(figures | sed -n '1,2p;$p')" $'2026-02-01 1 f 5\n2026-02-01 2 f 0\n2 2026-02-04 13:00:00 k2 1 0 899 900' \
    'a voided batch leaves the usage, and what is kept by batch stays beside it'
is "$(query "SELECT used, rate_limited FROM headroom.month_rate(1, '2026-02-01')")" '1 1' \
    'but counts no longer: what is left is an answer 429'
exits 0 headroom reconcile --month 2026-02 --recount
exits 0 headroom -q batch restore 2 --reason 'ours'
figures >"$work/before"

note 'changed behind the back'
query "UPDATE headroom.usage SET endpoints = 3 WHERE subject = '1'"
exits 4 headroom --json reconcile --month 2026-02 --recount
is "$(jq -c '.[0].checks[] | select(.state == "fail") | [.name, .expected, .found]' <<<"$out")" \
    '["subjects with other endpoints",0,1]' 'another endpoint is found'
query "UPDATE headroom.usage SET endpoints = 7 WHERE subject = '1'; UPDATE headroom.daily_failure SET tweets = 2 WHERE cause = 'too_old'"
exits 4 headroom --json reconcile --month 2026-02 --recount
is "$(jq -c '.[0].checks[] | select(.state == "fail") | .name' <<<"$out")" '"days and causes with other failed Tweets"' \
    'another number of failed Tweets too'
query "UPDATE headroom.daily_failure SET tweets = 1 WHERE cause = 'too_old'"

query "UPDATE headroom.rate_minute SET rate_remaining_min = 9 WHERE app = 'k1'"
exits 4 headroom --json reconcile --month 2026-02 --recount
is "$(jq -c '.[0].checks[] | select(.state == "fail") | [.name, .found]' <<<"$out")" \
    '["minutes with another use of the rate limit",2]' 'another use of the rate limit too'
query "UPDATE headroom.rate_minute SET rate_remaining_min = 10 WHERE app = 'k1'"

note 'a ledger of before'
{
    echo 'SET ROLE headroom_owner; ALTER TABLE headroom.usage DROP endpoints; ALTER TABLE headroom.seal_owner DROP endpoints;'
    echo 'DROP TABLE headroom.daily_failure; DROP TABLE headroom.rate_minute;'
    cat "$root/sql/schema/0019_endpoints_failures.sql" "$root"/sql/schema/0*_rate_minutes.sql
} >"$work/again.sql"
ok 'gets them from its events' cluster_psql kept -1 -f "$work/again.sql"
is "$(figures | diff "$work/before" -)" '' 'as they would have been kept'
exits 0 headroom reconcile --month 2026-02 --recount

note 'totals of a ledger of before'
printf '{"id":"%s","time":"2026-02-0%sT1%s:00:00Z","source":"%s","user_id":%s}\n' 20 5 1 b 9 21 6 2 b 9 >"$work/third.jsonl"
printf '{"id":"%s","time":"2026-02-0%sT1%s:00:00Z","source":"%s","handle":"amy"}\n' 22 7 3 b 23 6 4 b >"$work/fourth.jsonl"
for file in third fourth; do exits 0 headroom -q ingest "$work/$file.jsonl"; done
exits 0 headroom -q batch void 1 4 --reason 'not ours'
totals() {
    query 'SELECT * FROM headroom.usage_total ORDER BY contract_id, month, subject_kind, via_app'
    query "SELECT source, events, first_event AT TIME ZONE 'UTC', last_event AT TIME ZONE 'UTC' FROM headroom.source_total ORDER BY 1"
    query 'SELECT source, day, hours FROM headroom.source_day ORDER BY 1, 2'
}
totals >"$work/before"
is "$(tail -n +2 "$work/before")" 'b 2 2026-02-05 11:00:00 2026-02-06 12:00:00
c 6 2026-02-01 12:00:00 2026-02-04 13:00:59.999999
b 2026-02-05 2048
b 2026-02-06 4096
c 2026-02-01 12288
c 2026-02-04 8192' 'what is left of two sources of which a batch each is voided'
{
    echo 'SET ROLE headroom_owner; DROP TABLE headroom.source_total, headroom.source_day; DROP INDEX headroom.source_hours_day;'
    echo 'ALTER TABLE headroom.source_hours DROP CONSTRAINT source_hours_pkey, ADD PRIMARY KEY (contract_id, source, day, batch_id);'
    echo 'CREATE TABLE headroom.kept AS TABLE headroom.usage_total; DROP TABLE headroom.usage_total;'
    sed -n '/^CREATE TABLE/,/^);/p' "$root/sql/schema/0015_usage_totals.sql"
    # Two batches that made the totals, the second with nothing but requests.
    echo 'INSERT INTO headroom.usage_total SELECT contract_id, month, NULL, subject_kind, via_app, requests - 1, attempted_requests,
        answered_requests, delivered_requests, attempted_subjects, answered_subjects, delivered_subjects FROM headroom.kept;
        INSERT INTO headroom.usage_total SELECT contract_id, month, 3, subject_kind, via_app, 1, 0, 0, 0, 0, 0, 0 FROM headroom.kept;
        DROP TABLE headroom.kept;'
    cat "$root"/sql/schema/0*_source_totals.sql
} >"$work/again.sql"
ok 'gets them from its batches' cluster_psql kept -v ON_ERROR_STOP=1 -1 -f "$work/again.sql"
is "$(totals | diff "$work/before" -)" '' 'as they were kept'
exits 0 headroom reconcile --month 2026-02 --recount
exits 0 headroom -q batch restore 1 4 --reason 'ours'
exits 0 headroom reconcile --month 2026-02 --recount
query "UPDATE headroom.source_total SET events = events + 1 WHERE source = 'b'"
exits 4 headroom --json reconcile --month 2026-02 --recount
is "$(jq -c '.[0].checks[] | select(.state == "fail") | [.name, .found]' <<<"$out")" \
    '["sources with another number or span of events",2]' 'another number of events of a source is found'
