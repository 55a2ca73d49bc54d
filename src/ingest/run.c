/* SPDX-License-Identifier: MIT */
/* The beginning and the end of a run, whether it writes or only shows. */

#include "ingest/run.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "statements.h"

/* None of the files is begun when one of them cannot be: a run that was mistyped does nothing. What is followed may
 * come later. */
static bool check_file(const char *path, bool follow, struct error *err)
{
    struct stat info;
    bool done = true;

    if (strcmp(path, "-") == 0)
        return true;
    char *name = given_file_name_copy(path);
    if (stat(path, &info) != 0)
        done = follow || fail(err, EXIT_COMMAND, "%s: %s; nothing was taken in", name, strerror(errno));
    else if (S_ISDIR(info.st_mode))
        done = fail(err, EXIT_COMMAND, "%s: is a directory; name the files in it, as %s/*; nothing was taken in", name,
                    name);
    else if (!follow && access(path, R_OK) != 0)
        done = fail(err, EXIT_COMMAND, "%s: %s; nothing was taken in", name, strerror(errno));
    free(name);
    return done;
}

#define SOURCE_SIZE_MAX 255 /* bytes, as the field */

/* What --source says goes into every event, so it is held to the same as the field. */
static bool check_source(const char *source, struct error *err)
{
    const char *fault = source == NULL ? NULL : given_text_fault(str_of(source), SOURCE_SIZE_MAX);

    return fault == NULL ||
           fail(err, EXIT_USAGE, "--source %s; give a plain name of 1 to %d bytes", fault, SOURCE_SIZE_MAX);
}

/* Of a kept format what it says now, not its name. Only what was given is in it: an option that comes later leaves the
 * checkpoints of those who don't use it alone. */
static char *make_scope(const struct ingest_options *options, const struct log_format *log)
{
    const struct {
        const char *name, *value;
    } parts[] = {
        {"contract", options->contract},
        {"source", options->source},
        {"format", log->format},
        {"map", mapping_is_empty(log->mapping) ? NULL : mapping_text(log->mapping)},
        {"zone", log->zone == NULL ? NULL : zone_name(log->zone)},
    };
    json_t *object = json_object();

    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        if (parts[i].value != NULL)
            (void)json_object_set_new(object, parts[i].name, json_string(parts[i].value));
    }
    char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(object);
    return text;
}

bool run_read_clock(struct db *db, int64_t *offset, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_ingest_clock, NULL, &rows, err))
        return false;
    *offset = db_int64(rows, 0, "now_us") - timestamp_since_boot();
    db_rows_free(rows);
    return true;
}

bool run_open(struct run *run, const struct db_target *target, const struct ingest_options *options, enum db_role role,
              struct error *err)
{
    run->options = options;
    if (!check_source(options->source, err))
        return false;
    for (size_t i = 0; i < options->file_count; i++) {
        if (!check_file(options->files[i], options->follow, err))
            return false;
    }
    if (!db_open(&run->db, target, role, err))
        return false;
    if (!directory_load(&run->directory, run->db, options->contract, err))
        return false;
    if (!log_format_open(&run->log, run->db, options, role == DB_WRITER, err))
        return false;
    run->scope = make_scope(options, &run->log);
    return run_read_clock(run->db, &run->clock_offset, err);
}

bool run_refresh(struct run *run, struct error *err)
{
    return directory_refresh(run->directory, run->db, run->options->contract, err) &&
           run_read_clock(run->db, &run->clock_offset, err);
}

bool run_reopen(struct run *run, const struct db_target *target, struct error *err)
{
    db_close(run->db);
    run->db = NULL;
    return db_open(&run->db, target, DB_WRITER, err);
}

void run_close(struct run *run)
{
    directory_free(run->directory);
    log_format_close(&run->log);
    free(run->scope);
    run->scope = NULL;
    db_close(run->db);
    run->directory = NULL;
    run->db = NULL;
}

struct intake_options run_intake_options(const struct run *run, const char *name)
{
    return (struct intake_options){
        .name = name,
        .format = run->log.format,
        .mapping = run->log.mapping,
        .zone = run->log.zone,
        .source = run->options->source,
        .scope = run->scope,
        .directory = run->directory,
        .clock_offset = &run->clock_offset,
        .stop = run->stop,
    };
}

void run_join_ignored(const struct reader *reader, char *out, size_t capacity)
{
    static const char more[] = "…";
    const struct column *columns = NULL;
    size_t count = reader_columns(reader, &columns);
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        if (columns[i].field != FIELD_UNKNOWN)
            continue;
        size_t size = strlen(columns[i].name) + 2;
        if (used + size + sizeof(more) > capacity) {
            memcpy(out + used, more, sizeof(more));
            return;
        }
        used += (size_t)snprintf(out + used, capacity - used, "%s%s", used > 0 ? ", " : "", columns[i].name);
    }
}

bool run_read_chain_head(struct db *db, struct ingest_result *result, struct error *err)
{
    struct db_rows *rows = NULL;

    if (!db_query_one(db, &sql_chain_head, NULL, &rows, err))
        return false;
    snprintf(result->chain_head, sizeof(result->chain_head), "%s", db_text(rows, 0, "digest"));
    db_rows_free(rows);
    return true;
}
