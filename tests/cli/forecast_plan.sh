#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# forecast --plan: what handles that are going to be used add to a month, and cost, and which one passes the limit.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new plan || bail_out 'no ledger'
headroom -q contract add acme --limit 5 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
events() { headroom -q ingest --contract acme - >"$work/.in" || bail_out 'not taken in'; }
events <<'END'
{"id":"1","time":"2026-04-01T08:00:00Z","user_id":3,"handle":"carl"}
{"id":"2","time":"2026-05-02T08:00:00Z","user_id":20,"handle":"eve"}
{"id":"3","time":"2026-06-02T08:00:00Z","user_id":1,"handle":"ann"}
{"id":"4","time":"2026-06-03T08:00:00Z","user_id":20}
{"id":"5","time":"2026-06-04T08:00:00Z","handle":"bob"}
{"id":"6","time":"2026-06-05T08:00:00Z","user_id":77,"status":429}
{"id":"7","time":"2026-06-15T08:00:00Z","user_id":21,"handle":"eve"}
{"id":"8","time":"2026-06-30T08:00:00Z","user_id":9}
END
at=(--as-of 2026-06-11)
plan_json() { headroom --json forecast "${at[@]}" --contract acme --plan "$@"; }
counts='[.lines, .handles, .counted, .new, .repeated]'

note 'who is counted, who is new'
printf '%s\n' @Ann ann 1 '' BOB carl 3 @dora 009 12 >"$work/jobs.txt"
exits 0 plan_json "$work/jobs.txt"
is "$(jq -c '.[0].plan | keys_unsorted' <<<"$out")" \
    '["file","lines","handles","counted","new","repeated","unique_handles","mean","p10","p50","p90","probability_over_limit","expected_charge","cost","passing"]' \
    'the keys, in their order'
is "$(jq -c ".[0].plan | $counts" <<<"$out")" '[9,6,2,4,3]' 'a name and the id of its user are one; so are @Ann and ann'
is "$(jq -c '.[0] | [.unique_handles, .plan.unique_handles]' <<<"$out")" '[3,7]' 'the new ones come on top of what is used'
is "$(jq -c '.[0].plan.passing' <<<"$out")" '{"line":9,"handle":"9"}' \
    'the third new one passes the limit: blank lines, counted ones and repeats are no new ones'
is "$(jq -c '.[0] | [(.plan.mean - .mean), (.plan.p10 - .p10), (.plan.p50 - .p50), (.plan.p90 - .p90)] | map(round)' <<<"$out")" \
    '[4,4,4,4]' 'each quantile is so many higher'
is "$(jq -c '.[0] | (.plan.cost | tonumber * 100 | round)
        == ((.plan.expected_charge | tonumber) - (.expected_charge | tonumber) | . * 100 | round)' <<<"$out")" true \
    'what it costs is the charge with it less that without'
is "$(jq -c '.[0] | .probability_over_limit < .plan.probability_over_limit' <<<"$out")" true 'it is likelier to pass the limit'
is "$(jq -c '.[0].plan.probability_over_limit' <<<"$out")" 1 'certain, since what is used and the plan are more'
exits 0 headroom forecast "${at[@]}" --plan "$work/jobs.txt"
like "$out" 'jobs.txt names 6 handles: 2 are counted already, 4 are new' 'text: how many'
like "$out" '3 lines of it name one who stands before' 'and how often'
like "$out" 'used so far +3 +7'$'\n' 'what is used'
like "$out" 'chance of an overage +[0-9a-z ]+ % +certain' 'the chance'
like "$out" 'The plan costs [0-9.]+ USD' 'what it costs'
like "$out" 'On top of what is used now, user 9 on line 9 passes the limit of 5' 'who passes the limit'

note 'a handle that another user took'
is "$(printf '@eve\n' | plan_json - | jq -c ".[0].plan | [.file, $counts]")" '["standard input",[1,1,1,0,0]]' \
    'on the 11th it is the first user'\''s, who is counted'
at=(--as-of 2026-06-14T12:00:00Z)
is "$(printf '@eve\n21\n' | plan_json - | jq -c ".[0].plan | $counts")" '[2,2,1,1,0]' 'until the day before'
at=(--as-of 2026-06-15)
is "$(printf '@eve\n' | plan_json - | jq -c ".[0].plan | $counts")" '[1,1,0,1,0]' 'one line is the one owner of that day'
is "$(printf '@eve\n21\n20\n' | plan_json - | jq -c ".[0].plan | $counts")" '[3,2,1,1,1]' \
    'on the day on which it passed it is the second one'\''s, who counts only once used'
at=(--as-of 2026-06-16)
is "$(printf '@eve\n21\n20\n' | plan_json - | jq -c ".[0].plan | $counts")" '[3,2,2,0,1]' 'as it is a day later'
at=(--as-of 2026-06-11)
is "$(printf '77\n9\n' | plan_json - | jq -c ".[0].plan | $counts")" '[2,2,0,2,0]' \
    'who was refused, or is used only later, is not counted already'

note 'forms of the file'
printf '\xEF\xBB\xBFlabel,handle,user_id\r\nx,,1\r\n"y, z",dora,\r\n\r\nw,@erna,30\r\n' >"$work/jobs.csv"
exits 0 plan_json "$work/jobs.csv"
is "$(jq -c ".[0].plan | $counts" <<<"$out")" '[3,3,1,2,0]' 'CSV with a header, quotes, CRLF and a mark; the id says more'
is "$(printf 'handle\n123\n' | plan_json - --limit 3 | jq -c '.[0].plan.passing')" '{"line":2,"handle":"@123"}' \
    'below a header that says handle, digits are a handle'
bad() { # WHAT TEXT MESSAGE
    printf '%b' "$2" >"$work/bad.txt"
    exits 1 plan_json "$work/bad.txt"
    is "$out" '' "$1: no document"
    like "$err" "$3" "$1: $3"
}
bad 'no handle' 'ann\n\nbad handle!\n@x\n' "bad.txt:3: 'bad handle!' is neither a user id nor a handle"
bad 'two bad lines' '@\nann\n0\n' 'bad.txt:3: .*2 lines cannot be read; correct them and plan again'
bad 'a user id beyond all' '9223372036854775808\n' "bad.txt:1: '9223372036854775808' is neither"
bad 'a handle too long' 'a23456789012345678901\n' 'bad.txt:1: .*neither a user id nor a handle'
bad 'several fields' 'ann,bob\n' 'bad.txt:1: it has 2 fields; of several, a header names user_id or handle'
bad 'a field too few' 'user_id,handle\n1\n' 'bad.txt:2: it has 1 fields, the header has 2'
bad 'no user id' 'user_id\nann\n' "bad.txt:2: 'ann' is no user id"
bad 'nobody' 'user_id,handle\n,\n' 'bad.txt:2: it names nobody'
bad 'a quote that is open' '"ann\nbob\n' 'bad.txt:1: '
bad 'nothing' '\n\n' 'bad.txt holds no user id and no handle'
bad 'a header alone' 'handle\n' 'bad.txt holds no user id and no handle'
bad 'no text' 'a\0001nn\n\0377\n' 'bad.txt:2: .*2 lines cannot be read'
exits 1 plan_json "$work/none.txt"
like "$err" "can't read .*none.txt: No such file" 'a file that is not there'
exits 1 plan_json "$work"
like "$err" "can't read .*: Is a directory" 'a folder'
exits 2 plan_json ''
like "$err" "--plan '' names no file" 'no name'
seq 1000001 >"$work/large.txt"
exits 1 plan_json "$work/large.txt"
like "$err" 'names more than 1000000 handles; plan fewer' 'a list that is too long'

note 'what-ifs'
seq 101 110 >"$work/ten.txt"
is "$(plan_json "$work/ten.txt" --limit 3 | jq -c '.[0] | [.limit, .plan.passing.line]')" '[3,1]' 'another limit: none is left'
is "$(plan_json "$work/ten.txt" --limit 12 | jq -c '.[0].plan.passing')" '{"line":10,"handle":"110"}' 'the last one passes it'
is "$(plan_json "$work/ten.txt" --limit 13 | jq -c '.[0].plan.passing')" null 'or none'
exits 0 headroom forecast "${at[@]}" --plan "$work/ten.txt" --limit 15
like "$out" 'the plan leaves 2 of the limit of 15' 'and what it leaves'
is "$(plan_json "$work/ten.txt" --limit 2 | jq -c '.[0].plan | [.passing, .cost]')" '[null,"25.00"]' \
    'once the limit is passed each new one costs its price, and none passes it'
exits 0 headroom forecast "${at[@]}" --plan "$work/ten.txt" --limit 2
like "$out" 'The limit of 2 is passed already' 'which is said'
is "$(plan_json "$work/ten.txt" --limit 0 --price 0.5 | jq -c '.[0].plan.cost')" '"5.00"' 'another price'
is "$(plan_json "$work/ten.txt" --limit 100000 | jq -c '.[0].plan | [.cost, .expected_charge]')" '["0.00","0.00"]' 'a large limit'
printf '1\nann\n' >"$work/known.txt"
is "$(plan_json "$work/known.txt" | jq -c '.[0].plan | [.new, .cost, .passing]')" '[0,"0.00",null]' 'who is counted costs nothing'

note 'months and contracts'
exits 2 headroom forecast --month 2026-06 --plan "$work/ten.txt"
like "$err" 'billing month 2026-06 .* is over: nothing can be planned for it' 'a month that is over'
headroom -q contract add free --limit none --price 1 --currency USD >>"$work/.add"
headroom -q contract add new --limit 2 --price 1.25 --currency USD >>"$work/.add"
exits 2 headroom forecast --plan "$work/ten.txt"
like "$err" 'which contract\? There are several: acme, free, new' 'a plan is for one contract'
exits 0 headroom --json forecast --contract free --plan "$work/ten.txt"
is "$(jq -c '.[0].plan | [.new, .probability_over_limit, .cost, .passing]' <<<"$out")" '[10,null,"0.00",null]' 'without a limit'
exits 0 headroom forecast --contract free --plan "$work/ten.txt"
like "$out" 'The contract has no limit: the plan costs nothing' 'which is said'
exits 0 headroom --json forecast --contract new --plan "$work/ten.txt"
is "$(jq -c '.[0] | [.p50, .plan.p50, .plan.unique_handles, .plan.expected_charge, .plan.cost, .plan.passing.line]' <<<"$out")" \
    '[null,null,10,"10.00","10.00",3]' 'where nothing is known of a contract the plan alone is priced'
is "$(jq -c '.[0].plan | [.mean, .p10, .probability_over_limit]' <<<"$out")" '[null,null,null]' 'and nothing is said of the end'
exits 0 headroom forecast --contract new --plan "$work/ten.txt"
like "$out" 'There is no forecast yet' 'which is said'
