#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# invoice: what the vendor says is taken down exactly, whole or not at all, and stands in the chain.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"

ledger_new invoice || bail_out 'no ledger'
sql() { cluster_psql invoice "$@"; }
cat >"$work/acme.json" <<'END'
{"name": "acme", "dispute_days": 30, "terms": [
    {"from": "2006-01-01", "limit": 2, "currency": "USD", "pricing": {"model": "flat", "unit_price": "2.50"}}]}
END
headroom contract import "$work/acme.json" >"$work/.add" || bail_out 'no contract'
links() { sql -Atc 'SELECT seq FROM headroom.chain_head'; }
november=(--month 2026-10 --date 2026-11-03 --handles 612 --currency USD)

note 'one document'
printf 'an invoice\n' >"$work/117.pdf"
exits 0 headroom --json --by ann invoice add "${november[@]}" --number 2026-117 --amount 280 --document "$work/117.pdf"
is "$(jq -c '.[0] | del(.added_at)' <<<"$out")" \
    "{\"contract\":\"acme\",\"month\":\"2026-10\",\"number\":\"2026-117\",\"kind\":\"invoice\",\"date\":\"2026-11-03\",\"dispute_until\":\"2026-12-03\",\"handles\":612,\"amount\":\"280.00\",\"currency\":\"USD\",\"status\":\"open\",\"note\":null,\"decided_at\":null,\"decided_by\":null,\"document\":\"$work/117.pdf\",\"document_sha256\":\"$(sha256sum <"$work/117.pdf" | cut -d' ' -f1)\",\"added_by\":\"ann\"}" \
    'it is kept as it was said, with the digest of its file and the day until which it can be disputed'
exits 0 headroom invoice add "${november[@]}" --number C-9 --amount 30.5 --kind credit
before=$(links)

note 'what cannot be'
exits 1 headroom invoice add "${november[@]}" --number C-9 --amount 30.50
like "$err" "credit 'C-9' is there already: of 2026-10, 612 handles, 30.50 USD; each document .* another document\$" 'a number is taken down once'
wrong() { # MESSAGE OPTION…: each refused as wrong usage
    local message=$1
    shift
    exits 2 headroom invoice add "${november[@]}" --number X --amount 1 "$@"
    like "$err" "$message" "  $message"
}
wrong 'amount 1.005 has 3 decimals, but USD has 2' --amount 1.005
wrong 'bad amount .1,000' --amount 1,000
wrong 'bad amount .-1.*kind credit' --amount=-1
wrong 'bad amount .NaN' --amount NaN
wrong 'document is in .EUR., but the terms of 2026-10 are in USD' --currency EUR
wrong 'bad date .3.11.2026.*as 2026-11-03' --date 3.11.2026
wrong 'no such day' --date 2026-02-30
wrong 'before 2006' --date 2005-12-31
wrong 'bad number of handles .-3' --handles=-3
wrong 'bad number of handles .1e3' --handles 1e3
wrong 'unknown kind .bill' --kind bill
wrong 'number holds control' --number $'a\tb'
wrong 'number is too long' --number "$(printf '%0101d' 1)"
wrong 'bad number .a .*no blank at its ends' --number 'a '
wrong "no month" --month 2026-13
exits 1 headroom invoice add "${november[@]}" --number X --amount 1 --document "$work/none.pdf"
exits 2 headroom invoice add --number X
like "$err" '--month is missing' 'what is missing is named'
is "$(links)" "$before" 'nothing of it was kept'

note 'what was decided'
exits 0 headroom --json --by bea invoice set 2026-117 --status disputed --note 'fourteen were never used'
is "$(jq -c '.[0] | [.status, .note, .decided_by]' <<<"$out")" '["disputed","fourteen were never used","bea"]' 'disputed'
exits 0 headroom invoice set 2026-117 --status accepted --note 'settled'
is "$(headroom --json invoice list --status accepted | jq -c 'map(.number)')" '["2026-117"]' 'the last decision holds'
is "$(sql -Atc "SELECT string_agg(status || ':' || note, ' ' ORDER BY decision_id) FROM headroom.invoice_decision")" \
    'disputed:fourteen were never used accepted:settled' 'the first one stays on record'
exits 2 headroom invoice set nope --status open --note x
like "$err" "there is no invoice 'nope'" 'an unknown number'
exits 2 headroom invoice set 2026-117 --status acepted --note x
like "$err" 'did you mean accepted' 'a misspelt status'
exits 2 headroom invoice set 2026-117 --status open --note ' '
exits 2 headroom invoice set 2026-117 --status open
exits 0 headroom --json invoice list --month last
is "$(jq -c 'map(.month) | unique' <<<"$out")" "$(headroom --json invoice list | jq -c --arg last "$(date -d "$(date +%Y-%m-01) -1 day" +%Y-%m)" \
    'map(.month) | unique | map(select(. == $last))')" 'the last month that is over'
exits 0 headroom --json invoice list --month 2026-09
is "$out" '[]' 'a month without documents'

note 'until when it can be disputed'
for day in 2020-01-31 2999-01-31; do
    exits 0 headroom invoice add --month 2019-12 --number "D-$day" --date "$day" --handles 1 --amount 1 --currency USD
done
exits 0 headroom invoice list --month 2019-12
like "$err" "invoice D-2020-01-31 is open, and could be disputed until 2020-03-01 only" 'what is over is told: 30 days in a leap year'
unlike "$err" 'D-2999' 'what is to come is not'
exits 0 headroom invoice set D-2020-01-31 --status disputed --note 'in time'
exits 0 headroom invoice list --month 2019-12
is "$err" '' 'nor what was decided'
exits 0 headroom --json invoice set D-2020-01-31 --status open --note 'a mistake'
like "$err" 'invoice D-2020-01-31 is open' 'but once it is open again, by whatever shows it'
is "$(jq -c '.[0] | [.status, .dispute_until]' <<<"$out")" '["open","2020-03-01"]' 'with the same day'
exits 0 headroom contract amend acme --dispute-days none --reason 'no window'
exits 0 headroom --json invoice list --month 2019-12
is "$err$(jq -c 'map(.dispute_until)' <<<"$out")" '[null,null]' 'without a window nothing is ever over'
exits 0 headroom contract amend acme --dispute-days 30 --reason 'the window again'

note 'many, from CSV'
headroom contract add tokyo --limit 2 --price 100 --currency JPY >"$work/.add" || bail_out 'no second contract'
printf '\xef\xbb\xbfnumber,contract,month,date,handles,amount,currency,kind\r\n"A ""1""",acme,2026-08,2026-09-02,3,2.50,USD,\r\n\r\nA 2,tokyo,2026-08,2026-09-02,12,1000,JPY,credit\r\n' >"$work/good.csv"
exits 0 headroom --json invoice import "$work/good.csv"
is "$(jq -c .documents <<<"$out")" 2 'quotes, blank lines and a byte-order mark are CSV'
is "$(headroom --json invoice list --month 2026-08 | jq -c 'map([.contract, .number, .kind, .handles, .amount])')" \
    '[["acme","A \"1\"","invoice",3,"2.50"],["tokyo","A 2","credit",12,"1000"]]' 'each under its contract, in its currency'
before=$(links)
cat >"$work/bad.csv" <<'END'
contract,month,number,date,handles,amount,currency
acme,2026-07,B1,2026-08-02,3,2.50,USD
acme,2026-07,B2,2026-08-32,3,2.50,USD
nobody,2026-07,B3,2026-08-02,3,2.50,USD
tokyo,2026-07,B4,2026-08-02,3,2.5,JPY
acme,2026-07,B1,2026-08-02,3,2.50,USD
acme,2026-07,,2026-08-02,3,2.50,USD
acme,2026-07,B7
"acme,2026-07,B8
END
exits 1 headroom invoice import "$work/bad.csv"
for line in "3: date 2026-08-32: the calendar has no such day" "4: .*nobody" "5: amount 2.5 has 1 decimals, but JPY has 0" \
    "6: invoice 'B1' is there already" '7: number is missing' '8: it has 3 fields, the header has 7' \
    '9: a quoted field is not closed'; do
    like "$err" "bad.csv:$line" "line $line"
done
like "$err" '7 lines cannot be taken; nothing was taken in' 'and how many there were'
is "$(links)" "$before" 'all or nothing'
exits 1 headroom invoice import - <<<'month,nubmer'
like "$err" "unknown column 'nubmer', did you mean number" 'a misspelt column'
exits 1 headroom invoice import - <<<'month,month'
exits 1 headroom invoice import - <<<'month'
like "$err" 'header has no column number' 'a column that is needed'
exits 1 headroom invoice import - </dev/null
exits 1 headroom invoice import "$work/none.csv"
exits 1 headroom invoice import "$work"

note "the vendor's list"
printf '7\n@Amy\namy\n\n 0008 \n' >"$work/list.txt"
exits 0 headroom --json invoice handles import "$work/list.txt" --month 2026-10 --contract acme
is "$(jq -c 'del(.file)' <<<"$out")" '{"lines":4,"handles":3}' 'ids and handles, one a line'
is "$(sql -Atc "SELECT string_agg(subject || ':' || line, ' ' ORDER BY subject) FROM headroom.invoice_handle")" \
    '7:1 8:5 @amy:2' 'each once, with the line that has it first'
is "$(sql -Atc "SELECT encode(list_digest, 'hex') FROM headroom.invoice_list")" \
    "$(printf '7\n8\n@amy\n' | sha256sum | cut -d' ' -f1)" 'their digest is what anybody can make'
printf 'note,handle,user_id\na,bob,\nb,,9\nc,carl,10\n' >"$work/list.csv"
exits 0 headroom invoice handles import "$work/list.csv" --month 2026-10 --contract acme
is "$(sql -Atc "SELECT string_agg(subject, ' ' ORDER BY subject) FROM headroom.invoice_handle WHERE list_id = 2")" \
    '10 9 @bob' 'CSV: the user id where there is one'
printf 'user_id,handle\nx,\n,\n1,2,3\n,no handle\n' >"$work/wrong.csv"
exits 1 headroom invoice handles import "$work/wrong.csv" --month 2026-10 --contract acme
like "$err" "wrong.csv:2: 'x' is no user id.*:3: it names nobody.*:4: it has 3 fields, the header has 2.*:5: 'no handle' is neither.*4 lines cannot be taken" \
    'wrong lines are told'
exits 1 headroom invoice handles import - --month 2026-10 --contract acme <<<$'0\n9223372036854775808\n@0\n9'
like "$err" "1: '0' is neither a user id nor a handle.*2: '9223372036854775808' is neither.*2 lines cannot be taken" \
    'digits that can be no user id are not taken for a handle'
exits 1 headroom invoice handles import - --month 2026-10 --contract acme </dev/null
like "$err" 'holds no user id and no handle' 'an empty list'
exits 2 headroom invoice handles import "$work/list.csv"
is "$(sql -Atc 'SELECT count(*) FROM headroom.invoice_list')" 2 'none of these was kept'

note 'the chain'
exits 0 headroom verify
spoil() { # NAME SQL FINDING: what verify finds after it, in a copy
    local name=$1 change=$2
    cluster_psql postgres -c 'DROP DATABASE IF EXISTS spoilt' && cluster_database spoilt invoice
    cluster_psql spoilt -c "SET session_replication_role = replica" -c "$change" || bail_out "could not spoil: $name"
    headroom --db "$(cluster_url spoilt)" --json verify >"$work/.json" 2>"$work/.err"
    is "$? $(jq -r '[.findings[].what] | join(" ")' "$work/.json")" "4 $3" "$name"
}
spoil 'an amount' "UPDATE headroom.invoice SET amount = 0.01 WHERE number = '2026-117'" content_changed
spoil 'a document that is gone' "DELETE FROM headroom.invoice WHERE number = 'C-9'" content_missing
spoil 'a note' "UPDATE headroom.invoice_decision SET note = 'x' WHERE decision_id = 1" content_changed
spoil 'a handle of a list' "UPDATE headroom.invoice_handle SET subject = '@eve' WHERE subject = '@bob'" content_changed
spoil 'a handle less' "DELETE FROM headroom.invoice_handle WHERE subject = '@bob'" content_changed
spoil 'the line of a handle' "UPDATE headroom.invoice_handle SET line = 9 WHERE subject = '@bob'" content_changed
spoil 'what was put in by hand' \
    "INSERT INTO headroom.invoice (contract_id, month, number, kind, invoice_date, unique_handles, amount, currency, added_at, added_by)
     SELECT contract_id, month, 'Z', kind, invoice_date, 1, 1, currency, added_at, 'eve' FROM headroom.invoice WHERE number = 'C-9';
     INSERT INTO headroom.invoice_decision (invoice_id, status, note, decided_at, decided_by) VALUES (1, 'open', 'x', now(), 'eve');
     INSERT INTO headroom.invoice_handle VALUES (99, '@eve', 1)" 'not_linked not_linked not_linked'
