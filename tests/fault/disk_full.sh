#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The database's disk fills up in the middle of a load: what was acknowledged is there, and with room it goes on.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/load.sh"
. "$(dirname "$0")/../lib/disk.sh"

disk_mount 64m
lines=400000

cluster_find_programs || bail_out 'no server'
cluster_start fsync=on shared_buffers=16MB max_wal_size=32MB min_wal_size=32MB max_connections=10 || bail_out 'no cluster'
ledger_new filled || bail_out 'no ledger'
headroom contract add c --limit 10 --price 1 --currency USD >"$work/.add" || bail_out 'no contract'
headroom init >"$work/.init" || bail_out 'no schema'
load_log 0 "$lines" "$work/log.jsonl"

# Only the tables lie on the small disk: a full one fails the statement and leaves the server up. (Where the log of
# writes fills up, the server ends itself; kill_ingest shows what comes of that.)
mkdir "$disk/tables"
chmod 755 "$disk"
[ "$(id -u)" -ne 0 ] || chown "$cluster_user" "$disk/tables"
cluster_psql filled -c "CREATE TABLESPACE small LOCATION '$disk/tables'"
cluster_psql postgres -c 'ALTER DATABASE filled SET TABLESPACE small'

exits 1 headroom ingest "$work/log.jsonl"
like "$err" 'No space left on device' 'it says what is wrong'
like "$err" 'run the same again' 'and what to do'
before=$(cluster_psql filled -At -c 'SELECT coalesce(sum(added), 0), (SELECT count(*) FROM headroom.event) FROM headroom.batch')
is "${before%|*}" "${before#*|}" 'what its batches added is there, and nothing else'
ok 'some of it was taken in before' test "${before%|*}" -gt 0

disk_resize 1g
exits 0 headroom ingest "$work/log.jsonl"
load_is_whole filled "$lines"
