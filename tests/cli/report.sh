#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report overage: LibreOffice opens every workbook, recalculates it, and finds what the cells held and the database says.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/book.sh"

ledger_new report || bail_out 'no ledger'
weird='we[ir]d:*?/\ & "Söhne" 2024'

# ---- contracts of every kind, and what they used ----

add() { headroom contract add "$@" >>"$work/.add" 2>&1 || bail_out "no contract $1" "$(tail -n 3 "$work/.add")"; }
add real --limit 200 --price 2.50 --currency EUR --time-zone Europe/Vienna
add "$weird" --limit 0 --price 1.125 --currency KWD --time-zone Asia/Kathmandu --billing-day 31 --from 2026-01-10
add unlimited --limit none --price 3 --currency JPY
add exact --limit 16 --price 3 --currency USD
add over --limit 15 --price 0.125 --currency USD
for name in graduated volume package fees; do add $name --limit 5 --price 2.505 --currency USD; done
cluster_psql report <<'END' || bail_out 'no terms'
UPDATE headroom.term AS t
SET pricing = (CASE c.name WHEN 'fees' THEN 'graduated' ELSE c.name END)::headroom.pricing_model,
    package_size = CASE c.name WHEN 'package' THEN 4 END,
    minimum = CASE c.name WHEN 'fees' THEN 200 END,
    tolerance_units = CASE c.name WHEN 'fees' THEN 2 ELSE 0 END,
    tolerance_cliff = c.name = 'fees',
    cap = CASE c.name WHEN 'volume' THEN 9.99 END
FROM headroom.contract AS c
WHERE c.contract_id = t.contract_id AND c.name IN ('graduated', 'volume', 'package', 'fees');
UPDATE headroom.term_tier AS r
SET up_to = 4, flat_fee = CASE WHEN t.minimum IS NOT NULL THEN 7 END
FROM headroom.term AS t
WHERE t.term_id = r.term_id AND t.pricing IN ('graduated', 'volume');
INSERT INTO headroom.term_tier (term_id, tier, up_to, unit_price)
SELECT t.term_id, b.tier, b.up_to, b.unit_price
FROM headroom.term AS t, (VALUES (2, 8, 1.3333), (3, NULL, 1)) AS b (tier, up_to, unit_price)
WHERE t.pricing IN ('graduated', 'volume');
END

zcat "$root/tests/data/recipes-commits.csv.gz" | awk -F, 'NR == 1 || $2 >= "2026-03"' >"$work/real.csv"
exits 0 headroom ingest -q --contract real "$work/real.csv"
for name in exact over graduated volume package fees; do
    for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
        printf '{"contract":"%s","id":"%d","time":"2026-05-%02dT10:00:00Z","user_id":"%d"}\n' $name $n $n $((1000 + n))
    done
done >"$work/tiers.jsonl"
# User ids as texts: jq has no whole numbers of 19 digits.
jq -nc --arg contract "$weird" '
    ["=HYPERLINK(\"http://x\",\"y\")", "+1", "@SUM(A1)", "-2+3", "\u0001\u0007bell\u001f", "😀 emoji", "שלום مرحبا",
     "_x0041_ literal", "a\nb\tc", "<b>&amp;\"q\"", " blanks ", "x" * 990, "#REF!", "TRUE", "1e5", "2026-01-01"]
    | to_entries[]
    | {contract: $contract, id: "=\(.key)", source: "s", label: .value, handle: "h_\(.key)",
       time: "2026-05-\(.key + 10)T10:00:00.999999Z", user_id: "92233720368547757\(.key + 10)"}' >"$work/weird.jsonl"
jq -nc --arg contract "$weird" '
    range(3) | {contract: $contract, id: "12345678901234567\(.)", handle: "only_\(.)", time: "2026-05-2\(.)T12:00:00Z"},
               {contract: $contract, auth: "app", id: "app\(.)", time: "2026-05-2\(.)T13:00:00Z"},
               {contract: "unlimited", id: "u\(.)", user_id: "\(. + 1)", time: "2026-05-2\(.)T12:00:00Z"}' >>"$work/weird.jsonl"
exits 0 headroom ingest -q "$work/tiers.jsonl" "$work/weird.jsonl"
printf '%s\n' '{"id":"1","time":"2026-05-02T10:00:00Z","user_id":"1"}' '{"id":"2"}' \
    '{"id":"3","time":"2026-05-03T10:00:00Z","user_id":"2","status":404}' \
    '{"id":"4","time":"2026-05-04T10:00:00Z","user_id":"3","status":429}' \
    '{"id":"5","time":"2026-05-05T10:00:00Z","user_id":"1","tweet_count":1,"failed":{"not_found":["11"]}}' \
    '{"id":"6","time":"2026-05-05T11:00:00Z","auth":"app"}' '{"id":"7","time":"2026-05-05T11:00:00Z","auth":"app"}' \
    >"$work/reasons.jsonl"
add reasons --limit 5 --price 1 --currency USD
exits 3 headroom ingest -q --contract reasons "$work/reasons.jsonl"
printf '%s\n' '{"id":"1","time":"never"}' >"$work/unreadable.jsonl"
exits 3 headroom ingest -q --contract reasons "$work/unreadable.jsonl"
cluster_psql report <<'END' || bail_out 'no rule, no time of taking in'
UPDATE headroom.term SET counting = 'delivered'
WHERE contract_id = (SELECT contract_id FROM headroom.contract WHERE name = 'reasons');
UPDATE headroom.batch SET loaded_at = '2026-06-20T00:00Z' WHERE file LIKE '%/unreadable.jsonl';
END

# ---- the workbooks ----

book() { # NAME CONTRACT MONTH
    exits 0 headroom report overage --contract "$2" --month "$3" -o "$work/books/$1.xlsx"
}
names=(real weird unlimited exact over graduated volume package fees reasons)
book real real 2026-05
book weird "$weird" 2026-04
for name in "${names[@]:2}"; do book "$name" "$name" 2026-05; done
book empty real 2026-10
book first real 2026-03
names+=(empty first)

books_recalculate
found=("$work"/0/*.csv)
sheets=$(jq '.parts | length' "$root/reports/overage/layout.json")
is "${#found[@]}" $((sheets * ${#names[@]})) 'each has all sheets'

note 'Summary against the database'
summary() { # BOOK CONTRACT MONTH
    headroom --json status --contract "$2" --month "$3" >"$work/status.json"
    is "$(cell "$1" 'Unique handles')|$(cell "$1" Limit)|$(cell "$1" Headroom)|$(cell "$1" Overage)|$(cell "$1" 'All requests')" \
        "$(jq -r '.[0] | [.unique_handles, .limit // "no limit", (if .limit then .headroom else "no limit" end), .overage, .requests] | join("|")' "$work/status.json")" \
        "$1: counts"
    is "$(awk -v a="$(cell "$1" Charge)" -v b="$(jq -r '.[0].charge' "$work/status.json")" 'BEGIN { print a - b }')" 0 "$1: charge"
    is "$(cell "$1" Completeness | cut -d' ' -f1)" "$(jq -r '.[0].completeness' "$work/status.json")" "$1: the grade of its data"
    is "$(sheet "$1" Checks | awk -F '\t' '$5 == "fail" { print $1 }')" 'newest links of the chain' \
        "$1: no check fails but that of the chain, behind whose back terms were changed"
}
summary real real 2026-05
summary weird "$weird" 2026-04
for name in unlimited exact over graduated volume package fees reasons; do summary $name $name 2026-05; done
summary empty real 2026-10
summary first real 2026-03
is "$(for n in "${names[@]}"; do cell "$n" Result; done | paste -sd, -)" \
    'over the limit,over the limit,no limit,at the limit,over the limit,over the limit,over the limit,over the limit,over the limit,within the limit,within the limit,over the limit' \
    'what came of each, in words'
is "$(cell over Charge) $(cell graduated Charge) $(cell volume Charge) $(cell package Charge) $(cell fees Charge)" \
    '0.13 18.35 9.99 7.52 200' 'every pricing model'

note 'what is not counted, and what was taken in'
is "$(sheet reasons Checks | grep '^counted and not counted' | cut -f2-5)" $'6\t6\t0\tpass' 'and the check holds them together'
is "$(for n in "${names[@]}"; do
    sheet "$n" About | awk -F '\t' '/^File\t/ { on = 1 } on && $1 == "All" && $7 != $8 + $9 + $10'
done)" '' 'lines read are those added, duplicate and quarantined'
is "$(sheet reasons About | awk -F '\t' '/^File\t/ { on = 1 } on && $1 == "All" { print $7, $8, $9, $10 }')" '8 6 0 2' \
    'in total, with those of a file that could not be read'
is "$(for n in real first empty; do sheet "$n" About | grep -c unreadable.jsonl; done | paste -sd' ' -)" '3 0 0' \
    'which stands in the months that it may be of, and no longer'

note 'lists against the database'
dataset() { # NAME CONTRACT MONTH ZONE: its rows, tab-separated, as the sheet shows them
    local id
    id=$(cluster_psql report -At -v name="$2" <<<"SELECT contract_id FROM headroom.contract WHERE name = :'name'")
    {
        printf "SET timezone = '%s';\n" "$4"
        sed "s/\$1::/'$id'::/g; s/\$2::/'$3-01'::/g; s/\$3::/'2026-11-01T00:00Z'::/g; s/\$4::/'{}'::/g" "$root/reports/overage/$1.sql"
    } | cluster_psql report -At -F $'\t' | sed -E 's/(\t[0-9-]{10} [0-9:]{8})(\.[0-9]+)?[+-][0-9:]+/\1/g'
}
rows() { tail -n +6; } # below the title, what stands on every sheet, the note and the heading
is "$(diff <(dataset handles real 2026-05 Europe/Vienna | cut -f1,2,4-) <(sheet real Handles | rows))" '' 'real: each handle'
is "$(diff <(dataset daily real 2026-05 Europe/Vienna) <(sheet real Daily | awk -F '\t' '/^2026/'))" '' 'real: each day'
is "$(sheet weird Handles | rows | cut -f2,12 | head -n 4)" \
    $'9223372036854775710\t=HYPERLINK("http://x","y")\n9223372036854775711\t+1\n9223372036854775712\t@SUM(A1)\n9223372036854775713\t-2+3' \
    'hostile texts stay texts, ids keep their 19 digits'
is "$(sheet weird Handles | rows | awk -F '\t' '$3 ~ /^h_/ { print $12 }' | sed -n '5,11p;13,16p')" \
    $'␁␇bell␟\n😀 emoji\nשלום مرحبا\n_x0041_ literal\na␊b␉c\n<b>&amp;"q"\n blanks \n#REF!\nTRUE\n1e5\n2026-01-01' \
    'control characters are shown, nothing else is changed'
is "$(sheet weird Handles | rows | awk -F '\t' '{ print $7 }' | head -n 1)" '2026-05-10 15:45:00' \
    'a time in the zone of the contract, cut to the second'
is "$(sheet weird Handles | rows | cut -f5 | sort | uniq -c | awk '{ print $1, $2, $3 }' | paste -sd, -)" \
    '3 handle ,16 user id' 'what each is known by'
is "$(sheet empty Handles | rows | sed 's/\t*$//')" $'\nNo handle counts in this month.' 'an empty list says so'

note 'the file itself'
formulas() { unzip -p "$work/books/$1.xlsx" 'xl/worksheets/sheet*.xml' | grep -o '<f>[^<]*</f>'; }
part_has 'the count is a formula over the list' real xl/worksheets/sheet1.xml \
    '<f>COUNTA[(]Handles![$]B[$]6:[$]B[$][0-9]+[)]</f><v>230</v>'
is "$(formulas fees | sed -E 's/\$?[A-Z]+\$?[0-9]+//g; s/"[^"]*"//g; s/&[a-z]+;//g' | grep -E '[2-9]|[01][0-9]')" '' \
    'no number is typed into a formula'
is "$(for n in "${names[@]}"; do formulas "$n"; done | grep -cE 'OFFSET|INDIRECT|NOW|TODAY|\[')" 0 \
    'nothing volatile, no other file'
is "$(for n in "${names[@]}"; do unzip -tq "$work/books/$n.xlsx" >/dev/null || echo "$n"; done)" '' \
    'every archive is whole'
part_has 'a native line chart of the count against the limit, with its points' real xl/charts/chart1.xml \
    'lineChart.*Daily![$]G[$]7:[$]G[$]37.*<c:v>[0-9]+</c:v>.*Daily![$]H[$]7:[$]H[$]37'
ok 'without a limit there is no line for it' test "$(part unlimited xl/charts/chart1.xml | grep -c 'Daily![$]H')" = 0
part_has 'frozen heading, filter, one page wide, no green corners' real "$(sheet_part real Handles)" \
    'state="frozen".*<autoFilter ref="A5:Q235"/>.*orientation="landscape".*numberStoredAsText="1"'
part_has 'the heading is printed on each page' real xl/workbook.xml \
    '<definedName name="_xlnm.Print_Titles" localSheetId="[0-9]+">Handles![$]5:[$]5<'
part_has 'all requests are those that count and those that do not' reasons xl/worksheets/sheet1.xml \
    "<f>SUM[(]Handles![$][A-Z][$][0-9]+:[$][A-Z][$][0-9]+[)][+]'Not counted'![$][A-Z][$][0-9]+</f><v>6</v>"
part_has 'the total of the lines is a formula' reasons "$(sheet_part reasons About)" \
    '<f>SUM[(][$]G[$][0-9]+:[$]G[$][0-9]+[)]</f><v>8</v>'
part_has 'cells have names' real xl/workbook.xml '<definedName name="unique_handles">Summary![$]B[$][0-9]+<'
part_has 'money bears its currency' real xl/styles.xml '#,##0[.]00 &quot;EUR&quot;'
part_has 'the properties name contract and month' real docProps/core.xml 'Overage of real, 2026-05'

note 'on paper'
books_print real weird
is "$(grep -hF '##' "$work/real.txt" "$work/weird.txt")" '' 'no column is too narrow'
is "$(grep -cE '^ *real, 2026-05, open, not sealed +[A-Z][a-z ]+, page [0-9]+ of [0-9]+' "$work/real.txt")" \
    "$(pdfinfo "$work/real.pdf" | sed -n 's/^Pages: *//p')" 'a footer on every page'
is "$(grep -c 'Earlier handles' "$work/real.txt")" "$(grep -c 'Handles, page' "$work/real.txt")" \
    'each page of the list has its heading'
