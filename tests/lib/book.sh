# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Workbooks as a reader finds them: opened and recalculated by LibreOffice, each sheet as tab-separated text.

# shellcheck disable=SC2154  # work is tap.sh's

command -v soffice >/dev/null || skip_all 'no LibreOffice: ./scripts/bootstrap --test'
mkdir -p "$work/books"

# Everything in $work/books, one tab-separated file a sheet in $work/MODE: 0 recalculates everything on opening, 1 shows
# what the cells held.
books_convert() { # MODE
    local profile=$work/profile.$1
    mkdir -p "$profile/user" "$work/$1"
    cat >"$profile/user/registrymodifications.xcu" <<END
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>$1</value></prop></item>
</oor:items>
END
    soffice -env:UserInstallation="file://$profile" --headless \
        --convert-to 'csv:Text - txt - csv (StarCalc):9,,76,1,,0,false,false,false,false,false,-1' \
        --outdir "$work/$1" "$work"/books/*.xlsx >"$work/$1.log" 2>&1
}

# Opens them both ways: every cell must keep its value.
books_recalculate() {
    note 'recalculated by LibreOffice'
    ok 'LibreOffice opens and recalculates them' books_convert 0
    ok 'LibreOffice opens them as they are' books_convert 1
    is "$(diff -r "$work/1" "$work/0")" '' 'every cell keeps its value when it is recalculated'
}

sheet() { cat "$work/0/$1-$2.csv"; } # BOOK SHEET
# The value beside a label in the first column.
cell() { sheet "$1" "${3:-Summary}" | awk -F '\t' -v label="$2" '$1 == label { print $2; exit }'; } # BOOK LABEL [SHEET]

# The part that holds a sheet: sheets are numbered in their order.
sheet_part() { # BOOK SHEET
    part "$1" xl/workbook.xml | grep -o '<sheet name="[^"]*"' | grep -nxF "<sheet name=\"$2\"" |
        sed 's|:.*||; s|.*|xl/worksheets/sheet&.xml|'
}
part() { unzip -p "$work/books/$1.xlsx" "$2"; } # BOOK PART
# Parts are long, so what is not found is not printed.
part_has() { ok "$1" grep -qE "$4" <<<"$(part "$2" "$3")"; } # NAME BOOK PART EXTENDED-REGEX

# The books as PDF and its text in $work.
books_print() { # BOOK…
    local book
    for book; do
        soffice -env:UserInstallation="file://$work/profile.1" --headless --convert-to pdf --outdir "$work" \
            "$work/books/$book.xlsx" >>"$work/pdf.log" 2>&1
        pdftotext -layout "$work/$book.pdf" "$work/$book.txt"
    done
}

# Types into books what the steps in a file say, and reads what follows: see book_edit.bas. After books_recalculate: a
# profile that is new would overwrite the macro.
books_edit() { # STEPS ANSWERS
    local profile=$work/profile.1 folder=$work/profile.1/user/basic/Standard
    {
        echo '<?xml version="1.0" encoding="UTF-8"?>'
        echo '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edit" script:language="StarBasic">'
        sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g' "$root/tests/lib/book_edit.bas"
        echo '</script:module>'
    } >"$folder/Edit.xba"
    grep -q '"Edit"' "$folder/script.xlb" ||
        sed -i 's|</library:library>|<library:element library:name="Edit"/>&|' "$folder/script.xlb"
    EDITS=$1 ANSWERS=$2 timeout 300 soffice -env:UserInstallation="file://$profile" --headless --norestore \
        'macro:///Standard.Edit.Run' >"$work/edit.log" 2>&1
}
