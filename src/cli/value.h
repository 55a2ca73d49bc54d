/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_VALUE_H
#define HEADROOM_CLI_VALUE_H

/* Values that people write behind options. Each function says what is wrong with the option's value as EXIT_USAGE. */

#include "headroom/model.h"

/* Money as decimal text, kept as it is: up to 12 digits before and up to 12 after the point, no sign, no exponent. */
MUST_CHECK bool value_price(const char *option, const char *text, struct error *err);
size_t value_decimals(const char *price); /* digits behind the point */
/* A date "2026-10-31" that exists, not before 2006-01-01. */
MUST_CHECK bool value_date(const char *option, const char *text, struct error *err);
/* A time (see timestamp_parse) or a date, for a parameter; whoever knows the zone makes an instant of a date. Where the
 * option is NULL, neither is given. */
struct value_time {
    const char *at;   /* RFC 3339, in text */
    const char *date; /* borrowed from the option */
    char text[TIMESTAMP_SIZE];
};
MUST_CHECK bool value_time(const char *option, const char *text, struct value_time *time, struct error *err);
bool value_time_is_given(const struct value_time *time);
/* A whole number from min to max. */
MUST_CHECK bool value_count(const char *option, const char *text, int64_t min, int64_t max, struct error *err);
/* Bytes: digits, then K, M or G (of 1024) or nothing, as 64K; from min to max. */
MUST_CHECK bool value_size(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t *bytes,
                           struct error *err);
/* A span: digits, then ms, s, m, h or d, as 500ms; from min to max microseconds. */
MUST_CHECK bool value_span(const char *option, const char *text, int64_t min_us, int64_t max_us, int64_t *us,
                           struct error *err);
/* Per cent as decimal text with at most two decimals, from min to max hundredths of one. */
MUST_CHECK bool value_per_cent(const char *option, const char *text, int64_t min, int64_t max, int64_t *hundredths,
                               struct error *err);
#define VALUE_HOURS_MAX 8784 /* of data that may be old: a leap year */
/* One of the NULL-ended choices; says which was meant where one is near. */
MUST_CHECK bool value_choice(const char *option, const char *text, const char *const *choices, struct error *err);
/* A handle with or without '@', as its subject: '@' and the normalised handle. what: "--handle", "HANDLE". */
MUST_CHECK bool value_handle(const char *what, const char *text, char subject[HANDLE_MAX + 2], struct error *err);
/* A name: UTF-8, 1 to 100 bytes, no control characters, no blank at the ends. whose: "contract", "key". */
MUST_CHECK bool value_name(const char *whose, const char *text, struct error *err);
/* Why something is done, for the record: needed (NULL is refused), 1 to 1,000 bytes of plain text. */
MUST_CHECK bool value_reason(const char *reason, struct error *err);

#endif
