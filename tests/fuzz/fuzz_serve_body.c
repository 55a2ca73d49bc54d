/* SPDX-License-Identifier: MIT */
/* Any bytes as the body of a request with events: the first says its form and coding, the second in what pieces it
 * comes, the rest is the body. */

#include <stdlib.h>
#include <string.h>

#include "gateway/serve_body.h"

#define CEILING ((size_t)1 << 16)
#define MOST    100

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_events(const struct body_events *events)
{
    uint64_t number = 0;

    require(events->count > 0 && events->count <= MOST);
    for (size_t i = 0; i < events->count; i++) {
        require(events->list[i].number > number);
        require(events->list[i].text.size > 0 && events->list[i].text.size <= CEILING);
        require(memchr(events->list[i].text.data, '\n', events->list[i].text.size) == NULL);
        number = events->list[i].number;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct body_events events;
    struct body_fault fault;

    if (size < 2)
        return 0;
    struct body *body = body_new(CEILING, str_of((bytes[0] & 4) != 0 ? "gzip" : NULL));
    size_t step = 1 + (size_t)bytes[1] * 16;
    for (size_t at = 2; at < size; at += step)
        body_add(body, (struct str){(const char *)bytes + at, size - at < step ? size - at : step});
    require(body_held(body) <= 2 * CEILING);
    if (body_cut(body, (enum body_form)(bytes[0] & 3), MOST, &events, &fault))
        require_events(&events);
    else
        require(events.list == NULL && fault.text[0] != '\0' && (fault.status == 400 || fault.status == 413));
    free(events.list);
    body_free(body);
    return 0;
}
