#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The schema in a database of one's own: roles, rights, versions, digests.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
export HEADROOM_CONFIG=

cluster_start || bail_out 'no PostgreSQL for the test'
run_sql() { cluster_psql "$database" -Atc "$1"; }
login() { printf "host=%s port=5432 user='%s' dbname=%s" "$cluster" "$1" "$database"; }

# ---- a login that may do little ----

database=ledger
cluster_database ledger
cluster_psql postgres -c 'CREATE ROLE "plain one" LOGIN' -c 'CREATE ROLE maker LOGIN CREATEROLE'
exits 6 headroom status --db "$(login 'plain one')"
like "$err" 'headroom init' 'a database without the schema: what to do'
exits 1 headroom init --db "$(login 'plain one')"
like "$err" 'CREATE ROLE headroom_owner NOLOGIN;.*GRANT headroom_owner TO "plain one";' 'the statements to run are printed'
statements=${err#*again: }
is "$(run_sql "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'headroom%'")" 0 'and nothing was made'
ok 'they run as they are printed' run_sql "$statements"
exits 1 headroom init --db "$(login 'plain one')"
like "$err" 'CREATE SCHEMA headroom AUTHORIZATION headroom_owner;' 'so is the one for the schema'
ok 'it runs as it is printed' run_sql "${err#*again: }"
exits 0 headroom init --db "$(login 'plain one')"
exits 0 headroom contract add a --limit 1 --price 1 --currency USD --db "$(login 'plain one')"

# ---- another login of the same database ----

exits 1 headroom contract list --db "$(login maker)"
like "$err" 'GRANT headroom_reader TO "maker";' 'a login without rights: names the GRANT'
run_sql 'GRANT headroom_reader TO maker'
exits 0 headroom contract list --db "$(login maker)"
exits 1 headroom contract add b --limit 1 --price 1 --currency USD --db "$(login maker)"
like "$err" 'GRANT headroom_writer TO "maker";' 'a reader may not write'
run_sql 'REVOKE headroom_reader FROM maker' && run_sql 'GRANT headroom_writer TO maker'
exits 0 headroom contract list --db "$(login maker)"

# ---- a login that may make roles, in a second database ----

cluster_psql postgres -c 'DROP OWNED BY maker' -c 'CREATE DATABASE second OWNER maker TEMPLATE template0'
database=second
exits 0 headroom init --db "$(login postgres)"
exits 0 headroom init --db "$(login postgres)"
like "$out" 'up to date' 'the roles that another database has are taken as they are'

# ---- sessions are set, whatever the database or the login says ----

run_sql "ALTER DATABASE second SET search_path = pg_temp, public" && run_sql "ALTER ROLE postgres SET datestyle = 'German'"
run_sql "ALTER DATABASE second SET timezone = 'Asia/Tokyo'"
exits 0 headroom contract add c --limit 1 --price 1 --currency USD --from 2026-02-03 --db "$(login postgres)"
exits 0 headroom contract show c --json --db "$(login postgres)"
like "$out" '"2026-02-03"' 'dates are as ever'

# ---- versions ----

newest=$(run_sql 'SELECT max(version) FROM headroom.migration')
before_newest=$(run_sql "SELECT max(version) FROM headroom.migration WHERE version < $newest")
run_sql "UPDATE headroom.migration SET version = $((newest + 5)) WHERE version = $newest"
exits 1 headroom contract list --db "$(login postgres)"
like "$err" "version $((newest + 5)).*up to $newest" 'a newer schema is refused, with both numbers'
exits 1 headroom init --db "$(login postgres)"
like "$err" "version $((newest + 5)).*up to $newest" 'by init too'
run_sql "UPDATE headroom.migration SET version = $newest WHERE version = $((newest + 5))"
run_sql "CREATE TABLE newest_one AS SELECT * FROM headroom.migration WHERE version = $newest"
run_sql "DELETE FROM headroom.migration WHERE version = $newest"
exits 1 headroom contract list --db "$(login postgres)"
like "$err" "version $before_newest.*wants $newest.*headroom init" 'an older one: run init'
run_sql 'INSERT INTO headroom.migration SELECT * FROM newest_one' && run_sql 'DROP TABLE newest_one'

# ---- all or nothing ----

# A ledger of one version less, made from the files themselves.
cluster_psql postgres -c 'CREATE DATABASE older TEMPLATE template0'
database=older
{
    echo 'CREATE SCHEMA headroom AUTHORIZATION headroom_owner; SET ROLE headroom_owner;'
    for file in "$root"/sql/schema/*.sql; do
        name=$(basename "$file" .sql)
        [ $((10#${name%%_*})) -lt "$newest" ] || continue
        cat "$file"
        echo "INSERT INTO headroom.migration VALUES (${name%%_*}, '$name', '\\x$(sha256sum <"$file" | cut -c 1-64)', now(), 'x', 'x');"
    done
} >"$cluster/older.sql"
ok 'a ledger of the version before' cluster_psql older -v ON_ERROR_STOP=1 -1 -f "$cluster/older.sql"
relations() { run_sql "SELECT count(*), md5(string_agg(oid::text, ',' ORDER BY oid)) FROM pg_class WHERE relnamespace = 'headroom'::regnamespace"; }
before=$(relations)
newest_file=$(printf '%s\n' "$root/sql/schema/$(printf %04d "$newest")"_*.sql)
run_sql "CREATE FUNCTION public.obstruct() RETURNS event_trigger LANGUAGE plpgsql
    AS 'BEGIN RAISE EXCEPTION \$\$in the way: %\$\$, tg_tag; END'"
run_sql 'CREATE EVENT TRIGGER obstacle ON ddl_command_end EXECUTE FUNCTION public.obstruct()'
exits 1 headroom init --db "$(login postgres)"
like "$err" "$(basename "$newest_file" .sql).*in the way" 'a migration that fails is named with its reason'
is "$(run_sql 'SELECT max(version) FROM headroom.migration')" "$before_newest" 'and leaves the version'
is "$(relations)" "$before" 'and everything else'
run_sql 'DROP EVENT TRIGGER obstacle' && run_sql 'DROP FUNCTION public.obstruct()'
exits 0 headroom init --db "$(login postgres)"
like "$out" "from version $before_newest to $newest" 'an upgrade applies what is missing'
exits 0 headroom contract add late --limit 1 --price 1 --currency USD --db "$(login postgres)"
database=second

# ---- digests ----

run_sql "UPDATE headroom.migration SET sha256 = sha256(sha256) WHERE version = 1"
exits 1 headroom init --db "$(login postgres)"
like "$err" 'migration 1 \(0001_contracts\)' 'a migration with another text is refused by name'
like "$err" 'nothing was changed' 'and nothing is changed'
cluster_psql postgres -c 'DROP DATABASE second' -c 'CREATE DATABASE second TEMPLATE template0'
exits 0 headroom init --db "$(login postgres)"

# ---- views and functions ----

oid() { run_sql "SELECT 'headroom.chain_append'::regproc::oid"; }
unchanged=$(oid)
exits 0 headroom init --db "$(login postgres)"
is "$(oid)" "$unchanged" 'a set that is the same is left alone'
run_sql "UPDATE headroom.routine_set SET sha256 = sha256(sha256), program = '0.0.9'"
run_sql 'CREATE FUNCTION headroom.left_over() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'
run_sql 'CREATE VIEW headroom.left_over AS SELECT headroom.left_over()'
exits 1 headroom contract list --db "$(login postgres)"
like "$err" 'views and functions differ .*0\.0\.9.*headroom init. with the newer of the two, which replaces' \
    "another program's set is told"
run_sql "UPDATE headroom.routine_set SET program = '$("$program" --version | sed -n '1s/.* //p')'"
exits 1 headroom contract list --db "$(login postgres)"
like "$err" 'another build' "so is another build's"
run_sql 'CREATE VIEW public.mine AS SELECT * FROM headroom.left_over'
exits 1 headroom init --db "$(login postgres)"
like "$err" 'view (public\.)?mine' "somebody's own view on ours is named, not dropped"
run_sql 'DROP VIEW public.mine'
exits 0 headroom init --db "$(login postgres)"
isnt "$(oid)" "$unchanged" 'another set is replaced as a whole'
is "$(run_sql "SELECT to_regproc('headroom.left_over') IS NULL AND to_regclass('headroom.left_over') IS NULL")" t \
    'with what is in it no more'

# ---- two at once ----

cluster_database third
database=third
headroom init --db "$(login postgres)" >"$work/one" 2>&1 & one=$!
headroom init --db "$(login postgres)" >"$work/two" 2>&1 & two=$!
ok 'of two at once the first succeeds' wait "$one"
ok 'and so does the second' wait "$two"
is "$(sort "$work/one" "$work/two" | cut -d ' ' -f 1 | tr '\n' ' ')" 'made the ' 'one made it, the other found it'

# ---- a login with a password: it reaches psql, and no list of processes ----

cluster_psql postgres -c "CREATE ROLE guarded LOGIN PASSWORD 'se''cr et\\1'" -c 'GRANT headroom_writer TO guarded'
sed -i '1i local all guarded scram-sha-256' "$cluster/data/pg_hba.conf"
is "$(cluster_psql postgres -Atc 'SELECT pg_reload_conf()')" t 'the server asks for it'
guarded="host=$cluster user=guarded password='se\\'cr et\\\\1' dbname=third"
exits 0 headroom contract list --db "$guarded"
# shellcheck disable=SC2016  # psql's shell expands it
exits 0 headroom db psql --db "$guarded" -- -XAtc 'SELECT current_user' -c '\! tr "\0" " " </proc/$PPID/cmdline'
like "$out" $'^guarded\npsql .*user=' 'psql is on the database'
unlike "$out" 'cr et' 'and the password is not among its arguments'
exits 6 headroom contract list --db "host=$cluster user=guarded password=wrong dbname=third"
like "$err" 'password authentication failed for user "guarded"' 'a wrong one is told'

# ---- servers that are not for it ----

cluster_psql postgres -c "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'"
database=latin
exits 6 headroom init --db "$(login postgres)"
like "$err" "LATIN1.*UTF8" 'another encoding is refused'
