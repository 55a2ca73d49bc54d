/* SPDX-License-Identifier: MIT */
/* headroom quarantine: the lines that could not be read, and how to get them in after all. */

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "cli/batch.h"
#include "cli/command.h"
#include "cli/quarantine.h"
#include "cli/value.h"
#include "headroom/model.h"
#include "headroom/reconcile.h"

static enum exit_code run_list(const struct invocation *invocation);
static enum exit_code run_export(const struct invocation *invocation);
static enum exit_code run_retry(const struct invocation *invocation);

#define FILTERS                                                                                                        \
    {"file", 0, "FILE", "only lines of the file, named with or without its folder"},                                   \
        {"reason", 0, "REASON", "only lines with this reason, as bad_time"},                                           \
    {                                                                                                                  \
        "batch", 0, "ID", "only lines that this batch met first; or a range of batches, as 7-12"                       \
    }

#define LINE_KEYS                                                                                                      \
    "{quarantine, batch, file, line, reason, field, message, raw, raw_encoding, raw_size, loaded_at, settled_by}"

static const struct command quarantine_list = {
    .name = "list",
    .summary = "list the lines that could not be read, by reason",
    .description =
        "How many lines are in quarantine for which reason, with some of each: where they stand, what was found, and "
        "the line itself as it is kept, with secrets masked and cut at 4,096 bytes. A line is settled once it was "
        "read after all; --all shows these too.\n\n"
        "JSON: an array of {reason, lines, settled, files, first_at, last_at, samples}, the samples as lines; with "
        "--lines an array of lines: " LINE_KEYS ". raw is text where it is UTF-8, else base64.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "only lines of batches that read events of the contract, or were read for it"},
            FILTERS,
            {"all", 0, NULL, "also lines that were read later"},
            {"lines", 0, NULL, "each line by itself"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom quarantine list  # what could not be read, and why",
            "headroom quarantine list --reason bad_time --lines  # every line with a bad time",
            NULL,
        },
    .run = run_list,
};

static const struct command quarantine_export_command = {
    .name = "export",
    .summary = "write the lines that could not be read to a file",
    .description =
        "Each line with where it stands and why it could not be read, as JSON lines or CSV: " LINE_KEYS
        ". Secrets are masked, and a line is cut at 4,096 bytes; raw is text where it is UTF-8, else base64. CSV "
        "holds the lines unchanged, so that they can be read again: a spreadsheet may take one that begins with =, +, "
        "- or @ for a formula, so import its columns as text. A file that is there is left alone.\n\n"
        "JSON (with --output): {file, lines}.",
    .options =
        (const struct option_spec[]){
            {"output", 'o', "FILE", "the file to make; default: standard output"},
            {"format", 0, "json|csv", "JSON lines or CSV; default: json"},
            {"contract", 0, "NAME", "only lines of batches that read events of the contract, or were read for it"},
            FILTERS,
            {"all", 0, NULL, "also lines that were read later"},
            {0},
        },
    .examples = (const char *const[]){"headroom quarantine export -o bad-lines.csv --format csv  # for the team that "
                                      "writes the log",
                                      NULL},
    .run = run_export,
};

static const struct command quarantine_retry = {
    .name = "retry",
    .summary = "read lines in quarantine again",
    .description =
        "After a fix that lies on this side (a contract that was missing, other names, a zone, a clock that was slow) "
        "lines are read again as they are kept, with the options with which their file was read unless others are "
        "given. What can be read is taken in as a batch of its file and is settled; the rest stays, and the exit code "
        "is then 3.\n\n"
        "A line that was cut or had a secret masked, one without an id of its own (its stable id rests on the lines "
        "around it), CSV from a pipe, and entries of a HAR (only a summary is kept of them) cannot be read from the "
        "quarantine: the file is named, for 'ingest --again FILE'.\n\n"
        "JSON: {dry_run, tried, settled, added, counted, not_counted, duplicate, quarantined, not_kept, batches, "
        "chain_head}.",
    .options =
        (const struct option_spec[]){
            FILTERS,
            {"contract", 0, "NAME", "the contract of lines that name none"},
            {"source", 0, "NAME", "the source of lines that name none"},
            {"format", 0, "FORMAT", "the format: one that is built in or was kept; default: as it was"},
            {"map", 0, "FIELD=NAME,…", "names of the log for our fields, as time=ts,user_id=uid"},
            {"assume-zone", 0, "Z", "time zone of times that have none, as Europe/Berlin"},
            {"dry-run", 0, NULL, "say what could be read; write nothing"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom quarantine retry --reason unknown_contract  # after 'contract add'",
            "headroom quarantine retry --file app.log --map time=ts --dry-run  # would other names do?",
            NULL,
        },
    .run = run_retry,
};

const struct command cmd_quarantine = {
    .name = "quarantine",
    .summary = "show, export and read again the lines that could not be read",
    .subcommands =
        (const struct command *const[]){&quarantine_list, &quarantine_export_command, &quarantine_retry, NULL},
};

/* ---- which lines ---- */

static bool read_filter(const struct arguments *arguments, struct arena *arena, struct audit_quarantine_filter *filter,
                        struct error *err)
{
    const char *file = argument_option(arguments, "file");
    const char *batch = argument_option(arguments, "batch");

    filter->contract = argument_option(arguments, "contract");
    filter->file = file != NULL ? given_file_name(arena, file).data : NULL;
    filter->reason = argument_option(arguments, "reason");
    filter->settled = argument_flag(arguments, "all");
    return batch == NULL || batch_read_range(batch, &filter->batches, err);
}

/* What the filter names must be there: else "no line is like that" would be taken for good news. */
static bool check_filter(struct db *db, const struct audit_quarantine_filter *filter, struct arena *arena,
                         struct error *err)
{
    struct reconcile_contracts contracts;
    return (filter->contract == NULL || reconcile_find_contracts(db, filter->contract, arena, &contracts, err)) &&
           (filter->batches.last == 0 || audit_check_range(db, &filter->batches, err));
}

/* ---- list ---- */

static bool list_lines(struct db *db, const struct audit_quarantine_filter *filter, const struct invocation *invocation,
                       struct arena *arena, struct error *err)
{
    if (!check_filter(db, filter, arena, err))
        return false;
    if (argument_flag(invocation->arguments, "lines"))
        return quarantine_print_lines(db, filter, invocation->json, err);
    return quarantine_print_reasons(db, filter, invocation->json, err);
}

static enum exit_code run_list(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    struct arena *arena = arena_new();
    struct audit_quarantine_filter filter = {0};
    enum exit_code code = EXIT_DONE;

    if (!read_filter(invocation->arguments, arena, &filter, &err))
        code = cli_usage(invocation, "%s", err.text);
    else if (!cli_open(invocation, DB_READER, &db, &err) || !db_begin_snapshot(db, &err) ||
             !list_lines(db, &filter, invocation, arena, &err))
        code = cli_failed(&err);
    db_close(db);
    arena_free(arena);
    return code;
}

/* ---- export ---- */

static bool open_output(const char *file, FILE **out, struct error *err)
{
    int fd = file == NULL ? -1 : open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    *out = stdout;
    if (file == NULL)
        return true;
    if (fd == -1 && errno == EEXIST)
        return fail(err, EXIT_COMMAND, "%s is there already; it was left alone; name another file", file);
    if (fd == -1)
        return fail(err, EXIT_COMMAND, "can't make %s: %s", file, strerror(errno));
    *out = fdopen(fd, "w");
    return *out != NULL || fail(err, EXIT_COMMAND, "can't write %s: %s", file, strerror(errno));
}

/* A file that is not whole is taken away. */
static bool close_output(const char *file, FILE *out, bool done, struct error *err)
{
    if (file == NULL)
        return done;
    bool closed = fclose(out) == 0;
    if (!done || !closed)
        (void)unlink(file);
    return done && (closed || fail(err, EXIT_COMMAND, "can't write %s: %s", file, strerror(errno)));
}

static bool report_export(const char *file, uint64_t count, bool json, struct error *err)
{
    if (json)
        return cli_print_json(json_pack("{s:s, s:I}", "file", file, "lines", (json_int_t)count), err);
    log_note("%llu line%s written%s%s", (unsigned long long)count, count == 1 ? "" : "s", file != NULL ? " to " : "",
             file != NULL ? file : "");
    return true;
}

static bool export_lines(struct db *db, const struct audit_quarantine_filter *filter,
                         const struct invocation *invocation, struct error *err)
{
    const char *file = argument_option(invocation->arguments, "output");
    const char *format = argument_option(invocation->arguments, "format");
    bool csv = format != NULL && strcmp(format, "csv") == 0;
    FILE *out = NULL;
    uint64_t count = 0;

    if (!open_output(file, &out, err))
        return false;
    bool done = quarantine_export(db, filter, csv ? QUARANTINE_CSV : QUARANTINE_JSON, out,
                                  file != NULL ? file : "standard output", &count, err);
    return close_output(file, out, done, err) && report_export(file, count, invocation->json, err);
}

static bool check_export(const struct invocation *invocation, struct error *err)
{
    static const char *const formats[] = {"json", "csv", NULL};
    const char *format = argument_option(invocation->arguments, "format");

    if (format != NULL && !value_choice("format", format, formats, err))
        return false;
    return !invocation->json || argument_option(invocation->arguments, "output") != NULL ||
           fail(err, EXIT_USAGE, "--json needs --output FILE: the lines themselves are no single JSON document");
}

static enum exit_code run_export(const struct invocation *invocation)
{
    struct error err;
    struct db *db = NULL;
    struct arena *arena = arena_new();
    struct audit_quarantine_filter filter = {0};
    enum exit_code code = EXIT_DONE;

    if (!check_export(invocation, &err) || !read_filter(invocation->arguments, arena, &filter, &err))
        code = cli_usage(invocation, "%s", err.text);
    else if (!cli_open(invocation, DB_READER, &db, &err) || !check_filter(db, &filter, arena, &err) ||
             !export_lines(db, &filter, invocation, &err))
        code = cli_failed(&err);
    db_close(db);
    arena_free(arena);
    return code;
}

/* ---- retry ---- */

static struct ingest_retry_options retry_options(const struct invocation *invocation,
                                                 const struct audit_quarantine_filter *filter)
{
    const struct arguments *arguments = invocation->arguments;

    return (struct ingest_retry_options){
        .file = filter->file,
        .reason = filter->reason,
        .first_batch = filter->batches.first,
        .last_batch = filter->batches.last,
        .read = {.contract = filter->contract,
                 .source = argument_option(arguments, "source"),
                 .format = argument_option(arguments, "format"),
                 .map = argument_option(arguments, "map"),
                 .zone = argument_option(arguments, "assume-zone"),
                 .by = invocation->by},
        .dry_run = argument_flag(arguments, "dry-run"),
    };
}

static bool find_filtered(const struct invocation *invocation, const struct audit_quarantine_filter *filter,
                          struct arena *arena, struct error *err)
{
    struct db *db = NULL;
    bool done = cli_open(invocation, DB_READER, &db, err) && check_filter(db, filter, arena, err);

    db_close(db);
    return done;
}

/* What was committed before a failure is told too. */
static enum exit_code retry(const struct db_target *target, const struct ingest_retry_options *options, bool json)
{
    struct error err;
    struct error print_err;
    struct ingest_retry_result result;
    bool done = ingest_retry(target, options, &result, &err);
    bool printed = true;

    if (done || result.loaded.totals.batches > 0)
        printed = quarantine_print_retry(&result, options->dry_run, json, &print_err);
    if (!done)
        return cli_failed(&err);
    if (!printed)
        return cli_failed(&print_err);
    return result.refused + result.not_kept > 0 ? EXIT_QUARANTINED : EXIT_DONE;
}

static enum exit_code run_retry(const struct invocation *invocation)
{
    struct error err;
    struct db_target target;
    struct arena *arena = arena_new();
    struct audit_quarantine_filter filter = {0};
    enum exit_code code;

    if (!read_filter(invocation->arguments, arena, &filter, &err)) {
        code = cli_usage(invocation, "%s", err.text);
    } else if (!db_find_target(invocation->db, &target, &err) || !find_filtered(invocation, &filter, arena, &err)) {
        code = cli_failed(&err);
    } else {
        const struct ingest_retry_options options = retry_options(invocation, &filter);
        code = retry(&target, &options, invocation->json);
    }
    arena_free(arena);
    return code;
}
