/* SPDX-License-Identifier: MIT */
/* What stands in a line that could not be read: any bytes, so they are made harmless first. */

#include "cli/line.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json.h"

static json_t *base64_json(struct str raw)
{
    unsigned char *text = mem_alloc(4 * (raw.size / 3 + 1) + 1);
    int size = EVP_EncodeBlock(text, (const unsigned char *)raw.data, (int)raw.size);
    json_t *value = json_stringn((const char *)text, (size_t)size);

    free(text);
    return value;
}

json_t *line_json(const struct audit_line *line)
{
    bool is_text = str_is_utf8(line->raw);
    json_t *object = json_object();

    (void)json_object_set_new(object, "quarantine", json_text(line->id));
    (void)json_object_set_new(object, "batch", json_text(line->batch));
    (void)json_object_set_new(object, "file", json_text(line->file));
    (void)json_object_set_new(object, "line", json_integer(strtoll(line->line, NULL, 10)));
    (void)json_object_set_new(object, "reason", json_text(line->reason));
    (void)json_object_set_new(object, "field", json_text(line->field));
    (void)json_object_set_new(object, "message", json_text(line->message));
    (void)json_object_set_new(object, "raw",
                              is_text ? json_stringn(line->raw.data, line->raw.size) : base64_json(line->raw));
    (void)json_object_set_new(object, "raw_encoding", json_text(is_text ? "utf-8" : "base64"));
    (void)json_object_set_new(object, "raw_size", json_integer(line->raw_size));
    (void)json_object_set_new(object, "loaded_at", json_time(line->loaded_at));
    (void)json_object_set_new(object, "settled_by", json_text(line->settled_by));
    return object;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Characters are counted as one column each: near enough for a line that is cut anyway. */
char *line_to_show(struct str raw, size_t columns)
{
    static const char more[] = "…";
    bool is_text = str_is_utf8(raw);
    char *text = mem_alloc(raw.size + sizeof more);
    size_t size = 0;
    size_t used = 0;

    for (; size < raw.size; size++) {
        char c = raw.data[size];
        bool continues = is_text && is_continuation(c);
        if (!continues && used++ == columns) {
            memcpy(text + size, more, sizeof more);
            return text;
        }
        bool harmless = (unsigned char)c >= 0x20 && c != 0x7f && (is_text || (unsigned char)c < 0x80);
        text[size] = harmless ? c : '.';
    }
    text[size] = '\0';
    return text;
}
