/* SPDX-License-Identifier: MIT */
/* The database's times as programs take them. */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/figure.h"

#define DIGITS    "0123456789"
#define TIME_SIZE 19 /* of "2026-10-01 00:00:00" */

struct zoned {
    struct tm local;
    int fraction;       /* bytes of it, with its point */
    const char *behind; /* the fraction */
    long offset;        /* seconds east of UTC */
};

/* "+02", "+05:45", "-00:44:30"; PostgreSQL gives one to every time with a zone. */
MUST_CHECK static bool read_offset(const char *text, long *seconds)
{
    int hours = 0;
    int minutes = 0;
    int rest = 0;

    if ((*text != '+' && *text != '-') || sscanf(text + 1, "%2d:%2d:%2d", &hours, &minutes, &rest) < 1)
        return false;
    *seconds = (hours * 60L + minutes) * 60 + rest;
    if (*text == '-')
        *seconds = -*seconds;
    return true;
}

MUST_CHECK static bool read_zoned(const char *text, struct zoned *zoned)
{
    double serial;
    struct tm *at = &zoned->local;

    *zoned = (struct zoned){.behind = text + TIME_SIZE};
    if (!figure_time(text, &serial) || sscanf(text, "%4d-%2d-%2d%*c%2d:%2d:%2d", &at->tm_year, &at->tm_mon,
                                              &at->tm_mday, &at->tm_hour, &at->tm_min, &at->tm_sec) != 6)
        return false;
    at->tm_year -= 1900;
    at->tm_mon--;
    if (*zoned->behind == '.')
        zoned->fraction = 1 + (int)strspn(zoned->behind + 1, DIGITS);
    return read_offset(zoned->behind + zoned->fraction, &zoned->offset);
}

/* RFC 3339 knows whole minutes; an offset with seconds, as before the zones of today, is given in UTC. */
bool figure_rfc3339(const char *text, bool utc, char out[FIGURE_TIME_SIZE])
{
    struct zoned zoned;
    char zone[16] = "Z";
    struct tm shown;

    if (!read_zoned(text, &zoned))
        return false;

    time_t seconds = timegm(&zoned.local) - zoned.offset;
    if (!utc && zoned.offset != 0 && zoned.offset % 60 == 0) {
        long minutes = labs(zoned.offset / 60);

        snprintf(zone, sizeof(zone), "%c%02ld:%02ld", zoned.offset < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
        seconds += zoned.offset;
    }
    gmtime_r(&seconds, &shown);
    snprintf(out, FIGURE_TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%.*s%s", shown.tm_year + 1900, shown.tm_mon + 1,
             shown.tm_mday, shown.tm_hour, shown.tm_min, shown.tm_sec, zoned.fraction < 10 ? zoned.fraction : 10,
             zoned.behind, zone);
    return true;
}
