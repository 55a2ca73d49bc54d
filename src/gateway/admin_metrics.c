/* SPDX-License-Identifier: MIT */
/* /metrics: what was counted, how the spool and the drain are, and the contracts' figures. */

#include "gateway/admin_parts.h"
#include "gateway/metrics_text.h"

#define DAY_SECONDS INT64_C(86400)

enum form {
    COUNT,
    SECONDS, /* the value is in microseconds */
};
#define NONE INT64_MIN /* the metric is left out */

struct figure {
    const char *name, *type, *help;
    enum form form;
    int64_t (*value)(const struct admin_look *look);
};

static int64_t entries(const struct admin_look *look)
{
    return (int64_t)look->state.spool.entries;
}

static int64_t unanswered(const struct admin_look *look)
{
    return (int64_t)look->state.spool.unanswered;
}

static int64_t bytes(const struct admin_look *look)
{
    return (int64_t)look->state.spool.bytes;
}

static int64_t limit(const struct admin_look *look)
{
    return (int64_t)look->rooms->spool_limit;
}

static int64_t oldest(const struct admin_look *look)
{
    int64_t oldest_us = look->state.spool.oldest_us;
    return oldest_us == 0 || oldest_us > look->now_us ? 0 : look->now_us - oldest_us;
}

static int64_t full(const struct admin_look *look)
{
    return look->state.spool.full;
}

static int64_t numbered(const struct admin_look *look)
{
    return (int64_t)look->state.spool.last_number;
}

static int64_t purged_early(const struct admin_look *look)
{
    return (int64_t)look->state.spool.purged_early;
}

static int64_t missed(const struct admin_look *look)
{
    return (int64_t)look->state.spool.missed;
}

static int64_t gaps(const struct admin_look *look)
{
    return (int64_t)look->state.spool.gaps_waiting;
}

static int64_t database(const struct admin_look *look)
{
    return look->state.away_us == 0;
}

static int64_t drained(const struct admin_look *look)
{
    return (int64_t)look->state.drain.drained;
}

static int64_t aside(const struct admin_look *look)
{
    return (int64_t)look->state.drain.aside;
}

static int64_t last_drain(const struct admin_look *look)
{
    return look->state.drain.last_us != 0 ? look->state.drain.last_us : NONE;
}

static int64_t since_drain(const struct admin_look *look)
{
    return look->state.drain.last_us != 0 ? look->now_us - look->state.drain.last_us : NONE;
}

static int64_t certificate(const struct admin_look *look)
{
    int64_t until_us = look->rooms->certificate_until_us;
    return until_us != 0 ? (until_us - look->now_us) / DAY_SECONDS : NONE;
}

static int64_t begun(const struct admin_look *look)
{
    return look->state.begun_us;
}

static const struct figure figures[] = {
    {"spool_entries", "gauge", "Requests in the spool that are not in the ledger yet.", COUNT, entries},
    {"spool_unanswered", "gauge", "Requests of these without an outcome yet.", COUNT, unanswered},
    {"spool_bytes", "gauge", "Bytes of what is not in the ledger yet.", COUNT, bytes},
    {"spool_limit_bytes", "gauge", "Bytes of these at which the spool is full.", COUNT, limit},
    {"spool_oldest_seconds", "gauge", "Age of the oldest request that is not in the ledger yet.", SECONDS, oldest},
    {"spool_full", "gauge", "Whether the spool takes no requests, 0 or 1.", COUNT, full},
    {"spool_last_number", "gauge", "Number of the newest request in the spool.", COUNT, numbered},
    {"spool_purged_early_total", "counter", "Requests gone from the spool before their time, as its disk was full.",
     COUNT, purged_early},
    {"missed_total", "counter", "Requests passed on without being recorded.", COUNT, missed},
    {"gaps", "gauge", "Records of such gaps that are not in the ledger yet.", COUNT, gaps},
    {"database_up", "gauge", "Whether the ledger takes in the spool, 0 or 1.", COUNT, database},
    {"drained_total", "counter", "Requests taken into the ledger.", COUNT, drained},
    {"spool_refused", "gauge", "Requests and notes of the spool that the ledger refuses by themselves.", COUNT, aside},
    {"last_drain_time_seconds", "gauge", "Unix time at which the ledger last had all of the spool.", SECONDS,
     last_drain},
    {"last_drain_age_seconds", "gauge", "Seconds since then.", SECONDS, since_drain},
    {"certificate_days_left", "gauge", "Days until the certificate for clients ends.", SECONDS, certificate},
    {"start_time_seconds", "gauge", "Unix time at which the gateway was started.", SECONDS, begun},
};

static bool write_figures(const struct admin_look *look, struct buffer *text)
{
    bool fits = true;

    for (size_t i = 0; i < ARRAY_LENGTH(figures) && fits; i++) {
        const struct figure *figure = &figures[i];
        int64_t value = figure->value(look);
        if (value == NONE)
            continue;
        fits = metrics_head(text, figure->name, figure->type, figure->help) &&
               (figure->form == SECONDS ? metrics_seconds(text, figure->name, value)
                                        : metrics_sample(text, figure->name, NULL, 0, value));
    }
    return fits;
}

static bool write_build(const struct admin_look *look, struct buffer *text)
{
    const struct metrics_label labels[] = {{"version", HEADROOM_VERSION}, {"spool", look->rooms->spool_id}};

    return metrics_head(text, "build_info", "gauge", "The program's version, and the id of its spool; always 1.") &&
           metrics_sample(text, "build_info", labels, ARRAY_LENGTH(labels), 1);
}

bool admin_metrics(const struct admin_look *look, struct buffer *text)
{
    return metrics_write(look->rooms->metrics, text) && write_figures(look, text) &&
           figures_write(look->rooms->figures, text) && write_build(look, text);
}
