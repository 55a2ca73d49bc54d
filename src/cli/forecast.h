/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_FORECAST_H
#define HEADROOM_CLI_FORECAST_H

/* The forecast of a billing month as text, as a chart and as JSON. Text rounds its intervals outward. */

#include <jansson.h>

#include "cli/command.h"
#include "cli/text.h"
#include "headroom/outlook.h"
#include "headroom/plan.h"

extern const struct command forecast_backtest_command;

struct forecast_style {
    size_t width; /* columns of the terminal; 0: none, and then no chart */
    bool is_utf8;
    bool has_colour;
};

/* What is said of a month on standard output, with its status as it stands now; a chart where the style has room. */
void forecast_print(const struct outlook *outlook, const struct reconcile_status *status,
                    const struct forecast_style *style);
/* The curve so far, the limit, and the fan from 10 to 90 % to the month's end. Nothing where there is no room. */
void forecast_chart(const struct outlook *outlook, const struct forecast_style *style, FILE *out);
json_t *forecast_json(const struct outlook *outlook, const struct reconcile_status *status);

/* ---- with a list of those who are going to be used ---- */
struct forecast_planned {
    const struct outlook *outlook;
    struct plan plan;
    struct outlook_more with;
};
void forecast_print_plan(const struct forecast_planned *planned);
json_t *forecast_json_plan(const struct forecast_planned *planned);

/* Keeps what is said today, see outlook_record, and says on standard error whether it did. */
MUST_CHECK bool forecast_record(struct db *db, const struct reconcile_contract *contract, const struct outlook *outlook,
                                const char *by, bool *is_new, struct error *err);

/* The day whose end is nearest to as_of, at least 1; 0: nothing of the month is known. */
int forecast_today(const struct outlook *outlook);
/* Whether it was asked for as of the month's very start, of which more is known by now. */
bool forecast_is_before(const struct outlook *outlook);
/* What may make an open forecast too high or too low: how many there are. */
#define FORECAST_HINTS 3
struct forecast_hint {
    const char *code; /* month_length, recording_began, missing_days, sources_behind */
    char *text;       /* a sentence; the caller's */
};
size_t forecast_hints(const struct outlook *outlook, const struct reconcile_status *status,
                      struct forecast_hint hints[FORECAST_HINTS]);
/* What it rests on, how good it was, and the hints. */
void forecast_print_basis(const struct outlook *outlook, const struct reconcile_status *status);
void forecast_print_until(const struct outlook *outlook);
/* Which past months do not count as history, and why: a line for those in a row that have the same reason. */
void forecast_print_left_out(const struct history *history);

/* ---- for the status, of a month whose end is open ---- */
const char *cell_forecast(struct cell *cell, const struct outlook *outlook); /* "486 (471–502)"; NULL: nothing */
const char *cell_chance(struct cell *cell, const struct outlook *outlook);   /* "7 %", "passed"; NULL without a limit */
/* "about 21 November"; "passed"; NULL: not expected. */
const char *cell_crossing(struct cell *cell, const struct outlook *outlook);
const char *cell_probability(struct cell *cell, double probability); /* "below 1 %", "7 %", "certain" */

#endif
