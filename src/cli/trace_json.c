/* SPDX-License-Identifier: MIT */
/* The same as JSON. */

#include <string.h>

#include "cli/json.h"
#include "cli/trace.h"

static void set_text(json_t *object, const char *key, const struct db_rows *rows, size_t row, const char *column)
{
    (void)json_object_set_new(object, key, json_text(db_text(rows, row, column)));
}

static void set_number(json_t *object, const char *key, const struct db_rows *rows, size_t row, const char *column)
{
    bool absent = db_is_null(rows, row, column);
    (void)json_object_set_new(object, key, absent ? json_null() : json_integer(db_int64(rows, row, column)));
}

static void set_time(json_t *object, const char *key, const struct db_rows *rows, size_t row, const char *column)
{
    bool absent = db_is_null(rows, row, column);
    (void)json_object_set_new(object, key, absent ? json_null() : json_time(db_int64(rows, row, column)));
}

static json_t *batch_json(const struct db_rows *events, size_t row)
{
    json_t *object = json_object();
    set_text(object, "id", events, row, "batch_id");
    set_text(object, "file", events, row, "file");
    set_text(object, "format", events, row, "format");
    set_number(object, "first_line", events, row, "first_line");
    set_number(object, "last_line", events, row, "last_line");
    set_number(object, "end_byte", events, row, "end_byte");
    set_text(object, "content_digest", events, row, "end_digest");
    set_time(object, "loaded_at", events, row, "loaded_us");
    set_text(object, "loaded_by", events, row, "loaded_by");
    set_number(object, "link", events, row, "seq");
    set_text(object, "link_digest", events, row, "link_digest");
    set_time(object, "voided_at", events, row, "void_us");
    set_text(object, "voided_by", events, row, "void_by");
    set_text(object, "void_reason", events, row, "void_reason");
    return object;
}

static json_t *line_json(const struct trace_line *line, const struct db_rows *events, size_t row)
{
    json_t *object = json_object();
    bool content = line->line.content_bytes == (uint64_t)db_int64(events, row, "end_byte");
    bool kept = !db_is_null(events, row, "end_digest");
    content = content && kept && strcmp(line->line.content_digest, db_text(events, row, "end_digest")) == 0;
    bool means = line->line.found && line->line.why == NULL && strcmp(line->line.event_digest, line->digest) == 0;
    (void)json_object_set_new(object, "file", json_text(line->path));
    (void)json_object_set_new(object, "holds", json_boolean(trace_line_holds(line, events, row)));
    (void)json_object_set_new(object, "content_is_same", kept ? json_boolean(content) : json_null());
    (void)json_object_set_new(object, "line_is_same", json_boolean(means));
    (void)json_object_set_new(object, "why", json_text(line->line.why));
    (void)json_object_set_new(object, "raw", json_text(line->line.raw));
    return object;
}

json_t *trace_event_json(const struct db_rows *events, size_t row, const char *digest, const struct trace_line *line)
{
    static const char *const texts[] = {"source",  "subject",  "owner", "via",   "class",
                                        "outcome", "endpoint", "label", "handle"};
    json_t *object = json_object();
    set_text(object, "contract", events, row, "contract");
    set_text(object, "month", events, row, "month");
    set_text(object, "id", events, row, "event_id");
    set_time(object, "time", events, row, "time_us");
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        set_text(object, texts[i], events, row, texts[i]);
    set_number(object, "status", events, row, "status");
    set_number(object, "tweet_count", events, row, "tweet_count");
    (void)json_object_set_new(object, "counted", json_boolean(db_is_null(events, row, "reason")));
    set_text(object, "not_counted", events, row, "reason");
    set_text(object, "rule", events, row, "rule");
    (void)json_object_set_new(object, "digest", json_text(digest));
    set_number(object, "line", events, row, "position");
    (void)json_object_set_new(object, "batch", batch_json(events, row));
    (void)json_object_set_new(object, "found", line != NULL ? line_json(line, events, row) : json_null());
    set_text(object, "spool", events, row, "spool");
    (void)json_object_set_new(
        object, "by_endpoint",
        json_boolean(!db_is_null(events, row, "by_endpoint") && db_bool(events, row, "by_endpoint")));
    return object;
}

static json_t *facts_json(const struct db_rows *facts)
{
    json_t *array = json_array();
    for (size_t row = 0; row < db_rows_count(facts); row++) {
        json_t *object = json_object();
        bool is_dated = !db_is_null(facts, row, "first_us") && db_int64(facts, row, "first_us") != 0;
        set_text(object, "handle", facts, row, "handle");
        set_text(object, "user_id", facts, row, "user_id");
        (void)json_object_set_new(object, "together_since",
                                  is_dated ? json_time(db_int64(facts, row, "first_us")) : json_null());
        set_text(object, "from", facts, row, "valid_from");
        set_text(object, "to", facts, row, "valid_until");
        set_text(object, "batch", facts, row, "batch_id");
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *reasons_json(const struct db_rows *reasons)
{
    json_t *object = json_object();
    for (size_t row = 0; row < db_rows_count(reasons); row++)
        set_number(object, db_text(reasons, row, "reason"), reasons, row, "requests");
    return object;
}

json_t *trace_owner_json(const struct trace_owner *owner, const struct reconcile_status *status, json_t *first_event)
{
    json_t *object = json_object();
    bool counted = db_rows_count(owner->counted) > 0;
    (void)json_object_set_new(object, "contract", json_text(status->contract));
    (void)json_object_set_new(object, "month", json_text(status->month));
    (void)json_object_set_new(object, "unique_handles", json_integer(status->unique_handles));
    (void)json_object_set_new(object, "rule", json_text(status->rule));
    (void)json_object_set_new(object, "owner", json_text(owner->owner));
    (void)json_object_set_new(object, "counted", json_boolean(counted));
    (void)json_object_set_new(object, "handle", json_text(counted ? db_text(owner->counted, 0, "handle") : NULL));
    (void)json_object_set_new(object, "requests",
                              counted ? json_integer(db_int64(owner->counted, 0, "requests")) : json_null());
    (void)json_object_set_new(object, "counted_requests",
                              json_integer(counted ? db_int64(owner->counted, 0, "counted_requests") : 0));
    (void)json_object_set_new(object, "not_counted", reasons_json(owner->not_counted));
    (void)json_object_set_new(object, "facts", facts_json(owner->facts));
    (void)json_object_set_new(object, "first_event", first_event != NULL ? first_event : json_null());
    return object;
}
