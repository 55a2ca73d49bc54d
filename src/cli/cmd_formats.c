/* SPDX-License-Identifier: MIT */
/* headroom formats: how request logs can be read, and the ways that were kept under a name. */

#include "cli/command.h"
#include "cli/json.h"
#include "cli/text.h"
#include "headroom/ingest.h"

static enum exit_code run_list(const struct invocation *invocation);
static enum exit_code run_show(const struct invocation *invocation);
static enum exit_code run_forget(const struct invocation *invocation);

static const struct command formats_list = {
    .name = "list",
    .summary = "list the formats, built in and kept",
    .description = "JSON: an array of formats, each as 'formats show' prints it.",
    .examples = (const char *const[]){"headroom formats list  # what --format takes", NULL},
    .run = run_list,
};

static const struct command formats_show = {
    .name = "show",
    .summary = "show one format",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description =
        "Shows what a kept format stands for, as options of 'ingest'.\n\n"
        "JSON: {name, built_in, summary, map, assume_zone, kept_at, kept_by}; of a built-in format all but the first "
        "three are null, of a kept one the summary is.",
    .examples = (const char *const[]){"headroom formats show mine  # its names and its zone", NULL},
    .run = run_show,
};

static const struct command formats_forget = {
    .name = "forget",
    .summary = "forget a kept format",
    .operands = "NAME",
    .operands_min = 1,
    .operands_max = 1,
    .description = "Takes the name away. What was taken in by it stays, and counts as before.",
    .examples = (const char *const[]){"headroom formats forget mine  # --format mine is then unknown", NULL},
    .run = run_forget,
};

const struct command cmd_formats = {
    .name = "formats",
    .summary = "list, show and forget formats of request logs",
    .subcommands = (const struct command *const[]){&formats_list, &formats_show, &formats_forget, NULL},
};

static json_t *format_json(const struct ingest_format *format)
{
    bool built_in = format->summary != NULL;
    json_t *object = json_object();
    (void)json_object_set_new(object, "name", json_text(format->name));
    (void)json_object_set_new(object, "built_in", json_boolean(built_in));
    (void)json_object_set_new(object, "summary", json_text(format->summary));
    (void)json_object_set_new(object, "map", json_text(format->mapping));
    (void)json_object_set_new(object, "assume_zone", json_text(format->zone));
    (void)json_object_set_new(object, "kept_at", json_time(built_in ? RECONCILE_NO_TIME : format->kept_us));
    (void)json_object_set_new(object, "kept_by", json_text(format->kept_by));
    return object;
}

/* The options that a kept format stands for; the summary of another one. */
static struct str meaning_of(const struct ingest_format *format, struct arena *arena)
{
    struct buffer text;
    bool fits = true;
    if (format->summary != NULL)
        return str_of(format->summary);
    buffer_init(&text, 8192); /* a mapping is shorter */
    if (format->mapping[0] != '\0')
        fits = buffer_format(&text, "--map '%s'", format->mapping);
    if (fits && format->zone != NULL)
        fits = buffer_format(&text, "%s--assume-zone %s", text.size > 0 ? " " : "", format->zone);
    struct str copy = arena_copy(arena, fits ? str_of(text.data) : STR("…"));
    buffer_free(&text);
    return copy;
}

static void print_formats(const struct ingest_format *formats, size_t count, struct arena *arena)
{
    static const struct table_column columns[] = {
        {"NAME", TABLE_LEFT}, {"MEANING", TABLE_LEFT}, {"KEPT", TABLE_LEFT}, {"BY", TABLE_LEFT}};
    struct table *table = table_new(columns, ARRAY_LENGTH(columns));
    for (size_t i = 0; i < count; i++) {
        struct cell kept = {0};
        bool built_in = formats[i].summary != NULL;
        table_add(table, (const char *const[]){formats[i].name, meaning_of(&formats[i], arena).data,
                                               built_in ? "built in" : cell_time(&kept, formats[i].kept_us),
                                               formats[i].kept_by});
    }
    table_print(table, stdout);
    table_free(table);
}

static bool print_all(const struct ingest_formats *formats, bool json, struct arena *arena, struct error *err)
{
    if (!json) {
        print_formats(formats->items, formats->count, arena);
        return true;
    }
    json_t *array = json_array();
    for (size_t i = 0; i < formats->count; i++)
        (void)json_array_append_new(array, format_json(&formats->items[i]));
    return cli_print_json(array, err);
}

static enum exit_code run_list(const struct invocation *invocation)
{
    struct error err;
    struct ingest_formats formats;
    struct db *db = NULL;
    struct arena *arena = arena_new();
    bool done = cli_open(invocation, DB_READER, &db, &err) && ingest_formats_list(db, arena, &formats, &err) &&
                print_all(&formats, invocation->json, arena, &err);
    db_close(db);
    arena_free(arena);
    return done ? EXIT_DONE : cli_failed(&err);
}

/* Opens the ledger and finds the format that is named. */
static bool find(const struct invocation *invocation, enum db_role role, struct db **db, struct arena *arena,
                 const struct ingest_format **format, struct error *err)
{
    struct ingest_formats formats;
    return cli_open(invocation, role, db, err) && ingest_formats_list(*db, arena, &formats, err) &&
           ingest_format_find(&formats, argument_at(invocation->arguments, 0), format, err);
}

static bool print_one(const struct ingest_format *format, bool json, struct arena *arena, struct error *err)
{
    if (json)
        return cli_print_json(format_json(format), err);
    print_formats(format, 1, arena);
    return true;
}

static enum exit_code run_show(const struct invocation *invocation)
{
    struct error err;
    const struct ingest_format *format = NULL;
    struct db *db = NULL;
    struct arena *arena = arena_new();
    bool done =
        find(invocation, DB_READER, &db, arena, &format, &err) && print_one(format, invocation->json, arena, &err);
    db_close(db);
    arena_free(arena);
    return done ? EXIT_DONE : cli_failed(&err);
}

static enum exit_code run_forget(const struct invocation *invocation)
{
    struct error err;
    const struct ingest_format *format = NULL;
    struct db *db = NULL;
    struct arena *arena = arena_new();
    bool done = find(invocation, DB_WRITER, &db, arena, &format, &err) &&
                ingest_format_forget(db, format->name, &err) &&
                (!invocation->json || print_one(format, true, arena, &err));
    if (done)
        log_note("format '%s' is forgotten; it was: %s", format->name, meaning_of(format, arena).data);
    db_close(db);
    arena_free(arena);
    return done ? EXIT_DONE : cli_failed(&err);
}
