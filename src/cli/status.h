/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_STATUS_H
#define HEADROOM_CLI_STATUS_H

/* The faces of `headroom status`: a table for a person, a check for cron, metrics for a collector. */

#include <jansson.h>

#include "cli/selection.h"
#include "headroom/outlook.h"

/* What is known of a selected month. */
struct status_month {
    struct reconcile_status status;
    struct outlook outlook; /* empty for a month that is not open */
    struct db_rows *disputes;
    struct db_rows *gateway;
};
struct status_shown {
    struct status_month *months; /* of each selected item */
    size_t count;
    const struct status_finding *findings; /* of each, with --check; else NULL */
};

MUST_CHECK bool status_print_text(const struct selection *selection, const struct status_shown *shown,
                                  struct error *err);

/* ---- status --check ---- */

/* Which options --check has, beside itself. */
#define STATUS_CHECK_OPTIONS                                                                                           \
    {"check", 0, NULL, "exit code 5 or 4 when something is wrong; a line a contract"},                                 \
        {"used", 0, "PERCENT", "with --check: exit code 5 from so much of the limit on"},                              \
        {"probability", 0, "PERCENT", "with --check: exit code 5 from this chance of an overage on"},                  \
    {                                                                                                                  \
        "stale", 0, "HOURS", "with --check: data may be so old; default: by the sources' usual spacing"                \
    }

struct status_check {
    bool wanted;
    const char *used, *probability, *stale; /* as given; NULL: not asked for */
    int64_t used_hundredths, probability_hundredths;
    int64_t stale_hours;
};
/* EXIT_USAGE for a threshold that is none, and for one without --check. */
MUST_CHECK bool status_check_read(const struct arguments *arguments, struct status_check *check, struct error *err);

/* What is wrong with a month: state is the worst, words say all of it. */
struct status_finding {
    const char *state; /* over, used, probability, stale, ok */
    enum exit_code code;
    const char *words;
};
/* One for each month, in the arena. now_us: the database's clock. */
const struct status_finding *status_check_make(const struct status_check *check, const struct status_shown *shown,
                                               int64_t now_us, struct arena *arena);
/* A line each; of those that are well none with -q. */
void status_check_print(const struct status_shown *shown);
json_t *status_check_json(const struct status_finding *finding);
/* Of all of them: 5 wins over 4. Without findings 0. */
enum exit_code status_check_code(const struct status_shown *shown);

/* ---- status --format prometheus ---- */

/* Gauges in Prometheus' text format, version 0.0.4, on standard output. */
void status_print_prometheus(const struct status_shown *shown);

#endif
