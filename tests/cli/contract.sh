#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Contracts: what is needed, what is refused with which words, and what is kept exactly.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new contracts || bail_out 'no ledger'
query() { cluster_psql contracts -At -c "$1"; }
full=(--limit 500 --price 2.50 --currency USD)

note 'none yet'
exits 0 headroom contract list
is "$out" '' 'without a contract the list is empty'
like "$err" 'contract add' 'and says how to add one'
exits 0 headroom contract list --json
is "$out" '[]' 'as JSON it is an empty array'
exits 1 headroom contract show acme
like "$err" 'no contract yet.*contract add' 'show says that there is none'

note 'refused, and nothing half done'
refused() { # SAID WORD…
    local said=$1
    shift
    exits 2 headroom contract add "$@"
    is "$out" '' "$said: nothing on standard output"
    like "$err" "$said" "$said: the message"
}
refused '--limit is missing' acme --price 1 --currency USD
refused '--price is missing' acme --limit 1 --currency USD
refused '--currency is missing' acme --limit 1 --price 1
refused 'needs NAME' "${full[@]}"
refused 'negative' acme --limit -1 --price 1 --currency USD
refused 'no whole number' acme --limit ten --price 1 --currency USD
refused 'no whole number' acme --limit 1.5 --price 1 --currency USD
refused 'out of range' acme --limit 9223372036854775808 --price 1 --currency USD
refused 'negative' acme --limit 1 --price -2.50 --currency USD
refused 'no price' acme --limit 1 --price cheap --currency USD
refused 'decimal point' acme --limit 1 --price 2,50 --currency USD
refused 'no price' acme --limit 1 --price 1e3 --currency USD
refused 'too big' acme --limit 1 --price 1234567890123 --currency USD
refused '13 decimals' acme --limit 1 --price 0.1234567890123 --currency USD
refused 'three capital letters' acme --limit 1 --price 1 --currency usd
refused "'XXY'" acme --limit 1 --price 1 --currency XXY
refused '1 to 31' acme "${full[@]}" --billing-day 32
refused '1 to 31' acme "${full[@]}" --billing-day 0
refused "Europe/Berlin" acme "${full[@]}" --time-zone europe/berlin
refused 'Mars/Olympus' acme "${full[@]}" --time-zone Mars/Olympus
refused 'no such day' acme "${full[@]}" --from 2026-02-30
refused 'too early' acme "${full[@]}" --from 2005-12-31
refused 'no date' acme "${full[@]}" --from tomorrow
refused 'did you mean answered' acme "${full[@]}" --counting answred
refused 'blanks' ' acme' "${full[@]}"
refused 'control characters' $'ac\033me' "${full[@]}"
refused 'empty' '' "${full[@]}"
is "$(query 'SELECT count(*) FROM headroom.contract')" 0 'no contract was made'
is "$(query 'SELECT seq FROM headroom.chain_head')" 0 'the chain is as it was'

note 'added'
exits 0 headroom contract add acme "${full[@]}" --by alice
like "$out" 'acme.*2006-01-01 +500 +2.50 each +USD +1 +UTC +answered' 'what was added is shown'
is "$(query 'SELECT created_by FROM headroom.contract')" alice 'it is on record who did it'
is "$(query 'SELECT seq FROM headroom.chain_head')" 2 'the terms and the version hang on the chain'
exits 1 headroom contract add acme "${full[@]}"
like "$err" "'acme' is there already" 'a name is taken once'
exits 0 headroom contract add fine --limit 0 --price 0.0123456789 --currency JPY
like "$err" 'limit of 0.*every handle is overage' 'a limit of 0 is taken, with a note'
like "$err" '10 decimals.*rounded' 'a price with 10 decimals is taken, with a note'
is "$(query "SELECT unit_price FROM headroom.term_tier WHERE unit_price < 1")" 0.0123456789 'every decimal is kept'
exits 0 headroom contract add zero -q --limit 0 --price 0.0123456789 --currency JPY
is "$err" '' 'no note with -q'
exits 0 headroom --json contract add 'Zoë & Co' --limit none --price 1 --currency EUR --billing-day 31 \
    --time-zone Europe/Berlin --from 2026-01-10 --counting delivered+app
is "$(jq -c '[.name, .time_zone, .billing_day, .counting, .terms[0].limit, .terms[0].from]' <<<"$out")" \
    '["Zoë & Co","Europe/Berlin",31,"delivered+app",null,"2026-01-10"]' 'every option arrives'
whole=$out
exits 0 headroom contract show 'Zoë & Co' --json
is "$out" "$whole" 'show prints the same document'
is "$(jq -c 'keys_unsorted' <<<"$out")" \
    '["name","time_zone","billing_day","counting","apps","end","notes","answers","dispute_days","alternatives","terms"]' 'the keys of a contract'
is "$(jq -c '.terms[0] | keys_unsorted' <<<"$out")" \
    '["from","limit","currency","pricing","fee","minimum","cap","tolerance","proration","time_zone","billing_day","counting"]' \
    'the keys of terms'
is "$(jq -c '.terms[0].pricing' <<<"$out")" '{"model":"flat","unit_price":"1"}' 'a flat price'
exits 0 headroom contract list --json
is "$(jq -c 'map(.name)' <<<"$out")" '["Zoë & Co","acme","fine","zero"]' 'the list is in the order of names'
exits 0 headroom contract list
is "$(wc -l <<<"$out")" 5 'as text a line each'
exits 2 headroom contract show acmee
like "$err" "no contract 'acmee'.*Zoë & Co, acme, fine, zero" 'an unknown one: the known ones are named'

note 'brackets, packages and the rest, as an import will write them'
query "
    INSERT INTO headroom.term (contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing,
        minimum, cap, fee, tolerance_units, tolerance_cliff, proration, created_at, created_by)
    SELECT contract_id, '2026-05-01', 'UTC', 1, 'answered', 600, 'USD', 'graduated', 5, 1000, 99.5, 3, true, 'daily',
        now(), 'test'
    FROM headroom.contract WHERE name = 'acme';
    INSERT INTO headroom.term_tier
    SELECT term.term_id, tier.tier, tier.up_to, tier.price, tier.flat_fee
    FROM headroom.term, (VALUES (1, 10, 3.00, 4), (2, NULL, 2.250, NULL)) AS tier (tier, up_to, price, flat_fee)
    WHERE valid_from = '2026-05-01';
    INSERT INTO headroom.term (contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing,
        package_size, created_at, created_by)
    SELECT contract_id, '2026-06-01', 'UTC', 1, 'answered', 600, 'USD', 'package', 25, now(), 'test'
    FROM headroom.contract WHERE name = 'acme';
    INSERT INTO headroom.term_tier SELECT term_id, 1, NULL, 40, NULL FROM headroom.term WHERE pricing = 'package'" \
    || bail_out 'terms cannot be made'
exits 0 headroom contract show acme --json
is "$(jq -c '.terms[1].pricing' <<<"$out")" \
    '{"model":"graduated","tiers":[{"up_to":10,"unit_price":"3.00","flat_fee":"4"},{"up_to":null,"unit_price":"2.250","flat_fee":"0"}]}' \
    'brackets'
is "$(jq -c '.terms[1] | [.fee, .minimum, .cap, .tolerance, .proration]' <<<"$out")" \
    '["99.5","5","1000",{"units":3,"cliff":true},"daily"]' 'money as strings, tolerance, proration'
is "$(jq -c '.terms[2].pricing' <<<"$out")" '{"model":"package","size":25,"price":"40"}' 'a package'
exits 0 headroom contract show acme
like "$out" '2026-05-01 +600 +graduated' 'text: brackets are named'
like "$out" 'UP TO +UNIT PRICE +FLAT FEE.* 10 +3.00 +4' 'text: and listed'
like "$out" '40 for 25' 'text: a package'
like "$out" 'minimum 5 USD' 'text: the minimum'
like "$out" 'tolerance of 3 units, above it all are charged' 'text: the tolerance'
