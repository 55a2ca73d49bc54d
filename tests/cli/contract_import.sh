#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Contracts as JSON: what is taken and written out, what is refused at which place, and what a change does to months.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new import || bail_out 'no ledger'
query() { cluster_psql import -At -c "$1"; }
cd "$work" || exit 1

note 'taken, with all that is not said'
cat >acme.json <<'END'
{"name": "acme", "billing_day": 15, "apps": [{"name": "web", "key": "k2"}, {"name": "app", "key": "k1"}],
 "answers": [{"question": "failed requests?", "answer": "not counted", "date": "2026-01-05", "by": "Ann of X"}],
 "dispute_days": 30, "notes": "paper signed",
 "alternatives": [{"name": "1000", "limit": 1000, "fee": "900", "pricing": {"model": "flat", "unit_price": "1"}}],
 "terms": [
  {"from": "2026-01-15", "limit": 2, "currency": "USD", "pricing": {"model": "flat", "unit_price": "02.50"}},
  {"from": "2026-06-15", "limit": null, "currency": "JPY", "minimum": "5", "cap": "10", "fee": "100", "time_zone":
   "Asia/Tokyo", "tolerance": {"units": 3}, "proration": "daily", "counting": "delivered+app",
   "pricing": {"model": "graduated", "tiers": [{"up_to": 10, "unit_price": "3"}, {"up_to": null, "unit_price": "2", "flat_fee": "1.5"}]}},
  {"from": "2026-09-15", "limit": 9, "currency": "USD", "pricing": {"model": "package", "size": 25, "price": "40"}}]}
END
exits 0 headroom contract import acme.json --dry-run
like "$out" 'acme: would be added, as version 1.*nothing was changed' 'a dry run says what it would do'
is "$(query 'SELECT count(*) FROM headroom.contract')" 0 'and does nothing'
exits 0 headroom contract import acme.json --by ann
like "$out" 'acme: added, version 1' 'imported'
exits 0 headroom contract export acme
cp .out exported.json
is "$(jq -c '.[0] | keys_unsorted' <<<"$out")" \
    '["name","time_zone","billing_day","counting","apps","end","notes","answers","dispute_days","alternatives","terms"]' 'the keys in their order'
is "$(jq -c '.[0] | [.time_zone, .billing_day, .counting, .apps, .end, .notes, .dispute_days]' <<<"$out")" \
    '["UTC",15,"answered",[{"name":"app","key":"k1"},{"name":"web","key":"k2"}],null,"paper signed",30]' 'what stands at its level'
is "$(jq -c '.[0].terms[0]' <<<"$out")" \
    '{"from":"2026-01-15","limit":2,"currency":"USD","pricing":{"model":"flat","unit_price":"2.50"},"fee":null,"minimum":null,"cap":null,"tolerance":{"units":0,"cliff":false},"proration":"none","time_zone":"UTC","billing_day":15,"counting":"answered"}' \
    'the first terms, written out'
is "$(jq -c '.[0].terms[1] | [.minimum, .cap, .fee, .tolerance, .proration, .time_zone, .billing_day, .counting, .pricing]' <<<"$out")" \
    '["5","10","100",{"units":3,"cliff":false},"daily","Asia/Tokyo",15,"delivered+app",{"model":"graduated","tiers":[{"up_to":10,"unit_price":"3","flat_fee":"0"},{"up_to":null,"unit_price":"2","flat_fee":"1.5"}]}]' \
    'the second'
is "$(jq -c '.[0].terms[2] | [.fee, .minimum, .tolerance.units, .proration, .time_zone, .billing_day, .counting, .pricing]' <<<"$out")" \
    '[null,null,0,"none","Asia/Tokyo",15,"delivered+app",{"model":"package","size":25,"price":"40"}]' \
    'the third: zone, day and rule as before, the rest none'
exits 0 headroom contract import exported.json
like "$out" 'acme: unchanged' 'what was exported is what there is'
exits 0 headroom contract import acme.json
like "$out" 'acme: unchanged' 'and the short form means the same'
is "$(query 'SELECT count(*) FROM headroom.contract_version')" 1 'no version of nothing'
exits 0 headroom contract show acme --json
unlike "$out" 'k1' 'show does not show the keys of apps'
exits 0 headroom contract list --json
unlike "$out" 'k1' 'nor does list'

note 'refused, with the place'
refused() { # POINTER WORDS JQ-CHANGE
    jq "$3" acme.json >bad.json || bail_out "$3"
    exits 2 headroom contract import bad.json --update --reason x
    is "$out" '' "$3: nothing on standard output"
    like "$err" "headroom: $1: .*$2" "$3: where and why"
}
refused /billing_dya 'no such key; did you mean billing_day' '.billing_dya = 5'
refused /terms/0/limit 'missing.*null' 'del(.terms[0].limit)'
refused /terms/1/pricing/tiers/0/unit_price 'string.*float' '.terms[1].pricing.tiers[0].unit_price = 3'
refused /terms/1/time_zone 'Asia/Tokyo' '.terms[1].time_zone = "asia/tokyo"'
refused /time_zone 'unknown time zone .Mars' '.time_zone = "Mars" | del(.terms[0].time_zone)'
refused /terms/0/time_zone 'unknown time zone .Mars' '.terms[0].time_zone = "Mars" | del(.time_zone)'
refused /terms/1/from 'not after 2026-01-15.*overlap' '.terms[1].from = "2026-01-15"'
refused /terms/2/from 'terms overlap' '.terms[2].from = "2026-06-20" | .terms[1].from = "2026-06-18"'
refused /billing_day 'first terms have another' '.terms[0].billing_day = 14'
refused /end 'has terms from 2026-09-15' '.end = "2026-09-15"'
echo '[]' >none.json
exits 0 headroom contract import none.json
like "$err" 'there is no contract in it' 'a file without contracts is told'
printf '{"name": "x",\n "terms": [}' >bad.json
exits 2 headroom contract import bad.json
like "$err" 'bad.json, line 2, column [0-9]+: this is no JSON' 'no JSON: where'
jq -c '[., (.name = "other"), (.name = "third" | .terms[0].limit = -1)]' acme.json >bad.json
exits 2 headroom contract import bad.json
like "$err" '/2/terms/0/limit: -1 is out of range' 'in an array: which element'
is "$(query 'SELECT count(*) FROM headroom.contract')" 1 'all are taken or none'
jq -c '[.name = "other"]' acme.json >bad.json
exits 2 headroom contract import bad.json
like "$err" "/apps: the key of app 'app' belongs to contract 'acme' already" 'an app is of one contract'
jq -c '[(.name = "a" | .apps = []), (.name = "a" | .apps = [])]' acme.json >bad.json
exits 2 headroom contract import bad.json
like "$err" "/1/name: contract 'a' stands at /0 already" 'the same name twice'
exits 2 headroom contract import nothere.json
exits 2 headroom contract import acme.json --update
like "$err" '--reason is missing' 'a change needs a reason'

note 'changed'
printf '{"id":"%d","time":"2026-%s:00:00Z","user_id":%d}\n' 1 02-14T23 1 2 02-15T01 2 3 03-01T01 3 4 03-16T00 3 5 01-01T00 9 >log.jsonl
exits 0 headroom ingest log.jsonl --contract acme
used() { headroom --json status --contract acme --month "$1" | jq -r '.[] | "\(.unique_handles) \(.charge) \(.requests)"'; }
is "$(used 2026-01) / $(used 2026-02)" '1 0.00 1 / 2 0.00 2' 'before'
jq '.terms[0].limit = 1' acme.json >less.json
exits 1 headroom contract import less.json
like "$err" "is there already, and /terms/0/limit differs; --update" 'what differs is not changed unasked'
answers='[{"question":"app?","answer":"yes","date":"2026-01-01","by":"x"},{"question":"zone?","answer":"UTC","date":"2026-01-01","by":"x"}]'
jq -n --argjson a "$answers" '{name: "asked", answers: $a, terms: [{from: "2026-01-01", limit: 2, currency: "USD", pricing: {model: "flat", unit_price: "2.50"}}]}' >asked.json
exits 0 headroom contract import asked.json
jq '.answers |= reverse' asked.json >turned.json
exits 1 headroom contract import turned.json
like "$err" 'is there already, and /answers/0/question differs' 'nor is another order of answers'
exits 0 headroom contract import less.json --update --reason 'one less' --dry-run --json
is "$(jq -c '[.action, .dry_run, (.contracts[] | [.contract, .state, .version, (.months[] | [.month, .limit_before, .limit, .unique_handles_before, .unique_handles, .charge_before, .charge])])]' <<<"$out")" \
    '["import",true,["acme","changed",2,["2026-01",2,1,1,1,"0.00","0.00"],["2026-02",2,1,2,2,"0.00","2.50"],["2026-03",2,1,1,1,"0.00","0.00"]]]' \
    'a dry run: the months before and after'
is "$(used 2026-02)" '2 0.00 2' 'and nothing is changed'
exits 0 headroom contract import less.json --update --reason 'one less'
like "$out" 'acme: changed, version 2.*2026-02 +2 → 1 +2 +0.00 USD → 2.50 USD' 'as text'
is "$(used 2026-02)" '2 2.50 2' 'the charge is another'
jq '.terms[0].limit = 1 | .terms[0].from = "2026-01-01" | .billing_day = 1 | .terms[1:] = []' acme.json >moved.json
exits 0 headroom contract import moved.json --update --reason 'another day'
is "$(used 2026-01) / $(used 2026-02) / $(used 2026-03)" '1 0.00 1 / 2 2.50 2 / 1 0.00 2' 'the months of another billing day'
exits 0 headroom reconcile --contract acme --month 2026-02 --recount
exits 0 headroom reconcile --contract acme --month 2026-03 --recount
exits 0 headroom verify
jq '.name = "fresh" | .apps = []' moved.json >fresh.json
exits 0 headroom contract import - <fresh.json
like "$out" 'fresh: added' 'standard input'
