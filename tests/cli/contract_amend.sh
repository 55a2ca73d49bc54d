#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Changing a contract: from which month, what that does to the counts, what closed months refuse.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new amend || bail_out 'no ledger'
query() { cluster_psql amend -At -c "$1"; }
cd "$work" || exit 1
used() { headroom --json status --contract acme --month "$1" | jq -r '.[] | "\(.unique_handles) \(.limit) \(.charge) \(.requests)"'; }
terms() { headroom contract export acme | jq -c ".[0].terms[] | [.from, $1]" | tr '\n' ' '; }

headroom contract add acme --limit 2 --price 2.50 --currency USD --from 2026-01-01 >.add || bail_out 'no contract'
for ((month = 1; month <= 6; month++)); do
    for ((i = 1; i <= month; i++)); do
        printf '{"id":"%d-%d","time":"2026-%02d-%02dT23:30:00Z","user_id":%d,"status":%d}\n' $month $i $month $((i * 4)) $i \
            $((i == 6 ? 404 : 200))
    done
done >log.jsonl
printf '{"id":"late","time":"2026-06-30T23:30:00Z","handle":"zoe","status":429,"failed":{"a":["1","2"],"b":["2"]},"tweet_count":2}\n' >>log.jsonl
exits 0 headroom ingest log.jsonl

note 'wrong usage'
wrong() { # WORDS OPTION…
    local words=$1
    shift
    exits 2 headroom contract amend acme "$@"
    like "$err" "$words" "$words"
    is "$out" '' 'and nothing on standard output'
}
wrong '--reason is missing' --from 2026-04 --limit 3
wrong 'nothing is said to change;' --reason x
wrong 'nothing is said to change from that month' --from 2026-04 --reason x
wrong '--from is missing.*--limit' --limit 3 --reason x
wrong 'give one of them' --from 2026-04 --price 1 --pricing '{}' --reason x
wrong '--pricing is no JSON' --from 2026-04 --pricing '{' --reason x
wrong '--pricing: no-such.json cannot be opened: No such file' --from 2026-04 --pricing @no-such.json --reason x
wrong '/terms/1/pricing/model: .*missing' --from 2026-04 --pricing '{}' --reason x
wrong '/terms/1/minimum: .* 3 decimals; USD has at most 2' --from 2026-04 --minimum 1.005 --reason x
wrong '/terms/1/cap: 1 is below the minimum 2' --from 2026-04 --minimum 2 --cap 1 --reason x
wrong '/terms/1/currency: .ZZZ. is no currency' --from 2026-04 --currency ZZZ --reason x
wrong '/terms/1/time_zone: unknown time zone' --from 2026-04 --time-zone Mars --reason x
wrong '/terms/1/counting: .*did you mean answered' --from 2026-04 --counting answred --reason x
wrong 'no whole number' --from 2026-04 --limit many --reason x
wrong '1 to 31' --from 2026-04 --billing-day 32 --reason x
wrong 'NAME=KEY' --app web --reason x
wrong 'no such app' --remove-app web --reason x
exits 1 headroom contract amend acme --from 2025-04 --limit 3 --reason x
is "$(query 'SELECT count(*) FROM headroom.contract_version')" 1 'nothing was changed'

note 'a limit and a price'
exits 0 headroom contract amend acme --from 2026-04 --limit 3 --price 1 --reason 'more' --dry-run
like "$out" '2026-04 +2 → 3 +4 +5.00 USD → 1.00 USD.*2026-05 +2 → 3 +5 +7.50 USD → 2.00 USD.*2026-06 .*nothing was changed' \
    'a dry run shows the months from then on'
unlike "$out" '2026-03' 'and no other'
is "$(used 2026-04)" '4 2 5.00 4' 'and changes nothing'
exits 0 headroom contract amend acme --from 2026-04 --limit 3 --price 1 --reason 'more' --by ann
is "$(used 2026-03) / $(used 2026-04)" '3 2 2.50 3 / 4 3 1.00 4' 'the months before stay'
is "$(terms '.limit')" '["2026-01-01",2] ["2026-04-01",3] ' 'other terms from that month on'
exits 0 headroom contract amend acme --from 2026-04 --limit 4 --reason 'again'
is "$(terms '.limit')" '["2026-01-01",2] ["2026-04-01",4] ' 'terms that begin with the month are replaced'
exits 0 headroom contract amend acme --from 2026-02 --limit none --reason 'for two months'
like "$err" 'terms from 2026-04-01 on stay' 'it is said where the next ones begin'
is "$(used 2026-02) / $(used 2026-03) / $(used 2026-04)" '2 null 0.00 2 / 3 null 0.00 3 / 4 4 0.00 4' 'between two terms'
exits 0 headroom contract amend acme --from 2026-05 --counting attempted --tolerance 1 --cliff --fee 100 --proration daily \
    --pricing '{"model":"package","size":25,"price":"40"}' --minimum 5 --cap 50 --reason 'all of it'
is "$(headroom contract export acme | jq -c '.[0].terms[3] | [.counting, .tolerance, .fee, .proration, .pricing.size, .minimum, .cap, .limit]')" \
    '["attempted",{"units":1,"cliff":true},"100","daily",25,"5","50",4]' 'every option arrives, the rest is as before'
is "$(used 2026-06)" '6 4 40.00 7' 'another rule counts at once'
exits 0 headroom contract amend acme --from 2026-05 --counting attempted --reason 'nothing'
like "$out" 'unchanged' 'what is like that already is no change'

note 'another day and zone: counted again'
exits 0 headroom contract amend acme --from 2026-03 --time-zone Asia/Tokyo --billing-day 9 --reason 'moved'
is "$(terms '.billing_day')" '["2026-01-01",1] ["2026-02-01",1] ["2026-03-09",9] ["2026-04-01",1] ["2026-05-01",1] ' 'terms from the new day on'
is "$(used 2026-02) / $(used 2026-03)" '2 null 0.00 3 / 2 null 0.00 2' 'the month before is longer, the month itself short'
for month in 2026-02 2026-03 2026-04; do exits 0 headroom reconcile --contract acme --month $month --recount; done
exits 0 headroom verify
state() {
    query "SELECT u.* FROM headroom.usage AS u JOIN headroom.contract USING (contract_id) WHERE name = '$1' ORDER BY month, subject, via_app" |
        sed 's/^[0-9]*|//'
    query "SELECT month, day, source = '$1', via_app, ownerless, class, endpoint, outcome, sum(requests), sum(failed_tweets),
        sum(rate_limited), min(rate_remaining_min), max(rate_limit_max) FROM headroom.daily JOIN headroom.contract USING (contract_id)
        WHERE name = '$1' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 4, 5, 6, 7, 8"
}
exits 0 headroom contract end acme --on 2026-06-10 --reason 'over'
like "$out" 'acme: changed, version 7.*2026-06' 'an end'
is "$(used 2026-06 | cut -d ' ' -f 4)" 2 'nothing after it is counted'
headroom contract export acme | jq '.[0].name = "fresh"' >fresh.json
exits 0 headroom contract import fresh.json
exits 0 headroom ingest log.jsonl --contract fresh --source acme
changed=$(state acme | sed 's/,[0-9]*,,)/,B,,)/g')
loaded=$(state fresh | sed 's/,[0-9]*,,)/,B,,)/g; s/|f|f|/|t|f|/')
like "$changed" '\|t\|f\|f\|' 'there are rows to compare'
is "$(sed 's/|t|f|f|/|-|f|f|/;s/|f|f|f|/|-|f|f|/' <<<"$changed")" "$(sed 's/|t|f|f|/|-|f|f|/;s/|f|f|f|/|-|f|f|/' <<<"$loaded")" \
    'usage and requests by day are as if loaded under the final terms'
exits 0 headroom contract end acme --on never --reason 'on it goes'
is "$(used 2026-06 | cut -d ' ' -f 4)" 7 'an end taken back'
wrong_end() { exits 2 headroom contract end acme --reason x "${@:2}"; like "$err" "$1" "$1"; }
wrong_end '--on is missing'
wrong_end 'is no date' --on tomorrow
wrong_end '/end: the contract ends on 2026-05-01, but it has terms from 2026-05-01' --on 2026-05-01
exits 2 headroom contract end acme --on 2026-07-01
like "$err" '--reason is missing' 'a reason'

note 'the contract as a whole'
exits 0 headroom contract amend acme --app web=key-1 --notes 'two words' --dispute-days 45 --reason 'an app'
exits 0 headroom contract amend acme --app site=key-1 --reason 'its name'
is "$(headroom contract export acme | jq -c '.[0] | [.apps, .notes, .dispute_days]')" \
    '[[{"name":"site","key":"key-1"}],"two words",45]' 'apps, notes, dispute days'
exits 0 headroom contract amend acme --remove-app site --notes none --dispute-days none --reason 'without'
is "$(headroom contract export acme | jq -c '.[0] | [.apps, .notes, .dispute_days]')" '[[],null,null]' 'and without'

note 'closed months'
exits 0 headroom close --contract acme --month 2026-04 --without acme --reason 'the log has ended'
wrong '2026-04 is closed: terms cannot begin' --from 2026-04 --limit 9 --reason x
wrong '2026-04 is closed, and another billing day or zone after it would move its end' --from 2026-05 --billing-day 20 --reason x
exits 0 headroom close --contract acme --month 2026-06 --without acme --reason 'the log has ended'
wrong_end '2026-06 is closed: the contract must cover' --on 2026-06-10
exits 0 headroom contract amend acme --from 2026-05 --limit 9 --reason 'the month after'
exits 0 headroom contract add first --limit 2 --price 2.50 --currency USD --from 2026-04-01
exits 0 headroom ingest log.jsonl --contract first --source first
exits 0 headroom close --contract first --month 2026-04 --without first --reason 'the log has ended'
exits 2 headroom contract amend first --from 2026-04 --limit 9 --reason x
like "$err" '2026-04 is closed: terms cannot begin' 'also the first month of all'
exits 0 headroom contract amend acme --from 2026-03 --limit 9 --reason 'the month before'

note 'another currency'
exits 0 headroom contract add plain --limit 2 --price 2.50 --currency USD --from 2026-01-01
exits 0 headroom ingest log.jsonl --contract plain --source plain
exits 0 headroom close --contract plain --month 2026-04 --without plain --reason 'the log has ended'
amend_plain() { headroom contract amend plain --reason x "$@"; }
exits 2 amend_plain --from 2026-03 --currency EUR --price 2
like "$err" '2026-04 is closed with a charge in USD: terms in EUR from an earlier month would reach it' 'a charge has one currency'
like "$err" 'amend from a later month, or reopen it first' 'and what to do'
exits 2 amend_plain --from 2026-03 --currency EUR --dry-run
exits 0 headroom contract export plain
jq '.[0].terms += [.[0].terms[0] * {"from": "2026-03-01", "currency": "EUR"}, .[0].terms[0] * {"from": "2026-04-01"}]' \
    <<<"$out" >two.json
exits 0 headroom contract import two.json --update --reason 'March alone'
exits 0 amend_plain --from 2026-05 --currency EUR --price 2
for user in 8 9; do printf '{"id":"l%d","time":"2026-04-10T00:00:00Z","user_id":%d}\n' $user $user; done >late.jsonl
exits 0 headroom ingest late.jsonl --contract plain --source plain
exits 0 headroom --json reconcile --contract plain --month 2026-05
is "$(jq -c '.[0] | [.charge, .currency, .adjustments, .due]' <<<"$out")" \
    '["6.00","EUR",[{"month":"2026-04","unique_handles":2,"amount":"5.00","currency":"USD"}],"6.00"]' \
    'what a month in another currency differs by is not summed with the charge'
exits 0 headroom status --contract plain --month 2026-05
like "$out" '2026-04  \+2 handles  \+5.00 USD.*Due with the charge of 6.00 EUR: 6.00 EUR' 'as text'
exits 0 headroom verify
