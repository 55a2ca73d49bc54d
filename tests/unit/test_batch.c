/* SPDX-License-Identifier: MIT */
/* The two orders of a batch, and whether two share an event, against comparisons that are written out plainly. */

#include <criterion/criterion.h>
#include <stdlib.h>

#include "ingest/batch.h"

#define EVENTS 4000

/* Of 1 to 17 bytes: around the size whose order is decided without reading the event. */
static const char *const subjects[] = {
    "1",
    "12",
    "2",
    "123456789012345",
    "1234567890123456",
    "1234567890123457",
    "@abcdefghijklmn",
    "@abcdefghijklmno",
    "@abcdefghijklmnop",
    "@abcdefghijklmnoq",
    "@abcdefghijklmp",
    "~app",
};
#define SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

static struct batch *random_batch(bool in_order)
{
    static const char *const ids[] = {"x", "y", "z"};
    struct batch *batch = batch_new();

    srand(7);
    for (int i = 0; i < EVENTS; i++) {
        *batch_next_event(batch) = (struct event){
            .time_us = in_order ? i / 2 : rand() % 50,
            .contract_id = rand() % 2 + 1,
            .source = STR("s"),
            .id = str_of(ids[rand() % 3]),
            .subject = str_of(subjects[(size_t)rand() % SUBJECTS]),
            .via = rand() % 2 ? VIA_APP : VIA_USER,
        };
        batch_keep_event(batch);
    }
    batch_sort(batch);
    return batch;
}

static int compare_subjects(const struct event *a, const struct event *b)
{
    if (a->contract_id != b->contract_id)
        return a->contract_id < b->contract_id ? -1 : 1;
    int order = str_compare(a->subject, b->subject);
    if (order == 0)
        order = (int)a->via - (int)b->via;
    return order != 0 ? order : event_compare_key(a, b);
}

static void assert_orders(const struct batch *batch)
{
    bool seen[EVENTS] = {false};

    for (size_t i = 0; i < batch->event_count; i++) {
        seen[batch->by_subject[i]->ordinal] = true;
        cr_assert(i == 0 || compare_subjects(batch->by_subject[i - 1], batch->by_subject[i]) <= 0);
    }
    for (size_t i = 0; i < batch->event_count; i++)
        cr_assert(seen[i], "event %zu is not there", i);
    for (size_t i = 1; i < batch->distinct_count; i++)
        cr_assert_lt(event_compare_key(batch->by_key[i - 1], batch->by_key[i]), 0);
}

/* Of equal events the one that was read first stays. */
static void assert_first_kept(const struct batch *batch)
{
    for (size_t i = 0; i < batch->distinct_count; i++) {
        const struct event *kept = batch->by_key[i];
        for (size_t j = 0; j < kept->ordinal; j++)
            cr_assert_neq(event_compare_key(&batch->events[j], kept), 0);
    }
}

Test(batch, sorts_what_comes_in_any_order)
{
    struct batch *batch = random_batch(false);

    assert_orders(batch);
    assert_first_kept(batch);
    cr_assert_lt(batch->distinct_count, EVENTS);
    batch_free(batch);
}

Test(batch, sorts_what_is_nearly_in_order)
{
    struct batch *batch = random_batch(true);

    assert_orders(batch);
    assert_first_kept(batch);
    batch_free(batch);
}

Test(batch, keeps_an_order_by_key_and_lets_repeats_go)
{
    struct batch *batch = batch_new();

    for (int i = 0; i < EVENTS; i++) {
        *batch_next_event(batch) = (struct event){
            .time_us = i / 2, .contract_id = 1, .source = STR("s"), .id = STR("x"), .subject = str_of(subjects[0])};
        batch_keep_event(batch);
    }
    batch_sort(batch);
    assert_orders(batch);
    assert_first_kept(batch);
    cr_assert_eq(batch->distinct_count, EVENTS / 2);
    batch_free(batch);
}

/* ---- two batches ---- */

static void add_event(struct batch *batch, int64_t time_us, struct str id)
{
    *batch_next_event(batch) =
        (struct event){.time_us = time_us, .source = STR("s"), .id = id, .subject = STR("1"), .ordinal = 0};
    batch_keep_event(batch);
}

static struct batch *few_events(int from, int to, size_t count)
{
    static const struct str ids[] = {STR("x"), STR("y"), STR("z")};
    struct batch *batch = batch_new();

    for (size_t i = 0; i < count; i++)
        add_event(batch, from + rand() % (to - from), ids[rand() % 3]);
    batch_sort(batch);
    return batch;
}

static bool share_plainly(const struct batch *a, const struct batch *b)
{
    for (size_t i = 0; i < a->event_count; i++) {
        for (size_t j = 0; j < b->event_count; j++) {
            if (event_compare_key(&a->events[i], &b->events[j]) == 0)
                return true;
        }
    }
    return false;
}

Test(batch, shared_events_are_found_wherever_they_lie)
{
    int shared = 0, rounds = 400;

    for (int i = 0; i < rounds; i++) {
        struct batch *a = few_events(0, 1000, (size_t)(rand() % 60));
        struct batch *b = few_events(rand() % 900, 1000, (size_t)(rand() % 60));
        bool wanted = share_plainly(a, b);
        shared += wanted ? 1 : 0;
        cr_assert_eq(batch_shares_event(a, b), wanted);
        cr_assert_eq(batch_shares_event(b, a), wanted);
        batch_free(a);
        batch_free(b);
    }
    cr_assert(shared > rounds / 10 && shared < rounds * 9 / 10, "%d of %d share one: both must happen", shared, rounds);
}

Test(batch, of_neighbours_the_first_and_the_last_event_are_looked_at)
{
    struct batch *a = batch_new();
    struct batch *b = batch_new();

    for (int64_t time = 1; time <= 100; time++)
        add_event(a, time, STR("x"));
    add_event(b, 100, STR("x"));
    add_event(b, 101, STR("x"));
    batch_sort(a);
    batch_sort(b);
    cr_assert(batch_shares_event(a, b));
    cr_assert(batch_shares_event(b, a));
    b->by_key++;
    b->distinct_count--;
    cr_assert_not(batch_shares_event(a, b));
    cr_assert_not(batch_shares_event(b, a));
    b->by_key--;
    batch_free(a);
    batch_free(b);
}
