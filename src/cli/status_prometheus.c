/* SPDX-License-Identifier: MIT */
/* status --format prometheus: gauges for a text-file collector. The format: Prometheus documentation, "Exposition
 * formats", text-based format 0.0.4. */

#include <math.h>
#include <string.h>

#include "cli/status.h"

#define SECOND 1000000

/* A metric as it is written: its samples stand together, and its head is there only when it has some. */
struct page {
    const struct metric *metric;
    bool has_head;
};

struct metric {
    const char *name, *help;
    void (*write)(struct page *page, const struct status_month *month);
};

/* A label's value may be any UTF-8; three characters have escapes. */
static void write_label(const char *name, const char *value)
{
    printf("%s=\"", name);
    for (const char *at = value; *at != '\0'; at++) {
        if (*at == '\n')
            fputs("\\n", stdout);
        else if (*at == '\\' || *at == '"')
            printf("\\%c", *at);
        else
            putchar(*at);
    }
    putchar('"');
}

/* label: one more, or NULL. */
static void write_sample(struct page *page, const struct status_month *month, const char *label, const char *of_label,
                         const char *value)
{
    const struct metric *metric = page->metric;
    if (!page->has_head)
        printf("# HELP %s %s\n# TYPE %s gauge\n", metric->name, metric->help, metric->name);
    page->has_head = true;
    printf("%s{", metric->name);
    write_label("contract", month->status.contract);
    putchar(',');
    write_label("month", month->status.month);
    if (label != NULL) {
        putchar(',');
        write_label(label, of_label);
    }
    printf("} %s\n", value);
}

#define VALUE_SIZE 40

static void write_count(struct page *page, const struct status_month *month, int64_t count)
{
    char value[VALUE_SIZE];
    snprintf(value, sizeof value, "%lld", (long long)count);
    write_sample(page, month, NULL, NULL, value);
}

static void write_time(struct page *page, const struct status_month *month, int64_t us)
{
    char value[VALUE_SIZE];
    if (us == RECONCILE_NO_TIME)
        return;
    snprintf(value, sizeof value, "%lld.%06lld", (long long)(us / SECOND), (long long)(us % SECOND));
    write_sample(page, month, NULL, NULL, value);
}

static void write_real(struct page *page, const struct status_month *month, const char *label, const char *of_label,
                       double real)
{
    char value[VALUE_SIZE];
    snprintf(value, sizeof value, "%.17g", real);
    write_sample(page, month, label, of_label, value);
}

/* ---- the metrics ---- */

static bool is_limited(const struct status_month *month)
{
    return month->status.limit != RECONCILE_NO_LIMIT;
}

static void write_used(struct page *page, const struct status_month *month)
{
    write_count(page, month, month->status.unique_handles);
}

static void write_limit(struct page *page, const struct status_month *month)
{
    if (is_limited(month))
        write_count(page, month, month->status.limit);
}

static void write_headroom(struct page *page, const struct status_month *month)
{
    if (is_limited(month))
        write_count(page, month, month->status.headroom);
}

static void write_overage(struct page *page, const struct status_month *month)
{
    write_count(page, month, month->status.overage);
}

static void write_requests(struct page *page, const struct status_month *month)
{
    write_count(page, month, month->status.requests);
}

static void write_charge(struct page *page, const struct status_month *month)
{
    write_sample(page, month, "currency", month->status.currency, month->status.charge);
}

static void write_data_until(struct page *page, const struct status_month *month)
{
    write_time(page, month, month->status.data_until);
}

/* Of a month that is open. */
static void write_forecast(struct page *page, const struct status_month *month)
{
    static const struct {
        const char *name;
        double p;
    } percentiles[] = {{"10", 0.1}, {"50", 0.5}, {"90", 0.9}};
    if (month->outlook.is_empty)
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(percentiles); i++)
        write_real(page, month, "percentile", percentiles[i].name,
                   forecast_quantile(&month->outlook.forecast, percentiles[i].p));
}

static void write_probability(struct page *page, const struct status_month *month)
{
    if (!month->outlook.is_empty && month->outlook.limit != RECONCILE_NO_LIMIT)
        write_real(page, month, NULL, NULL, month->outlook.probability);
}

static void write_period_end(struct page *page, const struct status_month *month)
{
    write_time(page, month, month->status.period_end);
}

static void write_closed(struct page *page, const struct status_month *month)
{
    write_count(page, month, strcmp(month->status.state, "closed") == 0);
}

/* The label of the percentiles is not called quantile: that name is kept for summaries. */
static const struct metric metrics[] = {
    {"headroom_unique_handles", "Unique handles used in the billing month.", write_used},
    {"headroom_limit", "Unique handles that the contract allows in the billing month.", write_limit},
    {"headroom_headroom", "Unique handles left below the limit.", write_headroom},
    {"headroom_overage", "Unique handles above the limit.", write_overage},
    {"headroom_requests", "Requests in the billing month, counted or not.", write_requests},
    {"headroom_charge", "Charge for the overage so far, in the currency of the label.", write_charge},
    {"headroom_data_until_seconds", "Unix time up to which all active sources have delivered.", write_data_until},
    {"headroom_forecast_handles", "Unique handles at the end of the month, by percentile.", write_forecast},
    {"headroom_overage_probability", "Probability of passing the limit by the end of the month, 0 to 1.",
     write_probability},
    {"headroom_period_end_seconds", "Unix time at which the billing month ends.", write_period_end},
    {"headroom_closed", "Whether the billing month is closed, 0 or 1.", write_closed},
};

void status_print_prometheus(const struct status_shown *shown)
{
    for (size_t i = 0; i < ARRAY_LENGTH(metrics); i++) {
        struct page page = {.metric = &metrics[i]};
        for (size_t j = 0; j < shown->count; j++)
            metrics[i].write(&page, &shown->months[j]);
    }
}
