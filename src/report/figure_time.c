/* SPDX-License-Identifier: MIT */
/* The database's times as programs take them. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/figure.h"

#define DIGITS       "0123456789"
#define TIME_SIZE    19 /* of "2026-10-01 00:00:00" */
#define FRACTION_MAX 10

/* A time that figure_time takes is "2026-10-01 00:00:00" with any sign for the blank; then its fraction and offset. */
struct zoned {
    const char *text;
    struct str fraction; /* with its point; empty: none */
    long offset;         /* seconds east of UTC */
};

static int digits(const char *text, size_t count)
{
    int number = 0;

    for (size_t i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

static bool has_two_digits(const char *text)
{
    return isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]);
}

/* "+02", "+05:45", "-00:44:30"; PostgreSQL gives one to every time with a zone. */
MUST_CHECK static bool read_offset(const char *text, long *seconds)
{
    static const long units[] = {3600, 60, 1};
    bool west = *text == '-';

    *seconds = 0;
    if ((*text != '+' && *text != '-') || !has_two_digits(text + 1))
        return false;
    text++;
    for (size_t i = 0; i < ARRAY_LENGTH(units) && has_two_digits(text); i++) {
        *seconds += digits(text, 2) * units[i];
        text += 2 + (text[2] == ':');
    }
    *seconds = west ? -*seconds : *seconds;
    return *text == '\0';
}

MUST_CHECK static bool read_zoned(const char *text, struct zoned *zoned)
{
    double serial;
    const char *behind = text + TIME_SIZE;

    if (!figure_time(text, &serial))
        return false;
    *zoned = (struct zoned){.text = text, .fraction = {behind, *behind == '.' ? 1 + strspn(behind + 1, DIGITS) : 0}};
    return zoned->fraction.size < FRACTION_MAX && read_offset(behind + zoned->fraction.size, &zoned->offset);
}

/* The same instant by a clock that is so far east of UTC. */
static void move(const struct zoned *zoned, long offset, char out[TIME_SIZE + 1])
{
    const char *text = zoned->text;
    struct tm at = {
        .tm_year = digits(text, 4) - 1900,
        .tm_mon = digits(text + 5, 2) - 1,
        .tm_mday = digits(text + 8, 2),
        .tm_hour = digits(text + 11, 2),
        .tm_min = digits(text + 14, 2),
        .tm_sec = digits(text + 17, 2),
    };
    time_t seconds = timegm(&at) - zoned->offset + offset;

    gmtime_r(&seconds, &at);
    (void)strftime(out, TIME_SIZE + 1, "%Y-%m-%dT%H:%M:%S", &at);
}

/* RFC 3339 knows whole minutes; an offset with seconds, as before the zones of today, is given in UTC. */
bool figure_rfc3339(const char *text, bool utc, char out[FIGURE_TIME_SIZE])
{
    struct zoned zoned;
    char moved[TIME_SIZE + 1];
    char zone[16] = "Z";

    if (!read_zoned(text, &zoned))
        return false;

    long offset = utc || zoned.offset % 60 != 0 ? 0 : zoned.offset;
    long minutes = labs(offset / 60);
    if (offset == zoned.offset)
        snprintf(moved, sizeof(moved), "%.10sT%.8s", text, text + 11);
    else
        move(&zoned, offset, moved);
    if (offset != 0)
        snprintf(zone, sizeof(zone), "%c%02ld:%02ld", offset < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
    snprintf(out, FIGURE_TIME_SIZE, "%s%.*s%s", moved, (int)zoned.fraction.size, zoned.fraction.data, zone);
    return true;
}
