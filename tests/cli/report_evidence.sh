#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report evidence: a month's events as a folder, made again by its METHOD.txt and proved by verify.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new evidence || bail_out 'no ledger'
cd "$work" || exit 1
headroom contract add acme --limit 2 --price 2.50 --currency USD --time-zone America/New_York >.add || bail_out 'no contract'
headroom contract add other --limit 9 --price 1 --currency EUR >.add || bail_out 'no second contract'

# Days are New York's: 2026-03 is [2026-03-01T05:00Z, 2026-04-01T04:00Z). Both contracts share the first batch.
line() { # CONTRACT ID TIME MORE
    printf '{"contract":"%s","id":"%s","time":"%s",%s}\n' "$@"
}
{
    line acme a1 2026-03-02T12:00:00.000001Z '"user_id":1,"handle":"Amy","label":"tab\there \"q\" back\\slash é\u000b","app":"k1"'
    line other o1 2026-03-02T12:00:00Z '"user_id":50,"handle":"secretname"'
    line acme a2 2026-03-03T12:00:00Z '"handle":"amy","failed":{"too_old":["12","7"]},"tweet_count":2,"metrics":["likes"]'
    line acme a3 2026-03-20T12:00:00Z '"user_id":2,"handle":"amy"'
    line acme a4 2026-03-19T12:00:00Z '"handle":"AMY"'
    line acme a5 2026-03-20T13:00:00Z '"handle":"amy","latency_ms":3,"bytes":900,"endpoint":"28hr","rate_limit":5,"rate_remaining":4'
    line acme early 2026-03-01T04:59:59Z '"user_id":60'
    line acme a6 2026-03-01T05:00:00Z '"user_id":3,"status":500'
    line acme a7 2026-03-05T05:00:00Z '"user_id":3,"status":429'
    line acme a8 2026-03-06T05:00:00Z '"auth":"app"'
    line acme a9 2026-03-07T05:00:00Z '"handle":"nobody_knows"'
    line acme a10 2026-04-01T03:59:59.999999Z '"user_id":4'
    line acme late 2026-04-01T04:00:00Z '"user_id":61'
    line acme a11 2026-03-08T05:00:00Z '"handle":"claimed"'
} >both.jsonl
line acme v1 2026-03-09T05:00:00Z '"user_id":70' >void.jsonl
line acme own1 2026-03-10T05:00:00Z '"user_id":5,"handle":"five"' >own.jsonl
line acme own2 2026-03-10T06:00:00Z '"handle":"five"' >>own.jsonl
printf 'handle,user_id,from,to\nclaimed,8,2026-03-08,2026-03-09\nsomebody_else,9,2026-01-01,\n' >claims.csv
for log in both void own; do headroom ingest -q $log.jsonl >.ingest || bail_out "no $log" "$(cat .ingest)"; done
headroom identities import claims.csv >.claims 2>&1 || bail_out 'no claims' "$(cat .claims)"
headroom batch void 2 --reason 'a test' >.void 2>&1 || bail_out 'no void' "$(cat .void)"

note 'a folder of an open month'
exits 0 headroom --json report evidence --contract acme --month 2026-03 -o open
# 1 2 (amy on two sides), 4, 5, 8 (by the claim), @nobody_knows
is "$(jq -c '[.provisional, .unique_handles, .events]' <<<"$out")" '[true,6,14]' 'its figures'
is "$(cut -f1 open/owners.tsv | tr '\n' ' ')" '1 2 4 5 8 @nobody_knows ' 'its owners'
HEADROOM_DB='host=/nowhere' exits 0 headroom --json verify open
is "$(jq -c '[.holds, .events, .other_events, .batches, .facts, .loose_facts]' <<<"$out")" '[true,14,3,4,4,3]' 'it is proved without a database'
is "$(zcat open/events.jsonl.gz | jq -c 'select(.owner) | [.event_id, .owner, .not_counted]' | tr '\n' ' ')" \
    '["a1","1",null] ["a2","1",null] ["a3","2",null] ["a4","1",null] ["a5","2",null] ["a6","3","not_answered"] ["a7","3","not_attempted"] ["a8","~app","app_only"] ["a9","@nobody_knows",null] ["a10","4",null] ["a11","8",null] ["v1","70","voided"] ["own1","5",null] ["own2","5",null] ' \
    'each event has its owner, and why it does not count'
is "$(zcat open/events.jsonl.gz | jq -c 'select(.owner | not)' | sed 's/[0-9a-f]\{64\}/D/' | tr '\n' ' ')" \
    '{"batch":1,"ordinal":1,"digest":"D"} {"batch":1,"ordinal":6,"digest":"D"} {"batch":1,"ordinal":12,"digest":"D"} ' \
    'events of another contract or month are there by their digest'
is "$(grep -rlaE 'secretname|somebody_else' open; zcat open/events.jsonl.gz | grep -E 'o1"|secretname|"early"|"late"')" '' 'and nothing else of them'
ok "the vendor's side is not in it" test ! -e open/check.json

note 'the same of a dispute, and of a second run'
exits 0 headroom invoice dispute --contract acme --month 2026-03 -o dispute
ok 'the events are the same' cmp -s open/events.jsonl.gz dispute/events.jsonl.gz
exits 0 headroom verify dispute
export SOURCE_DATE_EPOCH=1780000000
exits 0 headroom report evidence --contract acme --month 2026-03 -o first
exits 0 headroom report evidence --contract acme --month 2026-03 -o second
ok 'the same data give the same bytes' diff -r first second
exits 0 headroom report evidence --contract other --month 2026-03 -o of-other
exits 0 headroom verify of-other
is "$(zcat of-other/events.jsonl.gz | jq -s 'map(has("owner")) | [length, (map(select(.)) | length)]' -c)" '[14,1]' 'the other contract, the other way round'

note 'a closed month is as it was sealed'
exits 0 headroom close --contract acme --month 2026-03 --force --reason 'a test'
line acme x1 2026-03-11T05:00:00Z '"user_id":90,"handle":"nobody_knows"' | headroom ingest -q - >.ingest
headroom batch restore 2 --reason 'a test' >.restore 2>&1
exits 0 headroom report evidence --contract acme --month 2026-03 -o whole
exits 0 headroom verify whole
like "$out" 'All of it holds, and the list of owners is the one that was sealed' 'what came later changes nothing'
is "$(zcat whole/events.jsonl.gz | jq -r 'select(.event_id == "x1" or .event_id == "v1") | .not_counted' | tr '\n' ' ')" 'voided later ' 'it is there, and said to be later'
exits 1 headroom report evidence --contract acme --month 2026-03 -o whole
like "$err" 'is there already' 'a folder that is there is left alone'
exits 2 headroom report evidence --contract acme --month 2026-03
exits 2 headroom report evidence --contract acme -o new
exits 2 headroom report evidence --contract none --month 2026-03 -o new
exits 1 headroom report evidence --contract acme --month 2005-12 -o new
ok 'nothing was begun' test ! -e new

note 'by the steps of METHOD.txt'
step() { # N: the commands of a step, as they stand
    awk -v n="$1." '$1 == n { on = 1; next } on && NF == 0 { exit } on && /^   (sha256sum|awk|zcat|printf)/ { run = 1 } on && run { print }' "$work/whole/METHOD.txt"
}
run_step() { # N [NAME/VALUE]
    (cd whole && bash -c "$(step "$1" | sed "s/${2:-x/x}/")" 2>&1)
}
requests=$(jq .requests whole/manifest.json)
unlike "$(run_step 1)" 'FAILED' '1: every file'
is "$(run_step 2 | cut -c1-64)" "$(jq -r .owners_digest whole/manifest.json)" '2: the list of owners'
is "$(run_step 3)" '6 6' '3: their number'
is "$(run_step 7)" '' '7: the digest of every event'
sed -i 's/| head -n 100 |/| sed "s.SLASH.x.;s.slash.x.;s.28hr.x." |/' whole/METHOD.txt
is "$(run_step 7 | grep -c differs)" 2 '   two values that were changed are found'
is "$(run_step 8 BATCH/1 | head -n 1 | cut -c1-64)" "$(run_step 8 BATCH/1 | grep -A1 'batch 1:' | sed -n 's/.*added, //p')" '8: the digest of a batch'
is "$(run_step 9)" 6 '9: the owners, from the events'
is "$(run_step 10)" "$requests" '10: the requests'
is "$(run_step 11 | awk '{ print $2, $1 }' | tr '\n' ' ')" 'app_only 1 counted 10 later 1 not_answered 1 not_attempted 1 voided 1 ' '11: why not'
is "$(run_step 12 BATCH/3 | cut -c1-64)" "$(jq -r 'select(.[1] == 3 and .[0] == "headroom-batch-1") | .[14]' < <(cut -f2 whole/contents.tsv))" '12: what a batch taught'

note 'tampering with any file is found'
rm -rf whole && exits 0 headroom report evidence --contract acme --month 2026-03 -o whole
sums() { cut -c67- SHA256SUMS | xargs sha256sum >sums && mv sums SHA256SUMS; } # as who changes a file would do
spoil() { # NAME COMMANDS: what verify says of a copy in which that was done
    rm -rf spoilt && cp -r whole spoilt
    (cd spoilt && eval "$2") || bail_out "could not spoil: $1"
    exits 4 headroom verify spoilt
}
events() { # JQ: events.jsonl.gz through it
    zcat events.jsonl.gz | jq -c "$1" | gzip >new && mv new events.jsonl.gz && sums
}
for file in whole/*; do
    file=${file##*/}
    spoil "$file" "printf X >>$file"
    like "$out" "- $file: " "$file is named"
    spoil "$file is gone" "rm $file"
    like "$out" "$file: |SHA256SUMS: " "  and when it is gone"
done
spoil 'an event' 'events '\''if .event_id == "a5" then .bytes = 901 else . end'\'
like "$out" 'events.jsonl.gz: batch 1, event 5 was changed' 'an event that was changed'
spoil 'an event with its digest' 'events '\''if .event_id == "a5" then .digest = ("0" * 64) else . end'\'
like "$out" 'the events of batch 1 are not those that it took in' 'and with its digest too'
spoil 'an event less' 'events '\''select(.event_id != "a5")'\'
like "$out" 'batch 1 has 13 events in it; it took in 14' 'one that is gone'
spoil 'an event hidden' 'events '\''if .event_id == "a5" then {batch, ordinal, digest} else . end'\'
like "$out" 'it has 13 requests of the month, manifest.json says 14' 'one of which only the digest is left'
spoil 'a batch less' 'events '\''select(.batch != 3)'\'
like "$out" 'the events of batch 3 are missing' 'a batch that is gone'
spoil 'an owner' 'events '\''if .event_id == "a5" then .owner = "1" else . end'\'
like "$out" 'batch 1, event 5: its owner should be 2' 'an owner'
spoil 'a reason' 'events '\''if .event_id == "a5" then .not_counted = "voided" else . end'\'
like "$out" 'batch 1, event 5: its not_counted should be null' 'why it does not count'
spoil 'no events' 'printf "not packed" >events.jsonl.gz; sums'
like "$out" 'events.jsonl.gz: line 1 is no event' 'what is no event'
spoil 'half of the events' 'head -c 400 events.jsonl.gz >new; mv new events.jsonl.gz; sums'
like "$out" 'events.jsonl.gz: it is damaged, or it was cut off' 'a file that was cut off'
spoil 'a fact' "sed -i '/^3\t/s/five\t5/five\t6/' facts.tsv; sums"
like "$out" 'facts.tsv: what batch 3 taught was changed' 'a fact'
spoil 'a loose fact' "sed -i '/claim/s/\t8\t/\t9\t/' facts.tsv; sums"
like "$out" 'its owner should be 9' 'a claim'
spoil 'a day less' "sed -i 3d days.tsv; sums"
like "$out" 'days.tsv: it has not every day of the month once' 'a day'
spoil 'the evidence' "sed -i 's/,a1,/,a2,/' handles.csv; sums"
like "$out" 'handles.csv: row 2 is not the first request of this owner' "an owner's first request"
spoil 'the rule' "sed -i 's/\"rule\": \"answered\"/\"rule\": \"attempted\"/' manifest.json; sums"
like "$out" 'the seal is not over the rule of manifest.json' 'the rule'
spoil "the vendor's side" 'echo {} >check.json; sha256sum check.json >>SHA256SUMS'
like "$out" "check.json: manifest.json says that the vendor's side is not in it" "a vendor's side that was put in"
spoil 'a void undone' "sed -i '/\"void\"/d' contents.tsv; sums"
like "$out" 'its not_counted should be null' 'a void that is left out'
rm -rf whole
exits 0 headroom report evidence --contract acme --month 2026-03 -o open2/ && exits 0 headroom verify open2

note 'a month without events'
exits 0 headroom report evidence --contract other --month 2026-01 -o empty
exits 0 headroom verify empty
like "$out" '0 unique handles' 'it holds, too'
