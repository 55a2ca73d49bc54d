#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The JSON Schema of an event says of each line what the program says of it.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/serve.sh"

exits 0 headroom serve --schema
printf '%s\n' "$out" >"$work/schema.json"
source=$root/src/model/event_fields.c
table() { awk -v start="$1" 'index($0, start) { on = 1 } on { print } on && /};/ { exit }' "$source" | grep -oE '"[^"]+"' | tr -d '"' | sort; }
is "$(jq -r '.properties | keys[]' "$work/schema.json" | sort -u | tr '\n' ' ')" "$({ table 'field_names[FIELD_COUNT]'; table '} aliases[]'; } | sort -u | tr '\n' ' ')" \
    'it has every field and alias, and no other'
for pair in auth:via_names endpoint:endpoint_names outcome:outcome_names; do
    is "$(jq -r ".properties.${pair%:*}.enum[] | values | select(. != \"\")" "$work/schema.json" | sort | tr '\n' ' ')" \
        "$(table "${pair#*:}[]" | tr '\n' ' ')" "it has each word of ${pair%:*}"
done

npm_sdk
[ -n "$sdk" ] || { skip 'the schema by ajv' "npm can't install it: $(tail -n 1 "$work/.npm")"; exit 0; }
ledger_new schema || bail_out 'no ledger'
headroom contract add acme --limit 5 --price 2.50 --currency USD >>"$work/.add" || bail_out 'no contract'

# Each as a change of a right event. What one can't say of the other: whether a date exists, bytes as against characters.
{
    while IFS= read -r change; do jq -c ". + $change" <<<'{"id":"1","time":"2026-10-01T00:00:00Z","user_id":"7"}'; done <<'END'
{}
{"id":7}
{"id":-7}
{"id":7.5}
{"id":null}
{"id":""}
{"id":true}
{"id":["x"]}
{"time":1790812800}
{"time":1790812800.25}
{"time":1790812800123}
{"time":"1790812800"}
{"time":7}
{"time":"2026-10-01"}
{"time":"2026-10-01T00:00:00"}
{"time":"2026-10-01t00:00:00.123456789+05:30"}
{"time":"2026-10-01 00:00:00Z"}
{"time":"yesterday"}
{"time":null}
{"time":""}
{"time":null,"occurred_at":"2026-10-01T00:00:00Z"}
{"time":{}}
{"user_id":7}
{"user_id":0}
{"user_id":-1}
{"user_id":"007"}
{"user_id":"0"}
{"user_id":"x"}
{"user_id":7.5}
{"user_id":null}
{"user_id":null,"auth":"app"}
{"user_id":null,"auth":"user"}
{"user_id":null,"handle":"@a_B9"}
{"user_id":null,"screen_name":"abcdefghijklmnopqrst"}
{"user_id":null,"handle":"abcdefghijklmnopqrstu"}
{"user_id":null,"handle":"@@a"}
{"user_id":null,"handle":"a b"}
{"user_id":null,"username":"é"}
{"handle":7}
{"handle":""}
{"handle":"@"}
{"user_id":null,"token":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
{"user_id":null,"token":"0123"}
{"auth":"App"}
{"auth":""}
{"endpoint":"totals"}
{"endpoint":"total"}
{"endpoint":null}
{"outcome":"too_old_video"}
{"outcome":"fine"}
{"status":200}
{"status":"404"}
{"status":99}
{"status":600}
{"status":"x"}
{"tweet_count":0}
{"tweet_count":"25"}
{"tweet_count":-1}
{"tweet_count":2147483648}
{"tweet_count":1.5}
{"rate_limit":900,"rate_remaining":"899","latency_ms":12,"bytes":4294967296}
{"bytes":-1}
{"latency_ms":"x"}
{"rate_remaining":[]}
{"failed":{"unavailable":["1",2],"another_cause":[]}}
{"failed":{"Unavailable":["1"]}}
{"failed":{"unavailable":"1"}}
{"failed":{"unavailable":["x"]}}
{"failed":{"unavailable":[0]}}
{"failed":[]}
{"failed":7}
{"failed":null}
{"metrics":["favorites"]}
{"metrics":[]}
{"metrics":[""]}
{"metrics":[7]}
{"metrics":{}}
{"app":"k","contract":"acme","label":"team","source":"s"}
{"app":7}
{"label":{}}
{"source":true}
{"contract":7}
{"another":{"field":[1]}}
{"id":"1","event_id":"1"}
{"occurred_at":"2026-10-01T00:00:00Z"}
END
    jq -nc '{id: "1", time: "2026-10-01T00:00:00Z", user_id: 7, source: ("x" * 256)}'
    jq -nc '{id: ("x" * 255), time: "2026-10-01T00:00:00Z", user_id: 7, label: ("x" * 1000), contract: "acme"}'
    jq -nc '{id: ("x" * 256), time: "2026-10-01T00:00:00Z", user_id: 7}'
    jq -nc '{id: "1", time: "2026-10-01T00:00:00Z", user_id: 7, label: ("x" * 1001)}'
    jq -nc '{id: "1", time: "2026-10-01T00:00:00Z", user_id: 7, metrics: ["x" * 65]}'
} >"$work/events.jsonl"
exits 0 node "$root/tests/lib/schema_check.mjs" "$sdk" "$work/schema.json" "$work/events.jsonl"
said=$out
headroom -q ingest "$work/events.jsonl" >"$work/.ingest" 2>&1
cluster_psql schema -Atc "SELECT line FROM headroom.quarantine" | sort -n >"$work/refused"
is "$(paste -d' ' <(printf '%s\n' "$said") "$work/events.jsonl" | awk -v list="$work/refused" '
    BEGIN { while ((getline n < list) > 0) refused[n] = 1 }
    ($1 == "wrong") != (NR in refused) { print "the schema says " $0 }')" '' \
    "schema and program agree on $(wc -l <"$work/events.jsonl") events"
ok 'of which both kinds are there' test "$(sort -u <<<"$said" | wc -l)" -eq 2
