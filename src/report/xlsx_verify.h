/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_XLSX_VERIFY_H
#define HEADROOM_REPORT_XLSX_VERIFY_H

/* Reads a written workbook back. The library puts its parts together from temporary files whose write errors it does
 * not look at: a full disk there would leave a broken workbook that seems to have been written. */

#include "headroom/base.h"

/* What a worksheet must hold. */
struct xlsx_expected {
    char part[60];     /* "xl/worksheets/sheet1.xml" */
    uint64_t row_size; /* bytes of its rows */
};

/* Every part is whole: it inflates to its checksum and ends with the tag that it began with; every worksheet's rows
 * have the size they had when they were written. */
MUST_CHECK bool xlsx_verify(const char *file, const struct xlsx_expected *expected, size_t count, struct error *err);

#endif
