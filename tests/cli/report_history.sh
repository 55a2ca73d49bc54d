#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# report overage, its sheets History and Reconciliation: every expected figure is counted by hand from the few events.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/cluster.sh"
. "$(dirname "$0")/../lib/book.sh"

ledger_new history || bail_out 'no ledger'
export SOURCE_DATE_EPOCH=1794000000 # 2026-11-06T21:20:00Z
sql() { cluster_psql history -At -c "$1"; }
does() { "$@" >"$work/.does" 2>&1 || bail_out "failed: $*" "$(cat "$work/.does")"; }
number=0
used() { # MONTH USER…: each on a day of its own; NAME:ID is a handle and its user, @NAME a handle alone
    local month=$1 day=0 user
    shift
    for user; do
        day=$((day + 1)) number=$((number + 1))
        jq -nc --arg u "$user" --arg id "$number" --arg t "$month-0${day}T10:00:00Z" '{id: $id, time: $t} + (
            if $u | startswith("@") then {handle: $u} elif $u | contains(":")
            then ($u / ":" | {handle: .[0], user_id: .[1]}) else {user_id: $u} end)'
    done >"$work/log.jsonl"
    does headroom ingest -q "$work/log.jsonl" --contract acme
}
invoice() { # MONTH NUMBER HANDLES AMOUNT [OPTION…]
    does headroom invoice add --contract acme --month "$1" --number "$2" --date "${date:-2999-01-01}" --handles "$3" \
        --amount "$4" --currency USD "${@:5}"
}

# ---- a year of few events ----

does headroom contract add acme --limit 2 --price 2.50 --currency USD
does headroom contract add idle --limit 2 --price 2.50 --currency USD
used 2026-05 1 2 3
used 2026-07 1 2 old:3
used 2026-08 2 new:3 4
used 2026-09 @new 5
echo '{"id":"x","time":"2026-08-04T10:00:00Z","user_id":8,"status":404}' >"$work/failed.jsonl"
does headroom ingest -q "$work/failed.jsonl" --contract acme
does headroom close --contract acme --month 2026-05 --force --reason 'a test'
used 2026-05 6
does headroom close --contract acme --month 2026-07 --force --reason 'a test'
used 2026-07 7
invoice 2026-06 N6 1 2.50
invoice 2026-07 N7 5 7.50
invoice 2026-07 C7 1 2.50 --kind credit
invoice 2026-08 N8 2 0
does headroom invoice set N8 --status disputed --note 'one is missing'
printf '%s\n' 2 4 9 >"$work/list.txt"
does headroom invoice handles import "$work/list.txt" --contract acme --month 2026-08
sql "INSERT INTO headroom.forecast_said
    SELECT 1, '2026-08-01', day::date, day::timestamp AT TIME ZONE 'UTC', day::timestamp AT TIME ZONE 'UTC', 1, 1, p50, 90, 0.5, 2, 1,
        'USD', 3, 'a', 'test'
    FROM (VALUES ('2026-08-10', 9), ('2026-08-15', 4.4), ('2026-08-19', 80)) AS s (day, p50)" >"$work/.sql"

book() { exits 0 headroom report --contract "$2" --month "$3" -o "$work/books/$1.xlsx"; } # NAME CONTRACT MONTH
book september acme 2026-09
book july acme 2026-07
book may acme 2026-05
book august acme 2026-08
book idle idle 2026-09
books_recalculate

rows() { # BOOK SHEET HEADING: what stands below a heading up to the next blank line, without trailing tabs
    sheet "$1" "$2" | sed 's/\t*$//' | awk -v h="$3" 'on && $0 == "" { exit } on { print } index($0, h "\t") == 1 { on = 1 }'
}
line() { sheet "$1" "$2" | awk -F '\t' -v l="$3" '$1 == l { print; exit }' | cut -f"$4" | paste -sd' ' - | tr '\t' '|'; } # BOOK SHEET LABEL FIELDS

note 'History'
is "$(rows september History Month | cut -f1 | paste -sd' ' -)" \
    '2026-05 2026-06 2026-07 2026-08 2026-09 Sum in USD' 'a month without anything is left out'
is "$(line september History 2026-05 2-7)" 'closed|3|2|1|USD|2.5' 'a closed month as sealed, whatever came later'
is "$(line september History 2026-07 2-7)" 'closed|3|2|1|USD|2.5' 'the other one too'
is "$(line september History 2026-08 2-7)" 'over|3|2|1|USD|2.5' 'one that is not closed, as it is counted'
is "$(line september History 2026-09 2-7)" 'over|2|2|0|USD|0' 'the month of the report'
is "$(line september History 2026-08 8-11)" '4|2026-08-15|1|33.3333333333333%' 'the forecast that was said nearest to the middle, and its error'
is "$(line september History 2026-07 8-11)" '|none||' 'none was recorded'
is "$(line september History 2026-07 12-15)" '4|5|1|2.5' 'an invoice over ours, with a credit'
is "$(line september History 2026-08 12-15)" '2|0|-1|-2.5' 'one under ours'
is "$(line september History 2026-06 2-15)" 'over||||USD|||none|||1|2.5||' 'what the vendor says of a month of which we have nothing'
is "$(for m in 05 06 07 08 09; do line september History 2026-$m 16-17; done | paste -sd' ' -)" '0|2.5 | 2.5|5 | 2.5|2.5' \
    'adjustments: as closes carried them, and what the next one would carry'
is "$(line september History 'Sum in USD' 3-17)" '||||7.5||||||7.5||0|5|10' 'money adds up, unique handles do not'
is "$(rows september History Span)" "2026 Q2	2026-05	2026-05	1 of 3	3	3	0
2026 Q3	2026-07	2026-09	3 of 3	5	8	3
2026	2026-05	2026-09	4 of 12	5	11	6" 'quarters and years from the set of owners: through a rename, and as sealed'
is "$(line july History 2026-07 3-7) $(rows july History Span | tail -n 1)" \
    "3|2|1|USD|2.5 2026	2026-05	2026-07	2 of 12	3	6	3" 'nothing of later months'
like "$(sheet idle History)" 'Nothing was recorded, closed or charged' 'nothing at all is said so'
part september 'xl/charts/*.xml' >"$work/charts"
is "$(grep -o "<c:\(bar\|line\)Chart>\|History![$][A-Z]*[$][0-9]*:" "$work/charts" | grep -c History)" 10 'two charts, each series with its months'

note 'Reconciliation'
R=Reconciliation
is "$(line july $R Ours 2-3) $(line july $R "The vendor's" 2-3) $(line july $R Difference 2-3)" '3|2.5 4|5 1|2.5' \
    'ours as sealed, theirs with the credit taken away'
is "$(line july $R "The vendor's handles by our terms" 2) $(line july $R 'Made by the number of handles' 2) $(line july $R 'Made by the price' 2)" \
    '5 2.5 0' 'what makes the difference in money'
is "$(line august $R Ours 2-3) $(line august $R "The vendor's" 2-3) $(line august $R Difference 2-3)" '3|2.5 2|0 -1|-2.5' \
    'an invoice under ours'
is "$(line september $R "The vendor's" 2-3) $(line september $R Difference 2-3) $(line september $R 'Made by the price' 2)" \
    'no invoice|no invoice no invoice|no invoice no invoice' 'no invoice is said so'
part_has 'a name for the difference' july xl/workbook.xml '<definedName name="invoice_difference">Reconciliation![$]C[$][0-9]+<'
is "$(rows july $R Number | cut -f1-7)" "C7	-1	-2.5	credit		2999-01-01	open
N7	5	7.5	invoice		2999-01-01	open" 'the documents, a credit below zero'
is "$(rows august $R Number | cut -f1-7)" "N8	2	0	invoice	one is missing	2999-01-01	disputed" 'a dispute with its reason'
is "$(sheet july $R | awk -F '\t' '$1 == "Cause" { n++ } n == 1 && $4 == "exactly the difference" { print $1, $2, $3 }')" \
    $'late events 1 2.5\nadjustments  2.5' 'what could make it'
is "$(rows august $R Cause | head -n 1 | cut -f1-4)" $'zone boundary\t-1\t-2.5\tcould be all of it' 'of one under ours too'
is "$(sheet august $R | awk -F '\t' '$3 ~ /^only/ { print $1, $2, $3, $5 }')" "unexplained 1 only ours new
gaps 1 only the vendor's 9" "and the vendor's list"
is "$(rows august $R Rule | cut -f1-5 | sed -n '1p;3p')" $'attempted\t4\t5\t1\t2.5\nanswered (the contract\'s)\t3\t2.5\t0\t0' \
    'the spread of the rules'
is "$(rows july $R 'Closed month' | cut -f1-4)|$(line july $R Due 2)" '2026-05	1	2.5	carried by the close of this month|5' \
    'a closed month shows what it carries, and what is due'
is "$(rows september $R 'Closed month' | cut -f1-4)|$(line september $R Due 2)" '2026-07	1	2.5	the next close would carry it|2.5' \
    'another one what the next close would carry'
is "$(line may $R 'Counted today' 2-3) $(line may $R 'Carried by later closes' 2-3) $(line may $R 'For the next close to carry' 2-3)" \
    '4|5 1|2.5 0|0' 'a closed month as it is counted today, carried'
is "$(line july $R 'Counted today' 2-3) $(line july $R 'For the next close to carry' 2-3)" '4|5 1|2.5' 'and not yet carried'
is "$(sheet september $R | grep -c 'Since the month was closed')" 0 'which stands in closed months only'
is "$(rows august $R 'Question to the vendor' | cut -f2-5)" $'3\t4\t2.5\t5\n2\t3\t0\t2.5' 'open questions in handles and money'
is "$(sheet august $R | awk -F '\t' '/^(Prepared|Reviewed|Approved)/ { print $1 }' | paste -sd' ' -)" 'Prepared Reviewed Approved' \
    'lines to sign'
is "$(part august xl/styles.xml | grep -c 'locked="0"')" 1 'whose cells are open'
