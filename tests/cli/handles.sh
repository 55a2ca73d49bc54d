#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# handles: the list is what status counts, each with its evidence.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new handles || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD --time-zone America/New_York >"$work/.add" ||
    bail_out 'no contract'
cat >"$work/log.jsonl" <<'END'
{"id":"1","time":"2026-03-02T08:00:00Z","user_id":9007199254740993,"handle":"Ann","label":"red","app":"key-one"}
{"id":"2","time":"2026-03-03T08:00:00Z","user_id":2,"label":"blue"}
{"id":"3","time":"2026-03-04T03:00:00Z","handle":"@Carol","label":"red"}
{"id":"4","time":"2026-03-05T08:00:00Z","user_id":9007199254740993,"status":404}
{"id":"5","time":"2026-03-06T08:00:00Z","user_id":4,"status":429}
{"id":"6","time":"2026-03-07T08:00:00Z","auth":"app"}
{"id":"7","time":"2026-03-08T08:00:00Z","user_id":2,"label":"red"}
END
exits 0 headroom ingest -q "$work/log.jsonl"
month=(--month 2026-03)

note 'JSON'
exits 0 headroom --json handles "${month[@]}"
is "$(jq -c 'map(keys_unsorted) | unique' <<<"$out")" \
    '[["contract","month","subject","user_id","handle","first_seen","last_seen","requests","counted_requests","label","first_event"]]' \
    'the keys, in their order'
is "$(jq -c '.[] | select(.user_id == "9007199254740993") | del(.first_event)' <<<"$out")" \
    '{"contract":"acme","month":"2026-03","subject":"9007199254740993","user_id":"9007199254740993","handle":"ann","first_seen":"2026-03-02T08:00:00Z","last_seen":"2026-03-05T08:00:00Z","requests":2,"counted_requests":1,"label":"red"}' \
    'one that counts, with an id beyond what a float holds'
batch=$(cluster_psql handles -Atc 'SELECT max(batch_id) FROM headroom.batch')
is "$(jq -c '.[] | select(.user_id == "9007199254740993") | .first_event' <<<"$out")" \
    "{\"source\":\"acme\",\"id\":\"1\",\"batch\":\"$batch\"}" 'its evidence'
is "$(jq -c '[.[] | select(.user_id == null) | [.subject, .handle]]' <<<"$out")" '[["@carol","carol"]]' \
    'one that is known by its handle alone'
is "$(jq length <<<"$out")" "$(headroom --json status "${month[@]}" | jq '.[0].unique_handles')" \
    'as many as status counts'
exits 0 headroom --json handles --month 2026-02
is "$out" '[]' 'a month without events: an empty array'
is "$(headroom --json handles "${month[@]}" --new | jq -c 'map(.first_event.id)')" '["1","2","3"]' \
    '--new: in the order in which they became new'

note 'since'
ids() { headroom --json handles "${month[@]}" "$@" | jq -c 'map(.first_event.id) | sort'; }
is "$(ids --since 2026-03-05T00:00:00Z)" '["1","2"]' '--since: seen since then'
is "$(ids --new --since 2026-03-03T08:00:00Z)" '["2","3"]' '--new --since: new at that instant or after it'
is "$(ids --new --since 2026-03-03T09:00:00+01:00)" '["2","3"]' '--since takes an offset'
is "$(ids --new --since 2026-03-03T08:00:00.000001Z)" '["3"]' 'a microsecond later: not that one'
is "$(ids --new --since 2026-03-04)" '[]' '--since a date: the day in the zone of the contract, where the 3rd was not over'
is "$(ids --new --since 2026-03-03)" '["2","3"]' 'the day before has both'
exits 2 headroom handles --since yesterday
like "$err" '2026-10-31T12:00:00Z or 2026-10-31' 'a time that is none: says how to write it'
exits 2 headroom handles --since 2026-02-30
exits 2 headroom handles --since 2026-03-05T00:00:00

note 'by label and app'
exits 0 headroom --json handles "${month[@]}" --by label
is "$(jq -c 'map([.label, .unique_handles, .requests, .counted_requests])' <<<"$out")" '[["red",2,3,2],["blue",1,2,2]]' \
    'by the label of the first counted request'
cluster_psql handles -c "INSERT INTO headroom.contract_app SELECT 'key-one', contract_id, 'Web' FROM headroom.contract"
exits 0 headroom --json handles "${month[@]}" --by app
is "$(jq -c 'map([.app, .unique_handles])' <<<"$out")" '[[null,2],["Web",1]]' 'an app is shown by its name'
cluster_psql handles -c 'DELETE FROM headroom.contract_app'
exits 0 headroom --json handles "${month[@]}" --by app
unlike "$out" 'key-one' 'a key that has no name is not shown'

note 'text'
exits 0 headroom handles "${month[@]}"
is "$(wc -l <<<"$out")" 4 'a line each and the headings'
like "$out" '@ann +9007199254740993 +2026-03-02T08:00:00Z +2026-03-05T08:00:00Z +2 +1 +red +acme +1' 'a line with everything'
like "$err" "'acme', 2026-03: 3 handles" 'standard error says how many'
exits 0 headroom handles "${month[@]}" --by label
like "$out" 'red +2 +3 +2' 'by label as text'
headroom contract add beta --limit 1 --price 1 --currency USD >"$work/.add"
exits 0 headroom handles "${month[@]}"
like "$out" 'acme +2026-03 +@ann' 'with several contracts each line says which'

note 'an open month, and a voided batch'
headroom contract add gamma --limit 9 --price 1 --currency USD >"$work/.add"
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
printf '{"id":"g%d","time":"'"$now"'","user_id":%d}\n' 1 61 2 62 >"$work/now.jsonl"
exits 0 headroom ingest -q --contract gamma "$work/now.jsonl"
exits 0 headroom handles --contract gamma
like "$out" "gamma, [0-9-]{7}: the month is open; data until ${now%Z}" 'of an open month it says up to when it is true'
unlike "$err" 'nothing since' 'a source that delivers is not named'
awk -v now="$(date +%s)" 'BEGIN { for (i = 1; i < 40; i++)
    printf "{\"id\":\"h%d\",\"time\":%d,\"user_id\":63}\n", i, now - 86400 * 9 - 3600 * i }' >"$work/quiet.jsonl"
exits 0 headroom ingest -q --contract gamma --source once "$work/quiet.jsonl"
exits 0 headroom handles --contract gamma
like "$err" "contract 'gamma': .*'headroom sources' shows more" 'and that a source has gone quiet'
exits 0 headroom --json handles --contract gamma
is "$(jq -c 'map(.user_id)[:2]' <<<"$out")" '["61","62"]' 'as JSON the list alone'
exits 0 headroom handles "${month[@]}" --contract acme
unlike "$out" 'data until' 'of a month that is over it does not'
batch=$(cluster_psql handles -Atc "SELECT batch_id FROM headroom.batch WHERE file LIKE '%log.jsonl'")
exits 0 headroom batch void "$batch" --reason 'wrong log'
exits 0 headroom --json handles "${month[@]}" --contract acme
is "$out" '[]' 'voided: none is listed'
is "$(headroom --json status "${month[@]}" --contract acme | jq -c '.[0] | [.unique_handles, .requests, .data_until]')" \
    '[0,7,null]' 'nor counted by status, though the requests were made'
exits 0 headroom batch restore "$batch" --reason 'right after all'
is "$(headroom --json handles "${month[@]}" --contract acme | jq length)" 3 'restored: all are back'

note 'texts that steer what is shown'
steered=$'r\u202egnp.exe \u0085\u200b'
headroom contract add $'ste\u2066er' --limit 1 --price 1 --currency USD >"$work/.add" || bail_out 'no second contract'
jq -nc --arg text "$steered" '{id: "s", time: "2026-03-02T08:00:00Z", user_id: 7, label: $text}' >"$work/steered.jsonl"
headroom ingest -q --contract $'ste\u2066er' "$work/steered.jsonl" || bail_out 'not loaded'
exits 0 headroom handles "${month[@]}" --contract $'ste\u2066er'
like "$out" 'r\\u202Egnp.exe \\u0085\\u200B' 'are written out in a table'
exits 0 headroom reconcile "${month[@]}" --contract $'ste\u2066er'
like "$out" 'Contract ste\\u2066er, ' 'and in sentences'
exits 2 headroom handles --contract $'ste\u202eer'
like "$err" "no contract 'ste\\\\u202Eer'; known: .*ste\\\\u2066er|ste\\\\u202Eer" 'and in messages'
exits 0 headroom --json handles "${month[@]}" --contract $'ste\u2066er'
like "$out" '"label": ?"r\\u202Egnp.exe \\u0085\\u200B"' 'as escapes in JSON'
is "$(jq -r '.[0].label' <<<"$out")" "$steered" 'which stand for the same'

note 'standard output that cannot be written'
into_full_disk() { headroom handles "${month[@]}" >/dev/full; }
exits 1 into_full_disk
like "$err" 'No space left on device' 'as text'
json_into_full_disk() { headroom --json handles "${month[@]}" >/dev/full; }
exits 1 json_into_full_disk
like "$err" 'No space left on device' 'as JSON'
is "$(grep -c 'No space left on device' <<<"$err")" 1 'said once'
