#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report overage: sheet Checks finds what does not agree, every sheet says so, and sheet About says where all came from.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/book.sh"

ledger_new checks || bail_out 'no ledger'
exits 0 headroom contract add acme --limit 2 --price 2.50 --currency USD --time-zone Asia/Kathmandu --from 2026-01-01
for month in 03 04 05; do
    for n in 1 2 3 4; do
        printf '{"id":"%s-%d","time":"2026-%s-%02dT10:00:00Z","user_id":"%d"}\n' $month $n $month $n $n
    done
done >"$work/log.jsonl"
printf '{"id":"x","time":"2026-05-20T10:00:00Z","user_id":"9","status":404}\n' >>"$work/log.jsonl"
printf '{"id":"y","time":"2026-06-02T10:00:00Z","user_id":"9"}\n' >>"$work/log.jsonl"
exits 0 headroom ingest -q "$work/log.jsonl"

book() { # NAME MONTH
    exits 0 headroom report --month "$2" -o "$work/books/$1.xlsx"
}
change() { cluster_psql checks -c "$1" || bail_out "can't change the ledger"; } # SQL

book open 2026-05
exits 0 headroom close -q --month 2026-03
printf '{"id":"late","time":"2026-03-20T10:00:00Z","user_id":"5"}\n' >"$work/late.jsonl"
exits 0 headroom ingest -q "$work/late.jsonl"
exits 0 headroom close -q --month 2026-04
exits 0 headroom invoice add --month 2026-04 --number I-1 --date 2026-05-03 --handles 5 --amount 7.50 --currency USD
book closed 2026-04
book since 2026-03
book follows 2026-05
book gap 2026-06

note 'behind the back of the program'
# shellcheck disable=SC2016  # PostgreSQL's quotes
change 'UPDATE headroom.usage_total SET requests = requests + 1, attempted_requests = attempted_requests + 1,
        answered_requests = answered_requests + 1
    WHERE month = $$2026-05-01$$ AND answered_requests > 0'
book counts 2026-05
change "UPDATE headroom.seal SET charge = charge + 1 WHERE month = '2026-04-01'"
book sealed 2026-04
change "DELETE FROM headroom.seal_owner WHERE owner = '3'"
book owner 2026-03

# Of a ledger that does not agree with itself the formulas find other figures than it says.
note 'recalculated by LibreOffice'
ok 'LibreOffice opens and recalculates them' books_convert 0
ok 'LibreOffice opens them as they are' books_convert 1
is "$(diff -r -x 'counts-*' -x 'sealed-*' -x 'owner-*' "$work/1" "$work/0")" '' \
    'every cell of a ledger that is right keeps its value'
checks() { # BOOK STATE
    sheet "$1" Checks | awk -F '\t' -v state="$2" '$5 == state { print $1 }' | paste -sd, -
}
master() { sheet "$1" "$2" | grep -oE '^CHECKS [A-Z]+'; } # BOOK SHEET

note 'what must agree'
is "$(cell open 'Master check' Checks) $(checks open fail) $(checks open warn)" 'pass  ' 'an open month: all that can be compared agrees'
is "$(sheet open Checks | cut -f1-5 | grep -P '\tpass$')" 'handles in the list	4	4	0	pass
new handles by day	4	4	0	pass
counted requests in the list	4	4	0	pass
days in the list	31	31	0	pass
requests by day	5	5	0	pass
counted and not counted	5	5	0	pass
requests that do not count	1	1	0	pass
requests by outcome	5	5	0	pass
answers 429 by app	0	0	0	pass
requests by source	5	5	0	pass
requests by batch	5	5	0	pass
requests of its batches by source	14	14	0	pass
events added by its batches	14	14	0	pass
units through the brackets	2	2	0	pass
newest links of the chain	3	3	0	pass
charge	5	5	0	pass
lines of the charge	5	5	0	pass' 'each with both figures'
is "$(checks open 'not run')" 'recount from the events,links of the seal,earlier months that are closed,handles carried from earlier months,handles on the invoice,amount carried from earlier months,amount of the invoice' \
    'what there is nothing to compare with yet is not run'
is "$(sheet open Checks | awk -F '\t' '$5 ~ /pass|run/ && ($6 == "" || $7 == "")')" '' \
    'every check says what it proves and what to do'

note 'a closed month'
is "$(sheet closed Checks | cut -f1-5 | grep -P '^(handles in|new h|recount from|links of the seal|earlier months that|handles carried|amount|handles on).*[a-z]$')" \
    'handles in the list	4	4	0	pass
new handles by day	4	4	0	pass
recount from the events	4	4	0	pass
links of the seal	2	2	0	pass
earlier months that are closed	1	1	0	pass
handles carried from earlier months	1	1	0	pass
handles on the invoice	4	5	1	warn
amount carried from earlier months	2.5	2.5	0	pass
amount of the invoice	5	7.5	2.5	warn' 'has all checks of an open one, and those of its seal, carried months and invoice'
is "$(cell since 'Master check' Checks)" pass 'what came since does not touch it'
is "$(cell closed 'Master check' Checks)" warn 'an invoice that differs is a question, no mistake'
is "$(sheet closed Checks | grep '^recount	' | cut -f5,6)" 'pass	4 unique handles, from the events too' \
    'the checklist is there as it was sealed'
is "$(checks follows warn) $(checks gap warn)" ' earlier months that are closed' 'a month between that is not closed is told'

note 'what does not agree'
is "$(checks counts fail)" \
    'counted requests in the list,requests by day,counted and not counted,requests by source,requests by batch' \
    'a maintained figure that was changed'
is "$(checks sealed fail)" 'newest links of the chain,links of the seal,charge,lines of the charge' 'a charge that was changed in a seal'
is "$(checks owner fail | cut -d, -f1,2)" 'handles in the list,new handles by day' 'an owner that was taken out of a closed month'
sheets=$(jq -r '.parts[]' "$root/reports/overage/layout.json" | sed 's/./\U&/; s/_/ /g')
is "$(for book in counts sealed owner; do
    awk -F '\t' '$1 == "Master check" { print $2 }' "$work/1/$book-Checks.csv"
done | paste -sd' ' -)" 'fail fail fail' 'before anything is recalculated too'
for book in open:PASS closed:WARN counts:FAIL owner:FAIL; do
    is "$(while read -r name; do master "${book%:*}" "$name"; done <<<"$sheets" | sort | uniq -c | awk '{ print $1, $3 }')" \
        "$(wc -l <<<"$sheets") ${book#*:}" "${book%:*}: every sheet says ${book#*:}"
done
is "$(while read -r name; do sheet open "$name" | sed -n 2p | cut -d: -f1; done <<<"$sheets" | sort -u)" PROVISIONAL \
    'every sheet says below its title that the month is provisional'

note 'sheet About'
is "$(sheet open About | awk -F '\t' '$3 == "yes" || $3 == "no" { print $3 }' | paste -sd' ' -)" 'yes yes yes no no no' \
    'what counts under this rule, by example'
names=$(part open xl/workbook.xml | grep -oE '<definedName name="[^"]*"' | cut -d'"' -f2)
is "$(sheet open About | sed -n '/^Name\t/,/^This report/p' | sed '1d;$d' | cut -f1 | tr -s ', ' '\n' | grep . | grep -vxF "$names")" '' \
    'every name that it documents is there'
is "$(sheet open About | awk -F '\t' '/^File\tSHA-256 of its content/ { on = 1; next } on { print $2; exit }')" \
    "$(sha256sum <"$work/log.jsonl" | cut -c1-64)" 'the digest of a file is that of sha256sum'
is "$(cell closed 'Digest of this link' About)" \
    "$(cluster_psql checks -At -c "SELECT encode(digest, 'hex') FROM headroom.chain WHERE kind = 'close' ORDER BY seq DESC LIMIT 1")" 'the seal of a closed month'
is "$(cell open 'Asked for: contract' About)|$(cell open 'Asked for: month' About)" 'acme (number 1)|2026-05-01' \
    'what the queries were asked with'

note 'on paper'
books_print closed
is "$(grep -c 'acme, 2026-04: CLOSED' "$work/closed.txt")" "$(pdfinfo "$work/closed.pdf" | sed -n 's/^Pages: *//p')" \
    'the state above every page'
is "$(grep -cE "acme, 2026-04, closed, seal $(cell closed 'Digest of this link' About | cut -c1-16) " "$work/closed.txt")" \
    "$(pdfinfo "$work/closed.pdf" | sed -n 's/^Pages: *//p')" 'the seal below it'
is "$(grep -F '##' "$work/closed.txt")" '' 'no column is too narrow'
