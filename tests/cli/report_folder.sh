#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report --reports: a user's own folder works like the built-in reports; what is wrong in it is named with its place.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new report_folder || bail_out 'no ledger'
headroom contract add acme --limit 1 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" || bail_out 'no contract'
printf '%s\n' '{"id":"1","time":"2026-03-02T08:00:00Z","user_id":1,"label":"a"}' \
    '{"id":"2","time":"2026-03-03T08:00:00Z","user_id":2,"label":"=b"}' >"$work/log.jsonl"
exits 0 headroom ingest -q "$work/log.jsonl"
mkdir -p "$work/mine/labels" "$work/mine/.hidden" "$work/mine/notes" "$work/kept" && cd "$work" || exit 1

# What reports/README.md shows as a sheet in five lines, with a layout around it.
cat >mine/labels/layout.json <<'END'
{
    "title": "Requests by label",
    "about": "Whose work it was.",
    "parameters": ["contract", "month"],
    "file": "labels-{head.contract}-{head.month}",
    "time_zone": "head.time_zone",
    "footer": "{head.contract}, {head.month}",
    "properties": {"title": "Labels of {head.contract}"},
    "parts": ["sheets"],
    "datasets": [
        {"name": "head", "rows": "one", "about": "The month.", "columns": [
            {"name": "contract", "kind": "text", "about": "the contract"},
            {"name": "month", "kind": "text", "about": "its month"},
            {"name": "time_zone", "kind": "text", "about": "its zone"}]}]
}
END
cat >mine/labels/sheets.json <<'END'
{
    "datasets": [
        {"name": "labels", "rows": "few", "about": "Each label.", "columns": [
            {"name": "name", "kind": "text", "about": "the label"},
            {"name": "requests", "kind": "integer", "about": "its requests"}]}],
    "sheets": [{"name": "Labels", "about": "Each label.", "blocks": [
        {"text": {"text": "Labels of {head.contract}", "style": "title"}},
        {"table": {"dataset": "labels", "list": true, "columns": [
            {"title": "Label", "key": "name", "width": 24},
            {"title": "Requests", "key": "requests", "width": 12, "total": {"sum": true}}]}}]}]
}
END
cat >mine/labels/head.sql <<'END'
SELECT s.contract, s.month, s.time_zone
FROM headroom.month_status($1::bigint, $2::date, '2026-11-01T00:00Z') AS s;
END
cat >kept/labels.sql <<'END'
-- Größe: each label's.
SELECT o.label AS name, sum(o.requests) AS requests
FROM headroom.month_owners($1::bigint, $2::date) AS o
GROUP BY 1
ORDER BY 1;
END
ln -s "$work/kept/labels.sql" mine/labels/labels.sql
echo 'not a report' >mine/notes/README.md
report() { headroom report labels --reports mine --contract acme --month 2026-03 "$@"; }

note 'as what is built in'
exits 0 report
is "$out" labels-acme-2026-03.xlsx 'writes a workbook'
is "$(unzip -p "$out" xl/worksheets/sheet1.xml | grep -o '<f>SUM[^<]*</f><v>[0-9]*</v>')" "<f>SUM(\$B\$3:\$B\$4)</f><v>2</v>" \
    'with its formulas'
exits 0 report --format csv --dataset labels
is "$out" $'name,requests\r\n"\'=b",1\r\na,1\r' 'and CSV'
exits 0 report --format json
is "$(jq -c '[.report, .datasets.labels]' <<<"$out")" '["labels",[{"name":"=b","requests":1},{"name":"a","requests":1}]]' 'and JSON'
exits 0 headroom report list --reports mine
like "$out" 'labels +Requests by label +mine.*overage +What .* +built in' 'is listed beside them, with where it is from'
exits 0 headroom report list --reports mine --json
is "$(jq -c 'map([.report, .folder])' <<<"$out")" '[["labels","mine"],["overage",null],["portfolio",null]]' 'as JSON'
exits 0 headroom report show labels --reports mine
like "$out" 'Parameters: contract, month.*Sheets: Labels.*Main dataset: none.*labels: Each label.*Rows: few. Sheets: Labels' 'shown'
exits 0 headroom report show labels --reports mine --json
is "$(jq -c '[.folder, .main, .sheets, (.datasets[] | [.name, .rows, .sheets])]' <<<"$out")" \
    '["mine",null,["Labels"],["head","one",["Labels"]],["labels","few",["Labels"]],["report","one",[]]]' 'as JSON'
cp -r mine/labels mine/overage
exits 0 headroom report --reports mine --contract acme --month 2026-03 --format json
is "$(jq -r .title <<<"$out")" 'Requests by label' 'one of the same name stands for the built-in one'
exits 0 headroom report --contract acme --month 2026-03 --format json
is "$(jq -r .title <<<"$out")" 'What a billing month used, and what it costs' 'which is untouched without the option'
rm -r mine/overage

note 'a dataset that takes the rows of another'
cp -r mine/labels mine/taking && rm mine/taking/labels.sql
sed -i 's/"rows": "few", "about": "Each label/"takes": ["head", "drawn"], &/
    s/^    "datasets": \[/&{"name": "drawn", "rows": "few", "about": "x", "columns": [{"name": "number", "kind": "text", "about": "x"}]},/' \
    mine/taking/sheets.json
printf '%s\n' "SELECT random()::text AS number UNION ALL SELECT NULL UNION ALL SELECT '\"ö\\'" >mine/taking/drawn.sql
cat >mine/taking/labels.sql <<'END'
SELECT concat_ws(' ', head.contract, drawn.number) AS name, length(drawn.number) AS requests
FROM jsonb_to_recordset($3::jsonb) AS head (contract text)
CROSS JOIN ROWS FROM (jsonb_to_recordset($4::jsonb) AS (number text)) WITH ORDINALITY AS drawn (number, place)
ORDER BY drawn.place;
END
exits 0 headroom report taking --reports mine --contract acme --month 2026-03 --format json
is "$(jq -c '.datasets.labels | map(.name)' <<<"$out")" \
    "$(jq -c '.datasets.drawn | map(["acme", .number // empty] | join(" "))' <<<"$out")" 'has them as they are, read once for both'
exits 0 headroom report taking --reports mine --contract acme --month 2026-03 --format html -o -
is "$(grep -c 'acme 0\.[0-9]' <<<"$out")" 1 'in a page too'
exits 0 headroom report taking --reports mine --contract acme --month 2026-03 --format csv --dataset labels --raw
is "$(tail -n 1 <<<"$out")" $'"acme ""ö\\",3\r' 'and where it alone is asked for'
rm -r mine/taking

note 'what is not there'
exits 2 headroom report labels --contract acme
like "$err" 'no report "labels"; known: overage' 'without the option'
exits 2 headroom report other --reports mine
like "$err" 'no report "other"; known: labels, overage' 'another name'
exits 2 headroom report ../mine/labels --reports mine
exits 2 headroom report '' --reports mine
exits 1 headroom report labels --reports nowhere
like "$err" "can't read the folder nowhere: No such file" 'another folder'
exits 1 headroom report list --reports mine/labels/layout.json
like "$err" "can't read the folder mine/labels/layout.json: Not a directory" 'a file'

note 'a wrong layout'
broken() { # FILE SED MESSAGE
    cp "mine/labels/$1" kept/whole
    sed -i "$2" "mine/labels/$1"
    exits 1 report
    like "$err" "$3" "says: $3"
    cp kept/whole "mine/labels/$1"
}
broken layout.json '3s/,$//' 'mine/labels/layout.json: line 4, column 16: '
broken layout.json 's/"about": "Whose.*/"abuot": "x",/' 'mine/labels/layout.json: unknown key "abuot"; known here: title, about'
broken layout.json 's/"sheets"\]/"other"]/' 'mine/labels/layout.json: parts: there is no other.json beside it'
broken layout.json 's/head.time_zone/head.zone/' 'mine/labels/layout.json: time_zone: the dataset "head" has no column "zone"'
broken layout.json 's/"parts"/"main": "lost", "parts"/' 'mine/labels/layout.json: main: there is no dataset "lost"'
broken sheets.json 's/"key": "name"/"key": "nmae"/' \
    'mine/labels/sheets.json: sheets: \[0\]: blocks: \[1\]: table: columns: \[0\]: key: the dataset "labels" has no column "nmae"'
takes() { broken sheets.json "s/\"rows\": \"few\", \"about\": \"Each label/\"takes\": [\"$1\"], &/" "mine/labels/sheets.json: datasets: \[0\]: takes: \[0\]: $2"; }
takes nowhere 'there is no dataset "nowhere" with a statement'
takes report 'there is no dataset "report" with a statement'
takes labels 'the dataset "labels" takes others itself; only one that takes none can be taken'
mkdir mine/broken && echo '{"title": 5}' >mine/broken/layout.json
exits 1 headroom report list --reports mine
like "$out|$err" 'labels .*\|.*mine/broken/layout.json: title: must be a text' 'the list goes on behind one that is wrong'
rm -r mine/broken

note 'files that are none'
mv mine/labels/head.sql kept/head.sql
exits 1 report
like "$err" 'mine/labels/layout.json: datasets: \[0\]: there is no head.sql beside it' 'no statement'
printf 'SELECT \377' >mine/labels/head.sql
exits 1 report
like "$err" 'mine/labels/head.sql: it is not a text in UTF-8' 'no text'
head -c 1048577 /dev/zero | tr '\0' ' ' >mine/labels/head.sql
exits 1 report
like "$err" 'mine/labels/head.sql: larger than 1048576 bytes' 'too large'
rm mine/labels/head.sql && mkfifo mine/labels/head.sql
exits 1 timeout 20 "$program" report labels --reports mine --contract acme
like "$err" "can't read mine/labels/head.sql: it is not a plain file" 'a pipe'
rm mine/labels/head.sql && ln -s nowhere mine/labels/head.sql
exits 1 report
like "$err" "can't read mine/labels/head.sql: No such file" 'a link that leads nowhere'
rm mine/labels/head.sql
for n in $(seq 200); do echo 'SELECT 1' >"mine/labels/$n.sql"; done
exits 1 report
like "$err" 'mine/labels: more than 200 files' 'too many'
rm mine/labels/[0-9]*.sql
{ printf '\357\273\277'; cat kept/head.sql; } >mine/labels/head.sql
exits 0 report
is "$out" labels-acme-2026-03.xlsx 'a byte order mark is passed over'

note 'a wrong statement'
statement() { # SQL MESSAGE [WHAT]
    printf '%s\n' "$1" >kept/labels.sql
    exits 1 report
    like "$err" "$2" "${3:-says: $2}"
}
statement $'-- Gr\u00f6\u00dfe\nSELECT 1 AS name,\n    wrong' \
    'refused mine/labels/labels.sql at line 3, column 5: column "wrong" does not exist \(SQLSTATE 42703\)'
statement $'/* Gr\u00f6\u00dfe */ SELECT wrong' 'at line 1, column 20: ' 'characters are counted, not bytes'
statement 'SELECT 1 AS nmae' 'mine/labels/labels.sql gives no column "name", which the layout declares; it gives: nmae'
statement "SELECT 'a' AS name, 'many' AS requests" 'sheet Labels: Labels, row 3, requests: "many" is not of the kind integer'
statement "SELECT \$3" 'mine/labels/labels.sql: it names .3, and there are 2: '
statement "SELECT \$4000000000" 'it names .4000000000'
statement 'SELECT 1; SELECT 2' 'cannot insert multiple commands into a prepared statement'
statement 'COMMIT' 'mine/labels/labels.sql gives no rows: it is no query'
statement '-- nothing' 'mine/labels/labels.sql gives no rows: it is no query'
statement 'COPY (SELECT 1) TO STDOUT' 'mine/labels/labels.sql gives no rows: it is no query'
statement 'SELECT n::text AS name, n AS requests FROM generate_series(1, 20001) AS n' \
    'mine/labels/labels.sql: more than 20000 rows: declare it with "rows": "many"'

echo 'SELECT n::text AS name, 1 / (20000 - n) AS requests FROM generate_series(1, 20000) AS n' >kept/labels.sql
for format in csv json; do
    exits 1 headroom report labels --reports mine --contract acme --month 2026-03 --format $format --dataset labels
    is "$out" '' "a statement that fails late leaves no half of the $format"
done

note 'it only reads'
events() { cluster_psql report_folder -At <<<'SELECT count(*) FROM headroom.event'; }
statement "DELETE FROM headroom.event RETURNING 'a' AS name, 1 AS requests" \
    'SQLSTATE 25006\); a report only reads: its statements run in a transaction that can write nothing'
statement "WITH x AS (DELETE FROM headroom.event RETURNING subject) SELECT subject AS name, 1 AS requests FROM x" 'SQLSTATE 25006'
statement "SELECT set_config('transaction_read_only', 'off', true) AS name, 1 AS requests UNION ALL
SELECT query_to_xml('DELETE FROM headroom.event', true, true, '')::text, 2" 'read-write mode must be set before any query'
statement "SELECT rolpassword AS name, 1 AS requests FROM pg_authid" \
    'SQLSTATE 42501\); a report reads as headroom_reader, and that role may not do this'
statement "SELECT pg_read_file('/etc/passwd') AS name, 1 AS requests" 'permission denied for function pg_read_file'
is "$(events)" 2 'and what there is stays'
