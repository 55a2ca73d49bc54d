/* SPDX-License-Identifier: MIT */
/* Lines in quarantine as JSON lines or CSV: bytes that are no text go as base64. */

#include <errno.h>
#include <string.h>

#include "cli/line.h"
#include "cli/quarantine.h"

struct export
{
    FILE *out;
    const char *name;
    uint64_t count;
};

static bool lost(const struct export *export, struct error *err)
{
    return fail(err, EXIT_COMMAND, "cannot write %s: %s; what is there is not complete", export->name, strerror(errno));
}

static bool write_json(const struct audit_line *line, void *context, struct error *err)
{
    struct export *export = context;
    json_t *object = line_json(line);
    bool written = json_dumpf(object, export->out, JSON_COMPACT) == 0 && fputc('\n', export->out) != EOF;

    json_decref(object);
    export->count++;
    return written || lost(export, err);
}

/* RFC 4180: in quotes where it has to be. */
static void write_cell(FILE *out, const char *text, bool last)
{
    bool quoted = text != NULL && strpbrk(text, "\",\r\n") != NULL;

    if (quoted)
        (void)fputc('"', out);
    for (const char *at = text; at != NULL && *at != '\0'; at++) {
        if (*at == '"')
            (void)fputc('"', out);
        (void)fputc(*at, out);
    }
    (void)fputs(quoted ? "\"" : "", out);
    (void)fputs(last ? "\r\n" : ",", out);
}

/* The same keys and values as in JSON, so that the two cannot disagree. */
static bool write_csv(const struct audit_line *line, void *context, struct error *err)
{
    struct export *export = context;
    json_t *object = line_json(line);
    const char *key;
    json_t *value;
    size_t left = json_object_size(object);

    if (export->count++ == 0) {
        size_t names = left;
        json_object_foreach(object, key, value) write_cell(export->out, key, --names == 0);
    }
    json_object_foreach(object, key, value)
    {
        char number[24];
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        write_cell(export->out, json_is_integer(value) ? number : json_string_value(value), --left == 0);
    }
    json_decref(object);
    return ferror(export->out) == 0 || lost(export, err);
}

bool quarantine_export(struct db *db, const struct audit_quarantine_filter *filter, enum quarantine_format format,
                       FILE *out, const char *name, uint64_t *count, struct error *err)
{
    struct export export = {.out = out, .name = name};

    if (!audit_each_line(db, filter, format == QUARANTINE_CSV ? write_csv : write_json, &export, err))
        return false;
    *count = export.count;
    return fflush(out) == 0 || lost(&export, err);
}
