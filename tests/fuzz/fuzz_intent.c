/* SPDX-License-Identifier: MIT */
/* Any bytes as what a client sends through the gateway: a line each for method, target, Authorization, label and
 * Content-Encoding, the rest is the body. */

#include <string.h>

#include "recorded.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct recorder_options options = {.contract = "main", .key = "a key"};
    struct str text = {(const char *)bytes, size};
    struct recorder *recorder = recorder_new(&options);
    struct str method = take_line(&text), target = take_line(&text), authorization = take_line(&text);
    struct arena *arena = arena_new();
    struct record_of *record = record_begin(recorder, arena, method, target, authorization, take_line(&text));
    struct str coding = take_line(&text);

    if (coding.size > 0)
        record_request_header(record, STR("Content-Encoding"), coding);
    pass(record_request_body, record, text);
    require_event(record);
    record_free(record);
    arena_free(arena);
    recorder_free(recorder);
    return 0;
}
