/* SPDX-License-Identifier: MIT */
/* The name of a billing month. */

#include <string.h>

#include "headroom/model.h"

bool month_parse(struct str text, char out[11])
{
    int64_t year, month;

    if (text.size != sizeof("2026-10") - 1 || text.data[4] != '-')
        return false;
    if (!str_to_int64((struct str){text.data, 4}, 1, 9999, &year) ||
        !str_to_int64((struct str){text.data + 5, 2}, 1, 12, &month))
        return false;
    memcpy(out, text.data, text.size);
    memcpy(out + text.size, "-01", sizeof("-01"));
    return true;
}
