#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# API keys: told once, kept as digests, bound to a contract, revoked on record.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new key || bail_out 'no ledger'
headroom contract add acme --limit 2 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'

exits 0 headroom key add app --by ops
key=$out
like "$key" '^hrk_[0-9a-f]{64}$' 'the key alone is on standard output'
like "$err" "key 'app' is made, for events of any contract; it is not shown again" 'and what it is beside it'
unlike "$err" "$key" 'where it does not stand again'
exits 0 headroom --json key add bound --contract acme
is "$(jq -r '[keys[], .contract] | join(" ")' <<<"$out")" 'by contract key name acme' 'as JSON'
isnt "$(jq -r .key <<<"$out")" "$key" 'another key'
exits 1 headroom key add app
like "$err" "a key called 'app' is in force already: choose another name, or revoke" 'a name is given once'
exits 2 headroom key add bad --contract nobody
exits 2 headroom key add ''
like "$err" "the key's name is empty" 'and says of whose name'
exits 2 headroom key add

is "$(cluster_psql key -Atc "SELECT count(*) FROM headroom.api_key AS k WHERE k::text LIKE '%${key#hrk_}%'")" 0 'the ledger does not have the key'
is "$(cluster_psql key -Atc "SELECT name FROM headroom.api_key WHERE digest = sha256('$key')")" app 'but its SHA-256'
exits 0 headroom db backup "$work/backup"
is "$(grep -rl "${key#hrk_}" "$work/backup" | wc -l)" 0 'nor does a backup'

exits 0 headroom key list
like "$out" $'NAME +CONTRACT +ADDED +ADDED BY +REVOKED +REVOKED BY\napp +– +20.* ops +– +–\nbound +acme ' 'the list'
unlike "$out" hrk_ 'shows no key'
exits 0 headroom key revoke app --by audit
is "$out" 'key app is revoked' 'it is revoked'
exits 1 headroom key revoke app
like "$err" "no key in force is called 'app'; 'headroom key list' shows" 'once'
exits 0 headroom --json key list
is "$(jq -r '.[].name' <<<"$out")" bound 'the list has those in force'
exits 0 headroom --json key list --all
is "$(jq -c '.[] | [.name, .contract, .added_by, .revoked_by, .revoked_at == null]' <<<"$out" | tr '\n' ' ')" \
    "[\"app\",null,\"ops\",\"audit\",false] [\"bound\",\"acme\",\"$(id -un)\",null,true] " 'with --all every one, and who revoked it'
exits 0 headroom key add app
isnt "$out" "$key" 'the name may be given again, to another key'
headroom key revoke app >/dev/null && headroom key revoke bound >/dev/null
exits 0 headroom key list
like "$err" "there is no key in force; 'headroom key add NAME' makes one" 'no key'
