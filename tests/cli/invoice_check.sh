#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# invoice check: what makes the difference between the vendor's figures and ours, with the vendor's list and without.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new check || bail_out 'no ledger'
sql() { cluster_psql check "$@"; }
headroom contract add acme --limit 2 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cat >"$work/log.jsonl" <<'END'
{"id":"0","time":"2026-02-28T23:00:00Z","user_id":5}
{"id":"1","time":"2026-03-01T05:00:00Z","user_id":1}
{"id":"2","time":"2026-03-10T05:00:00Z","user_id":2}
{"id":"3","time":"2026-03-05T05:00:00Z","user_id":3,"handle":"c1"}
{"id":"4","time":"2026-03-20T05:00:00Z","user_id":3,"handle":"c2"}
{"id":"5","time":"2026-03-12T05:00:00Z","user_id":4,"status":404}
{"id":"6","time":"2026-03-13T05:00:00Z","auth":"app"}
{"id":"7","time":"2026-03-14T05:00:00Z","handle":"amy"}
{"id":"8","time":"2026-04-01T00:30:00Z","user_id":6}
{"id":"9","time":"2026-03-15T05:00:00Z","user_id":89,"status":"x","handle":"Hidden"}
END
headroom ingest -q "$work/log.jsonl" >"$work/.ingest" 2>&1
is "$(headroom --json status --month 2026-03 | jq -c '.[0] | [.unique_handles, .charge]')" '[4,"5.00"]' 'ours'
ids=0
invoice() { # HANDLES AMOUNT [OPTION…]: another document of the month
    local handles=$1 amount=$2
    shift 2
    ids=$((ids + 1))
    headroom invoice add --month 2026-03 --number "N$ids" --date "${date:-2999-01-01}" --handles "$handles" \
        --amount "$amount" --currency USD "$@" >"$work/.invoice" 2>&1 || bail_out "no invoice: $(cat "$work/.invoice")"
}
forget() { sql -c 'TRUNCATE headroom.invoice, headroom.invoice_decision, headroom.invoice_list, headroom.invoice_handle'; }
figures() { jq -c '.[0] | [.result, .unique_handles, .charge, .invoiced_handles, .invoiced_amount, .handles_difference, .amount_difference, .count_amount, .price_amount]' <<<"$out"; }
cause() { jq -c --arg c "$1" '[.[0].causes[] | select(.cause == $c) | [.handles, .at_most, .amount, .alone, .exactly]]' <<<"$out"; }

note 'nothing yet, and what agrees'
exits 0 headroom --json invoice check
is "$out" '[]' 'no document at all'
exits 0 headroom --json invoice check --month 2026-03
is "$(figures)" '["no invoice",4,"5.00",0,"0.00",-4,"-5.00","-5.00","0.00"]' 'a month without one'
invoice 6 10
invoice 2 5.00 --kind credit
exits 0 headroom --json invoice check
is "$(figures)" '["match",4,"5.00",4,"5.00",0,"0.00","0.00","0.00"]' 'several are summed, a credit is taken away'
is "$(jq -c '.[0] | [.causes, .together, .list, .documents]' <<<"$out")" '[[],[],null,2]' 'nothing to explain'
exits 0 headroom invoice check
like "$out" 'theirs +4 +5.00 USD' 'as text'

note 'they count more'
forget
invoice 5 7.50
exits 4 headroom --json invoice check
is "$(figures)" '["differs",4,"5.00",5,"7.50",1,"2.50","2.50","0.00"]' 'one more'
is "$(cause 'zone boundary')" '[[1,1,"2.50",true,false],[1,1,"2.50",true,false]]' 'the user of the day before, or of the day after'
is "$(cause 'failed requests')" '[[1,1,"2.50",true,true]]' 'the user whose only request failed makes it exactly'
is "$(cause 'app-only')" '[[1,1,"2.50",true,false]]' 'the request of the app alone'
is "$(cause 'renames')" '[[1,1,"2.50",true,false]]' 'the user who took another name'
is "$(cause 'quarantined lines')" '[[1,1,"2.50",true,false]]' 'the line that could not be read'
is "$(cause 'late events')$(cause 'price difference')$(cause unexplained)" '[][][]' 'and no other'
exits 4 headroom invoice check
like "$out" 'candidates: possible, not proved' 'worded as candidates'
like "$err" "vendor's figures are not ours" 'standard error says it too'

note 'a rule that changes the count by more than the difference'
printf '{"id":"r%d","time":"2026-02-1%dT05:00:00Z","user_id":%d,"status":%d}\n' 1 1 71 200 2 2 72 404 3 3 73 404 >"$work/feb.jsonl"
headroom ingest -q "$work/feb.jsonl" >"$work/.ingest" 2>&1
exits 0 headroom invoice add --month 2026-02 --number F1 --date 2999-01-01 --handles 4 --amount 5 --currency USD
exits 4 headroom --json invoice check --month 2026-02
is "$(cause 'failed requests')" '[[2,2,"5.00",true,true]]' 'two more: it makes it exactly'
forget
exits 0 headroom invoice add --month 2026-02 --number F1 --date 2999-01-01 --handles 3 --amount 2.50 --currency USD
exits 4 headroom --json invoice check --month 2026-02
is "$(cause 'failed requests')" '[[2,2,"5.00",false,false]]' 'one more: it would be two'
is "$(jq -c '.[0] | [.causes | to_entries[] | select(.value.cause == "failed requests") | .key] as $own | [.together[][] | select(. == $own[])]' <<<"$out")" \
    '[]' 'nor is it a part of one'

note 'several together, and what nothing reaches'
forget
invoice 6 10
exits 4 headroom --json invoice check
is "$(jq -c '.[0] | [([.causes[] | select(.alone)] | length), ([.together[] | length] | unique)]' <<<"$out")" \
    '[0,[2]]' 'two more: none alone, but two by two'
is "$(jq -c '[.[0] as $c | $c.together[] | [.[] | $c.causes[.].description]] | map(select(.[0] == .[1])) | length' <<<"$out")" 0 \
    'never one with itself'
is "$(jq -c '[.[0] as $c | $c.together[] | [.[] | $c.causes[.].cause]] | map(select(.[0] == "zone boundary" and .[1] == "zone boundary")) | length' <<<"$out")" 0 \
    'nor two of which only one can be true'

note 'they count less'
forget
date=2026-04-02 invoice 1 0
exits 4 headroom --json invoice check
is "$(figures)" '["differs",4,"5.00",1,"0.00",-3,"-5.00","-5.00","0.00"]' 'three less: below the limit'
is "$(cause 'zone boundary')" '[[-1,1,"-2.50",false,false]]' 'the user of the first day only'
is "$(cause 'renames')" '[[-1,1,"-2.50",false,false]]' 'the handle without a user'
is "$(cause 'late events')" '[[-3,4,"-5.00",true,false]]' 'what was loaded after the date of the invoice'
forget
invoice 0 0
exits 4 headroom --json invoice check
is "$(cause unexplained)" '[[-2,0,"-5.00",false,false]]' 'what no candidate reaches'

note 'another price'
forget
invoice 4 6
exits 4 headroom --json invoice check
is "$(figures)" '["differs",4,"5.00",4,"6.00",0,"1.00","0.00","1.00"]' 'the count agrees, the money does not'
is "$(jq -c '.[0].causes | map([.cause, .handles, .amount, .alone])' <<<"$out")" '[["price difference",0,"1.00",true]]' \
    'their amount against our price of their own count'

note 'a closed month'
forget
printf '{"id":"20","time":"2026-05-02T05:00:00Z","user_id":%d}\n' 1 >"$work/may.jsonl"
headroom ingest -q "$work/may.jsonl" >"$work/.ingest" 2>&1
exits 0 headroom close --month 2026-05 --force --reason 'a test'
printf '{"id":"2%d","time":"2026-05-03T05:00:00Z","user_id":%d}\n' 1 2 2 3 3 4 >"$work/late.jsonl"
headroom ingest -q "$work/late.jsonl" >"$work/.ingest" 2>&1
exits 0 headroom invoice add --month 2026-05 --number M1 --date 2999-01-01 --handles 4 --amount 5 --currency USD
exits 4 headroom --json invoice check --month 2026-05
is "$(figures)" '["differs",1,"0.00",4,"5.00",3,"5.00","5.00","0.00"]' 'the sealed figures are ours'
is "$(cause 'late events')" '[[3,3,"5.00",true,true]]' 'and what is counted today would make it exactly'
exits 4 headroom invoice check --month 2026-05
like "$out" 'ours, as sealed +1 ' 'it says so'
forget
printf '{"id":"4%d","time":"2026-06-03T05:00:00Z","user_id":%d,"status":%d}\n' 1 1 200 2 2 200 3 3 200 4 4 404 >"$work/june.jsonl"
printf '{"id":"5%d","time":"2026-06-04T05:00:00Z","user_id":%d,"status":404}\n' 1 5 2 6 >"$work/late.jsonl"
headroom ingest -q "$work/june.jsonl" >"$work/.ingest" 2>&1
exits 0 headroom close --month 2026-06 --force --reason 'a test'
headroom ingest -q "$work/late.jsonl" >"$work/.ingest" 2>&1
june() { headroom invoice add --month 2026-06 --number "$1" --date 2999-01-01 --handles "$2" --amount "$3" --currency USD; }
exits 0 june J1 4 5
exits 4 headroom --json invoice check --month 2026-06
is "$(cause 'failed requests')" '[[1,1,"2.50",true,true]]' 'other rules count what they did when it was closed'
forget
exits 0 headroom contract amend acme --from 2026-04 --price 9 --reason 'from April on'
exits 0 june J2 3 2.50
exits 0 headroom --json invoice check --month 2026-06
is "$(figures)" '["match",3,"2.50",3,"2.50",0,"0.00","0.00","0.00"]' 'our price is the one that it was sealed under'
forget
exits 0 june J3 4 5
exits 4 headroom --json invoice check --month 2026-06
is "$(figures)" '["differs",3,"2.50",4,"5.00",1,"2.50","2.50","0.00"]' '  of another count too'
is "$(cause 'failed requests')" '[[1,1,"2.50",true,true]]' '  and of what a candidate costs'
forget

note 'what our close carried'
exits 0 june J4 3 7.50
exits 4 headroom --json invoice check --month 2026-06
is "$(figures)" '["differs",3,"2.50",3,"7.50",0,"5.00","0.00","5.00"]' 'the same count, for 5.00 more'
is "$(jq -c '.[0].causes | map([.cause, .handles, .amount, .alone, .exactly])' <<<"$out")" \
    '[["price difference",0,"5.00",true,true],["adjustments",0,"5.00",true,true]]' \
    'which is what May differs by since it was closed, and June carried'
forget
exits 0 june J5 4 10
exits 4 headroom --json invoice check --month 2026-06
is "$(cause adjustments)" '[[0,0,"5.00",false,false]]' 'beside another handle it is one candidate of several'
forget

note 'a log with gaps'
exits 0 headroom invoice add --month 2026-04 --number G1 --date 2999-01-01 --handles 9 --amount 63 --currency USD
exits 4 headroom --json invoice check --month 2026-04
is "$(figures)" '["differs",1,"0.00",9,"63.00",8,"63.00","63.00","0.00"]' 'eight more, of a month with one request'
is "$(jq -c '.[0].causes[] | select(.cause == "gaps") | [.description, .handles, .at_most, .amount, .alone, .exactly]' <<<"$out")" \
    '["days whose log may lack requests: 30",8,null,"63.00",true,false]' 'nobody can say how many the log lacks'
is "$(cause unexplained)" '[]' 'so nothing is beyond reach'
exits 4 headroom invoice check --month 2026-04
like "$out" 'gaps +any number +63.00 USD +could ' 'as text'
forget

note "the vendor's list"
printf '%s\n' 2 @c1 c2 4 5 @HIDDEN 77 8 hid >"$work/list.txt"
exits 0 headroom invoice handles import "$work/list.txt" --month 2026-03
exits 4 headroom --json invoice check --both
is "$(jq -c '.[0].list | [.both, .only_ours, .only_theirs]' <<<"$out")" '[2,2,7]' 'how many are where'
is "$(jq -r '.[0].list.handles[] | [.place, .owner, .line // "-", .cause // "-"] | join(" ")' <<<"$out" | sort)" \
    "both 2 1 -
both 3 2 -
ours 1 - zone boundary
ours @amy - renames
theirs 3 3 renames
theirs 4 4 failed requests
theirs 5 5 zone boundary
theirs 77 7 unexplained
theirs 8 8 unexplained
theirs @hid 9 unexplained
theirs @hidden 6 quarantined lines" 'each with its cause'
exits 4 headroom invoice check
like "$out" 'ours +1 .*used on the first day only' 'as text, with the reason'
unlike "$out" $'\nboth +2' 'without what is on both'
forget
printf '%s\n' 1 2 3 amy >"$work/list.txt"
exits 0 headroom invoice handles import "$work/list.txt" --month 2026-03
exits 0 headroom --json invoice check
is "$(jq -c '.[0] | [.result, .list.both]' <<<"$out")" '["match",4]' 'a list alone can agree'

note 'a month that the contract does not cover any more'
exits 0 headroom contract add gone --limit 2 --price 2.50 --currency USD
headroom ingest -q "$work/log.jsonl" --contract gone --source gone >"$work/.ingest" 2>&1
sql -c 'TRUNCATE headroom.invoice, headroom.invoice_decision, headroom.invoice_list, headroom.invoice_handle'
for month in 2026-02 2026-03; do
    exits 0 headroom invoice add --contract gone --month $month --number "G$month" --date 2999-01-01 --handles 3 --amount 2.50 --currency USD
done
exits 0 headroom invoice handles import "$work/list.txt" --contract gone --month 2026-03
exits 0 headroom contract end gone --on 2026-03-01 --reason 'a test'
exits 4 headroom --json invoice check --contract gone
is "$(jq -c 'map([.month, .state, .unique_handles, .charge, .amount_difference, .list.only_theirs])' <<<"$out")" \
    '[["2026-02","over",1,"0.00","2.50",null],["2026-03","not covered",0,"0.00","2.50",4]]' 'nothing of it is ours'
is "$(jq -c '[.[1].causes[] | [.cause, .handles]]' <<<"$out")" '[["unexplained",3]]' 'and no candidate speaks of it'
is "$(jq -c '[.[0].causes[].cause] | unique' <<<"$out")" '["unexplained"]' 'a month without requests of the app has no such candidate'
