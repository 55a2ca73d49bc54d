#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# periods: the billing calendar as a list, and the months that are left out where months are compared.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new periods || bail_out 'no ledger'
query() { cluster_psql periods -At -c "$1"; }

exits 0 headroom --json periods
is "$out" '[]' 'without a contract there is none'
headroom contract add acme --limit 310 --price 2.50 --currency USD --from 2025-12-10 --billing-day 31 \
    --time-zone America/New_York >"$work/.add" || bail_out 'no contract'
query "UPDATE headroom.term SET proration = 'daily'; UPDATE headroom.contract SET ends_on = '2026-07-04'"
query "INSERT INTO headroom.term (contract_id, valid_from, time_zone, billing_day, counting, unit_limit, currency, pricing,
        created_at, created_by)
    SELECT contract_id, '2026-04-12', 'Europe/Berlin', 12, counting, 400, currency, pricing, now(), 'test'
    FROM headroom.term" || bail_out 'no terms'

note 'the list'
exits 0 headroom --json periods --from 2025-01 --to 2027-12
is "$(jq -c 'map(.month)' <<<"$out")" \
    '["2025-11","2025-12","2026-01","2026-02","2026-03","2026-04","2026-05","2026-06"]' 'the months that there are'
is "$(jq -c '.[0]' <<<"$out")" '{"contract":"acme","month":"2025-11","period_start":"2025-12-10T05:00:00Z","period_end":"2025-12-31T05:00:00Z","first_day":"2025-12-10","last_day":"2025-12-30","days":21,"time_zone":"America/New_York","billing_day":31,"limit":210,"state":"over","completeness":"unknown","cut":"start","changed":null,"ignored":false,"ignored_reason":null,"ignored_at":null,"ignored_by":null}' \
    'the whole row, with its share of the limit'
is "$(jq -c '[.[] | [.period_end]] | .[:-1] == ($all[1:] | map([.period_start]))' --argjson all "$out" <<<"$out")" true \
    'each ends where the next begins'
is "$(jq -c 'map([.first_day, .last_day, .days])' <<<"$out")" \
    '[["2025-12-10","2025-12-30",21],["2025-12-31","2026-01-30",31],["2026-01-31","2026-02-27",28],["2026-02-28","2026-03-30",31],["2026-03-31","2026-04-11",12],["2026-04-12","2026-05-11",30],["2026-05-12","2026-06-11",31],["2026-06-12","2026-07-03",22]]' \
    'local dates and days'
is "$(jq -c 'map(.changed)' <<<"$out")" '[null,null,null,null,"shorter",null,null,null]' 'before the change it is shorter'
is "$(jq -c '[.[-1] | .cut, .limit, .time_zone, .billing_day]' <<<"$out")" '["end",400,"Europe/Berlin",12]' \
    'the end cuts; without proration the limit is whole'
exits 0 headroom periods --from 2025-11 --to 2026-03
like "$out" 'acme +2025-11 +2025-12-10T05:00:00Z +2025-12-31T05:00:00Z +2025-12-10 +2025-12-30 +21 +America/New_York +210 +over +unknown +cut at its start'$'\n' \
    'text: a row'
like "$out" '2026-03 .* 12 .*shorter by a change of billing day or zone' 'text: a short month'

note 'which months, unless told'
months() { headroom --json periods "$@" | jq -c 'map(.month)'; }
is "$(months)" '["2026-06"]' 'without events the open month, here the last'
printf '{"time":"2026-04-15T08:00:00Z","user_id":1}\n{"time":"2024-01-01T00:00:00Z","user_id":1}\n' >"$work/log.jsonl"
headroom ingest -q "$work/log.jsonl" >"$work/.in"
is "$(months)" '["2025-11","2025-12","2026-01","2026-02","2026-03","2026-04","2026-05","2026-06"]' \
    'from the first event on, but not before the terms'
is "$(months --from 2026-05)" '["2026-05","2026-06"]' '--from alone'
is "$(months --to 2025-12)" '["2025-11","2025-12"]' '--to alone'
is "$(months --to 2020-01)" '[]' 'before the terms there is none'
exits 0 headroom periods --from 2030-01
like "$err" 'no contract has a billing month there' 'after the end neither, and it says so'
headroom contract add beta --limit none --price 1 --currency EUR >"$work/.add"
is "$(headroom --json periods --from 2026-06 --to 2026-06 | jq -c 'map([.contract, .limit])')" '[["acme",400],["beta",null]]' \
    'all contracts'
is "$(headroom --json periods --contract beta --from 2099-01 --to 2099-01 | jq -c '.[0] | [.state, .completeness]')" \
    '["open",null]' 'a month to come has no grade'

is "$(headroom --json status --contract beta --month 2099-01 | jq -c '.[0] | [.state, .completeness]')" '["open","unknown"]' \
    'its status answers too'

note 'ignored, and heeded again'
exits 0 headroom --json periods ignore 2026-04 --contract acme --reason 'a campaign' --by alice
is "$(jq -c . <<<"$out")" '{"contract":"acme","month":"2026-04","ignored":true,"reason":"a campaign","by":"alice"}' 'noted'
is "$(headroom --json periods --contract acme --from 2026-04 --to 2026-05 |
    jq -c 'map([.ignored, .ignored_reason, .ignored_by, (.ignored_at | type)])')" \
    '[[true,"a campaign","alice","string"],[false,null,null,"null"]]' 'the list says it, and why, and who'
exits 0 headroom periods --contract acme --from 2026-04 --to 2026-04
like "$out" 'ignored: a campaign' 'text as well'
exits 1 headroom periods ignore 2026-04 --contract acme --reason again
like "$err" '2026-04 of contract .acme. is ignored already, by alice on .*: a campaign; nothing was changed' 'once is enough'
exits 1 headroom periods heed 2026-05 --contract acme --reason R
like "$err" 'not ignored' 'what is not ignored cannot be heeded'
exits 0 headroom periods heed 2026-04 --contract acme --reason 'each year has one'
like "$out" '2026-04 of contract acme counts again' 'heeded'
is "$(headroom --json periods --contract acme --from 2026-04 --to 2026-04 | jq -c '.[0] | [.ignored, .ignored_reason]')" \
    '[false,null]' 'the list says it'
is "$(query 'SELECT count(*) FROM headroom.period_note')" 2 'both are on record'

note 'refused'
refused() { # SAID WORD…
    local said=$1
    shift
    exits 2 headroom periods "$@"
    is "$out" '' "$said: nothing on standard output"
    like "$err" "$said" "$said: the message"
}
refused "--from '2026-13' is no month" --from 2026-13
refused "--to 'this' is no month" --to this
refused '--from 2026-03 is after --to 2026-02' --from 2026-03 --to 2026-02
refused "no contract 'acne'" --contract acne
refused "no command 'ignor'; did you mean 'ignore'" ignor
refused 'needs MONTH' ignore --reason R
refused "'soon' is no month" ignore soon --reason R
refused '--reason is missing' ignore 2026-04 --contract acme
refused '--reason is empty' ignore 2026-04 --contract acme --reason ' '
refused 'which contract' ignore 2026-04 --reason R
refused "--from is an option of 'periods' alone, not of 'periods ignore'" --from 2026-01 ignore 2026-04 --reason R
exits 1 headroom periods ignore 2024-01 --contract acme --reason R
like "$err" 'before the first term' 'a month that the contract does not have'
