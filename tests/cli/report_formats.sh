#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report --format: each format says what the database says, whatever the texts are, and goes where it was sent.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new report_formats || bail_out 'no ledger'
weird='we[ir]d:*?/\ & "Söhne" <b>'
headroom contract add real --limit 200 --price 2.50 --currency EUR --time-zone Europe/Vienna >"$work/.add"
headroom contract add "$weird" --limit 0 --price 1.125 --currency KWD --time-zone Asia/Kathmandu >>"$work/.add" 2>&1
zcat "$root/tests/data/recipes-commits.csv.gz" | awk -F, 'NR == 1 || $2 >= "2026-04"' >"$work/real.csv"
exits 0 headroom ingest -q --contract real "$work/real.csv"
# User ids as texts: jq has no whole numbers of 19 digits.
jq -nc --arg contract "$weird" '
    ["=HYPERLINK(\"http://x\",\"y\")", "+1", "@SUM(A1)", "-2+3", "\u0001\u0007bell\u001f\u007f", "😀 emoji",
     "שלום مرحبا", "\u202eevil", "a\nb\tc", "<b>&amp;\"q\"</td>", " =1+1", "x" * 32768, "＝1+1", "\u0027quoted\u0027",
     "a;b,c", "\r\n=1", "--></style><script>alert(1)</script>"]
    | to_entries[]
    | {contract: $contract, id: "=\(.key)", source: "s", label: .value, handle: "h_\(.key)",
       time: "2026-05-\(.key + 10)T10:00:00.999999Z", user_id: "92233720368547757\(.key + 10)"}' >"$work/weird.jsonl"
printf '{"contract":"%s","id":"9","handle":"only","time":"2026-05-30T10:00:00Z"}\n' \
    "$(jq -Rr '@json | .[1:-1]' <<<"$weird")" >>"$work/weird.jsonl"
headroom ingest -q "$work/weird.jsonl" 2>"$work/.ingest"
taken=$(headroom --json status --contract "$weird" --month 2026-05 | jq '.[0].unique_handles')
ok 'what may be a label is taken in' test "$taken" -ge 16

# A dataset as the database gives it, as COPY writes it.
dataset() { # NAME CONTRACT ZONE
    local id
    id=$(cluster_psql report_formats -At -v name="$2" <<<"SELECT contract_id FROM headroom.contract WHERE name = :'name'")
    {
        printf "SET timezone = '%s';\nCOPY (\n" "$3"
        sed '/^--/d; s/;$//'"; s/\$1::/'$id'::/g; s/\$2::/'2026-05-01'::/g; s/\$3::/'2026-11-01T00:00Z'::/g" \
            "$root/reports/overage/$1.sql"
        echo ') TO STDOUT;'
    } | cluster_psql report_formats -qAt
}

note 'CSV'
# PostgreSQL reads it, so that what is empty and what is nothing stay two things.
read_csv() { # FILE: as COPY writes it
    {
        printf 'CREATE TEMPORARY TABLE t (%s text);\n' "$(head -n 1 "$1" | tr -d '\r' | sed 's/,/ text,/g')"
        printf '\\copy t FROM %s (FORMAT csv, HEADER match)\n' "'$1'"
        echo 'COPY t TO STDOUT;'
    } | cluster_psql report_formats -qAt
}
# RFC 3339 as PostgreSQL writes it.
plain_times() { sed -E 's/([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9:.]+)Z/\1 \2+00/g; s/([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9:.]+[+-][0-9]{2})(:00)?/\1 \2/g'; }
csv() { headroom report --contract "$1" --month 2026-05 --format csv "${@:2}"; }

csv real >"$work/real.out"
is "$(head -n 1 "$work/real.out")" "$(headroom report show overage --json | jq -r '
    .datasets[] | select(.name == "handles") | [.columns[].name] | join(",")')"$'\r' 'the main dataset, under its own names'
is "$(diff <(read_csv "$work/real.out" | sed -E "s/\t'@/\t@/g" | plain_times) <(dataset handles real Europe/Vienna))" '' \
    'holds what the database says, but for the guard'
csv "$weird" --raw >"$work/raw.out"
is "$(diff <(read_csv "$work/raw.out" | plain_times) <(dataset handles "$weird" Asia/Kathmandu))" '' \
    'hostile texts too, with --raw as they are'
csv "$weird" >"$work/guarded.out"
is "$(diff <(read_csv "$work/guarded.out" | sed -E "s/(^|\t)'/\1/g") <(read_csv "$work/raw.out"))" '' \
    'else with an apostrophe that can be taken off again'
is "$(read_csv "$work/guarded.out" | tr '\t' '\n' | grep -cE '^ *([=+@-]|＝|\\t|\\r|\\n)')" 0 'before all that could be a formula'
ok 'raw has some of these' test "$(read_csv "$work/raw.out" | tr '\t' '\n' | grep -cE '^ *([=+@-]|＝|\\t|\\r|\\n)')" -ge 20
is "$(csv "$weird" --bom | head -c 3 | od -An -tx1 | tr -d " ")" efbbbf 'a byte order mark where it is asked for'
csv real --dataset daily >"$work/daily.out"
is "$(diff <(read_csv "$work/daily.out") <(dataset daily real Europe/Vienna))" '' 'another dataset'
csv real --dataset month >"$work/month.out"
column=$(head -n 1 "$work/month.out" | tr , '\n' | grep -nx charge | cut -d: -f1)
is "$(read_csv "$work/month.out" | cut -f"$column")" \
    "$(headroom --json status --contract real --month 2026-05 | jq -r '.[0].charge')" 'money to the minor unit'

note 'JSON'
json() { headroom report --contract "$1" --month 2026-05 --format json "${@:2}"; }
SOURCE_DATE_EPOCH=1793520000 json real >"$work/real.json"
is "$(jq -c '[keys_unsorted, .report, .contract, .month, .made_at]' "$work/real.json")" \
    '[["report","title","contract","month","made_at","datasets"],"overage","real","2026-05","2026-11-01T08:00:00Z"]' \
    'one document that says what it is'
is "$(jq -c '.datasets | keys_unsorted' "$work/real.json")" "$(headroom report show overage --json | jq -c '[.datasets[].name]')" \
    'with every dataset'
headroom report show overage --json >"$work/show.json"
is "$(jq -c --slurpfile show "$work/show.json" '.datasets as $rows | $show[0].datasets[] | .name as $name
    | [.columns[].name] as $columns | select($rows[$name] | any(keys_unsorted != $columns)) | $name' "$work/real.json")" '' \
    'and every column in each of its rows'
is "$(diff <(jq -r '.datasets.handles[] | map(. // "\\N" | tostring) | join("\t")' "$work/real.json" | plain_times) \
    <(dataset handles real UTC))" '' 'holds what the database says, with times of UTC'
is "$(jq -c '.datasets.month[0] | [.charge, .unit_limit, .used_share, .package_size | type]' "$work/real.json")" \
    '["string","number","number","null"]' 'money is a text, counts are numbers'
is "$(json "$weird" --dataset handles | jq -c '.datasets | keys')" '["handles"]' 'one dataset where it is asked for'
is "$(diff <(json "$weird" | jq -c '.datasets.handles[] | [.label, .first_id]') \
    <(jq -c 'select(.label) | [.label, .id]' "$work/weird.jsonl" | grep -v 'x\{1001\}'; echo '[null,"9"]'))" '' \
    'hostile texts are as they were'

note 'HTML'
command -v xmllint >/dev/null || skip_all 'no xmllint: ./scripts/bootstrap --test'
exits 0 headroom report --contract real --month 2026-05 --format html -o "$work/real.html"
exits 0 headroom report --contract "$weird" --month 2026-05 -o "$work/weird.html"
# xmllint knows no element of HTML 5 and of SVG, but all else that is wrong.
is "$(xmllint --html --noout "$work/real.html" "$work/weird.html" 2>&1 | grep ' error ' | grep -vE 'Tag [a-z]+ invalid$')" \
    '' 'both are whole'
page() { # FILE XPATH: its texts, one a line
    xmllint --html --xpath "$2" "$1" 2>/dev/null | sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'
}
html='//section[h2="Handles"]//tbody/*'
is "$(page "$work/real.html" "$html/*[2]" | head -n 50)" \
    "$(jq -r '.datasets.handles[:50][].owner' "$work/real.json")" 'the first fifty of a list'
like "$(grep -o '<p class="more">[^<]*' "$work/real.html")" 'The first 50 of 230 rows[.] .* sheet Handles of the workbook' \
    'and how many there are, and where'
is "$(page "$work/weird.html" '//title')" "Overage of $weird, 2026-05" 'the title'
label=$(page "$work/weird.html" '//section[h2="Handles"]//thead//th' |
    grep -nx Label | cut -d: -f1)
is "$(page "$work/weird.html" "$html/*[$label]" | grep -v '^$')" "$(jq -r '
    select(.label) | .label | select(length < 1001) | gsub("\u0001"; "␁") | gsub("\u0007"; "␇") | gsub("\u001f"; "␟")
    | gsub("\u007f"; "␡") | gsub("\n"; "␊") | gsub("\t"; "␉") | gsub("\r"; "␍") | gsub("\u202e"; "\\u202E")' \
    "$work/weird.jsonl")" 'hostile texts are texts, with signs for what nobody sees'
is "$(grep -ciE '<script|<link|<img|<iframe|javascript:|@import|url\(' "$work/real.html" "$work/weird.html" | cut -d: -f2 |
    paste -sd' ' -)" '0 0' 'nothing that acts, nothing from elsewhere'
is "$(grep -oE '(src|href)="[^#"][^"]*"' "$work/weird.html")" '' 'no address but its own'
is "$(grep -o '<html lang="[a-z]*"' "$work/real.html")" '<html lang="en"' 'its language'
is "$(page "$work/real.html" 'count(//th[not(@scope)][not(ancestor::thead) or ../td])')" 0 'every heading says what it is over'
ok 'mail programs show it whole' test "$(wc -c <"$work/real.html")" -lt 102400
ok 'charts are drawn' test "$(grep -c '<svg role="img"' "$work/real.html")" -ge 2
is "$(page "$work/real.html" 'string(//tr[*="Charge"]/td[1])')" \
    "$(headroom --json status --contract real --month 2026-05 | jq -r '.[0] | "\(.charge) \(.currency)"')" \
    'the value of a formula, with its currency'

note 'text'
text() { headroom report --contract "$1" --month 2026-05 --format text; }
text real >"$work/real.txt"
text "$weird" >"$work/weird.txt"
like "$(grep '^Unique handles ' "$work/real.txt" | head -n 1)" '^Unique handles +230  ' 'a form'
like "$(cat "$work/real.txt")" 'The first 50 of 230 rows' 'a list and what is not shown of it'
is "$(grep -c ' $' "$work/real.txt")" 0 'no blanks at the end of a line'
is "$(tr -d '\n' <"$work/weird.txt" | grep -cP '[\x00-\x1f\x7f]')" 0 'nothing that steers a terminal'
like "$(cat "$work/weird.txt")" '=HYPERLINK\("http://x","y"\)' 'and no guard, as nothing computes it'

note 'where it goes'
mkdir "$work/here" && cd "$work/here" || exit 1
exits 0 headroom report --contract real --month 2026-05 --json -o handles.csv
is "$(jq -r '[.file, .sha256] | join(" ")' <<<"$out")" "handles.csv $(sha256sum handles.csv | cut -d' ' -f1)" \
    'the suffix of -o chooses the format'
ok 'the same as on standard output' cmp handles.csv "$work/real.out"
exits 0 headroom report --contract real --month 2026-05 --format json -o handles.csv
is "$out $(jq -r .report handles.csv)" 'handles.csv overage' '--format goes before it'
exits 0 headroom report --contract real --month 2026-05 --format csv -o -
is "$(wc -l <<<"$out")" "$(wc -l <"$work/real.out")" '-o - is standard output'
exits 1 env TMPDIR="$work/nowhere" "$program" report --contract real --month 2026-05 --format csv
like "$err" 'temporary data to .*nowhere: No such file.*TMPDIR names another folder' 'no room for what is not yet whole'
is "$out" '' 'and nothing of it is printed'
headroom report --contract real --month 2026-05 --format csv 2>"$work/full" >/dev/full
is "$? $(cat "$work/full")" "1 headroom: report overage: can't write standard output: No space left on device" 'a full disk, said once'
exits 0 headroom report --contract real --month 2026-05 --format html
is "$out" overage-real-2026-05-open.html 'a page goes to a file'
exits 0 headroom report --contract real --month 2026-05 --format html -o -
like "$out" '^<!DOCTYPE html>' 'or where it is sent'
cp handles.csv kept.csv
(ulimit -f 4; trap '' XFSZ; headroom report --contract real --month 2026-05 --format csv -o kept.csv >/dev/null 2>&1)
ok 'no room for the file: what was there is still there' cmp handles.csv kept.csv
is "$(find . -name '*unfinished*')" '' 'and nothing is left behind'

note 'what is refused'
refused() { # WORDS… -- MESSAGE
    local words=()
    while [ "$1" != -- ]; do words+=("$1"); shift; done
    exits 2 headroom report --contract real --month 2026-05 "${words[@]}"
    like "$err" "$2" "says: $2"
}
refused --format docx -- 'no format "docx"; known: xlsx, csv, json, html, text'
refused --format csv --dataset handels -- 'no dataset "handels"; it has: month, '
refused --bom -- '--bom is for csv, and this is xlsx: --format chooses'
refused --format json --raw -- '--raw is for csv, and this is json'
refused --dataset handles -- '--dataset is for csv, json, and this is xlsx'
refused -o - -- 'a workbook is written to a file'
refused -o '' -- 'give the name of a file'
refused --json --format text -- '--json says which file was written'
refused --format html --dataset handles -- '--dataset is for csv, json, and this is html'
refused --json --format csv -- '--json says which file was written'
