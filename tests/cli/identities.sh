#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# identities: what an import teaches, that it is taken whole or not at all, and what is left when it is withdrawn.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new identities || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD --time-zone America/New_York >"$work/.add" ||
    bail_out 'no contract'
cat >"$work/log.jsonl" <<'END'
{"id":"1","time":"2026-03-02T04:59:59Z","handle":"Amy"}
{"id":"2","time":"2026-03-02T05:00:00Z","handle":"amy"}
{"id":"3","time":"2026-03-10T12:00:00Z","handle":"amy"}
{"id":"4","time":"2026-03-03T12:00:00Z","handle":"bob"}
{"id":"5","time":"2026-03-04T12:00:00Z","user_id":7,"handle":"carol"}
{"id":"6","time":"2026-04-04T12:00:00Z","handle":"amy"}
{"id":"7","time":"2026-03-05T12:00:00Z","handle":"dan"}
END
exits 0 headroom ingest -q "$work/log.jsonl"
count() { headroom --json status --month "$1" | jq '.[0].unique_handles'; }
owners() { headroom --json handles --month "$1" | jq -c 'map(.user_id // .subject) | sort'; }
agrees() { # the checks and the recount of both months
    exits 0 headroom reconcile --month 2026-03 --recount --contract acme
    exits 0 headroom reconcile --month 2026-04 --recount --contract acme
}
rows() { cluster_psql identities -Atc "SELECT (SELECT count(*) FROM headroom.identity_fact), (SELECT count(*) FROM headroom.identity_claim), (SELECT count(*) FROM headroom.batch), (SELECT seq FROM headroom.chain_head)"; }
is "$(owners 2026-03)" '["7","@amy","@bob","@dan"]' 'before any import'

note 'an import'
cat >"$work/known.csv" <<'END'
user_id,handle,from,to
7,@AMY,2026-03-02,2026-03-10
0008,bob,,
8,amy,2026-03-10,
8,Bob,,
END
before=$(rows)
exits 0 headroom --json identities import --dry-run "$work/known.csv"
is "$(jq -c '[.read, .facts, .claims, .repeated, .known_facts, .known_claims, .batch, .chain_head]' <<<"$out")" \
    '[4,1,2,1,0,0,null,null]' 'a dry run says what the file holds'
is "$(jq -c '.changes[] | [.contract, .month, .handles, .unique_handles_before, .unique_handles_after]' <<<"$out" | tr '\n' ' ')" \
    '["acme","2026-03",2,4,4] ["acme","2026-04",1,1,1] ' 'and which handles would have another owner, by month'
is "$(rows)" "$before" 'and writes nothing'
exits 0 headroom identities import --dry-run "$work/known.csv"
like "$out" 'acme +2026-03 +2 +4 +4' 'as a table too'
exits 0 headroom --json identities import "$work/known.csv"
is "$(jq -c '[.read, .facts, .claims, .repeated, .known_facts, .known_claims, .same_batch, (.changes | length)]' <<<"$out")" \
    '[4,1,2,1,0,0,null,0]' 'the import'
import=$(jq -r .batch <<<"$out")
is "$(jq -r .chain_head <<<"$out")" "$(cluster_psql identities -Atc "SELECT encode(digest, 'hex') FROM headroom.chain_head")" \
    'its link is the head of the chain'
is "$(cluster_psql identities -Atc "
    SELECT l.kind, b.kind, b.read, b.added, b.duplicate, b.format, b.first_line, b.last_line, b.end_byte,
        l.content_digest = headroom.batch_content(b.batch_id),
        b.facts_digest = sha256(convert_to(concat(E'@bob\t8\t0\n@amy\t7\t2026-03-02\t2026-03-10\n@amy\t8\t2026-03-10\t\n'), 'UTF8'))
    FROM headroom.batch AS b JOIN headroom.chain AS l ON l.subject_id = b.batch_id AND l.kind = 'identities'
    WHERE batch_id = $import")" \
    "identities|identities|4|3|1|csv|2|5|$(wc -c <"$work/known.csv")|t|t" 'its batch, with a digest that anybody can make'
is "$(owners 2026-03)" '["7","8","@amy","@dan"]' \
    'on days that it covers the handle is the user'\''s, in the zone of the contract; before, nobody'\''s'
is "$(owners 2026-04)" '["8"]' 'and in the next month'
is "$(headroom --json handles --month 2026-03 | jq -c '.[] | select(.user_id == "8") | [.handle, .requests, .first_seen]')" \
    '["amy",2,"2026-03-03T12:00:00Z"]' 'with the requests of its days'
agrees

note 'the same again'
before=$(rows)
exits 0 headroom identities import "$work/known.csv"
like "$out" "Already imported as batch $import" 'the same file is known'
jq -cn '{user_id: 8, username: "amy", from: "2026-03-10"}, {user_id: "7", handle: "Amy", from: "2026-03-02", to: "2026-03-10"}, {user_id: 8, handle: "bob", to: null, from: ""}' \
    >"$work/known.jsonl"
exits 0 headroom --json identities import "$work/known.jsonl"
is "$(jq -c '[.same_batch, .facts, .claims]' <<<"$out")" '[null,1,2]' 'the same in another order of lines is another import'
other=$(jq -r .batch <<<"$out")
is "$(jq -c '[.known_facts, .known_claims]' <<<"$out")" '[1,2]' 'but all of it is known'
jq -s . "$work/known.jsonl" >"$work/known.json"
exits 0 headroom identities import "$work/known.json"
like "$out" "Already imported as batch $other" 'a JSON array of the same objects says the same'
gzip -k "$work/known.csv"
exits 0 headroom --json identities import - <"$work/known.csv.gz"
is "$(jq -c '[.file, .same_batch]' <<<"$out")" "[\"-\",\"$import\"]" 'from a pipe, compressed: the same'
exits 0 headroom identities withdraw "$other" --reason 'twice'
isnt "$before" "$(rows)" 'what was added stays in the ledger'

note 'the later import wins; an earlier one can be taken in again'
printf 'handle,user_id,to\namy,9,2026-05-01\n' >"$work/later.csv"
exits 0 headroom -q identities import "$work/later.csv"
later=$(cluster_psql identities -Atc 'SELECT max(batch_id) FROM headroom.batch')
is "$(owners 2026-03)" '["7","8","9","@dan"]' 'the later one'
exits 0 headroom --json identities import "$work/known.csv"
is "$(jq -c '.same_batch' <<<"$out")" 'null' 'the earlier one is no longer the same, for another one has the last word'
again=$(jq -r .batch <<<"$out")
is "$(owners 2026-03)" '["7","8","9","@dan"]' 'now it has'
is "$(owners 2026-04)" '["8"]' 'in both months'
exits 0 headroom -q identities withdraw "$again" --reason 'only tried'
is "$(owners 2026-04)" '["9"]' 'until it is withdrawn'
agrees

note 'withdrawn'
exits 0 headroom --json identities withdraw "$later" --reason 'wrong list' --by eve
is "$(jq -c 'del(.chain_head)' <<<"$out")" "{\"batch\":\"$later\",\"reason\":\"wrong list\",\"by\":\"eve\"}" 'says so'
is "$(cluster_psql identities -Atc "
    SELECT l.kind, l.content_digest = headroom.change_content(c.change_id), encode(l.digest, 'hex') = '$(jq -r .chain_head <<<"$out")'
    FROM headroom.batch_change AS c JOIN headroom.chain AS l ON l.subject_id = c.change_id AND l.kind = 'withdrawal'
    WHERE c.batch_id = $later")" 'withdrawal|t|t' 'in the chain'
is "$(owners 2026-03)" '["7","8","@amy","@dan"]' 'the import before it acts again'
exits 1 headroom identities withdraw "$later" --reason 'wrong list'
like "$err" "batch $later was withdrawn already, by eve on .*wrong list" 'not twice: says by whom'
exits 0 headroom -q identities withdraw "$import" --reason 'all wrong'
is "$(owners 2026-03)" '["7","@amy","@bob","@dan"]' 'and then only events say who is who'
agrees

note 'the list of what is known'
list() { headroom --json identities list "$@" | jq -c '.[] | [.kind, .handle, .user_id, .first_together, .from, .to, .evidence, .batch, .state]' | tr '\n' ' '; }
is "$(list)" '["fact","carol","7","2026-03-04T12:00:00Z",null,null,"events","1","in force"] ' 'what is in force'
is "$(list --all --handle @BOB)" \
    "[\"fact\",\"bob\",\"8\",null,null,null,\"identities\",\"$import\",\"withdrawn\"] " \
    '--all: what was withdrawn too, as one with the first batch that said so'
is "$(headroom --json identities list --all --handle bob | jq -c '.[] | [.batches, .file]')" "[3,\"$work/known.csv\"]" \
    'and how many said so'
is "$(list --all --handle amy --user-id 9)" \
    "[\"claim\",\"amy\",\"9\",null,null,\"2026-05-01\",\"identities\",\"$later\",\"withdrawn\"] " 'a claim of one user'
headroom contract add other --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
is "$(list --contract other --all)" '' '--contract: only handles and users that it used'
exits 0 headroom identities list --contract acme
like "$out" 'fact +carol +7 +2026-03-04T12:00:00Z +– +– +events +1 +1 +.*log.jsonl +in force' 'as a table'
exits 0 headroom identities list --handle nobody
is "$out" '' 'nothing is nothing'
like "$err" 'nothing is known of it' 'and says so'
exits 0 headroom --json identities list --handle nobody
is "$out" '[]' 'in JSON an empty array'
exits 2 headroom identities list --handle 'x y'
exits 2 headroom identities list --user-id x
exits 2 headroom identities list --contract nobody

note 'what cannot be withdrawn'
exits 2 headroom identities withdraw 1 --reason x
like "$err" "holds events.*batch void 1" 'a load: names the command for it'
exits 2 headroom identities withdraw 99 --reason x
like "$err" 'there is no batch 99' 'no such batch'
exits 2 headroom identities withdraw next --reason x
like "$err" "'next' is no number" 'no number'
exits 2 headroom identities withdraw 1
like "$err" '--reason is missing' 'without a reason'
exits 2 headroom identities withdraw 1 --reason ' '
like "$err" '--reason is empty' 'nor with an empty one'

note 'whole or not at all'
cat >"$work/bad.csv" <<'END'
user_id,handle,from,to
1,fine,,
0,amy,,
9223372036854775808,amy,,
7,a-b,,
7,,,
,amy,,
7,amy,2026-02-30,
7,amy,2026-03-02,2026-03-02
7,amy,2026-03-01,2026-03-05
8,AMY,2026-03-04,
8,amy
9,bob,2026-01-01T00:00:00Z,
END
before=$(rows)
exits 1 headroom identities import "$work/bad.csv"
is "$(grep -oE ':[0-9]+: (user_id|handle|from|to|the row|gives)' <<<"$err" | tr '\n' ' ')" \
    ':3: user_id :4: user_id :5: handle :6: handle :7: user_id :8: from :9: to :12: the row :13: from :11: gives ' \
    'every bad line, with what is wrong'
like "$err" '10 lines cannot be taken; nothing was imported' 'how many'
is "$(rows)" "$before" 'and nothing was'
{ echo user_id,handle; yes 'x,y' | head -n 50; } >"$work/many.csv"
exits 1 headroom identities import "$work/many.csv"
is "$(grep -c 'many.csv:[0-9]*: ' <<<"$err")" 20 'of many the first twenty'
like "$err" 'and 30 more' 'and how many more'
printf '{"user_id":1,"handle":"a"}\n{"user_id":1,"user_id":2,"handle":"a"}\nno\n{"user_id":true,"handle":5}\n' >"$work/bad.jsonl"
exits 1 headroom identities import "$work/bad.jsonl"
is "$(grep -oE ':[0-9]+:' <<<"$err" | tr '\n' ' ')" ':2: :3: :4: ' 'lines of JSON that are none'
printf '[{"user_id":1,"handle":"a"},\n7,{"user_id":1,"handle":"b","from":20260101},{"handle":"c"}]' >"$work/bad.json"
exits 1 headroom identities import "$work/bad.json"
is "$(grep -oE ':[0-9]+: ' <<<"$err" | tr -d '\n')" ':2: :3: :4: ' 'elements of an array, by their number'
printf '[{"user_id":1,"handle":"a"},' >"$work/bad.json"
exits 1 headroom identities import "$work/bad.json"
printf 'user,handle\n1,a\n' >"$work/header.csv"
exits 1 headroom identities import "$work/header.csv"
like "$err" "header has a column 'user', .*; did you mean user_id\?; needed are the columns user_id and handle" 'a header with another name'
printf 'handle\na\n' >"$work/header.csv"
exits 1 headroom identities import "$work/header.csv"
like "$err" 'header has no column user_id; needed are the columns user_id and handle' 'or without a needed column'
printf 'user_id,handle,username\n1,a,b\n' >"$work/header.csv"
exits 1 headroom identities import "$work/header.csv"
like "$err" 'has two columns for handle' 'or with two for one'
exits 1 headroom identities import "$work/nowhere.csv"
like "$err" 'there is no such file' 'no such file'
head -c 60 "$work/known.csv.gz" >"$work/cut.csv.gz"
exits 1 headroom identities import "$work/cut.csv.gz"
like "$err" 'is cut off' 'a gzip that is cut off'
printf 'user_id,handle,phone\n1,a,5\n' >"$work/phone.csv"
exits 1 headroom identities import "$work/phone.csv"
like "$err" "header has a column 'phone', which says nothing of .*; leave it out; needed are" 'a column that is none of ours'
printf 'user_id,handle,form,to\n1,a,2026-01-01,\n' >"$work/form.csv"
exits 1 headroom identities import "$work/form.csv"
like "$err" "has a column 'form', .*; did you mean from\?" 'a misspelt date is not lost'
printf '{"user_id":1,"handle":"a"}\n{"user_id":1,"handle":"b","form":"2026-01-01"}\n' >"$work/form.jsonl"
exits 1 headroom identities import "$work/form.jsonl"
like "$err" "form.jsonl:2: has a key 'form', .*; did you mean from\?" 'nor one in JSON'
printf '[{"user_id":1,"handle":"a"},{"user_id":1' >"$work/cut.json"
exits 1 headroom identities import "$work/cut.json"
like "$err" 'breaks off .*nothing was imported; import it when it is whole' 'an array that is cut off'
unlike "$err" 'adds the rest' 'of which nothing was taken'
printf '{"user_id":"Bearer AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0","handle":"a"}\n' >"$work/secret.jsonl"
exits 1 headroom identities import "$work/secret.jsonl"
unlike "$err" 'MLheAAAAAAA0' 'a secret in a bad line is not shown'
is "$(rows)" "$before" 'nothing of these'
exits 0 headroom identities import - <<<''
like "$err" 'standard input: holds no identities; nothing was imported' 'an empty file'
printf 'user_id,handle\n' >"$work/none.csv"
exits 0 headroom identities import "$work/none.csv"
like "$err" "$work/none.csv: holds no identities; nothing was imported" 'a header alone: the file is named'
printf 'user_id,handle\n5,tie\n4,tie\n' >"$work/tie.csv"
exits 0 headroom identities import "$work/tie.csv"
like "$err" '@tie is given to several users without dates, of which the lowest id \(4\)' 'two users without dates: a warning'
exits 2 headroom identities import
agrees

note 'the history'
ledger_new history || bail_out 'no ledger'
headroom contract add acme --limit 3 --price 2.50 --currency USD --time-zone America/New_York >"$work/.add" ||
    bail_out 'no contract'
headroom contract add other --limit 3 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
cat >"$work/log.jsonl" <<'END'
{"contract":"acme","id":"1","time":"2026-10-01T12:00:00Z","handle":"amy","user_id":1}
{"contract":"acme","id":"2","time":"2026-10-08T12:00:00Z","handle":"amy_2","user_id":1}
{"contract":"acme","id":"3","time":"2026-10-20T03:00:00Z","handle":"Amy","user_id":2}
{"contract":"acme","id":"4","time":"2026-10-21T12:00:00Z","handle":"bob","user_id":3}
{"contract":"acme","id":"5","time":"2026-10-21T12:00:00Z","handle":"123","user_id":4}
END
exits 0 headroom -q ingest "$work/log.jsonl"
exits 0 headroom -q ingest --contract acme - <<<'{"id":"6","time":"2026-10-15T12:00:00Z","handle":"amy_2","user_id":1}'
printf 'user_id,handle,from,to\n9,zed,2026-01-01,2026-02-01\n1,amy,2026-11-01,\n' >"$work/known.csv"
exits 0 headroom -q identities import "$work/known.csv"
history() { headroom --json handles --history "$@" | jq -r '.[] | [.user_id, .handle, .from, .to, .taken_from, .passed_to, .handle_before, .handle_after, .evidence, .batch] | map(. // "-") | join(" ")'; }
is "$(history)" '1 amy - 2026-10-20 - 2 - amy_2 events 1
1 amy_2 - - - - amy - events 1
1 amy 2026-11-01 - 2 - - amy_2 import 3
2 amy 2026-10-20 2026-11-01 1 1 - - events 1
9 zed 2026-01-01 2026-02-01 - - - - import 3' 'users who took another handle, and handles that passed on'
is "$(history amy --contract acme)" '1 amy - 2026-10-19 - 2 - amy_2 events 1
2 amy 2026-10-19 2026-11-01 1 1 - - events 1
1 amy 2026-11-01 - 2 - - amy_2 import 3' 'of a handle, by the days of a contract'
is "$(history 1 | cut -d' ' -f2,3,4 | tr '\n' ' ')" 'amy - 2026-10-20 amy_2 - - amy 2026-11-01 - ' 'of a user'
is "$(history @Zed | cut -d' ' -f1-4 | tr '\n' ' ')" '- zed - 2026-01-01 9 zed 2026-01-01 2026-02-01 - zed 2026-02-01 - ' \
    'of a handle whose user is known for a time only'
is "$(history bob)" '3 bob - - - - - - events 1' 'that never changed'
is "$(history @123)" '4 123 - - - - - - events 1' 'a handle of digits'
is "$(history 123)$(history --contract other)" '' 'a user who is not known; what another contract did not use'
is "$(headroom --json handles --history 1 | jq -c 'map(select(.handle == "amy_2")) | .[] | [.first_together, .last_together]')" \
    '["2026-10-08T12:00:00Z","2026-10-15T12:00:00Z"]' 'first and last seen together'
exits 0 headroom handles --history amy_2
like "$out" '1 +amy_2 +– +– +– +– +amy +– +2026-10-08T12:00:00Z +2026-10-15T12:00:00Z +events +1' 'as a table'
exits 0 headroom handles --history nobody
like "$err" 'nothing is known of nobody' 'nothing is known'
exits 2 headroom handles amy
like "$err" "'amy' goes with --history" 'a handle alone'
exits 2 headroom handles --history --new
exits 2 headroom handles --history --month 2026-10
exits 2 headroom handles --history 'a b'
exits 2 headroom handles --history 9223372036854775808
exits 2 headroom handles --history --contract nobody

note 'what a voided load taught is gone'
exits 0 headroom -q batch void 1 --reason 'wrong'
is "$(history)" '1 amy_2 - - - - - amy events 2
1 amy 2026-11-01 - - - amy_2 - import 3
9 zed 2026-01-01 2026-02-01 - - - - import 3' 'the events of the other load and the import are left'
is "$(history bob)" '' 'and of others nothing is known'
exits 0 headroom -q batch restore 1 --reason 'right'
is "$(history bob)" '3 bob - - - - - - events 1' 'until it is restored'
exits 0 headroom -q identities withdraw 3 --reason 'wrong'
exits 0 headroom -q batch restore 3 --reason 'right'
is "$(history @zed | wc -l)" 3 'a withdrawn import can be restored too'
exits 0 headroom reconcile --contract acme --month 2026-10 --recount
