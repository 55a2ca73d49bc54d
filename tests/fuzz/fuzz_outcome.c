/* SPDX-License-Identifier: MIT */
/* Any bytes as what the vendor answers through the gateway: a line each for status, Content-Encoding and
 * X-Per-Minute-Limit, the rest is the body. */

#include <string.h>

#include "recorded.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct recorder_options options = {.contract = "main", .key = "a key"};
    struct str text = {(const char *)bytes, size};
    struct recorder *recorder = recorder_new(&options);
    struct arena *arena = arena_new();
    struct record_of *record = record_begin(recorder, arena, STR("POST"), STR("/insights/engagement/totals"),
                                            STR("OAuth oauth_token=\"5-a\""), str_of(NULL));
    int64_t status = 0;

    if (str_to_int64(take_line(&text), 0, 9999, &status))
        record_status(record, (int)status);
    struct str coding = take_line(&text);
    if (coding.size > 0)
        record_answer_header(record, STR("Content-Encoding"), coding);
    record_answer_header(record, STR("X-Per-Minute-Limit"), take_line(&text));
    pass(record_answer_body, record, text);
    require_event(record);
    record_free(record);
    arena_free(arena);
    recorder_free(recorder);
    return 0;
}
