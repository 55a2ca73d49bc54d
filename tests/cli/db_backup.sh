#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Backup and restore: the round trip, damage, and what must not be written over.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
export HEADROOM_CONFIG=

# Every table's rows, in a stable order.
content() { # COMMAND…: how psql is reached
    local table
    for table in batch batch_source chain chain_head contract currency daily event gateway_key identity_fact migration \
        term term_tier usage; do
        echo "$table"
        "$@" -XAtc "SELECT t FROM headroom.$table AS t ORDER BY t::text COLLATE \"C\""
    done
}
ledger_content() { content headroom db psql --; }

exits 0 headroom contract add acme --limit 2 --price 2.50 --currency USD --time-zone Europe/Berlin
for i in 1 2 3 4; do
    printf '{"id":"e%s","time":"2026-0%s-10T12:00:00Z","user_id":%s,"handle":"user_%s"}\n' $i $i $i $i
done >"$work/log.jsonl"
exits 0 headroom ingest "$work/log.jsonl"
ledger_content >"$work/before"

# ---- backup ----

exits 0 headroom db backup "$work/backup/"
like "$out" 'chain head  [0-9a-f]{64} \(link 3\)' 'the chain head is printed'
like "$out" 'taken at    20[0-9-]+T[0-9:.]+Z' 'when it was taken'
like "$out" 'contracts   1' 'the contracts'
like "$out" 'batches     1' 'the batches'
like "$out" 'events      4' 'the events'
is "$(stat -c %a "$work/backup")" 700 'it is for its owner alone'
exits 1 headroom db backup "$work/backup"
like "$err" 'not an empty folder' 'a backup is not written over'
mkdir "$work/empty"
exits 0 headroom db backup "$work/empty" --json
is "$(jq -c '[.folder, .chain_length, .contracts, .batches, .events]' <<<"$out")" "[\"$work/empty\",3,1,1,4]" \
    'into an empty folder, as JSON'
is "$(jq -r .chain_head <<<"$out")" "$(jq -r .chain_head "$work/backup/manifest.json")" 'the manifest has the chain head'
exits 1 headroom db backup "$work/no/such/folder"
like "$err" 'No such file' 'a folder in no folder is told'
exits 2 headroom db backup

# A dump that breaks off leaves nothing behind.
headroom db psql -- -Xqc 'CREATE TABLE headroom.unreadable (); REVOKE ALL ON headroom.unreadable FROM headroom_writer'
exits 1 headroom db backup "$work/broken"
like "$err" 'unreadable' 'what pg_dump says is told'
ok 'no folder is left' test ! -e "$work/broken"
is "$(find "$work" -maxdepth 1 -name '.headroom-backup*' | wc -l)" 0 'and no temporary one'
headroom db psql -- -Xqc 'DROP TABLE headroom.unreadable'

# ---- restore ----

exits 1 headroom db restore "$work/backup"
like "$err" 'already; a backup is restored into an empty home' 'a home with a ledger is refused'
ledger_content >"$work/still"
ok 'which is as it was' cmp "$work/before" "$work/still"
export HEADROOM_HOME=$work/second
exits 0 headroom db restore "$work/backup"
like "$out" 'events      4' 'restore prints what it brought back'
ledger_content >"$work/after"
ok 'every row is back' cmp "$work/before" "$work/after"
exits 0 headroom ingest --again "$work/log.jsonl" --json
is "$(jq -c '[.added, .duplicate]' <<<"$out")" '[0,4]' 'and the ledger goes on where it was'
is "$(headroom db psql -- -XAtc "SELECT count(*) FROM pg_class WHERE relnamespace = 'headroom'::regnamespace
    AND relowner <> 'headroom_owner'::regrole")" 0 'everything belongs to headroom_owner'
exits 0 headroom init
like "$out" 'up to date' 'the schema is whole'
exits 0 headroom db stop

# ---- damaged, incomplete, not one ----

damage() { # NAME: a copy of the backup to be damaged
    rm -rf "${work:?}/damaged"
    cp -r "$work/backup" "$work/damaged"
    export HEADROOM_HOME=$work/home-$1
}
refused() { # CODE WHY NAME
    exits "$1" headroom db restore "$work/damaged"
    like "$err" "$2" "$3: told"
    ok "$3: nothing is left" test ! -e "$HEADROOM_HOME/cluster" -a ! -e "$HEADROOM_HOME/cluster.new"
}
data=$(find "$work/backup/dump" -name '*.dat.gz' -printf '%s %f\n' | sort -n | tail -n 1 | cut -d ' ' -f 2)
damage bytes
printf x >>"$work/damaged/dump/$data"
refused 4 "dump/$data is not what" 'a changed file'
damage missing
rm "$work/damaged/dump/$data"
refused 4 "dump/$data is missing" 'a missing file'
damage more
touch "$work/damaged/dump/more"
refused 4 'does not name' 'a file too many'
damage counts
sed -i 's/"events": 4/"events": 5/' "$work/damaged/manifest.json"
refused 4 '4 events; wanted .* 5$' 'a count that is not found again'
damage newer
sed -i 's/"schema": [0-9]*/"schema": 999/' "$work/damaged/manifest.json"
refused 1 '999' 'a newer schema'
damage format
sed -i 's/"format": 1/"format": 2/' "$work/damaged/manifest.json"
refused 1 'format 2' 'a newer format'
damage value
sed -i 's/"events": 4/"events": "4"/' "$work/damaged/manifest.json"
refused 1 'no manifest' 'a value of another type'
damage text
echo '{' >"$work/damaged/manifest.json"
refused 1 'manifest.json' 'a broken manifest'
damage none
rm "$work/damaged/manifest.json"
refused 1 'is no backup of headroom' 'a folder that is no backup'

# ---- a database of one's own, there and back ----

cluster_start || bail_out 'no PostgreSQL for the test'
cluster_database own
cluster_database copy
cluster_database wrong
export HEADROOM_HOME=$work/none
exits 0 headroom db restore "$work/backup" --db "$(cluster_url own)"
content cluster_psql own >"$work/own"
ok 'a backup of a private cluster goes into a database' cmp "$work/before" "$work/own"
exits 1 headroom db restore "$work/backup" --db "$(cluster_url own)"
like "$err" 'has a schema headroom already' 'but not into one with a ledger'
exits 0 headroom db backup "$work/own-backup" --db "$(cluster_url own)"
exits 0 headroom db restore "$work/own-backup" --db "$(cluster_url copy)"
content cluster_psql copy >"$work/copy"
ok 'and one of a database into another' cmp "$work/before" "$work/copy"
damage head
sed -i 's/"chain_head": "..../"chain_head": "0000/' "$work/damaged/manifest.json"
exits 4 headroom db restore "$work/damaged" --db "$(cluster_url wrong)"
like "$err" 'chain head .*wanted 0000.*stays' 'another chain head is told, and that the database is filled'
cluster_database bare
exits 6 headroom db backup "$work/bare" --db "$(cluster_url bare)"
like "$err" 'nothing to back up' 'a database without a ledger is told'
