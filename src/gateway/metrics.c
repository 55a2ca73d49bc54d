/* SPDX-License-Identifier: MIT */
/* The gateway's counters, and how Prometheus reads them. */

#include "gateway/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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
    _Atomic uint64_t refused[REFUSALS], failed[UPSTREAM_FAILURES], gone;
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

void metrics_request(struct metrics *metrics, const char *endpoint, int status, int64_t latency_us, int64_t upstream_us)
{
    size_t i = 0;

    while (i < ENDPOINTS - 1 && (endpoint == NULL || strcmp(endpoints[i], endpoint) != 0))
        i++;
    if (status >= STATUS_FIRST && status <= STATUS_LAST)
        add(&metrics->requests[i][status - STATUS_FIRST], 1);
    observe(&metrics->latency, latency_us);
    if (upstream_us > 0)
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

/* ---- as text ---- */

static bool write_head(struct buffer *text, const char *name, const char *type, const char *help)
{
    return buffer_format(text, "# HELP headroom_gateway_%s %s\n# TYPE headroom_gateway_%s %s\n", name, help, name,
                         type);
}

static bool write_requests(const struct metrics *metrics, struct buffer *text)
{
    bool fits = write_head(text, "requests_total", "counter", "Requests that were answered.");

    for (size_t i = 0; i < ENDPOINTS; i++)
        for (size_t status = 0; status < STATUSES && fits; status++) {
            uint64_t count = read_of(&metrics->requests[i][status]);
            fits = count == 0 ||
                   buffer_format(text, "headroom_gateway_requests_total{endpoint=\"%s\",status=\"%zu\"} %" PRIu64 "\n",
                                 endpoints[i], status + STATUS_FIRST, count);
        }
    return fits;
}

static bool write_histogram(const struct histogram *histogram, struct buffer *text, const char *name, const char *help)
{
    bool fits = write_head(text, name, "histogram", help);
    uint64_t count = 0;

    for (size_t i = 0; i < BUCKETS && fits; i++) {
        count += read_of(&histogram->bucket[i]);
        fits =
            buffer_format(text, "headroom_gateway_%s_bucket{le=\"%s\"} %" PRIu64 "\n", name, buckets[i].shown, count);
    }
    uint64_t sum_us = read_of(&histogram->sum_us);
    return fits && buffer_format(text,
                                 "headroom_gateway_%s_sum %" PRIu64 ".%06" PRIu64 "\n"
                                 "headroom_gateway_%s_count %" PRIu64 "\n",
                                 name, sum_us / 1000000, sum_us % 1000000, name, count);
}

static bool write_labelled(const _Atomic uint64_t *counters, const char *const *labels, size_t count,
                           struct buffer *text, const char *name)
{
    bool fits = true;

    for (size_t i = 0; i < count && fits; i++)
        fits = buffer_format(text, "headroom_gateway_%s{reason=\"%s\"} %" PRIu64 "\n", name, labels[i],
                             read_of(&counters[i]));
    return fits;
}

static bool write_failures(const struct metrics *metrics, struct buffer *text)
{
    static const char *const refusals[REFUSALS] = {"malformed", "too_large", "slow", "spool_full", "gate", "busy"};
    static const char *const failures[UPSTREAM_FAILURES] = {"unreachable", "timeout", "broken"};

    return write_head(text, "refused_total", "counter", "Requests that the gateway refused by itself.") &&
           write_labelled(metrics->refused, refusals, REFUSALS, text, "refused_total") &&
           write_head(text, "upstream_failures_total", "counter", "Requests that the upstream did not answer whole.") &&
           write_labelled(metrics->failed, failures, UPSTREAM_FAILURES, text, "upstream_failures_total") &&
           write_head(text, "clients_gone_total", "counter", "Clients that left before their answer's end.") &&
           buffer_format(text, "headroom_gateway_clients_gone_total %" PRIu64 "\n", read_of(&metrics->gone));
}

static bool write_gauge(const _Atomic int64_t *gauge, struct buffer *text, const char *name, const char *help)
{
    return write_head(text, name, "gauge", help) && buffer_format(text, "headroom_gateway_%s %" PRId64 "\n", name,
                                                                  atomic_load_explicit(gauge, memory_order_relaxed));
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
