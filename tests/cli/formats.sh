#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Logs with other names and without time zones, and the formats that are kept of them.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new formats || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
events() { cluster_psql formats -Atc "SELECT string_agg(concat_ws(' ', subject, event_id,
    to_char(occurred_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.US')), ', ' ORDER BY occurred_at, event_id) FROM headroom.event
    WHERE source = '$1'"; }

cat >"$work/log.jsonl" <<'END'
{"ts":"2026-03-29 01:59:59","uid":5,"req":"a","id":"row 1","time":"not ours"}
{"ts":"2026-03-29 03:00:00","uid":5,"req":"b","id":"row 2"}
{"ts":"2025-10-26 02:30:00","uid":6,"req":"c"}
{"ts":"2026-01-01T00:00:00+05:00","uid":7,"req":"d"}
END
printf 'ts,uid,req,id\n2026-03-29 01:59:59,5,a,row 1\n2026-03-29 03:00:00,5,b,row 2\n2025-10-26 02:30:00,6,c,\n%s\n' \
    '2026-01-01T00:00:00+05:00,7,d,' >"$work/log.csv"
map=(--map 'time=ts, user_id=uid,id=req' --assume-zone Europe/Berlin)
wanted='6 c 2025-10-26T00:30:00.000000, 7 d 2025-12-31T19:00:00.000000, 5 a 2026-03-29T00:59:59.000000, 5 b 2026-03-29T01:00:00.000000'

note 'a mapping and a zone'
exits 2 headroom ingest --format har --map time=ts "$work/log.jsonl"
like "$err" "--map: the names of format 'har' are laid down" 'a mapping for a format that has its own names'
is "$out" '' 'is refused before a file is opened'
exits 2 headroom ingest --format mine "$work/log.jsonl"
like "$err" "format 'mine' is not known; .*there are: json, csv" 'a format that nobody kept'
exits 0 headroom ingest --dry-run "${map[@]}" --format mine "$work/log.jsonl"
like "$out" 'Columns used: ts, uid, req' 'the dry run names the columns that are used'
like "$out" 'Columns ignored: id, time' 'a mapped field is read from its mapped name alone'
exits 0 headroom --json formats list
is "$(jq -c 'map(select(.built_in | not))' <<<"$out")" '[]' 'a dry run keeps nothing'
exits 0 headroom --json ingest "${map[@]}" --format mine --source json "$work/log.jsonl"
is "$(jq .added <<<"$out")" 4 'all lines are read'
like "$err" "format 'mine' is kept: map 'id=req,time=ts,user_id=uid', zone Europe/Berlin" 'it says what it keeps'
is "$(events json)" "$wanted" 'what the log says, at the instants of its zone'
exits 0 headroom ingest --format mine --source csv "$work/log.csv"
unlike "$err" 'is kept' 'using a format does not keep it again'
is "$(events csv)" "$wanted" 'the same from CSV, by the kept name'
exits 0 headroom --json ingest --format mine --source csv "$work/log.jsonl"
is "$(jq -c '[.added, .duplicate]' <<<"$out")" '[0,4]' 'the same events from the other format'

note 'what a zone cannot say'
echo '{"ts":"2026-03-29T02:30:00","uid":5,"req":"e"}' >"$work/skipped.jsonl"
exits 3 headroom ingest --format mine "$work/skipped.jsonl"
like "$err" 'clock of Europe/Berlin was put forward over it' 'a time that the clock skipped is quarantined'
exits 3 headroom ingest --map id=req,time=ts,user_id=uid "$work/skipped.jsonl"
like "$err" 'no time zone' 'without a zone a time without one is refused'
exits 2 headroom ingest --assume-zone europe/berlin "$work/log.csv"
like "$err" "unknown time zone 'europe/berlin'.*did you mean 'Europe/Berlin'" 'an unknown zone, with a hint'
exits 2 headroom ingest --assume-zone localtime "$work/log.csv"
like "$err" 'depends on the machine' 'a zone that is another one elsewhere'

note 'what is kept'
exits 0 headroom --json formats show mine
is "$(jq -c 'del(.kept_at)' <<<"$out")" \
    "{\"name\":\"mine\",\"built_in\":false,\"summary\":null,\"map\":\"id=req,time=ts,user_id=uid\",\"assume_zone\":\"Europe/Berlin\",\"kept_by\":\"$(id -un)\"}" \
    'show'
exits 0 headroom ingest --by eve --format mine --assume-zone UTC "$work/log.csv"
like "$err" "format 'mine' was: map 'id=req,time=ts,user_id=uid', zone Europe/Berlin" 'a replaced one is named'
exits 0 headroom --json formats show mine
is "$(jq -c '[.map, .assume_zone, .kept_by]' <<<"$out")" '["id=req,time=ts,user_id=uid","UTC","eve"]' \
    'what is not given stays'
exits 0 headroom formats list
like "$out" "mine +--map 'id=req,time=ts,user_id=uid' --assume-zone UTC +20.*Z +eve" 'list shows its options'
like "$out" 'csv +CSV with a header .* built in' 'and the built-in ones'
exits 2 headroom ingest --format Mine --map time=ts "$work/log.csv"
like "$err" "'Mine': a format is kept under 1 to 40 of" 'a name that cannot be kept'
exits 1 headroom ingest --format csv --map time=other "$work/log.csv"
like "$err" 'has no column other' 'a name of ours with a mapping is that format, read by it'
exits 0 headroom --json formats list
is "$(jq -c 'map(.name) | index("csv") == rindex("csv")' <<<"$out")" true 'and is not kept'
exits 2 headroom formats forget csv
like "$err" 'built in' 'nor can it be forgotten'
exits 2 headroom formats show mime
like "$err" "'mime' is not known; did you mean mine" 'a slip is guessed'
exits 0 headroom formats forget mine
exits 2 headroom formats forget mine
exits 2 headroom ingest --format mine "$work/log.csv"

note 'bad mappings'
exits 2 headroom ingest --map tiem=ts "$work/log.csv"
like "$err" "'tiem=ts': there is no field 'tiem'; did you mean time" 'an unknown field'
exits 2 headroom ingest --map time=ts,user_id=ts "$work/log.csv"
like "$err" "'user_id=ts': the name stands for time already" 'one name for two fields'
exits 1 headroom ingest "$work/log.csv"
like "$err" '--map time=NAME' 'a log with other names points to --map'

note 'names that lead into objects'
printf '%s\n' '{"at":"2026-05-01T00:00:00Z","user":{"id":"77","plan":"x"},"http":{"res":{"status":404}},"req.id":"n1"}' \
    '{"at":"2026-05-01T00:00:01Z","user":{"id":78},"user.id":"79"}' >"$work/nested.jsonl"
exits 3 headroom ingest --map 'time=at,user_id=user.id,status=http.res.status,id=req.id' --source nested "$work/nested.jsonl"
is "$(cluster_psql formats -Atc "SELECT concat_ws(' ', subject, status, event_id, class) FROM headroom.event WHERE source = 'nested'")" \
    '77 404 n1 attempted' 'a user, a status and an id from below their keys'
like "$err" 'quarantined \(two_fields\): user_id is given by two keys' 'a key and a path for one field'
unlike "$err" 'none of ours: .*http' 'a key that leads to a field is not ignored'
