# SPDX-License-Identifier: MIT
"""The same as bare_book.c, by Python's XlsxWriter in constant memory: bare_book.py KINDS ROWS OUT."""

import datetime
import sys
import time

import xlsxwriter

kinds, rows, out = sys.argv[1:]
of_kind = {
    "s": str,
    "n": lambda text: float(text) if text else None,
    "t": lambda text: datetime.datetime.fromisoformat(text[:19]) if text else None,
}
with open(rows, encoding="utf-8") as lines:
    cells = [[of_kind[k](text) for k, text in zip(kinds, line.rstrip("\n").split("\t"))] for line in lines]
began = time.monotonic()
with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
    sheet = book.add_worksheet("Handles")
    look = {"s": None, "n": "#,##0", "t": "yyyy-mm-dd hh:mm:ss"}
    formats = [book.add_format({"num_format": look[k]} if look[k] else {}) for k in kinds]
    write = {"s": sheet.write_string, "n": sheet.write_number, "t": sheet.write_datetime}
    for number, row in enumerate(cells):
        for column, value in enumerate(row):
            if value in (None, ""):
                sheet.write_blank(number, column, None, formats[column])
            else:
                write[kinds[column]](number, column, value, formats[column])
print(f"{time.monotonic() - began:.3f}")
