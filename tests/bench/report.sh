# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The parts of scripts/bench report: the workbook of a month of many handles, and of an ordinary month.

# shellcheck disable=SC2154  # the sizes, work and what parts.sh has are others'

# A month in which each of many handles made one request.
have_handles() {
    [ -z "${handles_loaded:-}" ] || { use_ledger handles; return 0; }
    new_ledger handles
    log_of json "$lines" "$lines" "$seed" "$month" >"$work/handles.json"
    "$headroom" -q ingest "$work/handles.json" >/dev/null
    cluster_psql handles -c 'VACUUM ANALYZE'
    rm "$work/handles.json"
    handles_loaded=1
}

# The rows of the list as lines of tab-separated texts, and a letter a column for what it holds.
have_rows() {
    have_handles
    "$headroom" report --month "$month" --format csv --raw -o - 2>/dev/null | /usr/bin/python3 -c '
import csv, sys
for row in csv.reader(sys.stdin):
    print(*(text.translate({9: " ", 10: " ", 13: " "}) for text in row), sep="\t")' | tail -n +2 >"$work/rows"
    kinds=$("$headroom" --json report show overage | jq -r '.datasets[] | select(.name == "handles") | .columns
        | map(if .kind == "integer" then "n" elif .kind == "time" then "t" else "s" end) | join("")')
    echo "list: $(wc -l <"$work/rows") rows of ${#kinds} cells"
}

run_book() { timed "$headroom" -q report overage --month "$month" -o "$work/book.xlsx"; }
# shellcheck disable=SC2034  # pairs_of reads it
run_bare() { seconds=$("$PWD/$build/tests/bench/bare_book" "$kinds" "$work/rows" "$work/bare.xlsx") peak=0; }
# shellcheck disable=SC2034
run_python() { seconds=$(/usr/bin/python3 tests/bench/bare_book.py "$kinds" "$work/rows" "$work/bare.xlsx") peak=0; }
times_as_long() { awk -v r="$1" 'BEGIN { printf "%.2f×", 1 / r }'; }

part_handles() {
    have_rows
    pairs_of report run_book 'libxlsxwriter alone' run_bare
    row "report of $lines handles: time against libxlsxwriter alone, its rows in memory" "$(times_as_long "$ratio")" '1.30×'
    row '  seconds' "$ours" ''
    row '  memory' "$(mebibytes "$peak_most")" '200 MiB'
    rm -f "$work/book.xlsx" "$work/bare.xlsx"
}

part_python() {
    have_rows
    pairs_of report run_book "Python's XlsxWriter" run_python
    row "report of $lines handles: rate against Python's XlsxWriter, its rows in memory" "$(times "$ratio")" '2.50×'
}

# Two years and a month, each with users of its own.
part_normal() {
    local ago first run
    new_ledger normal
    for ((ago = 25; ago >= 1; ago--)); do
        first=$(((25 - ago) * month_subjects / 4))
        log_of json "$((month_subjects * 4))" "$month_subjects" "$((seed + ago))" "$(months_ago "$ago")" "$first"
    done >"$work/normal.json"
    "$headroom" -q ingest "$work/normal.json" >/dev/null
    cluster_psql normal -c 'VACUUM ANALYZE'
    timed "$headroom" -q report overage --month last -o "$work/book.xlsx"
    row "report of $month_subjects handles and 24 months of history, the first time: s" "$seconds" ''
    for ((run = 0; run < pairs; run++)); do
        timed "$headroom" -q report overage --month last -o "$work/book.xlsx"
        echo "$seconds"
    done >"$work/seconds"
    echo "report, s: $(tr '\n' ' ' <"$work/seconds")load $(cut -d' ' -f1 /proc/loadavg)"
    row '  once the months are kept: s' "$(median <"$work/seconds")" 1
}
