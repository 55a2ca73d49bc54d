/* SPDX-License-Identifier: MIT */
/* Says why a line goes to quarantine: the field, what was found, what is allowed; never a secret. */

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "model/event_parts.h"
#include "model/mask.h"

#define SHOWN_MAX  60 /* bytes of what was found */
#define SHOWN_SIZE (SHOWN_MAX + sizeof("\"…\""))

static const char *const reasons[FIELD_COUNT] = {
    [FIELD_ID] = "bad_id",
    [FIELD_TIME] = "bad_time",
    [FIELD_SOURCE] = "bad_source",
    [FIELD_USER_ID] = "bad_user_id",
    [FIELD_HANDLE] = "bad_handle",
    [FIELD_TOKEN] = "bad_token",
    [FIELD_AUTH] = "bad_auth",
    [FIELD_ENDPOINT] = "bad_endpoint",
    [FIELD_TWEET_COUNT] = "bad_tweet_count",
    [FIELD_STATUS] = "bad_status",
    [FIELD_OUTCOME] = "bad_outcome",
    [FIELD_FAILED] = "bad_failed",
    [FIELD_METRICS] = "bad_metrics",
    [FIELD_RATE_LIMIT] = "bad_rate_limit",
    [FIELD_RATE_REMAINING] = "bad_rate_remaining",
    [FIELD_LATENCY_MS] = "bad_latency_ms",
    [FIELD_BYTES] = "bad_bytes",
    [FIELD_APP] = "bad_app",
    [FIELD_CONTRACT] = "bad_contract",
    [FIELD_LABEL] = "bad_label",
};

bool event_reject(struct reading *reading, enum field field, const char *reason, const char *format, ...)
{
    va_list arguments;

    reading->why->field = field;
    reading->why->reason = reason;
    va_start(arguments, format);
    vsnprintf(reading->why->text, sizeof(reading->why->text), format, arguments);
    va_end(arguments);
    return false;
}

bool event_reject_secret(struct reading *reading, enum field field)
{
    return event_reject(
        reading, field, "secret",
        "%s holds what looks like a secret (a token, a signature or a cookie): no secret is kept; leave it out",
        field_name(field));
}

/* The size of the character at `at`, of well-formed UTF-8. */
static size_t character_size(struct str text, size_t at)
{
    size_t size = 1;

    while (at + size < text.size && ((unsigned char)text.data[at + size] & 0xC0) == 0x80)
        size++;
    return size;
}

/* U+0000 to U+001F, U+007F, and U+0080 to U+009F, which are two bytes in UTF-8. */
static bool is_control(struct str text, size_t at, size_t size)
{
    unsigned char c = (unsigned char)text.data[at];

    if (size == 1)
        return c < 0x20 || c == 0x7F;
    return c == 0xC2 && (unsigned char)text.data[at + 1] < 0xA0;
}

/* Writes the text in quotes, cut at SHOWN_MAX bytes, whole characters only, control characters as \xNN. */
static void show_text(struct str text, char out[SHOWN_SIZE])
{
    size_t at = 0, size = 1;

    out[0] = '"';
    while (at < text.size) {
        size_t step = character_size(text, at);
        bool control = is_control(text, at, step);
        size_t needed = control ? 4 : step;
        if (size - 1 + needed > SHOWN_MAX)
            break;
        if (control)
            snprintf(out + size, SHOWN_SIZE - size, "\\x%02X", (unsigned char)text.data[at + step - 1]);
        else
            memcpy(out + size, text.data + at, step);
        size += needed;
        at += step;
    }
    snprintf(out + size, SHOWN_SIZE - size, "%s\"", at < text.size ? "…" : "");
}

static const char *json_kind(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        return "null";
    default:
        return "another value";
    }
}

static void show(struct arena *arena, const struct value *found, char out[SHOWN_SIZE])
{
    switch (found->kind) {
    case VALUE_TEXT:
        show_text(mask_secrets(arena, found->text), out);
        break;
    case VALUE_INTEGER:
        snprintf(out, SHOWN_SIZE, "%" PRId64, found->integer);
        break;
    case VALUE_REAL:
        snprintf(out, SHOWN_SIZE, "%.17g", found->real);
        break;
    case VALUE_JSON:
        snprintf(out, SHOWN_SIZE, "%s", json_kind(found->json));
        break;
    default:
        snprintf(out, SHOWN_SIZE, "absent");
    }
}

bool event_reject_value(struct reading *reading, enum field field, const struct value *found, const char *allowed)
{
    char shown[SHOWN_SIZE];

    show(reading->arena, found, shown);
    return event_reject(reading, field, reasons[field], "%s is %s: must be %s", field_name(field), shown, allowed);
}

bool event_reject_time(struct reading *reading, const struct value *found, const char *why)
{
    char shown[SHOWN_SIZE];

    show(reading->arena, found, shown);
    return event_reject(reading, FIELD_TIME, reasons[FIELD_TIME], "time is %s: it %s", shown, why);
}
