#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# forecast --record: what was said is kept once a day, as it was said.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new record || bail_out 'no ledger'
query() { cluster_psql record -Atc "$1"; }
headroom -q contract add acme --limit 2 --price 2.50 --currency USD --time-zone Pacific/Kiritimati >"$work/.add" &&
    headroom -q contract add free --limit none --price 1 --currency JPY >>"$work/.add" || bail_out 'no contracts'

note 'nothing to keep'
exits 0 headroom --json forecast --record
is "$(jq -c 'map(.recorded)' <<<"$out")" '[false,false]' 'no forecast: none is kept'
like "$err" "contract 'acme', [0-9-]+: nothing was kept, since there is no forecast yet" 'which is said'
exits 0 headroom forecast --record --month last
like "$err" "contract 'acme', [0-9-]+: nothing was kept, since " 'a month that is over'
is "$(query 'SELECT count(*) FROM headroom.forecast_said')" 0 'nothing is there'

note 'kept as it was said'
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
printf '{"time":"%s","user_id":%d,"contract":"%s"}\n' "$now" 1 acme "$now" 2 acme "$now" 3 acme "$now" 1 free >"$work/log.jsonl"
headroom -q ingest "$work/log.jsonl" >"$work/.in" || bail_out 'not taken in'
exits 0 headroom --json --by ann forecast --record
like "$err" "contract 'acme', [0-9-]+: what was said today is kept" 'said on standard error'
is "$(jq -c 'map(.recorded)' <<<"$out")" '[true,true]' 'and in the document'
said() { # CONTRACT
    query "SELECT jsonb_build_array(to_char(month, 'YYYY-MM'), used, p10, p50, p90, probability, unit_limit,
            expected_charge::text, currency, history_months, method, said_by)
        FROM headroom.forecast_said JOIN headroom.contract USING (contract_id) WHERE name = '$1'" | jq -c .
}
for contract in acme free; do
    is "$(said "$contract")" "$(jq -c ".[] | select(.contract == \"$contract\") | [.month, .unique_handles, .p10, .p50, .p90,
            .probability_over_limit, .limit, .expected_charge, .currency, .history_months, .method, \"ann\"]" <<<"$out")" \
        "$contract: all of it is what the document says"
done
is "$(query "SELECT bool_and(said_on = (now() AT TIME ZONE CASE name WHEN 'acme' THEN 'Pacific/Kiritimati' ELSE 'UTC' END)::date
        AND said_at > now() - INTERVAL '5 minutes' AND as_of > '$now' AND as_of < TIMESTAMPTZ '$now' + INTERVAL '1 second')
    FROM headroom.forecast_said JOIN headroom.contract USING (contract_id)")" t 'on the day of the contract'\''s zone, with its times'

note 'once a day'
before=$(query 'SELECT * FROM headroom.forecast_said ORDER BY contract_id')
printf '{"time":"%s","user_id":4,"contract":"acme"}\n' "$now" >"$work/more.jsonl"
headroom -q ingest "$work/more.jsonl" >"$work/.in"
exits 0 headroom --json --by bob forecast --record --contract acme
is "$(jq -c 'map([.unique_handles, .recorded])' <<<"$out")" '[[4,false]]' 'a second run on the day answers, and keeps nothing'
like "$err" 'what was said today is kept already; nothing was changed' 'which is said'
is "$(query 'SELECT * FROM headroom.forecast_said ORDER BY contract_id')" "$before" 'the first one stays'
query 'UPDATE headroom.forecast_said SET said_on = said_on - 1' >"$work/.day"
exits 0 headroom forecast --record --contract acme
like "$out" 'Contract acme, billing month' 'the answer is the same as without'
is "$(query 'SELECT count(*), max(used) FROM headroom.forecast_said WHERE contract_id = 1')" '2|4' 'the next day is kept beside it'
exits 0 headroom --json forecast
is "$(jq -c 'map(has("recorded"))' <<<"$out")" '[false,false]' 'without --record nothing is said of it'
is "$(query 'SELECT count(*) FROM headroom.forecast_said')" 3 'and nothing kept'
exits 0 headroom verify
is "$(query "SELECT p50 IS NOT NULL FROM headroom.forecast_at_mid_month(1, date_trunc('month', (SELECT max(month) FROM headroom.forecast_said))::date)")" t \
    'it is there for the middle of the month'

note 'what does not go with it'
seq 3 >"$work/plan.txt"
for other in "--as-of $now" '--history 3' '--limit 7' '--price 3' "--plan $work/plan.txt"; do
    # shellcheck disable=SC2086 # an option and its value
    exits 2 headroom forecast --record $other
    like "$err" "--record keeps the forecast as it stands today: leave out ${other%% *}" "not with ${other%% *}"
done
query 'UPDATE headroom.forecast_said SET said_on = said_on - 1' >"$work/.day"
PGOPTIONS='-c default_transaction_read_only=on' exits 1 headroom --json forecast --record --contract acme
is "$out" '' 'a session that may not write: nothing on standard output'
like "$err" 'read-only transaction' 'and the reason'
is "$(query 'SELECT count(*) FROM headroom.forecast_said')" 3 'nothing was kept'
