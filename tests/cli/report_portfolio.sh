#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report portfolio: all contracts on one sheet, sorted by risk, summed by currency.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/book.sh"

ledger_new portfolio || bail_out 'no ledger'
exits 1 headroom report portfolio -o "$work/none.xlsx"
like "$err" 'no contract' 'without a contract there is nothing to show'

mkdir -p "$work/mine/both" && cp "$root/reports/portfolio/"* "$work/mine/both"
sed -i 's/"parameters": \["contracts"/"parameters": ["month", "contracts"/' "$work/mine/both/layout.json"
exits 1 headroom report both --reports "$work/mine"
like "$err" 'both/layout.json: parameters: "month" is of one contract and "contracts" of several' 'a report is of one contract or of several'

# Six with something to see, one that has ended, and 53 that nobody uses.
jq -n '
    def flat(name; limit; price; currency): {name: name, terms: [{from: "2026-01-01", limit: limit, currency: currency,
        pricing: {model: "flat", unit_price: price}}]};
    [flat("over-usd"; 2; "2.50"; "USD"), flat("=HYPERLINK(\"x\") []:*?/\\"; 10; "1"; "EUR") + {time_zone: "Europe/Berlin"},
     flat("jpy"; 1; "100"; "JPY"), flat("kwd"; 0; "1.25"; "KWD"), flat("endless"; null; "1"; "USD"),
     flat("full"; 3; "4"; "USD"), flat("ended"; 5; "1"; "USD") + {end: "2026-02-15"}]
    + [range(1; 54) | flat("quiet-\(100 + .)"; 100; "0.5"; if . % 2 == 0 then "EUR" else "USD" end)]' >"$work/contracts.json"
headroom contract import "$work/contracts.json" >"$work/.import" 2>&1 || bail_out 'no contracts' "$(cat "$work/.import")"
use() { # CONTRACT HANDLES: in March 2026, one a day
    local i
    for ((i = 1; i <= $2; i++)); do
        jq -nc --arg c "$1" --arg d "$(printf '%02d' "$i")" '{contract: $c, id: "\($c) \($d)", time: "2026-03-\($d)T12:00:00Z", user_id: ($d | tonumber)}'
    done
}
# shellcheck disable=SC1003 # the last character of a name
{ use over-usd 4; use '=HYPERLINK("x") []:*?/\' 1; use jpy 3; use kwd 1; use endless 5; use full 3; use quiet-101 1; } >"$work/log.jsonl"
headroom ingest -q "$work/log.jsonl" >"$work/.ingest" || bail_out 'no log'
headroom invoice add --contract jpy --month 2026-02 --number J1 --date 2026-03-02 --handles 9 --amount 900 --currency JPY >"$work/.invoice" &&
    headroom invoice set J1 --contract jpy --status disputed --note 'a test' >"$work/.invoice" || bail_out 'no dispute'

export SOURCE_DATE_EPOCH=1774353600 # 2026-03-24T12:00Z
began=$(date +%s%N)
exits 0 headroom report portfolio --month 2026-03 -o "$work/books/march.xlsx"
took=$((($(date +%s%N) - began) / 1000000))
note "60 contracts: $took ms"
like "$err" "contract 'ended'" 'who has no such month is said, and left out'
cp "$work/books/march.xlsx" "$work/again.xlsx"
exits 0 headroom report portfolio --month 2026-03 -o "$work/books/march.xlsx"
ok 'the same data give the same bytes' cmp -s "$work/again.xlsx" "$work/books/march.xlsx"
exits 0 headroom --json report portfolio --contract full --month 2026-03 -o "$work/books/full.xlsx"
is "$(jq -c '[.report, .contract, .month]' <<<"$out")" '["portfolio",null,null]' 'it is of no contract'
unset SOURCE_DATE_EPOCH
exits 0 headroom report portfolio --contract ended --format csv
is "$(sed 1d <<<"$out" | cut -d, -f1-5 | tr -d '\r')" 'ended,2026-02,"over, ended 2026-02-15",low' 'of one that has ended its last month'
exits 0 headroom report portfolio --format csv
is "$(sed 1d <<<"$out" | wc -l)" 60 'without --month all of them'
exits 0 headroom report portfolio --month 2026-03 --format json
is "$(jq -c '.datasets.sums | map([.currency, .contracts, .charge, .disputes])' <<<"$out")" \
    '[["EUR",27,"0.00",0],["JPY",1,"200",1],["KWD",1,"1.250",0],["USD",30,"5.00",0]]' 'sums by currency'

if [ -n "${HEADROOM_TEST_FULL:-}" ]; then
    note "each contract's book too"
    number=0
    while IFS= read -r contract; do
        number=$((number + 1))
        exits 0 headroom report overage --contract "$contract" --month 2026-03 -o "$work/books/book-$number.xlsx"
    done < <(jq -r '.[].name | select(. != "ended")' "$work/contracts.json")
    is "$number" 59 'all that have such a month'
fi
books_recalculate
rows() { sheet march Portfolio | awk -F '\t' -v OFS='|' '$1 == "Contract" && $2 == "Month" { on = 1; next } on { $1 = $1; print }'; }
is "$(rows | wc -l)" 59 'one row a contract'
is "$(rows | cut -d'|' -f1 | head -n 6 | tr '\n' ' ')" 'kwd jpy over-usd full =HYPERLINK("x") []:*?/\ quiet-101 ' 'those at the highest risk first'
is "$(rows | tail -n 1 | cut -d'|' -f1,4-9)" 'endless|no limit|5||||' 'who has no limit comes last'
is "$(rows | grep '^jpy' | cut -d'|' -f2-9,12,13,15,18)" '2026-03|open|over|3|1|300%|0|2|100%|200|JPY|1' 'a row'
is "$(sheet march Portfolio | awk -F '\t' -v OFS='|' '$1 == "JPY" || $1 == "USD" || $1 == "EUR" || $1 == "KWD" { print $1, $2, $3 }' | tr '\n' ' ')" \
    'EUR|27|0 JPY|1|200 KWD|1|1.25 USD|30|5 ' 'sums by currency'
ok 'a source that has gone quiet is said' grep -q '^7 contracts have a source that has gone quiet' <<<"$(sheet march Portfolio)"
is "$(cell march Contracts Portfolio) $(cell march 'Over the limit' Portfolio) $(cell march 'Without a limit' Portfolio)" '59 3 1' 'how many'
# shellcheck disable=SC2016 # addresses
part_has 'sums are formulas' march xl/worksheets/sheet1.xml '<f>SUMIF\(\$O\$[0-9]+:\$O\$[0-9]+,\$A[0-9]+,\$M\$[0-9]+:\$M\$[0-9]+\)</f>'
part_has 'shares have bars' march xl/worksheets/sheet1.xml 'dataBar'
