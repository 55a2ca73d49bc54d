#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# trace: from a handle, a user id or an event's id to the line of the log, and the proof of that line.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new trace || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add" || bail_out 'no contract'
cat >"$work/log.jsonl" <<'END'
{"id":"a-1","time":"2026-03-02T08:00:00Z","user_id":9007199254740993,"handle":"Ann","label":"red","endpoint":"totals","tweet_count":3}
{"id":"a-2","time":"2026-03-03T08:00:00Z","handle":"@Ann","note":"Bearer AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid%2BULvsea4JtiGRiSDSJSI"}

{"id":"a-4","time":"2026-03-05T08:00:00Z","user_id":9007199254740993,"status":404}
{"id":"a-5","time":"2026-03-06T08:00:00Z","user_id":4,"status":429}
{"id":"a-6","time":"2026-03-07T08:00:00Z","auth":"app"}
{"time":"2026-03-08T08:00:00Z","handle":"nobody_known"}
{"time":"2026-03-08T08:00:00Z","handle":"nobody_known"}
{"id":"a-9","time":"2025-12-08T08:00:00Z","user_id":5}
END
exits 0 headroom ingest -q "$work/log.jsonl"
month=(--month 2026-03)
head=$(headroom --json verify | jq -r .chain_head)
flat() { tr '\n' ' ' <<<"$out" | tr -s ' '; }

note 'an owner that counts'
exits 0 headroom trace @ann "${month[@]}"
text=$(flat)
like "$text" 'figure 2 unique handles of contract acme in 2026-03 \(2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z\), rule answered' 'the figure'
like "$text" 'owner user 9007199254740993, last known as @ann @ann and user 9007199254740993 were seen together from 2026-03-02T08:00:00Z on \(batch 1\)' \
    'the owner, and why'
like "$text" 'counted yes, as one: 2 of 3 requests count; last seen 2026-03-05T08:00:00Z 1 not counted: not_answered' 'its requests'
like "$text" 'event a-1 of source acme, 2026-03-02T08:00:00Z via user, delivered, status 200, endpoint totals, Tweets 3, label red' 'the first that counts'
like "$text" "batch 1, taken in 20[0-9T:.-]+Z by [^ ]+ link 3 of the chain, $head" 'the batch and its link'
like "$text" "line 1 of $work/log.jsonl \(the batch: lines 1 to 9\)" 'the file and the line'
like "$text" "file SHA-256 of its first $(wc -c <"$work/log.jsonl") bytes, to the end of the batch: $(sha256sum <"$work/log.jsonl" | cut -c1-64)" \
    'the digest of the file'
is "$(awk 'length > 80' <<<"$out" | grep -v "$work")" '' 'nothing is wider than 80 columns'
for who in ann ANN 9007199254740993 09007199254740993; do
    is "$(headroom trace "$who" "${month[@]}" | grep -c '^event *a-1 ')" 1 "$who means the same"
done
exits 0 headroom trace nobody_known "${month[@]}"
like "$(flat)" 'owner @nobody_known, of which no user id is known counted yes, as one: 2 of 2' 'a handle without a user'

note 'one that does not'
exits 0 headroom trace 4 "${month[@]}"
like "$(flat)" 'owner user 4 counted no: none of the requests counts 1 not counted: not_attempted' 'says why'
exits 1 headroom trace 99 "${month[@]}"
like "$err" "'99' was never seen as a user id in 2026-03 of contract 'acme'; .*--event for an event with this id, 'headroom batch show'" \
    'one that was never seen, and what else a number may be'
exits 1 headroom trace ann --month 2026-02
exits 1 headroom trace 5 --month 2026-03

cat >"$work/again.jsonl" <<'END'
{"id":"t-1","time":"2026-03-20T08:00:00Z","user_id":51,"status":404}
{"id":"t-1","time":"2026-03-20T08:00:00Z","user_id":51}
END
exits 0 headroom ingest -q "$work/again.jsonl"
exits 0 headroom --json trace 51 "${month[@]}"
is "$(jq -c '.[0].first_event | [.counted, .line]' <<<"$out")" '[true,2]' 'of two at one instant, the first that counts'

note 'an event'
exits 0 headroom trace a-4
like "$(flat)" 'event a-4 of source acme, 2026-03-05T08:00:00Z via user, attempted, status 404 subject 9007199254740993 counts no: not_answered \(contract acme, 2026-03\)' \
    'why it does not count'
exits 0 headroom trace a-2
like "$(flat)" 'subject @ann, which stands for user 9007199254740993 on that day counts yes, in 2026-03 of contract acme under the rule answered' 'the owner of its handle'
exits 0 headroom trace a-6
like "$out" 'no: app_only' 'one that nobody authenticated'
exits 0 headroom trace a-9
like "$out" 'no: no_terms \(contract acme\)' 'one before the contract'
exits 1 headroom trace a-9 --month 2026-03
exits 1 headroom trace no-such-event
like "$err" "no event with the id 'no-such-event'" 'one that is not there'
exits 1 headroom trace a-1 --source other
exits 2 headroom trace a-1 --contract other
exits 2 headroom trace ann --source acme
exits 2 headroom trace
printf '{"id":"77","time":"2026-03-09T08:00:00Z","user_id":%d}\n' 6 7 >"$work/pair.jsonl"
exits 0 headroom ingest -q "$work/pair.jsonl"
exits 0 headroom --json trace 77 --event
is "$(jq -c 'map([.subject, .counted, .line])' <<<"$out")" '[["6",true,1],["7",true,2]]' 'two that share an id'
exits 2 headroom trace 77 --event --file "$work/pair.jsonl"
like "$err" 'means 2 of them' '--file wants one'

note 'the line'
exits 1 headroom trace @ann "${month[@]}" --file "$work/missing.jsonl"
is "$out" '' 'nothing is printed of what a missing file cannot prove'
like "$err" 'missing.jsonl' 'it is named'
exits 0 headroom trace @ann "${month[@]}" --file "$work/log.jsonl"
like "$(flat)" "content is what was taken in, to the end of the batch line 1 means this event" 'content and line hold'
is "$(tail -n 1 <<<"$out")" "$(head -n 1 "$work/log.jsonl")" 'it is shown'
exits 0 headroom trace a-2 --file "$work/log.jsonl"
unlike "$out" 'AAAA' 'a secret in it is masked'
like "$out" '\[masked\]' 'and that is said'
exits 0 headroom trace nobody_known "${month[@]}" --file "$work/log.jsonl"
like "$out" 'means this event' 'an id that was made from the line, of two equal lines'
gzip -k "$work/log.jsonl"
exits 0 headroom trace a-6 --file "$work/log.jsonl.gz"
like "$out" 'line +6 means this event' 'compressed: the content is the same'
echo '{"id":"more","time":"2026-04-08T08:00:00Z","user_id":5}' >>"$work/log.jsonl"
exits 0 headroom trace a-6 --file "$work/log.jsonl"
sed 's/"status":429/"status":428/' "$work/log.jsonl" >"$work/changed.jsonl"
exits 4 headroom trace a-6 --file "$work/changed.jsonl"
like "$(flat)" 'content is NOT what was taken in: it was changed in other lines line 6 means this event' 'another line was changed'
exits 4 headroom trace a-5 --file "$work/changed.jsonl"
like "$(flat)" 'content is NOT what was taken in: it was changed, or is another file line 5 means ANOTHER event' 'the line itself was'
like "$err" 'changed.jsonl is not what was taken in' 'standard error says it'
sed '5s/.*/no JSON/' "$work/log.jsonl" >"$work/broken.jsonl"
exits 4 headroom trace a-5 --file "$work/broken.jsonl"
like "$out" 'line +5 means NO event' 'a line that means none'
head -n 3 "$work/log.jsonl" >"$work/short.jsonl"
exits 4 headroom trace a-5 --file "$work/short.jsonl"
like "$(flat)" "it ends after $(wc -c <"$work/short.jsonl") bytes, or is another file line there is NO line 5 in it" 'a file that was cut'
: >"$work/empty"
exits 4 headroom trace a-5 --file "$work/empty"
printf 'PK\3\4 no log' >"$work/other.bin"
exits 4 headroom trace a-5 --file "$work/other.bin"
exits 1 headroom trace a-5 --file "$work/none.jsonl"
exits 0 headroom --json trace 4 "${month[@]}"
is "$(jq -c '.[0] | [.counted, .not_counted, .first_event]' <<<"$out")" '[false,{"not_attempted":1},null]' 'JSON of one that does not count'
exits 4 headroom --json trace a-5 --file "$work/changed.jsonl"
is "$(jq -c '.[0].found | [.holds, .content_is_same, .line_is_same]' <<<"$out")" '[false,false,false]' 'JSON of a line that does not hold'
exits 0 headroom --json trace ann "${month[@]}" --file "$work/log.jsonl"
is "$(jq -c '.[0].first_event | [.id, .line, .batch.id, .batch.link, .found.holds]' <<<"$out")" '["a-1",1,"1",3,true]' 'JSON of one that does'
is "$(jq -r '.[0].first_event.digest' <<<"$out")" \
    "$(cluster_psql trace -At -c "SET TimeZone = 'UTC'" -c "COPY (SELECT headroom.epoch_us(occurred_at), contract_id, source, event_id, subject,
        'user', class, status, tweet_count, endpoint, outcome, rate_limit, rate_remaining, latency_ms, bytes, handle, app, label, failed, metrics,
        position FROM headroom.event WHERE event_id = 'a-1') TO STDOUT" | tr -d '\n' | sha256sum | cut -c1-64)" 'the digest is that of the event'

note 'other formats'
printf 'ts,uid,who\n2026-05-02 08:00:00,21,Una\n2026-05-02 09:00:00,22,Vic\n' >"$work/mapped.csv"
exits 0 headroom ingest -q --map time=ts,user_id=uid,handle=who --assume-zone Europe/Berlin "$work/mapped.csv"
exits 0 headroom trace vic --month 2026-05 --file "$work/mapped.csv"
like "$(flat)" 'event [0-9a-f]{32} of source acme, 2026-05-02T07:00:00Z .* line 3 means this event' 'a mapped CSV without zones, read as it was then'
headroom ingest -q - <<<'{"id":"p-1","time":"2026-05-03T08:00:00Z","user_id":31}' >"$work/.ingest"
echo '{"id":"p-1","time":"2026-05-03T08:00:00Z","user_id":31}' >"$work/pipe.jsonl"
exits 0 headroom trace p-1 --file "$work/pipe.jsonl"
like "$(flat)" 'no digest of its content was kept .* content not proved: .* line 1 means this event' 'what came by a pipe: the line alone is proved'
printf '{"id":"r-1","ts":"2026-08-02 10:00:00","uid":"71"}\n' >"$work/retried.log"
exits 3 headroom ingest -q --format json "$work/retried.log"
exits 0 headroom quarantine retry --file "$work/retried.log" --map time=ts,user_id=uid --assume-zone Europe/Berlin
exits 0 headroom trace r-1 --file "$work/retried.log"
like "$(flat)" 'event r-1 of source acme, 2026-08-02T08:00:00Z .* content not proved: .* line 1 means this event' \
    'what was read after all, read as it was then'
sed 's/10:00/10:01/' "$work/retried.log" >"$work/changed.log"
exits 4 headroom trace r-1 --file "$work/changed.log"
like "$(flat)" 'line 1 means ANOTHER event' 'a line that was changed since'
printf 'ts,uid\n2026-08-03 10:00:00,72\n' >"$work/piped.csv"
exits 0 headroom ingest -q --map time=ts,user_id=uid --assume-zone Europe/Berlin - <"$work/piped.csv"
exits 0 headroom trace 72 --month 2026-08 --file "$work/piped.csv"
like "$(flat)" 'line 2 means this event' 'a pipe with other names'

cloudevent() { # ID DAY STATUS
    printf '{"specversion":"1.0","type":"com.x.engagement.request","source":"shop","id":"%s",' "$1"
    printf '"time":"2026-07-%sT08:00:00Z","subject":"61","data":{"status":%s}}\n' "$2" "$3"
}
for day in 01 02 03; do cloudevent "l-$day" "$day" 200; done >"$work/lines.ce"
for day in 04 05 06; do cloudevent "e-$day" "$day" 200; done | jq -s . >"$work/array.ce"
exits 0 headroom ingest -q "$work/lines.ce" "$work/array.ce"
exits 0 headroom trace l-02 --file "$work/lines.ce"
like "$(flat)" 'content is what was taken in, .* line 2 means this event' 'CloudEvents, one a line'
is "$(tail -n 1 <<<"$out")" "$(sed -n 2p "$work/lines.ce")" 'is shown'
exits 0 headroom trace e-05 --file "$work/array.ce"
like "$(flat)" 'content is what was taken in, .* line 2 means this event .*"id": ?"e-05"' 'CloudEvents in an array: the element'
sed 's/"e-05"/"e-5"/' "$work/array.ce" >"$work/changed.ce"
exits 4 headroom trace e-05 --file "$work/changed.ce"
like "$(flat)" 'content is NOT what was taken in: .* line 2 means ANOTHER event' 'an element that was changed'
cp "$root/tests/data/har/mitmproxy.har" "$work/m.har"
exits 0 headroom ingest -q "$work/m.har"
entry=$(cluster_psql trace -At -c "SELECT event_id FROM headroom.event JOIN headroom.batch USING (batch_id)
    WHERE file LIKE '%m.har' AND position = 2")
exits 0 headroom trace "$entry" --file "$work/m.har"
like "$(flat)" 'content is what was taken in, .* line 2 means this event .*"status":429' 'a HAR: the entry'
unlike "$out" 'oauth_|OAuth|Bearer' 'without its headers'
sed 's/"status": *429/"status": 200/' "$work/m.har" >"$work/changed.har"
exits 4 headroom trace "$entry" --file "$work/changed.har"
like "$(flat)" 'line 2 means ANOTHER event' 'an entry that was changed'

note 'identity and corrections'
cat >"$work/moved.jsonl" <<'END'
{"id":"m-1","time":"2026-06-02T08:00:00Z","user_id":41,"handle":"moved"}
{"id":"m-2","time":"2026-06-03T08:00:00Z","handle":"moved"}
{"id":"m-3","time":"2026-06-12T08:00:00Z","user_id":42,"handle":"moved"}
{"id":"m-4","time":"2026-06-13T08:00:00Z","handle":"moved"}
END
exits 0 headroom ingest -q "$work/moved.jsonl"
exits 0 headroom --json trace @moved --month 2026-06
is "$(jq -c 'map([.owner, .counted, .first_event.id, (.facts | length)])' <<<"$out")" '[["41",true,"m-1",2],["42",true,"m-3",2]]' \
    'a handle that passed to another user: both'
exits 2 headroom trace @moved --month 2026-06 --file "$work/moved.jsonl"
moved=$(headroom --json trace m-1 | jq -r '.[0].batch.id')
headroom batch void "$moved" --reason 'wrong file' --by carol >"$work/.void" 2>&1
exits 0 headroom trace m-1
like "$(flat)" "counts no: voided .* voided 20[0-9T:.-]+Z by carol: wrong file" 'an event of a voided batch'
exits 0 headroom trace 41 --month 2026-06
like "$(flat)" 'counted no: none of the requests counts 1 not counted: voided' 'an owner whose batch was voided'
exits 0 headroom verify -q
