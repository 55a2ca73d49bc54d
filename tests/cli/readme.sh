#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the README tells a new user to type works as it stands, and its tables agree with the program.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
ledger_new readme || bail_out 'no ledger'
cd "$work" || exit 1
readme=$root/README.md

# An indented block, from the line that begins so to the first blank one.
block() { awk -v start="    $1" 'index($0, start) == 1 { on = 1 } on && $0 == "" { exit } on' "$readme" | sed 's/^    //'; }

block '{"time"' >requests.jsonl
block 'time,user_id' >requests.csv
is "$(wc -l <requests.jsonl),$(wc -l <requests.csv)" '1,2' 'the README shows a line of JSON, and a header with a line of CSV'

while IFS= read -r line; do
    line=${line%%  #*}
    exits 0 eval "$line"
done < <(block 'headroom contract add'; block 'headroom status --json')

exits 0 headroom --json ingest requests.csv
is "$(jq -c '[.read, .added, .duplicate]' <<<"$out")" '[1,0,1]' 'its CSV says the same as its JSON'

exits 0 headroom --help
while IFS='|' read -r _ code meaning _; do
    code=${code// /}
    meaning=${meaning# }
    meaning=${meaning% }
    like "$(tr -s ' \n' ' ' <<<"$out")" " $code $meaning " "exit code $code means the same in --help"
done < <(grep -E '^\| [0-9] \|' "$readme")

keys_of() { # COMMAND: its top keys as the README lists them, sorted
    sed -n "s/^| \`$1\` | \`\(.*\)\` |\$/\1/p" "$readme" | sed 's/first_event: {[^}]*}/first_event/; s/spread: {[^}]*}/spread/
        s/app_only: {[^}]*}/app_only/; s/boundary: \[{[^}]*}\]/boundary/
        s/rate: {[^}]*}/rate/; s/gate: {[^}]*}/gate/
        s/adjustments: \[{[^}]*}\]/adjustments/; s/disputes: \[{[^}]*}\]/disputes/; s/lines: \[…\]/lines/; s/checks: \[{[^}]*}\]/checks/' | tr -d '[]{} ' | tr ',' '\n' | sort
}
status_keys=$(keys_of status)
for command in status handles reconcile; do
    exits 0 headroom --json "$command" --month 2026-06
    expected=$(keys_of "$command" | grep -v 'status' || :)
    [ "$command" != reconcile ] || expected=$(grep -vxE "disputes|rate|gate" <<<"$status_keys"; printf '%s\n' "$expected")
    is "$(jq -r '.[0] | keys[]' <<<"$out" | LC_ALL=C sort)" "$(LC_ALL=C sort <<<"$expected")" "$command has the keys of the README"
done
is "$(headroom --json ingest requests.csv | jq -r 'keys[]' | LC_ALL=C sort)" "$(keys_of ingest | LC_ALL=C sort)" \
    'ingest has the keys of the README'

while IFS= read -r file; do
    ok "the link to $file leads somewhere" test -e "$root/$file"
done < <(grep -ohE '\]\([A-Za-z./]+\)' "$readme" "$root/CONTRIBUTING.md" | sed 's/^](\(.*\))$/\1/')
