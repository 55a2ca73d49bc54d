/* SPDX-License-Identifier: MIT */
/* The gateway's counters, and how Prometheus reads them. */

#include "gateway/metrics.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/metrics_text.h"

#define STATUS_FIRST 100
#define STATUS_LAST  999
#define STATUSES     (STATUS_LAST - STATUS_FIRST + 1)

static const char *const endpoints[] = {"totals", "28hr", "historical", "other"};
#define ENDPOINTS ARRAY_LENGTH(endpoints)

/* Microseconds, and what Prometheus calls them; the last holds all. */
static const struct {
    int64_t until_us;
    const char *shown;
} buckets[] = {
    {1000, "0.001"},  {2500, "0.0025"}, {5000, "0.005"},  {10000, "0.01"},     {25000, "0.025"}, {50000, "0.05"},
    {100000, "0.1"},  {250000, "0.25"}, {500000, "0.5"},  {1000000, "1"},      {2500000, "2.5"}, {5000000, "5"},
    {10000000, "10"}, {30000000, "30"}, {60000000, "60"}, {INT64_MAX, "+Inf"},
};
#define BUCKETS ARRAY_LENGTH(buckets)

struct histogram {
    _Atomic uint64_t bucket[BUCKETS]; /* not cumulated */
    _Atomic uint64_t sum_us;
};

struct metrics {
    _Atomic uint64_t requests[ENDPOINTS][STATUSES];
    struct histogram latency, upstream;
    _Atomic uint64_t refused[REFUSALS], failed[UPSTREAM_FAILURES], not_sent, gone;
    _Atomic int64_t connections, in_flight;
};

struct metrics *metrics_new(void)
{
    return mem_alloc(sizeof(struct metrics));
}

void metrics_free(struct metrics *metrics)
{
    free(metrics);
}

static void add(_Atomic uint64_t *counter, uint64_t count)
{
    atomic_fetch_add_explicit(counter, count, memory_order_relaxed);
}

static uint64_t read_of(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void observe(struct histogram *histogram, int64_t us)
{
    size_t i = 0;

    us = us > 0 ? us : 0;
    while (us > buckets[i].until_us)
        i++;
    add(&histogram->bucket[i], 1);
    add(&histogram->sum_us, (uint64_t)us);
}

void metrics_request(struct metrics *metrics, const char *endpoint, int status, int64_t latency_us)
{
    size_t i = 0;

    while (i < ENDPOINTS - 1 && (endpoint == NULL || strcmp(endpoints[i], endpoint) != 0))
        i++;
    if (status >= STATUS_FIRST && status <= STATUS_LAST)
        add(&metrics->requests[i][status - STATUS_FIRST], 1);
    observe(&metrics->latency, latency_us);
}

void metrics_upstream_took(struct metrics *metrics, int64_t upstream_us)
{
    observe(&metrics->upstream, upstream_us);
}

void metrics_refused(struct metrics *metrics, enum metrics_refusal refusal)
{
    add(&metrics->refused[refusal], 1);
}

void metrics_upstream_failed(struct metrics *metrics, enum metrics_upstream failure)
{
    add(&metrics->failed[failure], 1);
}

void metrics_not_sent(struct metrics *metrics)
{
    add(&metrics->not_sent, 1);
}

void metrics_client_gone(struct metrics *metrics)
{
    add(&metrics->gone, 1);
}

void metrics_connections(struct metrics *metrics, int change)
{
    atomic_fetch_add_explicit(&metrics->connections, change, memory_order_relaxed);
}

void metrics_in_flight(struct metrics *metrics, int change)
{
    atomic_fetch_add_explicit(&metrics->in_flight, change, memory_order_relaxed);
}

/* ---- what has been counted ---- */

static const char *const refusals[REFUSALS] = {"malformed", "too_large", "slow", "spool_full", "gate", "busy"};
static const char *const failures[UPSTREAM_FAILURES] = {"unreachable", "timeout", "closed", "broken"};

const char *metrics_trouble(const struct metrics *metrics, size_t index, uint64_t *count)
{
    if (index < REFUSALS) {
        *count = read_of(&metrics->refused[index]);
        return refusals[index];
    }
    *count = read_of(&metrics->failed[index - REFUSALS]);
    return failures[index - REFUSALS];
}

/* ---- as text ---- */

static bool write_requests(const struct metrics *metrics, struct buffer *text)
{
    bool fits = metrics_head(text, "requests_total", "counter", "Requests that were answered.");

    for (size_t i = 0; i < ENDPOINTS; i++)
        for (size_t code = 0; code < STATUSES && fits; code++) {
            uint64_t count = read_of(&metrics->requests[i][code]);
            char status[8];
            snprintf(status, sizeof(status), "%zu", code + STATUS_FIRST);
            fits = count == 0 ||
                   metrics_sample(text, "requests_total",
                                  (const struct metrics_label[]){{"endpoint", endpoints[i]}, {"status", status}}, 2,
                                  (int64_t)count);
        }
    return fits;
}

static bool write_histogram(const struct histogram *histogram, struct buffer *text, const char *name, const char *help)
{
    char part[64];
    uint64_t count = 0;
    bool fits = metrics_head(text, name, "histogram", help);

    snprintf(part, sizeof(part), "%s_bucket", name);
    for (size_t i = 0; i < BUCKETS && fits; i++) {
        count += read_of(&histogram->bucket[i]);
        fits = metrics_sample(text, part, &(const struct metrics_label){"le", buckets[i].shown}, 1, (int64_t)count);
    }
    snprintf(part, sizeof(part), "%s_sum", name);
    fits = fits && metrics_seconds(text, part, (int64_t)read_of(&histogram->sum_us));
    snprintf(part, sizeof(part), "%s_count", name);
    return fits && metrics_sample(text, part, NULL, 0, (int64_t)count);
}

static bool write_labelled(const _Atomic uint64_t *counters, const char *const *labels, size_t count,
                           struct buffer *text, const char *name)
{
    bool fits = true;

    for (size_t i = 0; i < count && fits; i++)
        fits = metrics_sample(text, name, &(const struct metrics_label){"reason", labels[i]}, 1,
                              (int64_t)read_of(&counters[i]));
    return fits;
}

static bool write_failures(const struct metrics *metrics, struct buffer *text)
{
    return metrics_head(text, "refused_total", "counter", "Requests that the gateway refused by itself.") &&
           write_labelled(metrics->refused, refusals, REFUSALS, text, "refused_total") &&
           metrics_head(text, "upstream_failures_total", "counter",
                        "Requests that the upstream did not answer whole.") &&
           write_labelled(metrics->failed, failures, UPSTREAM_FAILURES, text, "upstream_failures_total") &&
           metrics_head(text, "not_sent_total", "counter",
                        "Requests in the spool that never left for the upstream, so that they are no events.") &&
           metrics_sample(text, "not_sent_total", NULL, 0, (int64_t)read_of(&metrics->not_sent)) &&
           metrics_head(text, "clients_gone_total", "counter", "Clients that left before their answer's end.") &&
           metrics_sample(text, "clients_gone_total", NULL, 0, (int64_t)read_of(&metrics->gone));
}

static bool write_gauge(const _Atomic int64_t *gauge, struct buffer *text, const char *name, const char *help)
{
    return metrics_head(text, name, "gauge", help) &&
           metrics_sample(text, name, NULL, 0, atomic_load_explicit(gauge, memory_order_relaxed));
}

bool metrics_write(const struct metrics *metrics, struct buffer *text)
{
    return write_requests(metrics, text) &&
           write_histogram(&metrics->latency, text, "latency_seconds", "From a request's head to its answer's end.") &&
           write_histogram(&metrics->upstream, text, "upstream_seconds", "Of that, the time that the vendor took.") &&
           write_failures(metrics, text) &&
           write_gauge(&metrics->connections, text, "connections", "Clients' connections that are open.") &&
           write_gauge(&metrics->in_flight, text, "in_flight", "Requests that are under way.");
}
