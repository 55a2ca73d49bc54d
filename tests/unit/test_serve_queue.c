/* SPDX-License-Identifier: MIT */
/* What waits for the event endpoint's loader. */

#include <criterion/criterion.h>
#include <string.h>

#include "gateway/serve_queue.h"

/* What does not fit into a batch waits on, and up to when all is written is not said beyond it. */
Test(serve_queue, knows_since_when_the_oldest_waits)
{
    struct serve_queue *queue = serve_queue_new("shut");
    struct load_request requests[3];
    bool stopping;

    memset(requests, 0, sizeof(requests));
    serve_queue_open(queue);
    cr_expect_eq(serve_queue_oldest(queue), INT64_MAX, "nothing waits");
    int64_t before_us = timestamp_since_boot();
    for (size_t i = 0; i < ARRAY_LENGTH(requests); i++) {
        requests[i].events.count = INGEST_FEED_LINES;
        cr_assert(serve_queue_give(queue, &requests[i]));
        if (i == 0)
            cr_expect_geq(serve_queue_oldest(queue), before_us);
    }
    int64_t after_us = timestamp_since_boot(), last_us = before_us;
    for (size_t i = 0; i < ARRAY_LENGTH(requests); i++) {
        cr_expect_geq(serve_queue_oldest(queue), last_us);
        cr_expect_leq(last_us = serve_queue_oldest(queue), after_us);
        cr_assert_eq(serve_queue_take(queue, &stopping), &requests[i]);
    }
    cr_expect_eq(serve_queue_oldest(queue), INT64_MAX, "all are taken");
    serve_queue_free(queue);
}
