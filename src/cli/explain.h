/* SPDX-License-Identifier: MIT */
#ifndef HEADROOM_CLI_EXPLAIN_H
#define HEADROOM_CLI_EXPLAIN_H

/* Private to `explain`: what it answers of a Tweet. */

#include "cli/command.h"

struct tweet_answer {
    int64_t id;
    struct db_rows *age;      /* of explain_tweet */
    struct db_rows *failures; /* of explain_tweet_failures */
};
void explain_print_tweet(const struct tweet_answer *answer);
struct json_t *explain_json_tweet(const struct tweet_answer *answer);

#endif
