/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_REPORT_FIGURE_H
#define HEADROOM_REPORT_FIGURE_H

/* The texts that the database gives, as what a cell holds or a person reads. */

#include "headroom/report.h"

/* Excel's numbers for times: days since 1899-12-30. A time is that of its own zone, in whole seconds, cut off. */
MUST_CHECK bool figure_number(const char *text, double *number);
MUST_CHECK bool figure_date(const char *text, double *serial);
MUST_CHECK bool figure_time(const char *text, double *serial);

/* Whether the text is what its kind says; the error names both. */
MUST_CHECK bool figure_check(enum report_kind kind, const char *text, struct error *err);

/* For programs: a time as RFC 3339 with its own offset, or in UTC. False: it is none of the years 1900 to 9999. */
#define FIGURE_TIME_SIZE 48
MUST_CHECK bool figure_rfc3339(const char *text, bool utc, char out[FIGURE_TIME_SIZE]);

/* Digits behind the decimal point. */
unsigned figure_decimals(const char *text);

/* Whether a cell can hold the text as it is. False is also said of some that it could, where that takes a closer look;
 * most texts are short and plain, and are told quickly. */
bool figure_is_clean(const char *text);
/* Appends the text as a cell can hold it: what XML can't say becomes a visible sign (U+0007 is shown as U+2407), what
 * Excel would read as an escape (_x0041_) is escaped itself, and behind 32,767 characters it is cut with an
 * ellipsis. */
MUST_CHECK bool figure_clean(const char *text, struct buffer *out);
#define FIGURE_CLEAN_CEILING (1u << 18)

/* Appends the text as a page shows it: what nobody sees, or what steers, becomes visible as in figure_clean; behind so
 * many characters it is cut with an ellipsis. */
MUST_CHECK bool figure_visible(const char *text, size_t characters, struct buffer *out);
/* Appends the value as a page shows it: numbers with separators and, where it is one of money, its currency (NULL:
 * none), times cut to the second. It is of its kind, see figure_check; of a text it is figure_visible. */
MUST_CHECK bool figure_cell(enum report_kind kind, const char *text, const char *currency, size_t characters,
                            struct buffer *out);

/* Appends the value as a person reads it in a sentence: a time without zero seconds, in its own zone. */
MUST_CHECK bool figure_show(enum report_kind kind, const char *text, struct buffer *out, struct error *err);

#endif
