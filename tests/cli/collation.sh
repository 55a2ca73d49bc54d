#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The SQL tests once more, in databases that sort texts as people do ("1" behind "@"): no rule rests on the order of
# texts that a database happens to have.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

cluster_locale=en-US
ledger_new icu || bail_out 'no ledger'
cluster_psql icu -c 'CREATE EXTENSION pgtap' || bail_out 'no pgtap'
is "$(cluster_psql icu -At -c "SELECT '1' < '@', '@' < '~'")" 'f|t' 'texts are in the order of people'

cluster_database apps icu
export HEADROOM_DB && HEADROOM_DB=$(cluster_url apps)
headroom contract add acme --limit 2 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cluster_psql apps -c "INSERT INTO headroom.contract_app (contract_id, name, app_key)
    SELECT contract_id, app.name, 'key of ' || app.name
    FROM headroom.contract, (VALUES ('b'), ('a'), ('B'), ('A'), ('@')) AS app (name)"
exits 0 headroom --json contract show acme
is "$(jq -c '[.apps[].name]' <<<"$out")" '["@","A","B","a","b"]' 'the apps of a contract are in the order of bytes'

for file in "$root"/tests/sql/*.sql; do
    name=$(basename "$file" .sql)
    cluster_database "icu_$name" icu
    if pg_prove --norc --nocolor --host "$cluster" --port 5432 --username postgres --dbname "icu_$name" "$file" \
        >"$work/out" 2>&1; then
        ok "sql/$name" true
    else
        note "$(cat "$work/out")"
        ok "sql/$name" false
    fi
    cluster_psql postgres -c "DROP DATABASE \"icu_$name\""
done
