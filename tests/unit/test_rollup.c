/* SPDX-License-Identifier: MIT */
/* What a batch adds up to, against plain loops over its events. No order of the lines may change it. */

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/rollup.h"

enum {
    EVENTS = 400,
    CONTRACT = 7
};

static const char *const subjects[] = {"12", "100", "@ann", "@bob", "~app"};
static const char *const sources[] = {"a", "a-b"};

static struct event random_event(uint32_t ordinal)
{
    struct event event = {
        .time_us = TIMESTAMP_MIN + rand() % 1000,
        .contract_id = CONTRACT,
        .source = str_of(sources[rand() % 2]),
        .subject = str_of(subjects[rand() % 5]),
        .via = rand() % 4 == 0 ? VIA_APP : VIA_USER,
        .class = (enum event_class)(rand() % 4),
        .tweet_count = EVENT_ABSENT,
        .rate_limit = EVENT_ABSENT,
        .rate_remaining = rand() % 50,
        .latency_ms = EVENT_ABSENT,
        .bytes = EVENT_ABSENT,
        .status = rand() % 5 == 0 ? 429 : 200,
        .endpoint = (enum endpoint)(rand() % 4),
        .ordinal = ordinal,
    };
    static const char *const ids[] = {"x", "y", "z"};
    event.id = str_of(ids[rand() % 3]);
    return event;
}

static struct batch *random_batch(void)
{
    struct batch *batch = batch_new();

    for (uint32_t i = 0; i < EVENTS; i++) {
        *batch_next_event(batch) = random_event(i);
        batch_keep_event(batch);
    }
    return batch;
}

/* All of them were added. */
static bool is_added[EVENTS];

static void all_events(struct batch *batch, const struct event **events)
{
    for (size_t i = 0; i < batch->event_count; i++) {
        events[i] = &batch->events[i];
        is_added[i] = true;
    }
    batch_sort(batch);
}

/* Without a calendar no day is known: every event falls under no terms. */
Test(rollup, events_without_terms_have_days_rows_and_no_usage)
{
    struct batch *batch = random_batch();
    struct rollup *rollup = rollup_new();
    struct calendar *calendar = calendar_new();
    const struct event *events[EVENTS];
    uint64_t requests = 0;

    all_events(batch, events);
    rollup_lines(rollup, batch);
    rollup_events(rollup, batch, is_added, calendar);
    cr_assert_eq(rollup->usage_count, 0);
    for (size_t i = 0; i < rollup->daily_count; i++) {
        cr_assert_not(rollup->daily[i]->key.covered);
        requests += rollup->daily[i]->requests;
    }
    cr_assert_eq(requests, EVENTS);
    calendar_free(calendar);
    rollup_free(rollup);
    batch_free(batch);
}

Test(rollup, sources_hold_first_and_last_of_all_lines)
{
    struct batch *batch = random_batch();
    struct rollup *rollup = rollup_new();

    rollup_lines(rollup, batch);
    cr_assert_eq(rollup->source_count, 2);
    cr_assert(str_equal(rollup->sources[0]->source, STR("a")));
    for (size_t s = 0; s < rollup->source_count; s++) {
        int64_t first = INT64_MAX;
        int64_t last = INT64_MIN;
        for (size_t i = 0; i < batch->event_count; i++) {
            if (!str_equal(batch->events[i].source, rollup->sources[s]->source))
                continue;
            first = batch->events[i].time_us < first ? batch->events[i].time_us : first;
            last = batch->events[i].time_us > last ? batch->events[i].time_us : last;
        }
        cr_assert_eq(rollup->sources[s]->first_us, first);
        cr_assert_eq(rollup->sources[s]->last_us, last);
    }
    cr_assert_eq(rollup->span_count, 1);
    rollup_free(rollup);
    batch_free(batch);
}

/* Two months of days of 100 microseconds each; nothing is covered after them. */
static struct calendar *two_months(void)
{
    enum {
        DAYS = 8,
        LENGTH = 100
    };
    struct calendar *calendar = calendar_new();
    struct calendar_day *days = mem_alloc(DAYS * sizeof(*days));

    for (int day = 0; day < DAYS; day++)
        days[day] = (struct calendar_day){
            .starts_us = TIMESTAMP_MIN + day * LENGTH,
            .ends_us = TIMESTAMP_MIN + (day + 1) * LENGTH,
            .month = day < DAYS / 2 ? 13149 : 13180,
            .bit = (int16_t)(day % (DAYS / 2)),
        };
    calendar_add(calendar, CONTRACT, days, DAYS);
    return calendar;
}

static bool is_in(const struct event *event, const struct usage_row *row, const struct calendar *calendar)
{
    const struct calendar_day *day = calendar_find(calendar, event->contract_id, event->time_us);
    return day != NULL && day->month == row->month && event->via == row->via && str_equal(event->subject, row->subject);
}

/* first, by DESIGN: time, then source, then id, then class. */
static bool is_earlier(const struct event *a, const struct event *b)
{
    if (a->time_us != b->time_us)
        return a->time_us < b->time_us;
    int source = str_compare(a->source, b->source);
    int id = str_compare(a->id, b->id);
    return source != 0 ? source < 0 : id != 0 ? id < 0 : a->class < b->class;
}

static void check_class(const struct usage_row *row, int rank, const struct event *const *events,
                        const struct calendar *calendar)
{
    const struct event *first = NULL;
    uint64_t requests = 0;
    uint64_t days = 0;

    for (size_t i = 0; i < EVENTS; i++) {
        if (!is_in(events[i], row, calendar) || (int)events[i]->class <= rank)
            continue;
        requests++;
        days |= UINT64_C(1) << calendar_find(calendar, CONTRACT, events[i]->time_us)->bit;
        if (first == NULL || is_earlier(events[i], first))
            first = events[i];
    }
    cr_assert_eq(row->class_requests[rank], requests);
    cr_assert_eq(row->days[rank], days);
    cr_assert_eq(row->first[rank] == NULL, first == NULL);
    if (first != NULL)
        cr_assert_not(is_earlier(first, row->first[rank]));
}

static void check_endpoints(const struct usage_row *row, const struct event *const *events,
                            const struct calendar *calendar)
{
    unsigned endpoints = 0;

    for (size_t i = 0; i < EVENTS; i++)
        if (is_in(events[i], row, calendar) && events[i]->endpoint != ENDPOINT_ABSENT)
            endpoints |= events[i]->endpoint == ENDPOINT_TOTALS ? 1 : events[i]->endpoint == ENDPOINT_28HR ? 2 : 4;
    cr_assert_eq(row->endpoints, endpoints);
}

Test(rollup, usage_agrees_with_plain_loops)
{
    struct batch *batch = random_batch();
    struct rollup *rollup = rollup_new();
    struct calendar *calendar = two_months();
    const struct event *events[EVENTS];
    uint64_t requests = 0;
    uint64_t covered = 0;

    all_events(batch, events);
    rollup_lines(rollup, batch);
    rollup_events(rollup, batch, is_added, calendar);
    for (size_t i = 0; i < rollup->usage_count; i++) {
        requests += rollup->usage[i].requests;
        check_endpoints(&rollup->usage[i], events, calendar);
        for (int rank = 0; rank < ROLLUP_CLASSES; rank++)
            check_class(&rollup->usage[i], rank, events, calendar);
        if (i > 0)
            cr_assert(rollup->usage[i - 1].month < rollup->usage[i].month ||
                      str_compare(rollup->usage[i - 1].subject, rollup->usage[i].subject) <= 0);
    }
    for (size_t i = 0; i < EVENTS; i++)
        covered += calendar_find(calendar, CONTRACT, events[i]->time_us) != NULL;
    cr_assert_eq(requests, covered);
    cr_assert_lt(covered, EVENTS, "some events lie after the calendar");
    calendar_free(calendar);
    rollup_free(rollup);
    batch_free(batch);
}

static void teach(struct batch *batch, int64_t user_id, const char *handle, int64_t time_us)
{
    *batch_next_event(batch) = (struct event){
        .time_us = time_us,
        .contract_id = CONTRACT,
        .source = STR("a"),
        .subject = STR("1"),
        .id = STR("x"),
        .handle = str_of(handle),
        .user_id = user_id,
    };
    batch_keep_event(batch);
}

Test(rollup, facts_keep_the_first_time_of_each_pair)
{
    struct batch *batch = batch_new();
    struct rollup *rollup = rollup_new();

    teach(batch, 12, "Ann", TIMESTAMP_MIN + 5);
    teach(batch, 12, "ANN", TIMESTAMP_MIN + 2);
    teach(batch, 3, "ann", TIMESTAMP_MIN + 9);
    teach(batch, 12, "bob", TIMESTAMP_MIN + 1);
    teach(batch, 12, NULL, TIMESTAMP_MIN);
    teach(batch, 0, "eve", TIMESTAMP_MIN);
    rollup_lines(rollup, batch);

    cr_assert_eq(rollup->fact_count, 3);
    cr_assert_str_eq(rollup->facts[0].subject, "@ann");
    cr_assert_eq(rollup->facts[0].user_id, 3);
    cr_assert_eq(rollup->facts[1].user_id, 12);
    cr_assert_eq(rollup->facts[1].first_us, TIMESTAMP_MIN + 2);
    cr_assert_str_eq(rollup->facts[2].subject, "@bob");
    rollup_free(rollup);
    batch_free(batch);
}

Test(rollup, days_split_by_what_they_are_about)
{
    struct batch *batch = random_batch();
    struct rollup *rollup = rollup_new();
    struct calendar *calendar = calendar_new();
    const struct event *events[EVENTS];

    all_events(batch, events);
    rollup_lines(rollup, batch);
    rollup_events(rollup, batch, is_added, calendar);
    for (size_t d = 0; d < rollup->daily_count; d++) {
        const struct daily_row *row = rollup->daily[d];
        uint64_t requests = 0;
        uint64_t limited = 0;
        int32_t lowest = INT32_MAX;
        for (size_t i = 0; i < EVENTS; i++) {
            const struct event *event = events[i];
            if (!str_equal(event->source, row->key.source->source) || (int32_t)event->via != row->key.via ||
                (int32_t)event->class != row->key.class || (int32_t)event->endpoint != row->key.endpoint ||
                str_equal(event->subject, STR("~app")) != (row->key.ownerless != 0))
                continue;
            requests++;
            limited += event->status == 429;
            lowest = event->rate_remaining < lowest ? event->rate_remaining : lowest;
        }
        cr_assert_eq(row->requests, requests);
        cr_assert_eq(row->rate_limited, limited);
        cr_assert_eq(row->rate_remaining_min, lowest);
    }
    calendar_free(calendar);
    rollup_free(rollup);
    batch_free(batch);
}

static void fail_tweets(struct batch *batch, int64_t time_us, const char *failed)
{
    *batch_next_event(batch) = (struct event){
        .time_us = time_us,
        .contract_id = CONTRACT,
        .source = STR("a"),
        .subject = STR("1"),
        .id = str_of(failed),
        .failed = str_of(failed),
        .ordinal = (uint32_t)batch->event_count,
    };
    batch_keep_event(batch);
}

/* Requests and different Tweets of a cause on a day. */
static void check_failure(const struct rollup *rollup, int bit, enum outcome cause, uint64_t requests, uint64_t tweets)
{
    for (size_t i = 0; i < rollup->failure_count; i++) {
        const struct failure_row *row = rollup->failures[i];

        if (row->key.covered && row->key.bit == bit && row->key.cause == (int32_t)cause) {
            cr_assert_eq(row->requests, requests);
            cr_assert_eq(row->tweets, tweets);
            return;
        }
    }
    cr_assert_fail("no row of day %d, cause %d", bit, (int)cause);
}

Test(rollup, failed_tweets_by_day_and_cause)
{
    struct batch *batch = batch_new();
    struct rollup *rollup = rollup_new();
    struct calendar *calendar = two_months();

    fail_tweets(batch, TIMESTAMP_MIN, "{\"odd\":[\"7\"],\"too_old\":[\"5\",\"5\",\"6\"],\"unavailable\":[\"5\"]}");
    fail_tweets(batch, TIMESTAMP_MIN + 1, "{\"strange\":[\"7\",\"70\"],\"stranger\":[\"7\"],\"too_old\":[]}");
    fail_tweets(batch, TIMESTAMP_MIN + 101, "{\"unavailable\":[\"9223372036854775807\"]}");
    fail_tweets(batch, TIMESTAMP_MIN + 2000, "{\"unavailable\":[\"1\"]}");
    memset(is_added, true, sizeof(is_added));
    batch_sort(batch);
    rollup_lines(rollup, batch);
    rollup_events(rollup, batch, is_added, calendar);

    cr_assert_eq(rollup->failure_count, 5, "four of a day, and one under no terms");
    check_failure(rollup, 0, OUTCOME_TOO_OLD, 1, 2);
    check_failure(rollup, 0, OUTCOME_UNAVAILABLE, 1, 1);
    check_failure(rollup, 0, OUTCOME_ABSENT, 2, 4);
    check_failure(rollup, 1, OUTCOME_UNAVAILABLE, 1, 1);
    calendar_free(calendar);
    rollup_free(rollup);
    batch_free(batch);
}
