/* SPDX-License-Identifier: MIT */
/* The gateway's counters, and how they read. */

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/metrics.h"
#include "gateway/metrics_text.h"

static const char *text_of(const struct metrics *metrics)
{
    static struct buffer text;

    buffer_free(&text);
    buffer_init(&text, 1 << 20);
    cr_assert(metrics_write(metrics, &text));
    return text.data;
}

static void has(const char *text, const char *line)
{
    char *whole = mem_format("\n%s\n", line);
    cr_expect_not_null(strstr(text, whole), "%s is not in:\n%s", line, text);
    free(whole);
}

Test(metrics, requests_by_endpoint_and_status)
{
    struct metrics *metrics = metrics_new();

    metrics_request(metrics, "totals", 200, 1000);
    metrics_request(metrics, "totals", 200, 1001);
    metrics_request(metrics, "28hr", 429, 70000000);
    metrics_request(metrics, NULL, 999, -5);
    metrics_request(metrics, "no such", 1000, 0); /* no status: only its time counts */
    metrics_upstream_took(metrics, 0);
    metrics_upstream_took(metrics, 65000000);
    const char *text = text_of(metrics);
    has(text, "headroom_gateway_requests_total{endpoint=\"totals\",status=\"200\"} 2");
    has(text, "headroom_gateway_requests_total{endpoint=\"28hr\",status=\"429\"} 1");
    has(text, "headroom_gateway_requests_total{endpoint=\"other\",status=\"999\"} 1");
    has(text, "headroom_gateway_latency_seconds_bucket{le=\"0.001\"} 3");
    has(text, "headroom_gateway_latency_seconds_bucket{le=\"0.0025\"} 4");
    has(text, "headroom_gateway_latency_seconds_bucket{le=\"60\"} 4");
    has(text, "headroom_gateway_latency_seconds_bucket{le=\"+Inf\"} 5");
    has(text, "headroom_gateway_latency_seconds_sum 70.002001");
    has(text, "headroom_gateway_latency_seconds_count 5");
    has(text, "headroom_gateway_upstream_seconds_count 2");
    metrics_free(metrics);
}

Test(metrics, troubles_have_their_words)
{
    struct metrics *metrics = metrics_new();
    uint64_t count = 9;

    metrics_refused(metrics, REFUSAL_GATE);
    metrics_refused(metrics, REFUSAL_GATE);
    metrics_upstream_failed(metrics, UPSTREAM_BROKEN);
    metrics_not_sent(metrics);
    cr_expect_str_eq(metrics_trouble(metrics, REFUSAL_GATE, &count), "gate");
    cr_expect_eq(count, 2);
    cr_expect_str_eq(metrics_trouble(metrics, METRICS_TROUBLES - 1, &count), "broken");
    cr_expect_eq(count, 1);
    cr_expect_str_eq(metrics_trouble(metrics, REFUSALS, &count), "unreachable");
    cr_expect_eq(count, 0);
    has(text_of(metrics), "headroom_gateway_refused_total{reason=\"gate\"} 2");
    has(text_of(metrics), "headroom_gateway_upstream_failures_total{reason=\"broken\"} 1");
    has(text_of(metrics), "headroom_gateway_not_sent_total 1");
    metrics_free(metrics);
}

static void *count_many(void *metrics)
{
    for (int i = 0; i < 10000; i++) {
        metrics_request(metrics, "historical", 200, 10);
        metrics_connections(metrics, i % 2 ? -1 : 1);
    }
    return NULL;
}

Test(metrics, any_thread_counts)
{
    struct metrics *metrics = metrics_new();
    pthread_t threads[4];

    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, count_many, metrics), 0);
    (void)text_of(metrics);
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        pthread_join(threads[i], NULL);
    has(text_of(metrics), "headroom_gateway_requests_total{endpoint=\"historical\",status=\"200\"} 40000");
    has(text_of(metrics), "headroom_gateway_connections 0");
    metrics_free(metrics);
}

Test(metrics, labels_are_escaped)
{
    const struct metrics_label labels[] = {{"a", "q\"b\\n\nz"}, {"b", ""}};
    struct buffer text;

    buffer_init(&text, 1000);
    cr_assert(metrics_sample(&text, "x", labels, 2, -1));
    cr_assert(metrics_seconds(&text, "y", -1500000));
    cr_assert(metrics_seconds(&text, "z", 1));
    cr_expect_str_eq(text.data, "headroom_gateway_x{a=\"q\\\"b\\\\n\\nz\",b=\"\"} -1\n"
                                "headroom_gateway_y -1.500000\nheadroom_gateway_z 0.000001\n");
    buffer_free(&text);
    buffer_init(&text, 20);
    cr_expect_not(metrics_head(&text, "x", "gauge", "Too long for twenty."), "the ceiling is told");
    buffer_free(&text);
}
