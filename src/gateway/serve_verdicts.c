/* SPDX-License-Identifier: MIT */
/* Verdicts as JSON. */

#include "gateway/serve_verdicts.h"

#include <jansson.h>
#include <stdlib.h>

#define LINES_CEILING ((size_t)INGEST_FEED_LINES * 4096) /* a reason's text is shorter, however it is escaped */

/* Without a character that was cut at the end of its room. */
static json_t *json_of(const char *why)
{
    struct str text = str_of(why);

    while (text.size > 0 && !str_is_utf8(text))
        text.size--;
    return json_stringn(text.data, text.size);
}

static bool add_rejected(struct buffer *text, const struct ingest_feed_line *line)
{
    char pointer[1 + sizeof line->field] = "";

    if (line->field[0] != '\0')
        snprintf(pointer, sizeof pointer, "/%s", line->field);
    json_t *object = json_pack("{s:I,s:s,s:s,s:s,s:o}", "line", (json_int_t)line->position, "verdict", "rejected",
                               "pointer", pointer, "reason", line->reason, "detail", json_of(line->why));
    char *dumped = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
    bool added = dumped != NULL && buffer_format(text, "%s", dumped);
    free(dumped);
    json_decref(object);
    return added;
}

static bool add_line(struct buffer *text, const struct ingest_feed_line *line)
{
    if (line->verdict == INGEST_QUARANTINED)
        return add_rejected(text, line);
    return buffer_format(text, "{\"line\":%llu,\"verdict\":\"%s\"}", (unsigned long long)line->position,
                         line->verdict == INGEST_ADDED ? "added" : "duplicate");
}

void verdicts_tell(struct load_request *request, const struct ingest_feed_line *lines)
{
    bool fits = true;

    buffer_init(&request->lines, LINES_CEILING);
    for (size_t i = 0; i < request->events.count && fits; i++) {
        request->added += lines[i].verdict == INGEST_ADDED;
        request->duplicate += lines[i].verdict == INGEST_DUPLICATE;
        request->rejected += lines[i].verdict == INGEST_QUARANTINED;
        fits = buffer_add(&request->lines, i == 0 ? "[" : ",", 1) && add_line(&request->lines, &lines[i]);
    }
    if (!fits || !buffer_add(&request->lines, "]", 1))
        buffer_free(&request->lines);
}
