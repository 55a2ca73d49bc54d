#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What the ledger refuses by itself holds up nothing else of a gateway's spool: it is said, kept, tried again, and no
# longer missing anywhere once it is in.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

driver_find drain_driver
ledger_new drain || bail_out 'no ledger'
query() { cluster_psql drain -At -c "$1"; }
drive() { "$driver" "$work/spool" "$HEADROOM_DB" acme 2>"$work/.err" | paste -sd,; }
month=$(date -u +%Y-%m)
headroom contract add acme --limit 500 --price 2.50 --currency USD --from 2026-01-01 >"$work/.add"
words() { headroom --json sources --month "$month" | jq -r '.[0] | [.completeness, (.sources[].lost[]?.words | sub(";.*"; ""))] | join(", ")'; }
in_book() { unzip -p "$work/book.xlsx" 'xl/worksheets/*.xml' | grep -c 'never came'; }

# ---- requests ----
query "ALTER TABLE headroom.event ADD CONSTRAINT poison CHECK (event_id NOT IN ('5', '9'))"
query 'ALTER TABLE headroom.gateway_gap ADD CONSTRAINT poison CHECK (requests <> 3)'
is "$(printf 'put 20\nwait 1\nput 5\nsleep 5000\nwait 0\nlook\naside\n' | drive | sed 's/^20,left [0-9]*/20/; s/number 9: .*,left/number 9,left/')" \
    '20,25,left 2,connected, drained 23, ,aside 2, request number 9,left 2' 'two are refused, and the rest comes'
is "$(query "SELECT count(*) FROM headroom.event")" 23 'the others are events'
is "$(grep -c 'the ledger refuses request number 5: .*poison' "$work/.err")" 1 'the log says which and why, once, though tried again'
is "$(grep -c 'the ledger refuses request number 9: ' "$work/.err")" 1 'of each'
is "$(words)" 'gaps, 1 recorded request never came: number 5, 1 recorded request never came: number 9' 'sources tells them'
is "$(query "SELECT until > (SELECT max(occurred_at) FROM headroom.event) FROM headroom.source_until")" t \
    'and up to when the others have come'
exits 0 headroom report --month "$month" -o "$work/book.xlsx"
ok 'the workbook has them' test "$(in_book)" -gt 0

# ---- a replay ----
exits 1 headroom gateway replay --spool "$work/spool" --contract acme
like "$err" "refuses 2 of the spool's requests and notes" 'a replay ends with what is refused'
like "$err" 'request number 5: .*poison' 'which it names'
like "$out" '^23 requests of the spool: 0 added, 23 were there already, 0 went' 'and goes on behind it'

# ---- notes ----
is "$(printf 'miss 3\nput 1\nsleep 4000\nwait 0\naside\nmiss 2\nput 1\nsleep 2000\n' | drive | sed 's/note 1: .*,27,/note 1,27,/')" \
    '26,left 2,aside 3, note 1,27,left 2' 'a gap record is refused'
is "$(query 'SELECT sum(requests) FROM headroom.gateway_gap')" 2 'which holds no other back'

# ---- in the end ----
query 'ALTER TABLE headroom.gateway_gap DROP CONSTRAINT poison'
query 'ALTER TABLE headroom.event DROP CONSTRAINT poison'
is "$(printf 'wait 20\nsleep 1000\naside\n' | drive)" 'left 0,aside 0, ,left 0' 'with the next start all is in'
is "$(query 'SELECT count(*), count(DISTINCT event_id) FROM headroom.event')" '27|27' 'each once'
is "$(query 'SELECT sum(requests) FROM headroom.gateway_gap')" 5 'and so are the gap records'
query "DELETE FROM headroom.gateway_gap"
is "$(words)" 'began' 'no number is missing any more'
exits 0 headroom report --month "$month" -o "$work/book.xlsx"
is "$(in_book)" 0 'nor in the workbook'
exits 0 headroom --json status --month "$month"
is "$(jq -r '.[0].completeness' <<<"$out")" began 'nor in the status'
query "ALTER TABLE headroom.event ADD CONSTRAINT poison CHECK (event_id <> '28')"
mkfifo "$work/commands"
drive <"$work/commands" >"$work/.drove" &
exec 8>"$work/commands"
printf 'put 1\nwait 1\n' >&8
refused() { grep -q 'refuses request number 28' "$work/.err"; }
ok 'another is refused' within 20 refused
query 'ALTER TABLE headroom.event DROP CONSTRAINT poison'
printf 'wait 20\nsleep 500\naside\n' >&8
exec 8>&-
wait
is "$(cat "$work/.drove")" '28,left 1,left 0,aside 0, ,left 0' 'and comes without a new start'
like "$(cat "$work/.err")" 'what the ledger had refused of the spool is in it now' 'which is said'

# ---- what is no refusal ----
last=$(date -u -d "$month-01 -1 month" +%Y-%m)
is "$(printf 'time %s-10T12:00:00Z\nput 3\nwait 20\n' "$last" | drive)" '31,left 0,left 0' 'requests of the month before'
exits 0 headroom close --month "$last" --contract acme --force --reason 'a test'
is "$(printf 'time %s-11T12:00:00Z\nput 3\ntime 1970-01-01T00:00:10Z\nput 1\ntime 9999-01-01T00:00:00Z\nput 1\ntime no\nput 1\nwait 20\naside\n' "$last" |
    drive)" '34,35,36,37,left 0,aside 0, ,left 0' 'a closed month and times that nobody can have hold nothing up'
is "$(query "SELECT count(*) FROM headroom.event"),$(query 'SELECT count(*) FROM headroom.quarantine')" '34,3' \
    'the first are adjustments, the others in the quarantine'
query 'ALTER TABLE headroom.event RENAME TO away'
is "$(printf 'put 2\nsleep 1500\naside\n' | drive)" '39,aside 0, ,left 2' 'a ledger that takes nothing refuses nothing by itself'
query 'ALTER TABLE headroom.away RENAME TO event'
is "$(printf 'wait 20\n' | drive)" 'left 0,left 0' 'and has all later'
exits 0 headroom verify
