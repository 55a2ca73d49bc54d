# SPDX-License-Identifier: MIT
"""Every cell of a workbook, as openpyxl reads it, as sorted lines of tab-separated texts.

    book_cells.py FILE PREFIX             PREFIX.values    SHEET CELL TYPE VALUE, formulas by their cached results
                                          PREFIX.formulas  SHEET CELL FORMULA
                                          PREFIX.names     NAME
    book_cells.py spoil FILE CELL OTHER   writes FILE again as OTHER with another cached result in a cell of the first
                                          sheet

Numbers have 12 digits: programs differ in the last ones. A formula's empty text and no value at all are the same.
"""

import re
import sys
import warnings
import zipfile

import openpyxl

# It does not know the parts that other programs skip too.
warnings.simplefilter("ignore")


def shown(value):
    if isinstance(value, bool):
        return "b", str(value).upper()
    if isinstance(value, (int, float)):
        return "n", format(value, ".12g")
    if hasattr(value, "isoformat"):
        return "d", value.isoformat(" ", "seconds") if hasattr(value, "hour") else value.isoformat()
    return "s", str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def cells(file, results):
    for sheet in openpyxl.load_workbook(file, data_only=results).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and cell.value != "":
                    yield sheet.title, cell.coordinate, cell


def values(file):
    return ((sheet, place, *shown(cell.value)) for sheet, place, cell in cells(file, True))


def formulas(file):
    return ((sheet, place, cell.value) for sheet, place, cell in cells(file, False) if cell.data_type == "f")


def names(file):
    """Without those that a program makes for filters and printing."""
    return {(n.name,) for n in openpyxl.load_workbook(file).defined_names.definedName if not n.name.startswith(("_", "Print_"))}


def spoil(file, place, other):
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(file) as book, zipfile.ZipFile(other, "w") as spoiled:
        for name in book.namelist():
            text = book.read(name)
            if name == part:
                text = re.sub(rb'(<c r="%s"[^>]*><f>[^<]*</f><v>)[^<]*' % place.encode(), rb"\g<1>4711", text)
            spoiled.writestr(name, text)


def main():
    if sys.argv[1] == "spoil":
        return spoil(*sys.argv[2:])
    file, prefix = sys.argv[1:]
    for lines in (values, formulas, names):
        with open(f"{prefix}.{lines.__name__}", "w", encoding="utf-8") as out:
            out.writelines(sorted("\t".join(line) + "\n" for line in lines(file)))


main()
