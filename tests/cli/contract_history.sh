#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The record of a contract's changes: who, when, why, from what to what; and contracts of before that was kept.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new history || bail_out 'no ledger'
query() { cluster_psql history -At -c "$1"; }
cd "$work" || exit 1

headroom contract add acme --limit 2 --price 2.50 --currency USD --from 2026-01-01 --by ann >.add || bail_out 'no contract'
exits 2 headroom contract history nobody
exits 0 headroom contract history acme
like "$out" '^Version 1: add, 20[0-9T:-]+Z, by ann$' 'the first one'
exits 0 headroom contract amend acme --from 2026-04 --limit 3 --reason 'more' --by bob
exits 0 headroom contract amend acme --app web=secret-key --dispute-days 30 --reason 'an app' --by cid
exits 0 headroom contract amend acme --from 2026-04 --limit none --reason 'no limit' --by bob
exits 0 headroom contract end acme --on 2027-01-01 --reason 'over' --by dan
exits 0 headroom contract history acme
like "$out" "Version 2: amend, .*, by bob: more"$'\n'"  /terms/1: null → \{\"from\": \"2026-04-01\", \"limit\": 3" 'terms that came'
like "$out" "Version 4: .*no limit"$'\n'"  /terms/1/limit: 3 → null" 'a value that changed'
like "$out" "Version 5: end, .*, by dan: over"$'\n'"  /end: null → \"2027-01-01\"" 'an end'
unlike "$out" 'secret-key' 'no key is shown'
exits 0 headroom contract history acme --json
is "$(jq -c '.[0] | keys_unsorted' <<<"$out")" '["version","action","changed_at","changed_by","reason","chain_link","changes"]' 'the keys'
is "$(jq -c 'map([.version, .action, .changed_by, .reason, (.changes | map(.pointer))])' <<<"$out")" \
    '[[1,"add","ann",null,[]],[2,"amend","bob","more",["/terms/1"]],[3,"amend","cid","an app",["/apps/0","/dispute_days"]],[4,"amend","bob","no limit",["/terms/1/limit"]],[5,"end","dan","over",["/end"]]]' \
    'who, why, what'
is "$(jq -c '.[2].changes[0].to' <<<"$out")" "{\"name\":\"web\",\"key\":\"sha256:$(printf secret-key | sha256sum | cut -c1-8)…\"}" 'a key by its digest'
is "$(query "SELECT string_agg(seq::text, ',' ORDER BY seq) FROM headroom.chain WHERE kind = 'contract'")" \
    "$(jq -r 'map(.chain_link) | join(",")' <<<"$out")" 'each hangs on the chain'

exits 0 headroom contract diff acme
is "$out" $'From version 4 to 5:\n  /end: null → "2027-01-01"' 'the last change'
exits 0 headroom contract diff acme --from 1 --to 4 --json
is "$(jq -c '[.contract, .from, .to, (.changes | map(.pointer))]' <<<"$out")" '["acme",1,4,["/apps/0","/dispute_days","/terms/1"]]' 'between two versions'
exits 0 headroom contract diff acme --from 3 --to 3
is "$out" 'Versions 3 and 3 are alike.' 'one with itself'
exits 0 headroom contract diff acme --from 5 --to 2
like "$out" '/terms/1/limit: null → 3' 'backwards too'
exits 2 headroom contract diff acme --to 6
like "$err" '--to 6: there is no such version; the last is 5' 'none'
exits 2 headroom contract diff acme --from 0
exits 2 headroom contract diff acme --from x
exits 0 headroom contract show acme --as-version 2 --json
is "$(jq -c '[.terms[].limit, .end, .apps]' <<<"$out")" '[2,3,null,[]]' 'as it was'
exits 0 headroom contract show acme --as-version 3
like "$out" 'App +web' 'as text'
exits 2 headroom contract show acme --as-version 6

note 'a contract of before versions were kept'
headroom contract add old --limit 5 --price 1 --currency USD >.add
query "DELETE FROM headroom.contract_version WHERE contract_id = (SELECT contract_id FROM headroom.contract WHERE name = 'old')"
exits 0 headroom contract history old
like "$err" 'nothing is on record' 'nothing yet'
exits 1 headroom contract diff old
exits 0 headroom contract amend old --from 2026-04 --limit 6 --reason 'six' --by eve
is "$(headroom contract history old --json | jq -c 'map([.version, .action, .changed_by, .reason, (.changes | map(.pointer))])')" \
    '[[1,"found","eve",null,[]],[2,"amend","eve","six",["/terms/1"]]]' 'as it was found, then the change'
