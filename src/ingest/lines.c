/* SPDX-License-Identifier: MIT */
/* The formats of which a line alone means something. */

#include "ingest/lines.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/reader_cloudevents.h"
#include "ingest/reader_format.h"
#include "ingest/reader_json.h"

enum {
    NATIVE,
    CLOUDEVENTS,
    FORMATS
};
static const struct reader_format *const formats[FORMATS] = {&reader_json, &reader_cloudevents};

struct lines {
    struct columns *columns;
    void *states[FORMATS];
    int last; /* the format of the record just taken */
};

bool lines_new(struct lines **out, struct error *err)
{
    struct lines *lines = mem_alloc(sizeof *lines);

    lines->columns = columns_new();
    for (int i = 0; i < FORMATS; i++) {
        if (!formats[i]->open(&lines->states[i], NULL, lines->columns, err)) {
            lines_free(lines);
            return false;
        }
    }
    *out = lines;
    return true;
}

void lines_free(struct lines *lines)
{
    if (lines == NULL)
        return;
    for (int i = 0; i < FORMATS; i++)
        formats[i]->close(lines->states[i]);
    columns_free(lines->columns);
    free(lines);
}

/* A key can be written with escapes, so a text that has any is looked at closely. */
static bool may_be_cloudevent(struct str text)
{
    return memmem(text.data, text.size, "specversion", 11) != NULL || memchr(text.data, '\\', text.size) != NULL;
}

static int format_of(struct str text)
{
    if (text.size == 0 || !may_be_cloudevent(text))
        return NATIVE;
    struct json_kind_finder *finder = json_kind_new();
    (void)json_kind_add(finder, text);
    int format = json_kind_found(finder) == JSON_CLOUDEVENTS ? CLOUDEVENTS : NATIVE;
    json_kind_free(finder);
    return format;
}

void lines_take(struct lines *lines, struct str text, uint64_t number, struct record *record)
{
    *record = (struct record){.readable = true, .raw = text, .raw_size = text.size, .line = number};
    lines->last = NATIVE;
    if (text.size > RECORD_MAX) {
        record->raw.size = RECORD_RAW_MAX;
        record_reject_long(record);
        return;
    }
    lines->last = format_of(text);
    formats[lines->last]->take(lines->states[lines->last], record);
}

const char *lines_format(const struct lines *lines)
{
    return formats[lines->last]->name;
}
