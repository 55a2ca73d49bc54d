#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report: where the file goes, what it is called, that it is the same again, and what is refused; list and show.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new report_file || bail_out 'no ledger'
mkdir "$work/here" && cd "$work/here" || exit 1

note 'what there is'
exits 0 headroom report list
like "$out" 'overage +What a billing month used.* built in' 'the reports'
exits 0 headroom report list --json
is "$(jq -c 'map([.report, (keys_unsorted | join(" "))])' <<<"$out")" '[["overage","report title about folder"],["portfolio","report title about folder"]]' 'as JSON'
exits 0 headroom report show overage
like "$out" 'unique_handles +integer +owners that count' 'the columns of a report and what they mean'
exits 0 headroom report show overage --json
is "$(jq -c '[.parameters, (.datasets[] | select(.name == "ledger") | .columns[0] | keys_unsorted)]' <<<"$out")" \
    '[["contract","month","now","forecast"],["name","kind","about"]]' 'as JSON'
is "$(jq -r '.datasets[].name' <<<"$out" | sort | paste -sd' ' -)" \
    "$(cd "$root/reports/overage" && printf '%s\n' report *.sql | sed 's/\.sql$//' | sort | paste -sd' ' -)" \
    'a dataset for each statement, and its own'
exits 2 headroom report show
exits 2 headroom report show nothing
like "$err" 'no report "nothing"; known: overage' 'an unknown report names the known ones'
exits 2 headroom report nothing
exits 2 headroom report overage twice

note 'which contract and month'
exits 1 headroom report
like "$err" 'no contract' 'no contract yet'
headroom contract add acme --limit 1 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" || bail_out 'no contract'
cat >"$work/log.jsonl" <<'END'
{"id":"1","time":"2026-03-02T08:00:00Z","user_id":1,"handle":"ann"}
{"id":"2","time":"2026-03-03T08:00:00Z","handle":"bob"}
END
exits 0 headroom ingest -q "$work/log.jsonl"
exits 0 headroom report
last=$(date -u -d "$(date -u +%Y-%m-01) -1 day" +%Y-%m)
is "$out" "overage-acme-$last-open.xlsx" 'the only contract, the last month that is over, in the current folder'
like "$err" "month $last of acme, the last that is over" 'and says which month'
ok 'the file is there' test -s "overage-acme-$last-open.xlsx"
exits 0 headroom report -q --month this
is "$out" "overage-acme-$(date -u +%Y-%m)-open.xlsx" 'the open month'
is "$err" '' 'nothing to say about a month that was asked for'
headroom contract add 'a/b: "c"' --limit none --price 1 --currency JPY >"$work/.add"
exits 2 headroom report
like "$err" 'acme' 'several contracts: names them'
exits 2 headroom report --contract nobody
like "$err" "no contract 'nobody'.*acme" 'an unknown contract: names the known ones'
exits 1 headroom report --contract acme --month 2025-12
like "$err" 'no billing month 2025-12' 'before the first term'
exits 2 headroom report --contract acme --month 2026-13
exits 0 headroom report --contract 'a/b: "c"' --month 2026-03
is "$out" 'overage-a_b_ _c_-63eee66a-2026-03-open.xlsx' 'a name that no file could have'
ok 'is made one, which no other contract has' test -s "$out"
for name in "$(printf '&%.0s' {1..100})" "$(printf '😀%.0s' {1..25})"; do
    headroom contract add "$name" --limit 1 --price 1 --currency USD >"$work/.add"
    exits 0 headroom report --contract "$name" --month 2026-03 -o "$work/long.xlsx"
done

note 'the same again'
export SOURCE_DATE_EPOCH=1780000000
exits 0 headroom report --contract acme --month 2026-03 -o one.xlsx --json
is "$(jq -r '[.report, .file, .contract, .month] | join(" ")' <<<"$out")" 'overage one.xlsx acme 2026-03' 'JSON says what it is'
is "$(jq -r .sha256 <<<"$out")" "$(sha256sum one.xlsx | cut -d' ' -f1)" 'and its digest'
sleep 1.1
exits 0 headroom report --contract acme --month 2026-03 -o two.xlsx
ok 'the same data and time give the same bytes' cmp one.xlsx two.xlsx
SOURCE_DATE_EPOCH=1780000001 headroom report --contract acme --month 2026-03 -o two.xlsx >"$work/.out"
ok 'another time gives others' test "$(cmp -s one.xlsx two.xlsx; echo $?)" = 1
exits 2 env SOURCE_DATE_EPOCH=yesterday "$program" report --contract acme --month 2026-03
like "$err" 'SOURCE_DATE_EPOCH is "yesterday"' 'a time that is none'
unset SOURCE_DATE_EPOCH

note 'a long name'
# The name of the unfinished file has room beside a long one.
long=$(printf '%0240d' 7).xlsx
exits 0 headroom report --contract acme --month 2026-03 -o "$long"
rm "$long"

note 'the suffix'
for name in a.pdf ./x.d/a.xlsx.bak 2026.10; do
    exits 2 headroom report --contract acme --month 2026-03 -o "$name"
    like "$err" "-o $name: no format has the suffix .*; known: .xlsx, .csv, .json, .html, .txt; or --format chooses" "$name"
    ok 'and is not written' test ! -e "$name"
done
mkdir a.b
for name in book .book book. a.b/book; do
    exits 0 headroom report --contract acme --month 2026-03 -o "$name"
    is "$(head -c 2 "$name")" PK "$name has none: a workbook"
done
exits 0 headroom report --contract acme --month 2026-03 -o a.pdf --format csv
rm -r book .book book. a.b a.pdf

note 'what can not be written'
write() { headroom report --contract acme --month 2026-03 -o "$1"; }
before=$(find . -type f | sort)
exits 1 write "$PWD"
like "$err" 'it is a folder; name a file in it' 'a folder'
exits 1 write nowhere/a.xlsx
like "$err" 'nowhere/a.xlsx: No such file or directory; -o names another file' 'a folder that is not there'
exits 1 write /dev/null
like "$err" 'not a plain file' 'a device is left alone'
if [ "$(id -u)" -ne 0 ]; then
    mkdir shut && chmod 500 shut
    exits 1 write shut/a.xlsx
    like "$err" 'Permission denied' 'a folder that is shut'
fi
cp one.xlsx kept.xlsx
full() { (ulimit -f "$1"; trap '' XFSZ; write kept.xlsx); }
for room in 1 2 4 8 10 12; do full $room >/dev/null 2>"$work/full"; echo "$? $(grep -c "can't write" "$work/full")"; done >"$work/codes"
is "$(sort -u "$work/codes")" '1 1' 'no room, wherever it ends: says so'
ok 'and what was there before is still there' cmp one.xlsx kept.xlsx
rm kept.xlsx
is "$(find . -type f | sort)" "$before" 'nothing is left behind'
