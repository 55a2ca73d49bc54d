#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The way from a gateway's spool into the ledger: each request once, up to when, and what is missing is said wherever
# somebody looks whether all has come.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

driver_find drain_driver
ledger_new drain || bail_out 'no ledger'
query() { cluster_psql drain -At -c "$1"; }
drive() { "$driver" "$work/spool" "$HEADROOM_DB" "${contract:-acme}" 2>"$work/.err" | paste -sd,; }
month=$(date -u +%Y-%m)

# ---- nothing is lost while its contract is not there ----
add() {
    sleep 3
    headroom contract add acme --limit 500 --price 2.50 --currency USD --from 2026-01-01 >/dev/null
}
is "$({ printf 'put 3\nsleep 2000\nlook\n' && add && printf 'wait 60\n'; } | drive)" \
    "3,away, drained 0, there is no contract 'acme' yet; add it: headroom contract add acme …,left 0,left 0" \
    'requests of a contract that is not there yet wait'
unlike "$(cat "$work/.err")" 'is back' 'a database that was never away is not back'

# ---- at once, and once ----
is "$(printf 'wait 20\nput 40\nwait 20\nlook\n' | drive)" 'left 0,43,left 0,connected, drained 40, ,left 0' \
    'all of them come, and the next ones'
spool=$(query "SELECT spool FROM headroom.gateway_spool")
is "$(query 'SELECT count(*), count(DISTINCT event_id), min(position), max(position) FROM headroom.event')" '43|43|1|43' \
    'each is an event, with its number'
is "$(query 'SELECT DISTINCT source FROM headroom.event')" "gateway $spool" "the spool's id is part of their source"
is "$(query 'SELECT taken, settled FROM headroom.gateway_spool')" '{[1,44)}|43' 'and all numbers came'
is "$(query "SELECT count(*), bool_and(until > now() - interval '1 minute') FROM headroom.source_until")" '1|t' \
    'nothing more will come from before: one stretch, though the program ended in between'
exits 0 headroom --json status --month "$month"
is "$(jq '.[0].unique_handles' <<<"$out")" 40 'their users count'

exits 0 headroom trace 16 --event
like "$(tr -s ' \n' ' ' <<<"$out")" "entry number 16 of the gateway's spool $spool \(the batch: [0-9]+ to [0-9]+\) file none: the gateway wrote it into its spool before the request left" \
    'a request is traced back to its number in the spool'
is "$(headroom --json trace 16 --event | jq -c '.[0] | [.spool, .line, .by_endpoint, .batch.content_digest]')" \
    "[\"$spool\",16,false,null]" 'as JSON'
exits 2 headroom trace 16 --event --file "$0"
like "$err" "event '16' came through a gateway: leave --file out" 'which no file proves'

# ---- one that is under way when the program ends ----
is "$(printf 'open\nput 2\nwait 2\n' | drive)" '44,46,left 1,left 1' 'a request without an answer waits for it'
is "$(printf 'wait 20\n' | drive)" 'left 0,left 0' 'and comes as unknown when there will be none'
is "$(query "SELECT outcome FROM headroom.event WHERE event_id = '44'")" unknown 'which is what it says'
is "$(query 'SELECT taken FROM headroom.gateway_spool')" '{[1,47)}' 'so no number is missing'

# ---- replay ----
replay() { headroom gateway replay --spool "$work/spool" --contract acme; }
is "$(replay)" '46 requests of the spool: 0 added, 46 were there already, 0 went to the quarantine.' 'a replay adds nothing twice'
cluster_psql drain -c "UPDATE headroom.gateway_spool
    SET taken = taken - '{[10,20)}', settled = 5, settled_time = now() - interval '1 minute'"
is "$(printf 'put 2\nwait 20\nsleep 3000\nput 1\nwait 20\nsleep 3000\n' | drive)" '48,left 0,49,left 0,left 0' 'requests come behind a hole'
like "$(cat "$work/.err")" 'requests number 10 to 19 are not in the ledger.*gateway replay' 'the hole is said where it is found'
words='10 recorded requests never came: numbers 10 to 19; "headroom gateway replay" takes in what the spool still keeps'
exits 0 headroom sources --month "$month"
like "$out" "gateway $spool.*10 recorded requests never came: numbers 10 to 19" 'and by sources'
exits 0 headroom --json sources --month "$month"
is "$(jq -r '.[0].sources[0].lost[0] | .requests, .words' <<<"$out")" "10
$words" 'in its JSON too'
is "$(jq -r '.[0].completeness' <<<"$out")" gaps 'the month has a gap'
exits 4 headroom sources --check
like "$err" 'has a gap from' 'which its check finds'
exits 0 headroom --json status --month "$month"
is "$(jq -r '.[0].completeness' <<<"$out")" gaps 'so says the status'
exits 0 headroom report --month "$month" -o "$work/book.xlsx"
like "$(unzip -p "$work/book.xlsx" 'xl/worksheets/*.xml' | grep -o '10 recorded[^<]*')" '10 recorded requests never came: numbers 10 to 19' \
    'and the workbook, with the reason'
is "$(replay)" '49 requests of the spool: 0 added, 49 were there already, 0 went to the quarantine.' 'a replay knows them'
is "$(query 'SELECT taken FROM headroom.gateway_spool'), $(query 'SELECT count(*) FROM headroom.gateway_lost')" '{[1,50)}, 0' \
    'and fills the hole'

# ---- notes ----
is "$({ printf 'miss 7\n' && yes gate 123 | head -n 300 && printf 'put 1\nwait 20\nsleep 300\n'; } | drive)" '50,left 0,left 0' \
    'requests go by without a record'
is "$(query "SELECT requests FROM headroom.gateway_gap")" 7 'how many is kept'
is "$(query "SELECT DISTINCT subject, decision, unit_limit FROM headroom.gateway_gate")" '123|observed|500' 'so is what the gate decided'
is "$(query 'SELECT count(*), count(DISTINCT xmin::text) < 30 FROM headroom.gateway_gate')" '300|t' 'many such notes come at once'
exits 0 headroom sources --month "$month"
like "$out" '7 requests were forwarded without a record' 'and shown'
is "$(replay)" '50 requests of the spool: 0 added, 50 were there already, 0 went to the quarantine.' 'a replay gives notes again, too'
is "$(query "SELECT count(*), sum(requests) FROM headroom.gateway_gap")" '1|7' 'and each is kept once'
exits 0 headroom verify
exits 0 headroom reconcile --month "$month" --recount

# ---- once is once, also where it would be another event now ----
# A loss of power takes the newest of a spool that does not wait for the disk: an outcome that the ledger has, and that
# it was drained.
/usr/bin/python3 - "$work/spool/spool.db" <<'EOF'
import sqlite3, sys
spool = sqlite3.connect(sys.argv[1])
spool.executescript("""UPDATE outcome SET outcome = '{"outcome":"unknown"}' WHERE number = 50;
    DELETE FROM drained; INSERT INTO drained (first, last) VALUES (1, 49);""")
EOF
is "$(printf 'wait 20\n' | drive)" 'left 0,left 0' 'an outcome is lost after it was taken in'
is "$(query "SELECT count(*), max(outcome) FROM headroom.event WHERE event_id = '50'")" '1|ok' 'its request stays one event'
jq -n '{name: "other", apps: [{name: "a", key: "key-of-other"}], terms: [{from: "2026-01-01", limit: 5, currency: "USD",
    pricing: {model: "flat", unit_price: "1"}}]}' | headroom contract import - >/dev/null
is "$(printf 'app key-of-other\nput 1\nwait 20\napp key-of-nobody\nput 1\nwait 20\n' | drive)" '51,left 0,52,left 0,left 0' \
    'requests come before the gateway knows whose key it is'
is "$(query "SELECT event_id, c.name FROM headroom.event JOIN headroom.contract AS c USING (contract_id)
    WHERE event_id IN ('51', '52') ORDER BY 1")" '51|other
52|acme' 'they belong to the contract of their key, else to --contract'
exits 0 headroom gateway replay --spool "$work/spool" --contract other
is "$out" '52 requests of the spool: 0 added, 52 were there already, 0 went to the quarantine.' \
    'a replay with another contract adds nothing'

# ---- what was not sent ----
is "$(printf 'put 1\nwithdraw 3\nput 1\nwait 20\nlook\nsleep 3000\n' | drive)" \
    '53,56,57,left 0,connected, drained 2, ,left 0' 'requests that are not sent wait for nothing'
left() { query "SELECT (SELECT count(*) FROM headroom.event WHERE event_id::bigint > 52) || ' ' || taken || ' ' || settled || ' '
    || (SELECT count(*) FROM headroom.gateway_lost WHERE words LIKE '%never came%')
    || ' ' || (SELECT count(*) FROM headroom.quarantine) FROM headroom.gateway_spool"; }
is "$(left)" '2 {[1,58)} 57 0 0' 'they are no events, and no hole'
is "$(printf 'withdraw 2\nwait 20\nlook\nsleep 3000\n' | drive)" '59,left 0,connected, drained 0, ,left 0' 'also where there is nothing else'
is "$(left)" '2 {[1,60)} 59 0 0' 'their numbers come'
# The ledger lacks some of the numbers, and of one that it has, a loss of power took the word that it was not sent.
cluster_psql drain -c "UPDATE headroom.gateway_spool SET taken = taken - '{[54,58)}', settled = 53"
/usr/bin/python3 - "$work/spool/spool.db" <<'EOF'
import sqlite3, sys
spool = sqlite3.connect(sys.argv[1], isolation_level=None)
spool.execute("UPDATE outcome SET outcome = '{\"outcome\":\"unknown\"}' WHERE number = 58")
EOF
is "$(headroom gateway replay --spool "$work/spool" --contract acme)" \
    '55 requests of the spool: 0 added, 55 were there already, 0 went to the quarantine.' 'a replay leaves them out'
is "$(left)" '2 {[1,60)} 53 0 0' 'but for their numbers; what came stays no event'

# ---- what is wrong ----
exits 1 headroom gateway replay --spool "$work/none"
like "$err" "$work/none" 'a spool that is not there is named'
