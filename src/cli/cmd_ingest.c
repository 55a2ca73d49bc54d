/* SPDX-License-Identifier: MIT */
/* headroom ingest: takes in request logs, or shows how they would be understood. */

#include <stdlib.h>
#include <string.h>

#include "cli/ingest.h"
#include "cli/value.h"

static enum exit_code run_ingest(const struct invocation *invocation);

const struct command cmd_ingest = {
    .name = "ingest",
    .summary = "take in request logs",
    .operands = "FILE…",
    .operands_min = 1,
    .operands_max = SIZE_MAX,
    .description =
        "Takes in JSON lines, CSV with a header, CloudEvents 1.0 (one a line, or a JSON array) and HAR 1.2, plain or "
        "compressed with gzip, recognised by content; '-' is standard input. Each line ends as exactly one of added, "
        "duplicate, quarantined, and the totals add up. Taking in the same lines again, in whatever file or order, "
        "changes nothing. Lines that cannot be read are kept in quarantine with file, line number and reason; the "
        "others count, and the exit code is 3.\n\n"
        "Fields, as JSON keys or CSV headers (other names in brackets): id (event_id), time (occurred_at, timestamp), "
        "source, user_id, handle (username, screen_name), token, auth, endpoint, tweet_count, status, outcome, failed, "
        "metrics, rate_limit, rate_remaining, latency_ms, bytes, app, contract, label. Needed are time, and user_id or "
        "handle, or token (a keyed digest of a token that names nobody: 64 hex digits), or auth = app. Unknown fields "
        "are ignored, with a warning.\n\n"
        "CloudEvents: the type is com.x.engagement.request; id, source and time are needed; subject is the user id "
        "(digits) or the handle, data holds our other fields. HAR: requests to the Engagement API are taken, their "
        "user from the OAuth header, of which no token is kept; other entries are skipped, which is said. In both, the "
        "line number of an event is its number in the array.\n\n"
        "A log with other names is read by --map: the field on the left, the log's name on the right, as "
        "time=ts,user_id=user.id. A mapped field is taken from that name alone. --assume-zone reads times without a "
        "zone; one that the zone's clock shows twice is the earlier one, one that it skips is quarantined. With "
        "--format NAME both are kept as NAME, and --format NAME alone uses them later; given again, they replace what "
        "was kept, and the one not given stays. A dry run keeps nothing.\n\n"
        "An event belongs to the contract that its own field names, else to --contract, else to the contract that owns "
        "its app, else to the only one there is. Each batch is one transaction: what was taken in before an "
        "interruption stays, and running again adds the rest.\n\n"
        "A file that was taken in before, with the same --contract, --source, --format, --map and --assume-zone, is "
        "not read again: of one that grew only the new lines, of one that is unchanged none. Its content proves that, "
        "by SHA-256, not its name or time; one with other content is read from its start, and --again reads all. Pipes "
        "are always read.\n\n"
        "--follow reads files and patterns (in quotes, so that the shell leaves them) as they grow: across rotation, "
        "by renaming or by copying and cutting off, new files of a pattern, and restarts. A file is taken in when it "
        "was quiet for a second, or after five; a last line is left until it has its end. Files that do not grow "
        "(gzip, one JSON document) are taken in once. A file that was renamed is followed for another minute; a "
        "pattern that meets its new name too (in quotes, as 'app.log*') lets nothing escape that is rotated while "
        "nobody follows. --interval sets how often the files are looked at; all these spans are multiples of it. While "
        "the database is away it waits. Each minute, and at its end, it notes that its sources had nothing more until "
        "a minute before: a request is logged when it ends. SIGINT or SIGTERM ends it with the summary and exit code "
        "0, or 3.\n\n"
        "JSON: {read, added, counted, not_counted, duplicate, quarantined, batches, chain_head}; with --dry-run an "
        "array of {file, format, columns_used: [NAME], columns_ignored: [NAME], read, readable, quarantined, skipped, "
        "events, rejections}.",
    .options =
        (const struct option_spec[]){
            {"contract", 0, "NAME", "the contract of lines that name none"},
            {"format", 0, "NAME", "the format; default: recognised by content; 'headroom formats' lists them"},
            {"map", 0, "FIELD=NAME,…",
             "the log's names for our fields; 'user.id' leads into JSON objects; with --format NAME kept as NAME"},
            {"assume-zone", 0, "Z", "time zone of times that have none, as Europe/Berlin; kept with --map"},
            {"source", 0, "NAME", "the source of lines that name none; default: the contract's name"},
            {"follow", 0, NULL, "go on reading files as they grow, until a signal; FILE may be a quoted pattern"},
            {"interval", 0, "MS", "milliseconds between two looks at followed files, 10 to 10000; default: 500"},
            {"again", 0, NULL, "read files from their start, also what was taken in before"},
            {"dry-run", 0, NULL, "show the first events as understood, the columns and the totals; write nothing"},
            {0},
        },
    .examples =
        (const char *const[]){
            "headroom ingest --dry-run requests.csv  # how would it be understood?",
            "headroom ingest /var/log/app/engagement-*.jsonl.gz  # a month of logs",
            "headroom ingest --map time=ts,user_id=uid --assume-zone Europe/Berlin --format app app.log  # kept as app",
            "headroom ingest --contract acme session.har  # what a browser or a proxy has saved",
            "zcat old.gz | headroom ingest --contract acme --source batch-job -  # from a pipe",
            "headroom ingest --follow '/var/log/app/engagement-*.jsonl'  # as they grow, new ones too",
            NULL,
        },
    .run = run_ingest,
};

static const char **files_of(const struct arguments *arguments)
{
    size_t count = argument_count(arguments);
    const char **files = mem_alloc((count + 1) * sizeof *files);
    for (size_t i = 0; i < count; i++)
        files[i] = argument_at(arguments, i);
    return files;
}

#define INTERVAL_MIN_MS 10
#define INTERVAL_MAX_MS 10000

static bool take_interval(struct ingest_options *options, const char *text, struct error *err)
{
    if (text == NULL)
        return true;
    if (!options->follow)
        return fail(err, EXIT_USAGE, "--interval is for --follow; add it, or leave --interval out");
    if (!value_count("interval", text, INTERVAL_MIN_MS, INTERVAL_MAX_MS, err))
        return false;
    options->interval_us = strtoll(text, NULL, 10) * 1000;
    return true;
}

static bool check_options(const struct ingest_options *options, bool dry_run, struct error *err)
{
    size_t from_input = 0;
    for (size_t i = 0; i < options->file_count; i++)
        from_input += strcmp(options->files[i], "-") == 0;
    if (from_input > 1)
        return fail(err, EXIT_USAGE, "'-' is given %zu times, but standard input can be read only once", from_input);
    if (options->follow && from_input > 0)
        return fail(err, EXIT_USAGE, "'-' is read to its end anyway; leave --follow out");
    if (options->follow && options->again)
        return fail(err, EXIT_USAGE, "--again and --follow exclude each other; take in the files with --again first");
    if (options->follow && dry_run)
        return fail(err, EXIT_USAGE, "--dry-run and --follow exclude each other; try the files one by one");
    return true;
}

static enum exit_code judge(const struct ingest_result *result)
{
    if (result->interrupted) {
        log_error("interrupted: the batches that were taken in stay; run the command again for the rest");
        return EXIT_COMMAND;
    }
    if (result->files_failed > 0)
        return EXIT_COMMAND;
    if (result->totals.quarantined == 0)
        return EXIT_DONE;
    log_warning("%llu line%s could not be read and %s in quarantine; the others count",
                (unsigned long long)result->totals.quarantined, result->totals.quarantined == 1 ? "" : "s",
                result->totals.quarantined == 1 ? "is" : "are");
    return EXIT_QUARANTINED;
}

/* A table of zeros below the reason why no file could be read says nothing. */
static bool has_outcome(const struct ingest_result *result, bool done, size_t file_count)
{
    return result->totals.batches > 0 || (done && result->files_failed < file_count);
}

static enum exit_code take_in(const struct db_target *target, const struct ingest_options *options, bool json)
{
    struct error err;
    struct error print_err;
    struct ingest_result result = {0};
    bool done = ingest_run(target, options, &result, &err);
    bool printed = true;
    if (has_outcome(&result, done, options->file_count))
        printed = ingest_print_result(&result, json, &print_err);
    if (!done)
        return cli_failed(&err);
    return printed ? judge(&result) : cli_failed(&print_err);
}

static enum exit_code run_ingest(const struct invocation *invocation)
{
    const struct arguments *arguments = invocation->arguments;
    const char **files = files_of(arguments);
    bool dry_run = argument_flag(arguments, "dry-run");
    struct ingest_options options = {
        .files = files,
        .file_count = argument_count(arguments),
        .contract = argument_option(arguments, "contract"),
        .format = argument_option(arguments, "format"),
        .source = argument_option(arguments, "source"),
        .map = argument_option(arguments, "map"),
        .zone = argument_option(arguments, "assume-zone"),
        .by = invocation->by,
        .again = argument_flag(arguments, "again"),
        .follow = argument_flag(arguments, "follow"),
    };
    struct error err;
    struct db_target target;
    enum exit_code code;
    if (!take_interval(&options, argument_option(arguments, "interval"), &err) ||
        !check_options(&options, dry_run, &err))
        code = cli_usage(invocation, "%s", err.text);
    else if (!db_find_target(invocation->db, &target, &err))
        code = cli_failed(&err);
    else if (dry_run)
        code = ingest_dry_run(&target, &options, invocation->json);
    else
        code = take_in(&target, &options, invocation->json);
    free(files);
    return code;
}
