#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Closing: the checklist, the seal, what comes later, and the way back.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new closing || bail_out 'no ledger'
sql() { cluster_psql closing -At -F ' ' -c "$1"; }
used() { headroom --json status --month "$1" | jq -r '.[] | "\(.state) \(.unique_handles) \(.charge) \(.requests)"'; }
adjusted() { sql "SELECT month, unique_handles, amount FROM headroom.adjustments(1, '$1-01')"; }
# log NAME MONTH USER…: one event for each user, on the days from the first on.
log() {
    local name=$1 month=$2 day=0 user
    shift 2
    for user in "$@"; do
        day=$((day + 1))
        printf '{"id":"%s%d","time":"%s-%02dT10:00:00Z","user_id":"%d"}\n' "$name" "$day" "$month" "$day" "$user"
    done >"$work/$name.jsonl"
    headroom ingest -q "$work/$name.jsonl" >"$work/.ingest" 2>&1 || bail_out "could not load $name"
}

headroom contract add acme --limit 2 --price 2.50 --currency USD >"$work/.add" || bail_out 'no contract'
log a 2026-08 1 2 3
echo '{"id":"bad"}' >"$work/bad.jsonl"
headroom ingest -q "$work/bad.jsonl" >"$work/.ingest" 2>&1

note 'the checklist'
exits 4 headroom close --month 2026-08 --dry-run
like "$out" "sources +fail +not heard from since the period's end: acme \(last 2026-08-03T10:00:00Z\)" 'a source that is silent'
like "$out" 'recount +pass +3 unique handles, from the events too' 'the recount'
like "$out" 'gaps +warn' 'gaps warn'
like "$err" "acme., 2026-08 stays open: sources: not heard" 'and standard error says what blocks'
is "$(used 2026-08)" 'over 3 2.50 3' 'nothing was changed'
exits 2 headroom close --month 2026-08 --without acme
like "$err" '--reason is missing' 'a source is left out with a reason'
exits 2 headroom close --month 2026-08 --without edge --reason gone
like "$err" "has no source 'edge'; .*headroom sources" 'a source that is none'
exits 2 headroom close --month 2026-08 --reason 'for fun'
exits 2 headroom close --all --contract acme
exits 2 headroom close --all --without acme --reason gone
exits 2 headroom close --month octember
exits 2 headroom close --contract nobody
exits 4 headroom close --month this --force --reason 'end of year'
like "$out" "it can't be closed before it is over" 'what is not over stays open, also by force'
exits 0 headroom --json close --month 2026-08 --without acme --reason 'switched off' --dry-run
is "$(jq -c '.[] | [.dry_run, .closed, .chain_head, (.checks[] | select(.name == "sources") | .state, .words)]' <<<"$out")" \
    '[true,false,null,"pass","not waited for: acme"]' 'a dry run as JSON'

note 'a seal'
log b 2026-09 1 4
exits 0 headroom --by finance close --month 2026-08
like "$out" 'Closed. Chain head: [0-9a-f]{64}' 'closed'
is "$(used 2026-08)" 'closed 3 2.50 3' 'status says so'
is "$(sql 'SELECT closed_by, unique_handles, charge, forced_because IS NULL FROM headroom.seal')" 'finance 3 2.50 t' 'who and what'
is "$(sql "SELECT day_requests[1:4] FROM headroom.seal")" '{1,1,1,0}' 'the requests of each day'
sealed=$(sql "SELECT concat_ws(E'\t', owner, coalesce(handle, ''), headroom.epoch_us(first_seen),
    headroom.epoch_us(last_seen), requests, counted_requests) FROM headroom.seal_owner ORDER BY owner" | sha256sum)
is "$(sql "SELECT encode(owners_digest, 'hex') FROM headroom.seal")" "${sealed%% *}" 'the digest of its owners, by sha256sum'
is "$(sql "SELECT statement::json ->> 'state' || ' ' || (statement::json ->> 'unique_handles') FROM headroom.seal")" 'closed 3' \
    'the statement is kept'
exits 4 headroom close --month 2026-08
like "$out" "closed on 20[-0-9]* by finance" 'it is closed already'
like "$err" "acme., 2026-08 is closed already" 'and standard error says it too'
is "$(sql "SELECT headroom.months_text('{2025-11-01,2026-01-01,2026-02-01,2026-03-01}')")" '2025-11, 2026-01 to 2026-03' \
    'years of months that are not closed stay readable'
exits 0 headroom close --all --month 2026-08
exits 0 headroom verify

note 'what comes later'
log c 2026-08 6 7
is "$(used 2026-08)" 'closed 3 2.50 3' 'a closed month does not change'
is "$(headroom --json handles --month 2026-08 | jq -r '[.[].user_id] | join(" ")')" '1 2 3' 'nor its list'
exits 0 headroom --json reconcile --month 2026-08
is "$(jq -c '.[] | [.state, .unique_handles, .spread.delivered, .lines[0].amount, .not_counted, .today.unique_handles, .today.charge]' \
    <<<"$out")" '["closed",3,3,"2.50",{},5,"7.50"]' 'its statement is the one that was sealed, with today beside it'
sealed=$(sql 'SELECT statement FROM headroom.seal' | jq -S 'del(.today)')
is "$(jq -S '.[] | del(.today)' <<<"$out")" "$sealed" 'to the letter'
exits 0 headroom reconcile --month 2026-08 --recount
like "${out//$'\n'/ }" 'Today it would be 5 unique handles and a charge of 7.50 USD' 'as text; the recount proves what is counted today'
cd "$work" || exit 1
exits 0 headroom report --month 2026-08
is "$out" overage-acme-2026-08-closed.xlsx 'the name of a report says that it is closed'
like "$(unzip -p "$out" | tr -d '\0')" '>CLOSED: the figures are sealed, and do not change' 'and its first sheet'
days() { sql "SELECT string_agg(concat_ws('/', new_handles, cumulative, seen, requests), ' ' ORDER BY \"bit\")
    FROM headroom.stated_days(1, '$1-01') WHERE \"bit\" < 4"; }
is "$(days 2026-08)" '1/1/1/1 1/2/1/1 1/3/1/1 0/3/0/0' 'the days are as sealed'
is "$(adjusted 2026-09)" '2026-08-01 2 5.00' 'an adjustment of the next month'
exits 0 headroom status --month 2026-09
like "$out" 'which the next close carries:.*2026-08  \+2 handles  \+5.00 USD.*Due with the charge of 0.00 USD: 5.00 USD' 'status tells it'
exits 0 headroom --json reconcile --month 2026-09
is "$(jq -c '.[] | [.state, .adjustments, .due]' <<<"$out")" \
    '["over",[{"month":"2026-08","unique_handles":2,"amount":"5.00","currency":"USD"}],"5.00"]' 'and the statement'
is "$(adjusted 2026-08)" '' 'not of the closed one'
exits 0 headroom close --month 2026-09 --force --reason 'the year ends'
like "$out" 'Closed by force' 'by force'
is "$(sql "SELECT forced_because FROM headroom.seal WHERE month = '2026-09-01'")" 'the year ends' 'on record'
is "$(adjusted 2026-09)" '2026-08-01 2 5.00' 'which carries it'
is "$(adjusted 2026-10)" '' 'once'
log d 2026-08 8
is "$(adjusted 2026-10)" '2026-08-01 1 2.50' 'the next one has the rest'
exits 0 headroom batch void "$(sql 'SELECT max(batch_id) FROM headroom.batch')" --reason 'test traffic'
is "$(adjusted 2026-10)" '' 'that is taken back'
exits 0 headroom verify

note 'the way back'
exits 1 headroom reopen --month 2026-08 --reason 'late log'
like "$err" '2026-08 stays closed, since the close of 2026-09 carries an adjustment' 'not while a later month carries'
exits 1 headroom reopen --month 2026-10 --reason 'late log'
like "$err" 'not closed' 'nor where nothing is closed'
exits 2 headroom reopen --month 2026-09
exits 2 headroom reopen --reason 'late log'
exits 0 headroom --json --by finance reopen --month 2026-09 --reason 'late log'
is "$(jq -r .chain_head <<<"$out")" "$(sql "SELECT encode(digest, 'hex') FROM headroom.chain_head")" 'a link of the chain'
is "$(adjusted 2026-09)" '2026-08-01 2 5.00' 'what it carried is open again'
exits 0 headroom reopen --month 2026-08 --reason 'late log'
is "$(used 2026-08)" 'over 5 7.50 6' 'the month is counted again'
exits 0 headroom --json close --month 2026-08
is "$(used 2026-08)" 'closed 5 7.50 6' 'and closed again'
exits 0 headroom verify

note 'the workbook of a closed month'
exits 0 headroom report --month 2026-08
sql "SELECT encode(unnest(ARRAY[l.digest, s.owners_digest, s.chain_digest]), 'hex')
    FROM headroom.seal_in_force AS s JOIN headroom.chain AS l ON l.kind = 'close' AND l.subject_id = s.seal_id
    WHERE s.month = '2026-08-01'" >"$work/digests"
is "$(unzip -p "$out" | tr -d '\0' | grep -oF -f "$work/digests" | sort -u)" "$(sort "$work/digests")" \
    'it names the seal: its link, its list and what it rests on'
dataset() { # NAME: its rows, of 2026-08
    sql "$(sed "s/\$1/1/g; s/\$2/DATE '2026-08-01'/g; s/\$3/TIMESTAMPTZ '2026-11-30Z'/g; s/\$4/NULL/g; s/;\$//" "$root/reports/overage/$1.sql")"
}
# Three checks are of the ledger as it is today, and grow with it.
today='^(requests of its batches by source|events added by its batches|newest links of the chain) '
datasets() {
    for file in "$root"/reports/overage/*.sql; do
        note "$file"
        [[ $file = */ledger.sql || $file = */today.sql ]] || dataset "$(basename "$file" .sql)" | grep -vE "$today"
    done
}
datasets >"$work/sealed"
is "$(dataset batches | cut -d' ' -f1 | paste -sd' ' -)" '1 4 5' 'the batches that it was counted from'
like "$(dataset batches)" 'voided by .*: test traffic' 'and which of them was voided then'
printf '{"id":"e%d","time":"2026-08-%dT10:00:00Z","user_id":"9"}\n' 10 10 11 11 12 12 >"$work/e.jsonl"
headroom ingest -q "$work/e.jsonl" >"$work/.ingest" 2>&1
headroom -q batch void 1 --reason 'a test' >"$work/.void" && headroom -q batch restore 5 --reason 'a test' >"$work/.restore"
is "$? $(sql "SELECT unique_handles FROM headroom.month_status_today(1, '2026-08-01', now())")" '0 4' 'what came later is counted today'
datasets >"$work/later"
is "$(diff "$work/sealed" "$work/later")" '' 'but no dataset of the closed month changes'
headroom -q batch restore 1 --reason 'a test' >"$work/.restore" && headroom -q batch void 5 --reason 'a test' >"$work/.void"

note 'what nobody may change'
spoil() { # NAME CHANGE BACK FINDINGS
    sql "SET session_replication_role = replica; $2" >"$work/.sql"
    headroom --json verify >"$work/.json" 2>"$work/.err"
    is "$? $(jq -c '[.findings[].what]' "$work/.json")" "4 $4" "$1"
    sql "SET session_replication_role = replica; $3" >"$work/.sql"
}
spoil 'the handles of an owner' "UPDATE headroom.seal_owner SET requests = 9 WHERE seal_id = 1 AND owner = '1'" \
    "UPDATE headroom.seal_owner SET requests = 1 WHERE seal_id = 1 AND owner = '1'" '["owners_changed"]'
spoil 'an owner too many' "INSERT INTO headroom.seal_owner SELECT seal_id, '9', '9', handle, provisional, first_seen,
    last_seen, requests, counted_requests, days, label, app, first_source, first_id, first_batch
    FROM headroom.seal_owner WHERE seal_id = 1 AND owner = '1'" \
    "DELETE FROM headroom.seal_owner WHERE owner = '9'" '["owners_changed"]'
spoil 'a charge' 'UPDATE headroom.seal SET charge = charge + 1 WHERE seal_id = 1' \
    'UPDATE headroom.seal SET charge = charge - 1 WHERE seal_id = 1' '["content_changed"]'
spoil 'an adjustment' 'UPDATE headroom.adjustment SET unique_handles = 3' \
    'UPDATE headroom.adjustment SET unique_handles = 2' '["content_changed"]'
spoil 'a reopening' "UPDATE headroom.reopening SET reason = 'x'" "UPDATE headroom.reopening SET reason = 'late log'" \
    '["content_changed","content_changed"]'
spoil 'owners of no seal' "INSERT INTO headroom.seal_owner SELECT 99, owner, subject, handle, provisional, first_seen,
    last_seen, requests, counted_requests, days, label, app, first_source, first_id, first_batch
    FROM headroom.seal_owner WHERE seal_id = 1 AND owner = '1'" \
    'DELETE FROM headroom.seal_owner WHERE seal_id = 99' '["not_linked"]'
exits 0 headroom verify
sql "SET session_replication_role = replica; UPDATE headroom.chain SET linked_at = linked_at + INTERVAL '1 s'
    WHERE seq = (SELECT max(seq) FROM headroom.chain)" >"$work/.sql"
exits 4 headroom close --month 2026-09 --without acme --reason 'switched off'
like "$out" 'chain +fail +link [0-9]+ does not hold' 'a link that does not hold keeps a month open'
