#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report overage as other programs find it: Gnumeric recalculates it, openpyxl reads it, and its parts are valid XML.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

command -v ssconvert >/dev/null || skip_all 'no Gnumeric: ./scripts/bootstrap --test'
python=$(PATH=/usr/bin:/bin command -v python3)
"${python:-false}" -c 'import openpyxl' 2>/dev/null || skip_all 'no openpyxl: ./scripts/bootstrap --test'

ledger_new report_readers || bail_out 'no ledger'
weird='we[ir]d:*?/\ & "Söhne" 2024'
mkdir "$work/books" "$work/cells"

# ---- contracts of several kinds, months of several states ----

jq -nc --arg weird "$weird" '
    {from: "2023-01-01", limit: 100, currency: "EUR"} as $term
    | [{name: "real", time_zone: "Europe/Vienna", alternatives: [{name: "Plus", limit: 250, fee: "600", pricing: {model: "flat", unit_price: "2"}}],
        terms: [$term + {limit: 150, fee: "450.00", pricing: {model: "graduated", tiers: [{up_to: 20, unit_price: "2.505"}, {up_to: null, unit_price: "2.25"}]}}]},
       {name: $weird, time_zone: "Asia/Kathmandu", billing_day: 31, terms: [$term + {currency: "KWD", limit: 0, pricing: {model: "flat", unit_price: "1.125"}}]},
       {name: "unlimited", terms: [$term + {limit: null, currency: "JPY", pricing: {model: "flat", unit_price: "3"}}]},
       {name: "volume", terms: [$term + {limit: 3, cap: "9.99", pricing: {model: "volume", tiers: [{up_to: 4, unit_price: "2.505", flat_fee: "7"}, {up_to: null, unit_price: "1"}]}}]},
       {name: "package", terms: [$term + {limit: 3, tolerance: {units: 2, cliff: true}, minimum: "200", pricing: {model: "package", size: 4, price: "2.505"}}]}]' \
    >"$work/contracts.json"
exits 0 headroom -q contract import "$work/contracts.json"
zcat "$root/tests/data/recipes-commits.csv.gz" | awk -F, 'NR == 1 || $2 >= "2025-01"' >"$work/real.csv"
exits 0 headroom ingest -q --contract real "$work/real.csv"
jq -nc --arg weird "$weird" '
    ["unlimited", "volume", "package", $weird][] as $contract | range(16)
    | {contract: $contract, id: "\($contract) \(.)", time: "2026-05-\(. + 10)T10:00:00Z", user_id: "922337203685477\(. + 1000)",
       handle: "h_\(.)", label: ["=HYPERLINK(\"http://x\",\"y\")", "+1", "@SUM(A1)", "\u0001bell", "שלום مرحبا 😀", "<b>&amp;"][. % 6]}' \
    >"$work/few.jsonl"
exits 0 headroom ingest -q "$work/few.jsonl"
exits 0 headroom close -q --contract real --month 2026-03 --force --reason 'the file says nothing of its gaps'

book() { # NAME CONTRACT MONTH
    exits 0 headroom report overage --contract "$2" --month "$3" -o "$work/books/$1.xlsx"
}
book real real 2026-05
book open real 2026-07
book closed real 2026-03
book empty unlimited 2026-03
book weird "$weird" 2026-04
book package package 2026-05
names=(real open closed empty weird package)

# ---- Gnumeric ----

cells() { "$python" "$root/tests/lib/book_cells.py" "$@"; }
recalculated() { # FILE OTHER
    ssconvert --recalc "$1" "$2" 2>>"$work/ssconvert.log"
}
note 'recalculated by Gnumeric'
for name in "${names[@]}"; do
    there=$work/cells/there
    ok "$name: Gnumeric opens and recalculates it" recalculated "$work/books/$name.xlsx" "$there.xlsx"
    cells "$work/books/$name.xlsx" "$work/cells/$name"
    cells "$there.xlsx" "$there"
    is "$(diff "$work/cells/$name.values" "$there.values" | head -n 9)" '' "$name: every cell keeps its value"
    is "$(diff <(cut -f1,2 "$work/cells/$name.formulas") <(cut -f1,2 "$there.formulas") | head -n 9)" '' "$name: no formula is lost"
    is "$(diff "$work/cells/$name.names" "$there.names")" '' "$name: the names are there"
done
used=$(awk -F '\t' '$1 == "Summary" && $2 ~ /^A/ && $4 == "Unique handles" { sub(/A/, "B", $2); print $2 }' "$work/cells/real.values")
ok 'a result that is changed on purpose' cells spoil "$work/books/real.xlsx" "$used" "$work/spoiled.xlsx"
cells "$work/spoiled.xlsx" "$work/spoiled"
is "$(awk -F '\t' -v cell="$used" '$1 == "Summary" && $2 == cell { print $4 }' "$work/spoiled.values")" 4711 'is there'
recalculated "$work/spoiled.xlsx" "$work/mended.xlsx"
cells "$work/mended.xlsx" "$work/mended"
is "$(diff "$work/cells/real.values" "$work/mended.values" | head -n 9)" '' 'and gone when it is recalculated'

# ---- what formulas are made of ----

note 'formulas'
cat "$work"/cells/*.formulas | cut -f3 | sort -u >"$work/formulas"
ok 'there are many' test "$(wc -l <"$work/formulas")" -gt 100
known='ABS AND AVERAGE COUNT COUNTA COUNTIF COUNTIFS IF IFERROR INDEX INT ISNUMBER MATCH MAX MIN N OR ROUND ROUNDUP ROWS SUM SUMIF SUMPRODUCT TEXT'
is "$(grep -oE '[A-Z][A-Z0-9.]+\(' "$work/formulas" | tr -d '(' | sort -u | grep -vxF "$(tr ' ' '\n' <<<"$known")")" '' \
    'functions that Excel 2010, LibreOffice and Gnumeric have, none of them volatile'
is "$(sed -E 's/"[^"]*"//g; s/'"'"'[^'"'"']*'"'"'!//g; s/\$?[A-Z]+\$?[0-9]+//g' "$work/formulas" | grep -E '[2-9]|[01][0-9]|[0-9][.]' | head -n 5)" '' \
    'no number but 0 and 1 is typed into one'
is "$(grep -F '[' "$work/formulas" | head -n 5)" '' 'none refers to another file'

# ---- the parts ----

note 'the parts of the files'
for name in "${names[@]}"; do
    mkdir "$work/parts" && unzip -q "$work/books/$name.xlsx" -d "$work/parts"
    is "$(find "$work/parts" -type f -print0 | xargs -0 xmllint --noout 2>&1 | head -n 5)" '' "$name: valid XML"
    is "$(find "$work/parts" \( -path '*tables*' -o -name '*.bin' -o -path '*externalLinks*' -o -name 'vba*' \) | head -n 5)" '' \
        "$name: no tables, macros or external links"
    is "$(grep -oE '<sheet [^>]*state="[a-zA-Z]*[hH]idden"' "$work/parts/xl/workbook.xml")" '' "$name: no hidden sheet"
    rm -r "$work/parts"
done
