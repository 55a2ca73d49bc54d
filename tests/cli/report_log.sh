#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report log lists what was written, and verify FILE says of a file which report it is.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new log || bail_out 'no ledger'
for name in acme other; do exits 0 headroom contract add $name --limit 2 --price 2.50 --currency USD --from 2026-01-01; done
use() { # CONTRACT MONTH USER…: one request of each user
    local user
    for user in "${@:3}"; do
        printf '{"contract":"%s","id":"%s-%s","time":"2026-%s-10T10:00:00Z","user_id":"%s"}\n' "$1" "$2" "$user" "$2" "$user"
    done | headroom ingest -q -
}
ok 'a log' use acme 05 1 2 3
export SOURCE_DATE_EPOCH=1793520000
cd "$work" || exit 1

exits 0 headroom report log
is "$out" '' 'nothing was written yet'
like "$err" 'no report like that is on record' 'and that is said'

note 'what is written is on record'
exits 0 headroom report --contract acme --month 2026-05 --by finance -o may.xlsx
is "$err" '' 'without a word more'
sha=$(sha256sum <may.xlsx | cut -d' ' -f1)
exits 0 headroom report --contract acme --month 2026-05 --format csv --dataset daily --raw
printf '%s\n' "$out" >daily.csv
mkdir sub
exits 0 headroom report --contract other --month 2026-05 --format json -o sub/other.json
exits 0 headroom --json report log
is "$(jq -c '[.[] | [.report, .contract, .month, .format, .file, .written_by == "finance", .parameters]]' <<<"$out")" \
    "[[\"overage\",\"other\",\"2026-05\",\"json\",\"$work/sub/other.json\",false,{}],[\"overage\",\"acme\",\"2026-05\",\"csv\",null,false,{\"dataset\":\"daily\",\"raw\":true}],[\"overage\",\"acme\",\"2026-05\",\"xlsx\",\"$work/may.xlsx\",true,{}]]" \
    'the newest first, with what they were asked with'
is "$(jq -r '.[2] | [.sha256, .size, .made_at, .state, .unique_handles, .charge, .currency, .chain_link] | join(" ")' <<<"$out")" \
    "$sha $(stat -c %s may.xlsx) 2026-11-01T08:00:00Z over 3 2.50 USD 5" 'digest, size, time, and what stands in it'
is "$(jq -r '.[2].chain_head' <<<"$out")" "$(cluster_psql log -At -c "SELECT encode(digest, 'hex') FROM headroom.chain_head")" \
    'and the head of the chain that it rests on'
is "$(jq -r '.[1] | [.sha256, .size] | join(" ")' <<<"$out")" "$(sha256sum <daily.csv | cut -d' ' -f1) $(stat -c %s daily.csv)" \
    'what went to standard output has its digest too'
exits 0 headroom report log --contract acme --month 2026-05 --limit 1
is "$(awk 'NR == 2 { print $3, $4, $5, $7, $9 }' <<<"$out") $(wc -l <<<"$out")" 'overage acme 2026-05 csv - 2' 'of a contract and a month, so many'
like "$err" 'the newest 1; --limit shows more' 'which is said'
exits 2 headroom report log --limit 0
exits 2 headroom report log --contract nobody
exits 1 headroom report --contract acme --month 2026-05 -o "$work/no/may.xlsx"
is "$(headroom --json report log | jq length)" 3 'what could not be written is not there'

note 'which report a file is'
cp may.xlsx renamed.bin
exits 0 headroom verify renamed.bin
is "$out" "renamed.bin: report overage of contract acme, billing month 2026-05 (xlsx), as it was written.
Written at $(headroom --json report log --contract acme | jq -r '.[1].written_at[0:19]')Z by finance, with $(headroom --version | head -n 1); it bears the time 2026-11-01T08:00:00Z.
It rests on the chain's head, $(cluster_psql log -At -c "SELECT encode(digest, 'hex') FROM headroom.chain_head").
It says 3 unique handles, charge 2.50 USD, provisional.
The ledger says the same figures today." 'under any name'
gzip -k daily.csv
exits 0 headroom verify daily.csv.gz
like "$out" 'csv\), packed since, and unpacked as it was written' 'packed by gzip too'
like "$out" 'With the options \{"dataset":"daily","raw":true\}' 'with its options'
exits 0 headroom report --contract acme --month 2026-05 -o again.xlsx
exits 0 headroom verify may.xlsx
like "$out" 'written 2 times' 'the same report is the same file'
printf x >>renamed.bin
exits 4 headroom verify renamed.bin
is "$out" '' 'a changed file is none'
like "$err" 'is no report that is on record: it was not written by this ledger, or was changed since' 'in clear words'
mkdir moved
printf 'x' >moved/may.xlsx
exits 4 headroom --json verify moved/may.xlsx
is "$(jq -c '[.holds, .reports]' <<<"$out")" '[false,[]]' 'in JSON too'
like "$err" "a file of this name was written at .*, with the SHA-256 $sha" 'what was written under the name is said'
head -c 2000 daily.csv.gz >cut.gz
truncate -s -4 cut.gz
exits 4 headroom verify cut.gz
exits 4 headroom verify /dev/null
exits 2 headroom verify may.xlsx --head "$sha"
exits 1 headroom verify no-such-file

note 'whether the ledger still says so'
ok 'a later log' use acme 05 4 5
exits 0 headroom verify may.xlsx
like "$out" 'the chain has that link, and 1 after it' 'the chain went on'
like "$out" 'Today the ledger says 5, charge 7\.50 USD, provisional: a report of today says something else' 'other figures'
ok 'the next month' use acme 06 1
exits 0 headroom close -q --contract acme --month 2026-05
exits 0 headroom report --contract acme --month 2026-05 -o closed.xlsx
exits 0 headroom verify closed.xlsx
like "$out" 'It says 5 unique handles, charge 7\.50 USD, closed\.' 'of a closed month'
exits 0 headroom reopen --contract acme --month 2026-05 --reason test
exits 0 headroom --json verify closed.xlsx
is "$(jq -c '.reports[0] | [.changed, .state, .today.state, .chain_holds, .later_links]' <<<"$out")" '[false,"closed","over",true,1]' \
    'and of one that was opened again'
exits 0 headroom verify closed.xlsx
like "$out" 'the same figures today; the month is open again' 'in words too'
cluster_psql log -c 'UPDATE headroom.chain SET digest = sha256(digest) WHERE seq = 5' || bail_out 'no change'
exits 4 headroom verify may.xlsx
like "$out" 'the chain does NOT have that link any more' 'a chain that was made anew'

note 'who may read alone'
cluster_psql log -c 'CREATE ROLE reading LOGIN; GRANT headroom_reader TO reading' || bail_out 'no login'
db="host=$cluster port=5432 user=reading dbname=log"
exits 0 headroom --db "$db" report --contract other --month 2026-05 -o read.xlsx
like "$err" "not on record, so 'headroom verify' will not know it: the login reading may not work as headroom_writer" 'is told'
exits 4 headroom --db "$db" verify read.xlsx
exits 0 headroom --db "$db" report log --limit 1
exits 0 headroom --db "$db" verify closed.xlsx
ok 'nobody changes the record' bash -c "! psql -X -q -d '$(cluster_url log)' -c 'SET ROLE headroom_writer' \
    -c 'DELETE FROM headroom.report_written' 2>/dev/null"
