/* SPDX-License-Identifier: MIT */
/* Reads the answers of the user look-up: {"data":[{"id":…,"username":…}],"errors":[{"value":…,"detail":…}]}. */

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "engagement/lookup.h"

/* The member's text; NULL when there is none in it. */
static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* A user id, which may come as a number; 0 when it is none. */
static int64_t id_of(const json_t *json)
{
    int64_t id = 0;

    if (json_is_integer(json) && json_integer_value(json) > 0)
        return json_integer_value(json);
    return json_is_string(json) && str_to_int64(str_of(json_string_value(json)), 1, INT64_MAX, &id) ? id : 0;
}

/* A user of whom nothing is known yet but what was asked: an id, or else a handle. */
static bool was_asked(const struct lookup_user *user, int64_t id, const char *handle)
{
    return user->problem[0] != '\0' &&
           (user->user_id != 0 ? user->user_id == id : handle != NULL && strcasecmp(user->handle, handle) == 0);
}

static void take_user(const json_t *data, struct lookup_user *found, size_t count)
{
    int64_t id = id_of(json_object_get(data, "id"));
    const char *handle = text_of(data, "username");
    char normal[HANDLE_MAX + 1];

    if (id == 0 || handle == NULL || handle[0] == '@' || !handle_normalise(str_of(handle), normal))
        return;
    for (size_t i = 0; i < count; i++)
        if (was_asked(&found[i], id, handle)) {
            found[i].user_id = id;
            memcpy(found[i].handle, handle, strlen(handle) + 1);
            found[i].problem[0] = '\0';
        }
}

/* An error names its user as `value`, and as `resource_id` too. */
static void take_error(const struct wire *wire, const json_t *error, struct lookup_user *found, size_t count)
{
    static const char *const names[] = {"value", "resource_id"};
    static const char *const words[] = {"detail", "title", "message"};
    const char *why = NULL;

    for (size_t i = 0; why == NULL && i < ARRAY_LENGTH(words); i++)
        why = text_of(error, words[i]);
    for (size_t i = 0; why != NULL && i < ARRAY_LENGTH(names); i++) {
        const json_t *value = json_object_get(error, names[i]);
        for (size_t k = 0; k < count; k++)
            if (was_asked(&found[k], id_of(value), json_string_value(value)))
                wire_quote(wire, why, found[k].problem, sizeof(found[k].problem));
    }
}

/* Until the answer says something else. */
static void assume_unknown(struct lookup_user *found, size_t count)
{
    for (size_t i = 0; i < count; i++)
        snprintf(found[i].problem, sizeof(found[i].problem), "the answer does not mention it");
}

bool lookup_read_users(const struct wire *wire, struct str body, struct lookup_user *found, size_t count,
                       struct error *err)
{
    json_t *json = body.size > 0 ? json_loadb(body.data, body.size, 0, NULL) : NULL;
    const json_t *data = json_object_get(json, "data");
    const json_t *errors = json_object_get(json, "errors");

    if (!json_is_array(data) && !json_is_array(errors)) {
        json_decref(json);
        return fail(err, EXIT_COMMAND, "%s answered, but not as the user look-up does: is the base URL right?",
                    wire_base(wire));
    }
    assume_unknown(found, count);
    for (size_t i = 0; i < json_array_size(errors); i++)
        take_error(wire, json_array_get(errors, i), found, count);
    for (size_t i = 0; i < json_array_size(data); i++)
        take_user(json_array_get(data, i), found, count);
    json_decref(json);
    return true;
}

const char *lookup_read_message(const struct wire *wire, struct str body, char *out, size_t size)
{
    json_t *json = body.size > 0 ? json_loadb(body.data, body.size, 0, NULL) : NULL;
    const json_t *first = json_array_get(json_object_get(json, "errors"), 0);
    const char *const candidates[] = {json_string_value(first), text_of(first, "message"), text_of(first, "detail"),
                                      text_of(json, "detail"), text_of(json, "title")};

    out[0] = '\0';
    for (size_t i = 0; out[0] == '\0' && i < ARRAY_LENGTH(candidates); i++)
        if (candidates[i] != NULL)
            wire_quote(wire, candidates[i], out, size);
    json_decref(json);
    return out;
}
