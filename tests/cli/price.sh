#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# price: what handles over the limit cost, for units, for handles in all, and for the next one.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new price || bail_out 'no ledger'
query() { cluster_psql price -At -c "$1"; }
headroom contract add acme --limit 3 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" || bail_out 'no contract'

note 'units of overage'
exits 0 headroom --json price --units 8 --month 2026-03
is "$(jq -c . <<<"$out")" '{"contract":"acme","month":"2026-03","limit":3,"handles":null,"units":8,"charged":8,"charge":"20.00","marginal":"2.50","fee":null,"currency":"USD","lines":[{"kind":"tier","description":"handles 1 to 8 over the limit","from_unit":1,"to_unit":8,"units":8,"unit_price":"2.50","amount":"20.00"}]}' \
    'the document'
exits 0 headroom --json price --units 0
is "$(jq -c '[.charge, .marginal, .lines, .month]' <<<"$out")" "[\"0.00\",\"0.00\",[],\"$(date +%Y-%m)\"]" \
    'no units cost nothing; the open month is the default'
exits 0 headroom price --units 8 --month 2026-03
like "$out" 'Contract acme, billing month 2026-03, limit 3'$'\n''8 units of overage' 'text: what was asked'
like "$out" 'handles 1 to 8 over the limit +8 +2.50 +20.00 USD'$'\n''total +20.00 USD' 'text: the lines, and the total'
exits 0 headroom --json price --units 9223372036854775807
is "$(jq -r .charge <<<"$out")" 23058430092136939517.50 'the largest number of units, to the cent'

note 'handles in all, several numbers'
exits 0 headroom --json price --handles 3,4,103
is "$(jq -c 'map([.handles, .units, .charge, .marginal])' <<<"$out")" \
    '[[3,0,"0.00","0.00"],[4,1,"2.50","2.50"],[103,100,"250.00","2.50"]]' 'under the limit'
exits 0 headroom price --handles 3,4,103
like "$out" 'HANDLES +OVERAGE +CHARGED UNITS +CHARGE +LAST UNIT.* 4 +1 +1 +2.50 USD +2.50 USD' 'text: a row each'
is "$(wc -l <<<"$out")" 4 'and a heading'

note 'the next handle'
marginal() { headroom --json price --marginal --month 2026-03 | jq -c '[.handles, .units, .charge, .marginal]'; }
take_in() { # USER-ID…
    printf '{"time":"2026-03-02T08:00:00Z","user_id":%d}\n' "$@" >"$work/log.jsonl"
    headroom ingest -q "$work/log.jsonl" >"$work/.in" || bail_out 'not taken in'
}
is "$(marginal)" '[1,0,"0.00","0.00"]' 'in an empty month the first handle is free'
take_in 1 2
is "$(marginal)" '[3,0,"0.00","0.00"]' 'the last one of the limit is free'
take_in 3
is "$(marginal)" '[4,1,"2.50","2.50"]' 'the first one above it costs'
exits 0 headroom price --marginal --month 2026-03
like "$out" '4 unique handles: 1 unit of overage.*The next handle costs 2.50 USD' 'text'

note 'terms of every kind'
query "
    INSERT INTO headroom.term (contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing,
        package_size, fee, minimum, cap, tolerance_units, tolerance_cliff, created_at, created_by)
    SELECT contract_id, valid_from::date, 'UTC', 1, 'answered', 3, currency, pricing::headroom.pricing_model,
        package_size, fee, minimum, cap, tolerance_units, tolerance_cliff, now(), 'test'
    FROM headroom.contract, (VALUES
        ('2026-04-01', 'USD', 'graduated', NULL::bigint, 99.5, NULL::numeric, NULL::numeric, 5, false),
        ('2026-05-01', 'USD', 'volume', NULL, NULL, NULL, NULL, 0, false),
        ('2026-06-01', 'JPY', 'package', 25, NULL, 60, 200, 0, false),
        ('2026-07-01', 'KWD', 'flat', NULL, NULL, NULL, NULL, 5, true)) AS terms (
            valid_from, currency, pricing, package_size, fee, minimum, cap, tolerance_units, tolerance_cliff)
    WHERE name = 'acme';
    INSERT INTO headroom.term_tier (term_id, tier, up_to, unit_price, flat_fee)
    SELECT term_id, tier, up_to, unit_price, flat_fee
    FROM headroom.term JOIN (VALUES
        ('2026-04-01', 1, 10, 3.00, 4), ('2026-04-01', 2, NULL, 2.25, NULL),
        ('2026-05-01', 1, 10, 3.00, NULL), ('2026-05-01', 2, NULL, 2.25, NULL),
        ('2026-06-01', 1, NULL, 40, NULL), ('2026-07-01', 1, NULL, 0.1235, NULL)) AS tiers (
            from_date, tier, up_to, unit_price, flat_fee) ON from_date::date = valid_from" || bail_out 'no terms'
priced() { # MONTH OPTION NUMBER: units, charged, charge, marginal and amounts
    headroom --json price --month "$1" "$2" "$3" | jq -c '[.units, .charged, .charge, .marginal, (.lines | map(.amount) | join(" "))]'
}
is "$(priced 2026-04 --units 5)" '[5,0,"0.00","0.00",""]' 'within the tolerance'
is "$(priced 2026-04 --handles 19)" '[16,11,"36.25","2.25","30.00 4.00 2.25"]' 'graduated, with tolerance and a flat fee'
is "$(priced 2026-05 --units 11)" '[11,11,"24.75","-5.25","24.75"]' 'volume: the next bracket is cheaper for all'
is "$(priced 2026-06 --units 1)" '[1,1,"60","60","40 20"]' 'a package in yen, up to the minimum'
is "$(priced 2026-06 --units 500)" '[500,500,"200","0","800 -600"]' 'down to the cap'
like "$(priced 2026-06 --units 9223372036854775807)" '"200","0","14757395258967641320 -14757395258967641120"]' \
    'a package of the largest number of units'
is "$(priced 2026-07 --units 6)" '[6,6,"0.741","0.741","0.741"]' 'past the cliff all are charged, in dinars'
exits 0 headroom price --month 2026-04 --units 8
like "$out" '8 units of overage, 3 of them charged' 'text: what the tolerance leaves'
like "$out" 'fee of 99.50 USD for the month is not in it' 'text: the fee is beside the charge'
is "$(headroom --json price --month 2026-04 --units 8 | jq -r .fee)" 99.50 'and in the document'

note 'no limit'
headroom contract add trial --limit none --price 1 --currency EUR >"$work/.add"
exits 0 headroom --json price --contract trial --handles 1000
is "$(jq -c '[.limit, .units, .charge]' <<<"$out")" '[null,0,"0.00"]' 'nothing is over it'
exits 0 headroom price --contract trial --units 10
like "$err" "'trial' has no limit in .*: nothing is over it" 'a price of units is said to be one of none'
like "$out" 'limit none.*total +10.00 EUR' 'and answered'

note 'refused'
refused() { # SAID WORD…
    local said=$1
    shift
    exits 2 headroom price --contract acme "$@"
    is "$out" '' "$said: nothing on standard output"
    like "$err" "$said" "$said: the message"
}
refused 'the price of what: give --units N, --handles N or --marginal'
refused 'only one question at a time' --units 1 --handles 1
refused 'only one question at a time' --units 1 --marginal
refused 'negative' --units -1
refused "--units 'ten' is no whole number" --units ten
refused "--handles '1.5' is no whole number" --handles 1.5
refused 'out of range' --handles 9223372036854775808
refused "--units '' is no whole number" --units 1,,2
refused "--units '' is no whole number" --units 1,
refused 'no month' --units 1 --month soon
exits 2 headroom price --units 1
like "$err" 'acme, trial.*--contract' 'which contract? They are named'
exits 1 headroom price --contract acme --units 1 --month 2025-12
like "$err" 'before the first term' 'a month before the first term has no price'
