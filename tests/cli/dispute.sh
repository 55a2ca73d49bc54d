#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# invoice dispute: the evidence of a month, whole or not at all, proved with nothing but sha256sum and awk.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new dispute || bail_out 'no ledger'
headroom contract add acme --limit 2 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
for ((i = 1; i <= 9; i++)); do
    printf '{"id":"a,%d","time":"2026-03-0%dT05:00:00.%06dZ","user_id":%d,"handle":"User%d"}\n' "$i" "$i" "$i" $((i % 5 + 1)) $((i % 5 + 1))
done >"$work/log.jsonl"
printf '{"id":"b","time":"2026-03-20T05:00:00Z","handle":"amy"}\n' >>"$work/log.jsonl"
headroom ingest -q "$work/log.jsonl" >"$work/.ingest" 2>&1 || bail_out 'no log'
headroom invoice add --month 2026-03 --number N1 --date 2026-04-02 --handles 8 --amount 15 --currency USD >"$work/.invoice"
cd "$work" || exit 1

note 'a month that is not closed'
exits 0 headroom --json invoice dispute --month 2026-03 -o open
is "$(jq -c . <<<"$out")" '{"folder":"open","contract":"acme","month":"2026-03","provisional":true,"unique_handles":6,"events":10}' 'its figures are provisional'
like "$(cat open/statement.txt)" 'PROVISIONAL' 'the folder says so'
is "$(jq -r .state open/statement.json)" over 'and its statement says that it is not closed'
exits 0 headroom verify open
like "$out" 'PROVISIONAL: the month was not closed' 'and so does its proof'
exits 1 headroom invoice dispute --month 2026-03 -o open
like "$err" 'is there already; -o names a new folder' 'a folder that is there is left alone'
exits 1 headroom invoice dispute --month 2026-03 -o none/open
exits 2 headroom invoice dispute --month 2026-03
exits 2 headroom invoice dispute -o x
exits 2 headroom invoice dispute --month 2026-03 -o ''

note 'a closed month'
exits 0 headroom close --month 2026-03 --force --reason '12" tape is lost'
exits 0 headroom reopen --month 2026-03 --reason 'found one of 12"'
exits 0 headroom close --month 2026-03 --force --reason 'a test'
exits 0 headroom invoice set N1 --status disputed --note 'they wrote 8" of it: a quote that has no end'
printf '{"id":"c","time":"2026-03-21T05:00:00Z","user_id":77}\n' >late.jsonl
headroom ingest -q late.jsonl >"$work/.ingest" 2>&1
exits 0 headroom --json invoice dispute --month 2026-03 -o sealed/
is "$(jq -c '[.provisional, .unique_handles]' <<<"$out")" '[false,6]' 'the figures are the sealed ones'
is "$(find . -maxdepth 1 -name '*headroom-*')" '' 'nothing is left beside it'
is "$(cd sealed && echo *)" \
    'METHOD.txt SHA256SUMS chain.tsv charge.tsv check.json contents.tsv days.tsv events.jsonl.gz facts.tsv handles.csv manifest.json owners.tsv seals.json statement.json statement.txt' \
    'its files'
is "$(sed -n 2p sealed/handles.csv)" $'1,user1,2026-03-05T05:00:00.000005Z,acme,"a,5",1,'"$work"$'/log.jsonl,5,1\r' \
    'each owner has the first request, and the line that holds it'
is "$(jq -c '.[] | [.month, .unique_handles, .charge, .reopened_because]' sealed/seals.json)" \
    $'["2026-03",6,"10.00","found one of 12\\""]\n["2026-03",6,"10.00",null]' 'the seals, the broken one too'
is "$(jq -r '.[].closed_at' sealed/seals.json | grep -cE '^[0-9-]{10}T[0-9:]{8}[.][0-9]{6}Z$')" 2 'their times are RFC 3339'
is "$(jq -c '.handles_difference' sealed/check.json)" 2 'the vendor'"'"'s figures against these'

note 'the program proves it without a database'
HEADROOM_DB='host=/nowhere' exits 0 headroom verify sealed
like "$out" 'All of it holds, and the list of owners is the one that was sealed' 'all of it holds'
exits 0 headroom --json verify sealed
is "$(jq -c '[.holds, .provisional, .unique_handles, .charge, .files, .findings]' <<<"$out")" '[true,false,6,"10.00",14,[]]' 'as JSON'
exits 2 headroom verify sealed --since 1
exits 1 headroom verify "$work/home"
exits 4 headroom verify sealed/METHOD.txt

note 'and so does a reader with sha256sum and awk, by the steps of METHOD.txt'
step() { # N: the commands of a step, as they stand
    awk -v n="$1." '$1 == n { on = 1; next } on && NF == 0 { exit } on && /^   (sha256sum|awk)/ { run = 1 } on && run { print }' "$work/sealed/METHOD.txt"
}
run_step() { (cd sealed && bash -c "$(step "$1" | sed "s/=SEQ/=$(jq .seal_link manifest.json)/")" 2>&1); }
digest=$(jq -r .owners_digest sealed/manifest.json)
unlike "$(run_step 1)" 'FAILED' 'step 1: every file'
is "$(run_step 1 | grep -c ': OK$')" 14 '  fourteen of them'
is "$(run_step 2 | cut -c1-64)" "$digest" 'step 2: the list of owners'
is "$(run_step 3)" '6 6' 'step 3: their number'
is "$(run_step 4)" '10.0000' 'step 4: the charge'
is "$(run_step 5)" "head $(jq -r .chain_head sealed/manifest.json)" 'step 5: the chain'
seal=$(jq .seal_link sealed/manifest.json)
is "$(run_step 6 | cut -c1-64)" "$(awk -F'\t' -v n="$seal" '$1 == n { print $4 }' sealed/chain.tsv)" 'step 6: what the seal stands for'
ok '  and it holds the digest of the list' grep -q "^$seal	.*$digest" sealed/contents.tsv
sed -i '2s/\t\([0-9]*\)\t\([0-9a-f]*\)$/\t1\1\t\2/' sealed/chain.tsv
like "$(run_step 5)" 'link 2 does not hold' '  a changed link is found by it'

note 'tampering with any file is found'
spoil() { # NAME COMMANDS: what verify says of a copy in which that was done
    rm -rf spoilt && cp -r whole spoilt
    (cd spoilt && eval "$2") || bail_out "could not spoil: $1"
    exits 4 headroom verify spoilt
}
sums() { cut -c67- SHA256SUMS | xargs sha256sum >sums && mv sums SHA256SUMS; } # as who changes a file would do
rm -rf sealed && exits 0 headroom invoice dispute --month 2026-03 -o whole
for file in whole/*; do
    file=${file##*/}
    spoil "$file" "sed -i '1s/./X/' $file; [ -s $file ] || echo X >$file"
    like "$out" "- $([ "$file" = SHA256SUMS ] && echo owners.tsv || echo "$file"): " "$file is named"
    spoil "$file is gone" "rm $file"
done
spoil 'a file beside it' 'echo x >more.txt'
like "$out" '- more.txt: it is no part' 'a file that is no part of it'
spoil 'an owner less' "sed -i 1d owners.tsv; sed -i 2d handles.csv; sums"
like "$out" 'owners.tsv: its SHA-256 is not the owners_digest.*owners.tsv: it has 5 owners' 'with sums to fit'
spoil 'an owner less, and a digest to fit' \
    "sed -i 1d owners.tsv; sed -i 2d handles.csv; sed -i \"s/$digest/\$(sha256sum <owners.tsv | cut -c1-64)/; s/\\\"unique_handles\\\": 6/\\\"unique_handles\\\": 5/\" manifest.json; sums"
like "$out" 'contents.tsv: the seal is not over the owners_digest' 'the seal is over another list'
spoil 'evidence of another owner' "sed -i '2s/^1,/2,/' handles.csv; sums"
like "$out" 'handles.csv: its owners are not those' 'the evidence must be of the same owners'
spoil 'the time of the evidence' "sed -i '2s/2026-03-05T/2026-03-06T/' handles.csv; sums"
like "$out" 'handles.csv: its handles, first requests or counts are not those of owners.tsv' 'and say the same of them'
# shellcheck disable=SC2016 # of sed
for figure in 's/Unique handles:  6/Unique handles:  5/' '$aCharge:          9.00 USD' 's/2026-03 (closed)/2026-04 (closed)/' \
    's/^Limit: .*/Limit:           none/'; do
    spoil "statement.txt: $figure" "sed -i '$figure' statement.txt; sums"
    like "$out" "statement.txt: it does not say" "statement.txt: $figure"
done
for figure in 's/"contract": "acme"/"contract": "other"/' 's/"month": "2026-03"/"month": "2026-04"/' 's/"limit": 2/"limit": 3/'; do
    spoil "manifest: $figure" "sed -i '$figure' manifest.json; sums"
    like "$out" 'manifest.json: its (contract|month|limit) is not that of statement.json' "manifest.json: $figure"
done
spoil 'our figures beside theirs' "sed -i 's/\"charge\": \"10.00\"/\"charge\": \"5.00\"/' check.json; sums"
like "$out" 'check.json: its charge is not that of statement.json' 'our figures beside theirs'
spoil 'a price' "sed -i '1s/2.50/5.00/; 1s/\t4\t/\t2\t/' charge.tsv; sums"
like "$out" 'charge.tsv: its lines are not those of statement.json' 'a unit price'
spoil 'who has which seal' "sed -i 's/\"owners_digest\": \".\{6\}/\"owners_digest\": \"000000/' seals.json; sums"
like "$out" 'seals.json: its seals are not those of' 'the list of seals'
spoil 'a line of the charge' "sed -i '1s/10.00/11.00/' charge.tsv; sums"
like "$out" 'charge.tsv: its lines do not make the charge' 'a line of the charge'
spoil 'the statement' "sed -i 's/10.00/11.00/' statement.json; sums"
like "$out" 'statement.json: it is not the statement that was sealed' 'the sealed statement'
spoil 'the seal' "sed -i 's/a test/a rest/' contents.tsv; sums"
like "$out" "contents.tsv: what link $seal stands for was changed" 'what the seal says'
spoil 'another format' "sed -i 's/headroom-evidence-1/headroom-evidence-0/' manifest.json; sums"
like "$out" '^- manifest.json: it is not of the format headroom-evidence-1' 'another format'
unlike "$out" 'contract' '  nothing is said of what it may mean'
spoil 'a seal less' "sed -i '/^$seal\t/d' contents.tsv; sums"
like "$out" 'contents.tsv: the seal is missing' 'no seal'
spoil 'the end of the chain' "sed -i '\$d' chain.tsv; sums"
like "$out" 'chain.tsv: it does not end with the head' 'a chain that was cut'
