/* SPDX-License-Identifier: MIT */
/* Formats of logs: those of the readers, and those that were kept under a name. */

#include "ingest/log_format.h"

#include <string.h>

#include "ingest/reader.h"
#include "statements.h"

#define NAME_MAX_SIZE 40

static bool find_of_reader(const char *name, size_t *index)
{
    const char *summary = NULL;
    const char *known = NULL;

    for (size_t i = 0; (known = reader_format_at(i, &summary)) != NULL; i++) {
        *index = i;
        if (strcmp(known, name) == 0)
            return true;
    }
    return false;
}

/* ---- what is known ---- */

bool ingest_formats_list(struct db *db, struct arena *arena, struct ingest_formats *found, struct error *err)
{
    const char *summary = NULL;
    const char *name = NULL;
    struct db_rows *rows = NULL;

    *found = (struct ingest_formats){0};
    if (!db_query(db, &sql_ingest_formats, NULL, &rows, err))
        return false;
    while (reader_format_at(found->count, &summary) != NULL)
        found->count++;
    size_t kept = db_rows_count(rows);
    found->items = arena_alloc(arena, (found->count + kept) * sizeof(*found->items));
    for (size_t i = 0; (name = reader_format_at(i, &summary)) != NULL; i++)
        found->items[i] = (struct ingest_format){.name = name, .summary = summary};
    for (size_t row = 0; row < kept; row++) {
        found->items[found->count++] = (struct ingest_format){
            .name = arena_copy(arena, str_of(db_text(rows, row, "name"))).data,
            .mapping = arena_copy(arena, str_of(db_text(rows, row, "mapping"))).data,
            .zone = arena_copy(arena, str_of(db_text(rows, row, "assume_zone"))).data,
            .kept_us = db_int64(rows, row, "kept_us"),
            .kept_by = arena_copy(arena, str_of(db_text(rows, row, "kept_by"))).data,
        };
    }
    db_rows_free(rows);
    return true;
}

static bool unknown_format(const struct ingest_formats *known, const char *name, struct error *err)
{
    struct nearest nearest = {.word = name};
    struct buffer names;
    bool fits = true;

    buffer_init(&names, 700);
    for (size_t i = 0; i < known->count; i++) {
        nearest_offer(&nearest, known->items[i].name);
        fits = fits && buffer_format(&names, "%s%s", i > 0 ? ", " : "", known->items[i].name);
    }
    (void)fail(err, EXIT_USAGE, "format '%.*s' is not known%s%s%s; there are: %s%s", NAME_MAX_SIZE, name,
               nearest.best != NULL ? "; did you mean " : "", nearest.best != NULL ? nearest.best : "",
               nearest.best != NULL ? "?" : "", names.data, fits ? "" : " …");
    buffer_free(&names);
    return false;
}

static const struct ingest_format *find(const struct ingest_formats *known, const char *name)
{
    for (size_t i = 0; i < known->count; i++) {
        if (strcmp(known->items[i].name, name) == 0)
            return &known->items[i];
    }
    return NULL;
}

bool ingest_format_find(const struct ingest_formats *known, const char *name, const struct ingest_format **found,
                        struct error *err)
{
    *found = find(known, name);
    return *found != NULL || unknown_format(known, name, err);
}

bool ingest_format_forget(struct db *db, const char *name, struct error *err)
{
    const char *params[] = {name};

    size_t built_in;
    if (find_of_reader(name, &built_in))
        return fail(err, EXIT_USAGE, "format '%s' is built in; only kept ones can be forgotten", name);
    return db_run(db, &sql_ingest_format_forget, params, err);
}

/* ---- what a run uses ---- */

static bool check_name(const char *name, struct error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    static const char more[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    size_t size = strlen(name);

    return (size >= 1 && size <= NAME_MAX_SIZE && strchr(letters, name[0]) != NULL && strspn(name, more) == size) ||
           fail(err, EXIT_USAGE,
                "--format '%.60s': a format is kept under 1 to %d of a-z, 0-9, - and _, the first a letter", name,
                NAME_MAX_SIZE);
}

/* What cannot be the name of a zone stands for none. */
static const char *zone_text(const char *zone)
{
    return zone != NULL ? zone : "none";
}

static bool is_same(const struct ingest_format *before, const struct log_format *log)
{
    const char *zone = log->zone != NULL ? zone_name(log->zone) : NULL;

    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): one that is kept has a mapping */
    return strcmp(before->mapping, mapping_text(log->mapping)) == 0 &&
           strcmp(zone_text(before->zone), zone_text(zone)) == 0;
}

/* before: what was kept under the name; NULL: nothing. */
static bool keep_format(struct db *db, const char *name, const char *by, const struct ingest_format *before,
                        const struct log_format *log, struct error *err)
{
    const char *zone = log->zone != NULL ? zone_name(log->zone) : NULL;
    const char *params[] = {name, mapping_text(log->mapping), zone, by};

    if (before != NULL && is_same(before, log))
        return true;
    if (!db_run(db, &sql_ingest_format_keep, params, err))
        return fail_within(err, "the format '%s'", name);
    if (before != NULL)
        log_note("format '%s' was: map '%s', zone %s", name, before->mapping, zone_text(before->zone));
    log_note("format '%s' is kept: map '%s', zone %s; the next time --format %s is enough", name, params[1],
             zone_text(zone), name);
    return true;
}

static bool set(struct log_format *log, struct db *db, const char *map, const char *zone, struct error *err)
{
    return mapping_parse(&log->mapping, map != NULL ? map : "", err) &&
           (zone == NULL || zone_fetch(&log->zone, db, zone, err));
}

static bool open_named(struct log_format *log, struct db *db, const struct ingest_options *options, bool keep,
                       const struct ingest_formats *known, struct error *err)
{
    const char *name = options->format;
    const struct ingest_format *before = find(known, name);
    bool given = options->map != NULL || options->zone != NULL;

    if (given && !check_name(name, err))
        return false;
    if (!given && before == NULL)
        return unknown_format(known, name, err);
    const char *map = options->map == NULL && before != NULL ? before->mapping : options->map;
    const char *zone = options->zone == NULL && before != NULL ? before->zone : options->zone;
    if (!set(log, db, map, zone, err))
        return false;
    return !given || !keep || keep_format(db, name, options->by, before, log, err);
}

bool log_format_open(struct log_format *log, struct db *db, const struct ingest_options *options, bool keep,
                     struct error *err)
{
    struct ingest_formats known;

    *log = (struct log_format){0};
    size_t built_in = 0;
    bool is_of_reader = options->format != NULL && find_of_reader(options->format, &built_in);
    if (options->format == NULL || is_of_reader) {
        log->format = options->format;
        return set(log, db, options->map, options->zone, err) &&
               (!is_of_reader || mapping_is_empty(log->mapping) || reader_format_takes_map(built_in, err));
    }
    struct arena *arena = arena_new();
    bool done = ingest_formats_list(db, arena, &known, err) && open_named(log, db, options, keep, &known, err);
    arena_free(arena);
    return done;
}

void log_format_close(struct log_format *log)
{
    mapping_free(log->mapping);
    zone_free(log->zone);
    *log = (struct log_format){0};
}
