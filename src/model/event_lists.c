/* SPDX-License-Identifier: MIT */
/* The fields of an event that are JSON, `failed` and `metrics`, into their canonical text. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/event_parts.h"
#include "model/mask.h"
#include "headroom/encode.h"

#define ENTRIES_MAX   1000 /* ids, causes or names in one field */
#define NAME_SIZE_MAX 64
#define ID_SIZE_MAX   19 /* digits of 2^63 - 1 */

static const char failed_form[] = "an object of cause ([a-z_], up to 64) to an array of Tweet ids, up to 1,000";
static const char metrics_form[] = "an array of up to 1,000 names of 1 to 64 bytes";

/* The JSON of a value, NULL when it has none. What had to be parsed from text for it is *parsed, the caller's. */
static json_t *json_of(const struct value *value, json_t **parsed)
{
    *parsed = NULL;
    if (value->kind == VALUE_JSON)
        return value->json;
    if (value->kind == VALUE_TEXT)
        *parsed = json_loadb(value->text.data, value->text.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    return *parsed;
}

static char *put(char *at, const char *text, size_t size)
{
    memcpy(at, text, size);
    return at + size;
}

/* ---- failed ---- */

struct cause {
    const char *name;
    json_t *ids;
};

struct failed {
    struct cause *causes; /* sorted by name */
    size_t cause_count;
    int64_t *ids; /* of all causes, in their order */
    size_t id_count;
};

static bool is_cause(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz_");

    return size >= 1 && size <= NAME_SIZE_MAX && name[size] == '\0';
}

static bool read_tweet_id(const json_t *json, int64_t *id)
{
    if (json_is_string(json))
        return str_to_int64((struct str){json_string_value(json), json_string_length(json)}, 1, INT64_MAX, id);
    *id = json_integer_value(json); /* 0 for anything that is no integer */
    return *id >= 1;
}

static int compare_causes(const void *a, const void *b)
{
    return strcmp(((const struct cause *)a)->name, ((const struct cause *)b)->name);
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

MUST_CHECK static bool collect_causes(json_t *object, struct arena *arena, struct failed *failed)
{
    size_t count = json_object_size(object);

    if (!json_is_object(object) || count > ENTRIES_MAX)
        return false;
    failed->causes = arena_alloc(arena, (count + 1) * sizeof(*failed->causes));
    for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
        struct cause cause = {json_object_iter_key(at), json_object_iter_value(at)};
        if (!is_cause(cause.name) || !json_is_array(cause.ids))
            return false;
        failed->id_count += json_array_size(cause.ids);
        failed->causes[failed->cause_count++] = cause;
    }
    qsort(failed->causes, failed->cause_count, sizeof(*failed->causes), compare_causes);
    return failed->id_count <= ENTRIES_MAX;
}

MUST_CHECK static bool collect_ids(struct arena *arena, struct failed *failed)
{
    int64_t *id = failed->ids = arena_alloc(arena, (failed->id_count + 1) * sizeof(*failed->ids));

    for (size_t i = 0; i < failed->cause_count; i++)
        for (size_t k = 0; k < json_array_size(failed->causes[i].ids); k++)
            if (!read_tweet_id(json_array_get(failed->causes[i].ids, k), id++))
                return false;
    return true;
}

/* {"cause":["1","2"],"other":[]} */
static struct str failed_text(const struct failed *failed, struct arena *arena)
{
    size_t ceiling = 3 + failed->cause_count * (NAME_SIZE_MAX + 6) + failed->id_count * (ID_SIZE_MAX + 3);
    char *text = arena_alloc(arena, ceiling);
    char *at = put(text, "{", 1);
    const int64_t *id = failed->ids;

    for (size_t i = 0; i < failed->cause_count; i++) {
        const struct cause *cause = &failed->causes[i];
        at = put(at, ",", i > 0 ? 1 : 0);
        at = put(at, "\"", 1);
        at = put(at, cause->name, strlen(cause->name));
        at = put(at, "\":[", 3);
        for (size_t k = 0; k < json_array_size(cause->ids); k++, id++)
            at += snprintf(at, ID_SIZE_MAX + 4, "%s\"%" PRId64 "\"", k > 0 ? "," : "", *id);
        at = put(at, "]", 1);
    }
    at = put(at, "}", 1);
    *at = '\0';
    return (struct str){text, (size_t)(at - text)};
}

/* A Tweet that several causes list failed once. Sorts the ids. */
static int32_t count_distinct(struct failed *failed)
{
    int32_t count = 0;

    qsort(failed->ids, failed->id_count, sizeof(*failed->ids), compare_ids);
    for (size_t i = 0; i < failed->id_count; i++)
        if (i == 0 || failed->ids[i] != failed->ids[i - 1])
            count++;
    return count;
}

bool event_read_failed(struct reading *reading, const struct value *value)
{
    struct failed failed = {0};
    json_t *parsed = NULL;
    json_t *json = json_of(value, &parsed);
    bool done = json_is_null(json); /* the text "null": absent */

    if (done)
        goto out;
    if (!collect_causes(json, reading->arena, &failed) || !collect_ids(reading->arena, &failed)) {
        event_reject_value(reading, FIELD_FAILED, value, failed_form);
        goto out;
    }
    reading->event->failed = failed_text(&failed, reading->arena);
    reading->event->failed_count = count_distinct(&failed);
    done = true;
out:
    json_decref(parsed);
    return done;
}

static enum outcome outcome_of(struct str name)
{
    for (enum outcome outcome = OUTCOME_OK; outcome <= OUTCOME_UNKNOWN; outcome++)
        if (str_equal(name, str_of(outcome_name(outcome))))
            return outcome;
    return OUTCOME_ABSENT;
}

/* The text up to a character; *at goes behind it. */
static struct str text_until(struct str text, size_t *at, char end)
{
    const char *start = text.data + *at;
    const char *found = memchr(start, end, text.size - *at);
    size_t size = found != NULL ? (size_t)(found - start) : text.size - *at;

    *at += found != NULL ? size + 1 : size;
    return (struct str){start, size};
}

/* Reads the text that failed_text made, and no other form of JSON. */
bool event_next_cause(struct str failed, size_t *at, enum outcome *cause, uint32_t *tweets)
{
    int64_t ids[ENTRIES_MAX];
    struct failed listed = {.ids = ids};

    if (*at < failed.size)
        text_until(failed, at, '"');
    if (*at >= failed.size)
        return false;
    *cause = outcome_of(text_until(failed, at, '"'));

    struct str list = text_until(failed, at, ']');
    for (size_t i = 0; i < list.size && listed.id_count < ENTRIES_MAX; i++) {
        if (list.data[i] < '0' || list.data[i] > '9')
            continue;
        ids[listed.id_count++] = strtoll(list.data + i, NULL, 10);
        i += strspn(list.data + i, "0123456789");
    }
    *tweets = (uint32_t)count_distinct(&listed);
    return true;
}

/* ---- metrics ---- */

MUST_CHECK static bool metrics_text(const json_t *array, struct arena *arena, struct str *out)
{
    size_t count = json_array_size(array);

    if (!json_is_array(array) || count > ENTRIES_MAX)
        return false;

    char *text = arena_alloc(arena, 4 + count * (JSON_QUOTED_MAX(NAME_SIZE_MAX) + 1));
    char *at = put(text, "[", 1);
    for (size_t i = 0; i < count; i++) {
        const json_t *name = json_array_get(array, i);
        size_t size = json_string_length(name);
        if (!json_is_string(name) || size < 1 || size > NAME_SIZE_MAX)
            return false;
        at = put(at, ",", i > 0 ? 1 : 0);
        at = json_quote(at, (struct str){json_string_value(name), size});
    }
    at = put(at, "]", 1);
    *out = arena_copy(arena, (struct str){text, (size_t)(at - text)});
    return true;
}

bool event_read_metrics(struct reading *reading, const struct value *value)
{
    json_t *parsed = NULL;
    json_t *json = json_of(value, &parsed);
    struct str text = {NULL, 0};
    bool done = false;

    if (!json_is_null(json) && !metrics_text(json, reading->arena, &text))
        event_reject_value(reading, FIELD_METRICS, value, metrics_form);
    else if (mask_refuses(text))
        event_reject_secret(reading, FIELD_METRICS);
    else
        done = true;
    reading->event->metrics = text;
    json_decref(parsed);
    return done;
}
